// What a page shows the server instead of the password of a room. Made from both, so that the same password
// elsewhere looks different. By our own SHA-256: on plain http browsers have none.

import { Sha256 } from '../files/sha256.js';

/** @param {string} room @param {string} password */
export function proofOf(room, password) {
  const digest = new Sha256().update(new TextEncoder().encode(JSON.stringify(['videochat', room, password]))).digest();
  return btoa(String.fromCharCode(...digest)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
