// What may be the name of a room, and how it is read from what people type or paste.
// The server has the same rules: 1 to 64 characters, at most 256 bytes, no control characters.

export const LONGEST = 64;
const LONGEST_BYTES = 256;

/** @typedef {'empty' | 'too-long' | 'characters'} NameProblem */

/**
 * @param {string} name
 * @returns {NameProblem | null}
 */
export function checkName(name) {
  if (name === '') return 'empty';
  // Control characters of both ranges, and halves of surrogate pairs, which UTF-8 cannot hold.
  if (/[\u0000-\u001f\u007f-\u009f\p{Surrogate}]/u.test(name)) return 'characters';
  if ([...name].length > LONGEST || new TextEncoder().encode(name).length > LONGEST_BYTES) return 'too-long';
  return null;
}

/**
 * Takes a name, or a whole invitation link, and gives the name. What looks like a link but invites into
 * no room is '' (and so is told as an empty name).
 * @param {string} text
 */
export function readName(text) {
  const trimmed = text.trim();
  const link = /^(?:https?:\/\/)?[^\s?#]*chat\.html(?:\?([^#]*))?(?:#.*)?$/iu.exec(trimmed)
    ?? /^https?:\/\/[^\s?#]*(?:\?([^#]*))?(?:#.*)?$/iu.exec(trimmed);
  if (!link) return trimmed;
  return new URLSearchParams(link[1] ?? '').get('room')?.trim() ?? '';
}

/**
 * The room of this page: from the address, else from the cookie that the landing page leaves.
 * @param {string} search as in location.search
 * @param {string} cookies as in document.cookie
 */
export function roomOfPage(search, cookies) {
  const room = new URLSearchParams(search).get('room');
  if (room) return room;
  const cookie = /(?:^|;\s*)room=([^;]*)/.exec(cookies)?.[1] ?? '';
  try {
    return decodeURIComponent(cookie);
  } catch {
    return '';
  }
}
