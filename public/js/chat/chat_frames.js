// The messages of the data channel `chat` (docs/protocol.md, "Between browsers"). They come from others:
// whatever has not the right shape is null.

/** @typedef {{ page: string, n: number, text: string }} Said */

/** In characters of JSON: a text of the longest kind, all of it escaped. */
const LONGEST = 30_000;

/** @param {unknown} value @returns {value is string} */
export const isId = value => typeof value === 'string' && /^[\w-]{22,64}$/.test(value);

/** @param {Said} said */
export const writeSaid = ({ page, n, text }) => JSON.stringify({ type: 'chat', page, n, text });

/** @param {Said} said */
export const writeGot = ({ page, n }) => JSON.stringify({ type: 'got', page, n });

/**
 * @param {unknown} data
 * @returns {({ type: 'chat' } & Said) | { type: 'got', page: string, n: number } | null}
 */
export function readFrame(data) {
  if (typeof data !== 'string' || data.length > LONGEST) return null;
  let frame;
  try {
    frame = JSON.parse(data) ?? {};
  } catch {
    return null;
  }
  const { type, page, n, text } = frame;
  if (!isId(page) || !Number.isSafeInteger(n) || n < 1) return null;
  if (type === 'got') return { type, page, n };
  return type === 'chat' && typeof text === 'string' ? { type, page, n, text } : null;
}
