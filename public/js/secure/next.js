// Where people go from /secure.html, and how they come to it. The place is taken from the address of the
// page, which anybody can write into a link, so only a path of this very server is believed.

// Control characters, which address parsers leave out, and backslashes, which they take for slashes.
const SUSPICIOUS = /[\u0000-\u001f\u007f-\u009f\\]/;
// A second slash at the start, written plainly or so that something on the way may decode it, is a host.
const HOST_FIRST = /^\/(?:\/|%2f|%5c)/i;

/** The folder of the page: "/" or the server's base path. @param {URL} page */
export const basePath = page => new URL('.', page).pathname;

/**
 * The path and query to go to.
 * @param {string | null} wanted the parameter `next`
 * @param {URL} page the address of /secure.html
 */
export function readNext(wanted, page) {
  const home = basePath(page);
  if (wanted === null || !wanted.startsWith('/') || SUSPICIOUS.test(wanted) || HOST_FIRST.test(wanted)) return home;
  let place;
  try {
    place = new URL(wanted, page);
  } catch {
    return home;
  }
  // "/..//host" is a harmless path until somebody reads it as an address: dots are resolved by now.
  if (place.origin !== page.origin || HOST_FIRST.test(place.pathname)) return home;
  if (place.pathname === page.pathname) return home; // from here to here
  return place.pathname + place.search;
}

/** The place on this address; what stood behind # goes along. @param {URL} page @param {string} next */
export function placeHere(page, next) {
  const place = new URL(next, page);
  place.hash = page.hash;
  return place;
}

/**
 * The same place over https.
 * @param {URL} page
 * @param {string} next
 * @param {number} httpsPort where https is spoken; 0: where http is
 */
export function placeOverHttps(page, next, httpsPort) {
  const place = placeHere(page, next);
  place.protocol = 'https:';
  if (httpsPort !== 0) place.port = String(httpsPort);
  return place;
}

/** Where a page learns about https: /secure.html, which comes back to it. @param {string} page as in location.href */
export function secureAddress(page) {
  const { pathname, search, hash } = new URL(page);
  const address = new URL('secure.html', page);
  address.search = `?next=${encodeURIComponent(pathname + search)}`;
  address.hash = hash;
  return address.href;
}
