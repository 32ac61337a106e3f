// How many bits a second pass between this browser and the server, each way. Each try is longer than the one before,
// until one has lasted long enough to tell.

import { finding } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */

/**
 * @typedef {object} Surroundings
 * @property {typeof fetch} fetch
 * @property {(size: number) => Blob} createBytes that cannot be compressed
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now
 */

/** @typedef {'off' | 'busy' | 'broken'} NoSpeed */

export const PLACE = 'bandwidth';
export const PATIENCE = 5000;
const FIRST = 128 * 1024;
const GROWTH = 8;
const LONG_ENOUGH = 500;

const FINE = 2_000_000;
const POOR = 300_000;

/** @param {number} status @returns {NoSpeed | null} */
const refusal = status => (status === 404 || status === 405 ? 'off' : status === 429 || status === 503 ? 'busy' : status >= 400 ? 'broken' : null);

/** What a try has moved, and how long it took. @typedef {{ bytes: number, milliseconds: number }} Moved */

/** @param {number} size @param {Surroundings} around @param {AbortSignal} signal @returns {Promise<Moved | NoSpeed>} */
async function download(size, around, signal) {
  const answer = await around.fetch(`${PLACE}?bytes=${size}`, { cache: 'no-store', signal });
  const refused = refusal(answer.status);
  if (refused || !answer.body) return refused ?? 'broken';
  const began = around.now(); // the way there and back is no part of the speed
  const moved = { bytes: 0, milliseconds: 0 };
  const reader = answer.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      moved.bytes += value.length;
      moved.milliseconds = around.now() - began;
    }
  } catch (error) {
    if (!signal.aborted) throw error; // else what has come by now tells enough
    moved.milliseconds = around.now() - began;
  }
  return moved;
}

/** @param {number} size @param {Surroundings} around @param {AbortSignal} signal @returns {Promise<Moved | NoSpeed>} */
async function upload(size, around, signal) {
  const body = around.createBytes(size);
  const began = around.now();
  try {
    const answer = await around.fetch(PLACE, { method: 'POST', body, cache: 'no-store', signal });
    return refusal(answer.status) ?? { bytes: size, milliseconds: around.now() - began };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { bytes: size, milliseconds: around.now() - began }; // it is slower than this
  }
}

/** @param {typeof download} way @param {number} limit @param {Surroundings} around @returns {Promise<number | NoSpeed>} bits a second */
async function oneWay(way, limit, around) {
  /** @type {number | null} */
  let bits = null;
  for (let size = Math.min(FIRST, limit); ; size = Math.min(size * GROWTH, limit)) {
    const abort = new AbortController();
    const timer = around.setTimeout(() => abort.abort(), PATIENCE);
    const moved = await way(size, around, abort.signal).finally(() => around.clearTimeout(timer));
    if (typeof moved === 'string') return bits ?? moved; // a rougher figure is better than none
    bits = moved.bytes * 8000 / Math.max(moved.milliseconds, 1);
    if (moved.milliseconds >= LONG_ENOUGH || size >= limit) return bits;
  }
}

/** @param {number} limit bytes that the server gives and takes at most; 0: none @param {Surroundings} around @returns {Promise<Finding>} */
export async function measureSpeed(limit, around) {
  if (limit <= 0) return finding('idle', 'off');
  try {
    const down = await oneWay(download, limit, around);
    if (typeof down === 'string') return finding(down === 'broken' ? 'bad' : 'idle', down);
    const up = await oneWay(upload, limit, around);
    if (typeof up === 'string') return finding(up === 'broken' ? 'bad' : 'idle', up);
    return judgeSpeed(down, up);
  } catch {
    return finding('bad', 'broken');
  }
}

/** @param {number} down @param {number} up bits a second */
export function judgeSpeed(down, up) {
  const least = Math.min(down, up);
  const values = { down: { bits: down }, up: { bits: up } };
  if (least >= FINE) return finding('good', 'good', values);
  return least >= POOR ? finding('warn', 'slow', values) : finding('bad', 'poor', values);
}
