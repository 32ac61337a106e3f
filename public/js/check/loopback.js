// A call between two connections of this very page: whether sound, picture and data could flow at all.

import { finding } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */

/**
 * @typedef {import('./gathering.js').Surroundings & { createPicture: () => MediaStreamTrack | null }} Surroundings
 *   createPicture: one that moves and needs no camera; null where the browser cannot make one
 */

export const PATIENCE = 6000;
const EVERY = 100;
const ENOUGH = 3;

/** @param {RTCIceServer[]} iceServers that help connections of calls too @param {Surroundings} around @returns {Promise<{ data: boolean, frames: number, pictured: boolean, milliseconds: number }>} */
export async function callOneself(iceServers, around) {
  const began = around.now();
  const sides = [around.createConnection({ iceServers }), around.createConnection({ iceServers })];
  const [caller, callee] = /** @type {[RTCPeerConnection, RTCPeerConnection]} */ (sides);
  const picture = around.createPicture();
  const result = { data: false, frames: 0, pictured: picture !== null, milliseconds: 0 };
  try {
    for (const [from, to] of [[caller, callee], [callee, caller]]) {
      from?.addEventListener('icecandidate', ({ candidate }) => {
        to?.addIceCandidate(candidate ?? undefined).catch(() => {}); // closed meanwhile
      });
    }
    callee.addEventListener('datachannel', ({ channel }) => {
      channel.addEventListener('message', () => { result.data = true; });
    });
    const channel = caller.createDataChannel('check');
    channel.addEventListener('open', () => channel.send('check'));
    if (picture) caller.addTrack(picture);
    await caller.setLocalDescription();
    await callee.setRemoteDescription(/** @type {RTCSessionDescription} */ (caller.localDescription));
    await callee.setLocalDescription();
    await caller.setRemoteDescription(/** @type {RTCSessionDescription} */ (callee.localDescription));
    while (around.now() - began < PATIENCE && !(result.data && (!picture || result.frames >= ENOUGH))) {
      await new Promise(resolve => { around.setTimeout(() => resolve(undefined), EVERY); });
      for (const entry of (await callee.getStats()).values()) {
        if (entry.type === 'inbound-rtp') result.frames = Math.max(result.frames, entry.framesDecoded ?? 0);
      }
    }
  } finally {
    picture?.stop();
    for (const side of sides) side.close();
  }
  result.milliseconds = around.now() - began;
  return result;
}

/** @param {Awaited<ReturnType<typeof callOneself>>} result @returns {Finding} */
export function judgeLoopback({ data, frames, pictured, milliseconds }) {
  if (!data) return finding('bad', 'failed');
  if (pictured && frames < ENOUGH) return finding('bad', 'no-picture');
  return finding('good', pictured ? 'good' : 'data', { time: { milliseconds } });
}
