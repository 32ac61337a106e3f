// One STUN or TURN server: whether it does what it is there for.

import { finding } from './finding.js';
import { gather } from './gathering.js';

/** @typedef {import('./finding.js').Finding} Finding */
/** @typedef {import('./gathering.js').Gathered} Gathered */
/** @typedef {import('./gathering.js').Surroundings} Surroundings */
/** One url of one server. @typedef {{ kind: 'stun' | 'turn', server: RTCIceServer & { urls: string } }} IceTarget */

/** A wrong name or secret, or one whose time is over. */
const UNAUTHORIZED = new Set([401, 441]);
const NO_ANSWER = 701;

/** Each url on its own. @param {readonly RTCIceServer[]} servers @returns {IceTarget[]} */
export function targetsOf(servers) {
  return servers.flatMap(server => [server.urls].flat().map(url => ({
    kind: /** @type {'stun' | 'turn'} */ (/^turns?:/i.test(url) ? 'turn' : 'stun'),
    server: { ...server, urls: url },
  })));
}

/** This very computer, which browsers do not ask. @param {string} url */
export const isHere = url => /^(?:stuns?|turns?):(?:(?:[^:]+\.)?localhost|127\.[\d.]+|\[::1\])(?::|\?|$)/i.test(url);

/** @param {IceTarget} target @param {Surroundings} around @returns {Promise<Finding>} */
export async function tryIceServer({ kind, server }, around) {
  const url = server.urls;
  if (isHere(url)) return finding('idle', 'here', { url });
  try {
    if (kind === 'turn') return judgeTurn(url, await gather({ iceServers: [server], iceTransportPolicy: 'relay' }, 'relay', around));
    return judgeStun(url, await gather({ iceServers: [server] }, 'srflx', around));
  } catch {
    return finding('bad', 'invalid', { url });
  }
}

/** @param {string} url @param {Gathered} gathered */
export function judgeStun(url, { found, errors, ended, milliseconds }) {
  if (found.some(({ type }) => type === 'srflx')) return finding('good', 'good', { url, time: { milliseconds } });
  // An address that the browser knows already is not told again: there is no error then, and no hidden name.
  const known = ended && errors.length === 0 && found.some(({ type, named }) => type === 'host' && !named);
  return known ? finding('good', 'known', { url }) : finding('bad', 'silent', { url });
}

/** @param {string} url @param {Gathered} gathered */
export function judgeTurn(url, { found, errors, milliseconds }) {
  if (found.some(({ type }) => type === 'relay')) return finding('good', 'good', { url, time: { milliseconds } });
  if (errors.some(code => UNAUTHORIZED.has(code))) return finding('bad', 'credentials', { url });
  const code = errors.find(other => other !== NO_ANSWER);
  return code === undefined ? finding('bad', 'silent', { url }) : finding('bad', 'refused', { url, code });
}

/** What the browser tells of this device itself. @param {Gathered} gathered */
export function judgeAddresses({ found }) {
  const hosts = found.filter(({ type }) => type === 'host');
  if (hosts.length === 0) return finding('bad', 'none');
  if (!hosts.some(({ protocol }) => protocol === 'udp')) return finding('warn', 'tcp', { n: hosts.length });
  return finding('good', hosts.some(({ named }) => named) ? 'hidden' : 'shown', { n: hosts.length });
}
