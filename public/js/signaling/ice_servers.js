// The STUN and TURN servers that members of a call are told of (docs/protocol.md, "ICE servers"). A server
// has many addresses, and this page has come from one that reaches it: `{host}` in a URL stands for that.

const PAGE_HOST = '{host}';

/**
 * As RTCPeerConnection takes them.
 * @param {readonly RTCIceServer[]} servers as told
 * @param {string} page the address of the page, as in location.href
 * @returns {RTCIceServer[]}
 */
export function iceServersFor(servers, page) {
  const { hostname } = new URL(page); // an IPv6 address has its brackets already
  /** @param {string} url */
  const fill = url => url.replace(PAGE_HOST, () => hostname);
  return servers.map(server => ({ ...server, urls: typeof server.urls === 'string' ? fill(server.urls) : server.urls.map(fill) }));
}
