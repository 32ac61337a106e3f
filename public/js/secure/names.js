// Whether the certificate is good for the address that the page was opened at, and which address it is good for.

const MOST = 3;

/** A name as location.hostname writes it, or '' if it is none. @param {string} name */
function canonical(name) {
  if (/[/?#@\\\s]/.test(name)) return '';
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  try {
    const url = new URL(`http://${host}`);
    return url.port === '' ? url.hostname.replace(/\.$/, '') : '';
  } catch {
    return '';
  }
}

/** @param {string} host */
const isAddress = host => host.startsWith('[') || /^[\d.]+$/.test(host);

/** @param {string} host */
const isLocalOnly = host => /^(?:.+\.)?localhost$|^127\.|^\[::1\]$|^\[fe[89ab]/.test(host);

/**
 * As browsers match: addresses whole, a star for one label.
 * @param {string} hostname
 * @param {readonly string[]} names
 */
export function covers(hostname, names) {
  const host = canonical(hostname);
  if (host === '') return false;
  const star = isAddress(host) ? '' : host.replace(/^[^.]+\./, '*.');
  return names.some(name => [host, star].includes(canonical(name) || ' '));
}

/** Addresses first, the short ones before: names of a LAN often mean nothing to others. @param {string} host */
const rank = host => (host.startsWith('[') ? 1 : isAddress(host) ? 0 : 2);

/**
 * This page at addresses that the certificate is good for and that others can reach, the first few.
 * @param {URL} page
 * @param {readonly string[]} names
 */
export function otherAddresses(page, names) {
  const hosts = new Set(names.map(canonical).filter(host => host && !host.startsWith('*') && !isLocalOnly(host)));
  return [...hosts].sort((a, b) => rank(a) - rank(b)).slice(0, MOST).map(host => {
    const place = new URL(page);
    place.hostname = host;
    return place;
  });
}
