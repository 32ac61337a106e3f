// The others, as they are shown: one entry for each connection of the mesh, from the moment that a member
// is known until nothing comes from him any more. Here the connections are watched: what is to be said of
// each (peer.js), who speaks, and how much each may send (quality.js).

import { hostOf } from '../signaling/gathering.js';
import { NEW_PEER, nextPeer } from './peer.js';
import { adapt, beginPace, isWeak, readMeasured } from './quality.js';
import { applyLimits } from './senders.js';

/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('./mesh.js').Mesh} Mesh */
/** @typedef {import('./peer_link.js').PeerLink} PeerLink */
/** @typedef {import('./peer.js').PeerEvent} PeerEvent */
/** @typedef {import('./quality.js').Measured} Measured */

/**
 * @typedef {object} Peer
 * @property {string} seat
 * @property {string} name '' if he gave none
 * @property {PeerLink} link
 * @property {import('./peer.js').PeerState} state
 * @property {boolean} isStranger nobody has vouched for him after a restart of the server
 * @property {boolean} isHost
 * @property {boolean} isAway the server does not hear him
 * @property {boolean} speaks
 * @property {Measured | null} measured
 * @property {boolean} isWeak
 */

/**
 * @typedef {object} PeersParts
 * @property {CallChannel} channel
 * @property {Mesh} mesh
 * @property {() => { camera: number, screen: number }} heights of the pictures that we give, in pixels; 0: no picture
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now milliseconds
 */

/** @typedef {{ peer: Peer, timer: number | undefined, quietFor: number, pace: import('./quality.js').Pace | null, listeners: AbortController }} Entry */

const LISTEN_EVERY = 250;
const MEASURE_EVERY = 1000; // a weak connection shows as soon
const PACE_EVERY = 2; // measurements: what was changed needs time to be seen in them
const AUDIBLE = 0.02;
const QUIET_AFTER = 800; // pauses between words are no silence

/** Dispatches `change` and `measured`, and with a peer as detail `lost` and `returned`. */
export class Peers extends EventTarget {
  /** Whether pictures have been sent smaller or slower than usual for some time, or not at all. */
  isReduced = false;

  #parts;
  /** @type {Map<PeerLink, Entry>} */
  #entries = new Map();
  #listeners = new AbortController();
  /** @type {number | undefined} */
  #listenTimer;
  /** @type {number | undefined} */
  #measureTimer;

