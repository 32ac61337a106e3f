// Whether somebody who comes to /secure.html has to stop there, and the cookie by which the server lets
// plain pages through.

const COOKIE = 'insecure_ok';

/**
 * Until the browser is closed the server shows its pages over plain http too.
 * @param {{ cookie: string }} document
 * @param {string} path
 * @returns {boolean} whether the browser keeps the cookie; if not, the server would send people back here
 */
export function allowPlainPages(document, path) {
  document.cookie = `${COOKIE}=1; path=${path}; SameSite=Lax`;
  return document.cookie.split(/;\s*/).includes(`${COOKIE}=1`);
}

/**
 * Who was sent here with a place to go to, and has a camera already, goes there at once. Who came by
 * himself wants to read: then the page stays.
 * @param {{ protocol: string, secureContext: boolean, sent: boolean, allow: () => boolean }} about
 */
export function passesThrough({ protocol, secureContext, sent, allow }) {
  if (protocol === 'https:') return sent;
  return secureContext && allow() && sent;
}
