// Words by which two people can tell that nobody sits between them. Whoever sits there ends one DTLS
// connection and makes another, so the certificates differ, and with them the words.
//
// Why eight words, and why it takes a moment to compute them: somebody in between may make certificates
// until the words on both sides agree, and needs one of a pair only, so 64 bits cost him 2^32 tries on each
// side, while the call is being set up. ROUNDS makes each of them 20,000 times as dear: hours of a fast
// machine, for seconds that he has. The certificates of a page are made anew for every connection, so nothing
// can be prepared.

import { Sha256 } from '../files/sha256.js';

export const COUNT = 8;
export const ROUNDS = 20_000;
const PURPOSE = 'videochat safety words 1';

/**
 * The fingerprint of the certificate that a description names: `sha-256 AB:CD:...`.
 * @param {string} sdp
 */
export function fingerprintOf(sdp) {
  const found = /^a=fingerprint:(\S+) +([0-9a-f:]+)\s*$/im.exec(sdp);
  return found ? `${String(found[1]).toLowerCase()} ${String(found[2]).toUpperCase()}` : null;
}

/**
 * The same on both sides: whose fingerprint is whose makes no difference.
 * @param {string} one @param {string} other
 * @returns {readonly number[]} places in the list of words
 */
export function safetyNumbers(one, other) {
  const text = new TextEncoder().encode([PURPOSE, ...[one, other].sort()].join('\n'));
  let digest = new Sha256().update(text).digest();
  for (let round = 1; round < ROUNDS; ++round) digest = new Sha256().update(digest).update(text).digest();
  return [...digest.subarray(0, COUNT)];
}

/**
 * @param {readonly number[]} numbers
 * @param {readonly string[]} words the 256 of a language. Each language has the same ones at the same places, so who
 *     reads English and who reads Russian can translate for each other; things that one can see, and that sound unlike
 */
export const inWords = (numbers, words) => numbers.map(place => words[place] ?? '');

/** @type {WeakMap<RTCPeerConnection, { key: string, numbers: readonly number[] }>} */
const known = new WeakMap();

/**
 * Of a connection that has been negotiated; null: not yet.
 * @param {RTCPeerConnection | null} connection
 */
export function safetyNumbersOf(connection) {
  const [local, remote] = [connection?.localDescription, connection?.remoteDescription].map(one => fingerprintOf(one?.sdp ?? ''));
  if (!connection || !local || !remote) return null;
  const key = `${local} ${remote}`;
  const before = known.get(connection);
  if (before?.key === key) return before.numbers;
  const numbers = safetyNumbers(local, remote);
  known.set(connection, { key, numbers });
  return numbers;
}
