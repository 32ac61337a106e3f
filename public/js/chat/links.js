// Finds addresses in what people write. Only http and https become links, and a link shows the address that
// it leads to.

/** @typedef {{ text: string, href?: string }} Segment */

// Up to white space, a quote or an angle bracket. A word that only looks like an address stays a word.
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`“”«»]+/giu;

/** What ends a sentence rather than an address. */
const AFTERWARDS = /[.,;:!?…]+$/u;

/** A bracket that closes what was opened before the address. @param {string} text */
function trimmed(text) {
  for (let rest = text; ;) {
    const shorter = rest.replace(AFTERWARDS, '');
    const last = shorter.at(-1);
    const open = { ')': '(', ']': '[', '}': '{' }[last ?? ''];
    if (!open || shorter.split(open).length >= shorter.split(String(last)).length) return shorter;
    rest = shorter.slice(0, -1);
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