  /** @param {PeersParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { signal } = this.#listeners;
    parts.mesh.addEventListener('change', () => this.#look(), { signal });
    parts.channel.addEventListener('change', () => this.#look(), { signal });
    this.#listen();
    this.#measure();
  }

  /** In the order in which they came. @returns {Peer[]} */
  get all() {
    return [...this.#entries.values()].map(({ peer }) => peer);
  }

  /** Those whose picture is shown: without whom we have lost. @returns {Peer[]} */
  get onStage() {
    return this.all.filter(({ state }) => state.phase !== 'lost');
  }

  /** He may be without a path for good; nothing is lost by another try. @param {string} seat */
  retry(seat) {
    for (const [link, { peer }] of this.#entries) {
      if (peer.seat !== seat) continue;
      this.#step(link, 'retry');
      link.renegotiate();
    }
  }

  stop() {
    this.#listeners.abort();
    this.#parts.clearTimeout(this.#listenTimer);
    this.#parts.clearTimeout(this.#measureTimer);
    for (const link of [...this.#entries.keys()]) this.#forget(link);
  }

  #look() {
    const { channel, mesh } = this.#parts;
    const links = new Set(mesh.links.values());
    for (const link of [...this.#entries.keys()]) if (!links.has(link)) this.#forget(link);
    const host = hostOf(channel.gathering);
    for (const [seat, link] of mesh.links) {
      const entry = this.#entries.get(link) ?? this.#begin(link);
      const member = channel.gathering.members.find(one => one.seat === seat);
      Object.assign(entry.peer, { seat, isStranger: mesh.strangers.has(seat), isHost: seat === host, isAway: member?.away ?? true });
      if (member) entry.peer.name = member.name; // who was known by a name keeps it while the server does not know him
    }
    this.#changed();
  }

  /** @param {PeerLink} link */
  #begin(link) {
    const listeners = new AbortController();
    const { signal } = listeners;
    /** @type {Entry} */
    const entry = {
      peer: /** @type {Peer} */ ({ seat: '', name: '', link, state: NEW_PEER, isStranger: false, isHost: false, isAway: false, speaks: false, measured: null, isWeak: false }),
      timer: undefined, quietFor: 0, pace: null, listeners,
    };
    this.#entries.set(link, entry);
    for (const event of /** @type {const} */ (['connected', 'unstable', 'failed'])) link.addEventListener(event, () => this.#step(link, event), { signal });
    for (const event of ['stream', 'devices']) link.addEventListener(event, () => this.#changed(), { signal });
    this.#step(link, 'retry');
    return entry;
  }

  /** @param {PeerLink} link */
  #forget(link) {
    const entry = this.#entries.get(link);
    entry?.listeners.abort();
    this.#parts.clearTimeout(entry?.timer);
    this.#entries.delete(link);
  }

  /** @param {PeerLink} link @param {PeerEvent} event */
  #step(link, event) {
    const entry = this.#entries.get(link);
    if (!entry) return;
    const before = entry.peer.state.phase;
    const { state, timer } = nextPeer(entry.peer.state, event);
    entry.peer.state = state;
    if (timer !== undefined) this.#parts.clearTimeout(entry.timer);
    if (typeof timer === 'number') entry.timer = this.#parts.setTimeout(() => this.#timeout(link, state.everConnected), timer);
    if (state.phase === 'lost' && before !== 'lost') this.dispatchEvent(new CustomEvent('lost', { detail: entry.peer }));
    if (state.phase === 'connected' && before === 'lost') this.dispatchEvent(new CustomEvent('returned', { detail: entry.peer }));
    this.#changed();
  }

  /** Who does not reach the server either has lost nobody: it is his own network that is gone. @param {PeerLink} link @param {boolean} everConnected */
  #timeout(link, everConnected) {
    this.#step(link, everConnected && this.#parts.channel.state !== 'open' ? 'retry' : 'timeout');
  }

  #listen() {
    this.#listenTimer = this.#parts.setTimeout(() => this.#listen(), LISTEN_EVERY);
    let changed = false;
    for (const [link, entry] of this.#entries) {
      entry.quietFor = levelOf(link) > AUDIBLE ? 0 : entry.quietFor + LISTEN_EVERY;
      const speaks = entry.quietFor < QUIET_AFTER && link.remoteDevices.mic === 'on';
      changed ||= speaks !== entry.peer.speaks;
      entry.peer.speaks = speaks;
    }
    if (changed) this.#changed();
  }

  /** @param {number} [count] the how many-th one it is */
  async #measure(count = 0) {
    this.#measureTimer = this.#parts.setTimeout(() => this.#measure(count + 1), MEASURE_EVERY);
    const { now, heights } = this.#parts;
    const { camera, screen } = heights();
    for (const [link, entry] of this.#entries) {
      const { connection } = link;
      const { peer } = entry;
      if (connection?.connectionState !== 'connected') {
        entry.pace = null;
        continue;
      }
      peer.measured = readMeasured((await connection.getStats()).values());
      peer.isWeak = isWeak(peer.measured);
      if (count % PACE_EVERY > 0) continue;
      const { pace, limits } = adapt(entry.pace ?? beginPace(now()), peer.measured, { now: now(), others: this.#entries.size, screen: screen > 0 });
      entry.pace = pace;
      await applyLimits(connection, limits, { camera, screen });
    }
    if (this.#listeners.signal.aborted) return;
    this.isReduced = camera + screen > 0 && [...this.#entries.values()].some(({ pace }) => pace?.isReduced);
    this.dispatchEvent(new Event('measured'));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** How loud he is now, 0..1. @param {PeerLink} link */
function levelOf({ connection }) {
  const receiver = connection?.getReceivers().find(({ track }) => track.kind === 'audio');
  const [source] = receiver?.getSynchronizationSources?.() ?? [];
  return source?.audioLevel ?? 0;
}
