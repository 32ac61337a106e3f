// A short talk with the server over a socket of one's own: how fast it answers, and what it tells to members of a
// call. The call has a name that nobody else can have, and is left at once.

import { callSocketAddress } from '../signaling/address.js';
import { iceServersFor } from '../signaling/ice_servers.js';
import { finding } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */

/** @typedef {{ milliseconds: number, iceServers: RTCIceServer[], version: string }} Told */

/**
 * @typedef {object} Surroundings
 * @property {(url: string) => WebSocket} createSocket
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now
 * @property {() => string} randomName
 */

export const PATIENCE = 6000;
const PINGS = 5;
const SLOW = 300;

/**
 * @param {string} page as in location.href
 * @param {Surroundings} around
 * @returns {Promise<Told | 'unreachable' | 'refused'>}
 */
export function talkToServer(page, around) {
  return new Promise(resolve => {
    const socket = around.createSocket(callSocketAddress(page, { call: around.randomName() }));
    /** @type {Told} */
    const told = { milliseconds: Infinity, iceServers: [], version: '' };
    let pings = 0;
    let asked = 0;
    /** @param {Told | 'unreachable' | 'refused'} result */
    const end = result => {
      around.clearTimeout(timer);
      if (socket.readyState === 1) socket.send('["bye"]'); // or it would stay in its call for half a minute
      socket.close();
      resolve(result);
    };
    const timer = around.setTimeout(() => end('unreachable'), PATIENCE);
    const ping = () => {
      asked = around.now();
      pings += 1;
      socket.send(`["ping",${pings}]`);
    };
    socket.addEventListener('message', ({ data }) => {
      const [name, first] = JSON.parse(data);
      if (name === 'welcome') {
        told.iceServers = iceServersFor(first.iceServers, page);
        told.version = String(first.server?.version ?? '');
        ping();
      } else if (name === 'refused') {
        end('refused');
      } else if (name === 'pong') {
        told.milliseconds = Math.min(told.milliseconds, around.now() - asked);
        if (pings < PINGS) ping();
        else end(told);
      }
    });
    socket.addEventListener('close', ({ code }) => end(code === 1013 ? 'refused' : 'unreachable'));
  });
}

/** @param {Told | 'unreachable' | 'refused'} told @param {boolean} pagesCome whether the server still answers other requests @returns {Finding} */
export function judgeTalk(told, pagesCome) {
  if (told === 'refused') return finding('bad', 'refused');
  if (told === 'unreachable') return finding('bad', pagesCome ? 'blocked' : 'unreachable');
  return finding(told.milliseconds > SLOW ? 'warn' : 'good', told.milliseconds > SLOW ? 'slow' : 'good', { time: { milliseconds: told.milliseconds } });
}
