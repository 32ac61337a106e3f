// Where the signaling sockets are: beside the page, wherever that is mounted.

/** @param {string} page @param {[name: string, value: string][]} query */
function socketUrl(page, query) {
  const url = new URL('socket', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  url.hash = '';
  return url.href;
}

/**
 * @typedef {{ call: string, name?: string, key?: string, was?: string }} CallEntry
 *   name: shown to the others; key: the proof of the password; was: the seat that one had before
 * @typedef {{ call: string, token: string, seen?: number }} CallResume
 * @typedef {{ call: string, peek: 1, key?: string }} CallLook from outside, without entering
 */

/**
 * @param {string} page the address of the page, as in location.href
 * @param {CallEntry | CallResume | CallLook} query
 */
export const callSocketAddress = (page, query) => socketUrl(
  page, Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]])),
);

/**
 * The link that invites others into a room.
 * @param {string} page
 * @param {string} room
 */
export function invitationAddress(page, room) {
  const url = new URL('chat.html', page);
  url.search = `?room=${encodeURIComponent(room)}`;
  url.hash = '';
  return url.href;
}

/** Whether somebody at another device comes to this address: not to one that means "this computer". @param {string} link */
export const isReachable = link => !/^(?:localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(new URL(link).hostname);
