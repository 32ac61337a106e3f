// The messages of the data channel `files` (docs/protocol.md, "Between browsers"): words as JSON text, and
// pieces as bytes with a head of twelve. They come from others: whatever has not the right shape is null.

import { safeName } from './file_names.js';

/** @typedef {'stopped' | 'unreadable' | 'damaged' | 'space' | 'gone'} Reason why a file did not arrive */

/**
 * From the one who sends the file: `offer` (again after each loss of the channel), `begin` (the pieces with
 * this stream number follow), `end`, `cancel`. From the one who gets it: `accept` (from: what is there
 * already), `got`, `received`, `decline`, `stop`.
 * @typedef {{ type: 'offer', id: string, name: string, size: number, mime: string }
 *   | { type: 'begin', id: string, stream: number, from: number }
 *   | { type: 'end', id: string, sha256: string }
 *   | { type: 'cancel', id: string, reason: Reason }
 *   | { type: 'accept', id: string, from: number }
 *   | { type: 'got', id: string, bytes: number }
 *   | { type: 'received', id: string }
 *   | { type: 'decline', id: string }
 *   | { type: 'stop', id: string, reason: Reason }} FileWord
 */
/** @typedef {{ type: 'piece', stream: number, offset: number, bytes: Uint8Array<ArrayBuffer> }} Piece */

/** Of a piece, without its head: what every browser takes in one message. */
export const PIECE = 32 * 1024;
const HEAD = 12;
const LONGEST = 4000;
const REASONS = new Set(['stopped', 'unreadable', 'damaged', 'space', 'gone']);

/** @param {unknown} value @returns {value is number} */
const isSize = value => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param {FileWord} word */
export const writeWord = word => JSON.stringify(word);

/**
 * @param {number} stream @param {number} offset @param {Uint8Array} bytes PIECE at most
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writePiece(stream, offset, bytes) {
  const message = new Uint8Array(HEAD + bytes.length);
  const head = new DataView(message.buffer);
  head.setUint32(0, stream);
  head.setBigUint64(4, BigInt(offset));
  message.set(bytes, HEAD);
  return message;
}

/** @param {unknown} data @returns {FileWord | Piece | null} */
export function readFileFrame(data) {
  if (data instanceof ArrayBuffer) return readPiece(data);
  if (typeof data !== 'string' || data.length > LONGEST) return null;
  try {
    return readWord(JSON.parse(data) ?? {});
  } catch {
    return null;
  }
}

/** @param {ArrayBuffer} data @returns {Piece | null} */
function readPiece(data) {
  if (data.byteLength <= HEAD || data.byteLength > HEAD + PIECE) return null;
  const head = new DataView(data);
  const offset = Number(head.getBigUint64(4));
  if (!isSize(offset)) return null;
  return { type: 'piece', stream: head.getUint32(0), offset, bytes: new Uint8Array(data, HEAD) };
}

/** @param {Record<string, unknown>} word @returns {FileWord | null} */
function readWord({ type, id, name, size, mime, stream, from, sha256, bytes, reason }) {
  if (typeof id !== 'string' || !/^[\w-]{22,64}$/.test(id)) return null;
  const because = /** @type {Reason} */ (REASONS.has(String(reason)) ? reason : 'stopped');
  switch (type) {
    case 'offer':
      if (typeof name !== 'string' || !isSize(size) || typeof mime !== 'string') return null;
      return { type, id, name: safeName(name), size, mime: /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : '' };
    case 'begin': return isSize(stream) && isSize(from) ? { type, id, stream, from } : null;
    case 'end': return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? { type, id, sha256 } : null;
    case 'accept': return isSize(from) ? { type, id, from } : null;
    case 'got': return isSize(bytes) ? { type, id, bytes } : null;
    case 'received': case 'decline': return { type, id };
    case 'cancel': case 'stop': return { type, id, reason: because };
    default: return null;
  }
}
