// One stay in a call: the socket, the connections to the others, and who watches them. Loaded while people
// look at themselves before joining.

import { Mesh } from './mesh.js';
import { PeerLink } from './peer_link.js';
import { Peers } from './peers.js';

/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('./media.js').Media} Media */
/** @typedef {{ channel: CallChannel, mesh: Mesh, peers: Peers }} Session */

/**
 * @typedef {object} Clock
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now milliseconds
 */

/**
 * @param {CallChannel} channel @param {Media} media @param {Clock} clock
 * @param {import('./mesh.js').Inheritance | null} inheritance of the tab that has had the seat
 * @returns {Session}
 */
export function createSession(channel, media, clock, inheritance) {
  const mesh = new Mesh({
    ...clock, channel, inheritance, createKey: randomId,
    createLink: (me, send, pair) => new PeerLink(me, send, {
      ...clock,
      createConnection: () => new RTCPeerConnection({ iceServers: [...channel.iceServers], bundlePolicy: 'max-bundle' }),
      createStream: () => new MediaStream(),
    }, pair),
  });
  const peers = new Peers({
    ...clock, channel, mesh,
    heights: () => ({ camera: media.video?.getSettings().height ?? 0, screen: media.screen?.getSettings().height ?? 0 }),
  });
  return { channel, mesh, peers };
}

function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
