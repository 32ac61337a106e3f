// Where the signaling socket of a room is: beside the page, wherever that is mounted.

/**
 * @param {string} page the address of the page, as in location.href
 * @param {string} room
 */
export function socketAddress(page, room) {
  const url = new URL('socket', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = `?room=${encodeURIComponent(room)}`;
  url.hash = '';
  return url.href;
}

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
