// Finds addresses in what people write. Only http and https become links, and a link shows the address that
// it leads to.

/** @typedef {{ text: string, href?: string }} Segment */

// Up to white space, a quote, an angle bracket, or what turns the direction of the text: with that another address
// could seem to stand there. A word that only looks like an address stays a word.
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`“”«»\p{Bidi_Control}]+/giu;

/** What ends a sentence rather than an address. */
const AFTERWARDS = '.,;:!?…';
/** @type {Record<string, string>} */
const OPENING = { ')': '(', ']': '[', '}': '{' };

/**
 * Without what ends the sentence, and without a bracket that closes what was opened before the address. From the end,
 * each letter once: a stranger may have made the text so that it takes long.
 * @param {string} text
 */
function trimmed(text) {
  /** How many more of them close than open. @type {Map<string, number>} */
  const surplus = new Map(Object.entries(OPENING).map(([close, open]) => [close, text.split(close).length - text.split(open).length]));
  for (let end = text.length; ; end -= 1) {
    const last = text[end - 1] ?? '';
    if (last !== '' && AFTERWARDS.includes(last)) continue;
    const more = surplus.get(last) ?? 0;
    if (more <= 0) return text.slice(0, end);
    surplus.set(last, more - 1);
  }
}

/** @param {string} text @returns {string | null} */
function hrefOf(text) {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  // With a name before an @, what looks like the host is not the host.
  const isPlain = url.username === '' && url.password === '';
  return isPlain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
}

/**
 * @param {string} text
 * @returns {Segment[]} their texts together are the text
 */
export function segments(text) {
  /** @type {Segment[]} */
  const found = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = hrefOf(address);
    if (href === null) continue;
    if (match.index > done) found.push({ text: text.slice(done, match.index) });
    found.push({ text: address, href });
    done = match.index + address.length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}
