// Proposes a room name that nobody can guess: three words, each of two parts, and four digits.
// 6 parts x 8 bits and 10,000 endings make 61.3 bits; a name is all that keeps strangers out.

import { WORDS } from './words.js';

const PARTS = 6;
const ENDINGS = 10_000;

export const BITS = PARTS * Math.log2(WORDS.length) + Math.log2(ENDINGS);

/** @param {(array: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) => void} fillRandomly as crypto.getRandomValues does */
export function proposeName(fillRandomly) {
  const bytes = new Uint8Array(PARTS);
  fillRandomly(bytes);
  const parts = [...bytes].map(byte => WORDS[byte]);
  const ending = new Uint16Array(1);
  do fillRandomly(ending); while (Number(ending[0]) >= 6 * ENDINGS); // above this some endings were likelier
  const digits = String(Number(ending[0]) % ENDINGS).padStart(4, '0');
  return `${parts[0]}${parts[1]}-${parts[2]}${parts[3]}-${parts[4]}${parts[5]}-${digits}`;
}
