// When a connection is repaired, and when it is replaced by a new one on both sides. How, is the business of
// PeerLink.

import { MediaWatch } from './media_watch.js';
import { Timers } from './timers.js';

export const REPAIR_TIMES = Object.freeze({
  restartAfter: 3000, // `disconnected` often heals by itself sooner
  insistEvery: 4000,
  replaceEvery: 5000, // and more from try to try
  replaceAtMostEvery: 20_000,
});

/**
 * @typedef {object} RepairParts
 * @property {() => void} restart makes or asks for an offer over new paths
 * @property {() => void} replace makes a new connection, and offers it
 * @property {() => boolean} delivers whether what we send is taken by the socket
 * @property {() => boolean} silent whether the other one has nothing to send, and is well all the same
 * @property {(name: 'connected' | 'unstable' | 'failed') => void} tell
 */

export class Repairs {
  #parts;
  /** @type {Timers<'restart' | 'replace' | 'watch'>} */
  #timers;
  #watch;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #everConnected = false;
  #now;
  #replacedAt = -Infinity;
  /** Replacements since one has worked, by whichever side. */
  #tries = 0;

  /** @param {RepairParts} parts @param {import('./peer_link.js').LinkSurroundings} around */
  constructor(parts, around) {
    this.#parts = parts;
    this.#now = around.now;
    this.#timers = new Timers(around);
    this.#watch = new MediaWatch({
      later: (milliseconds, action) => this.#timers.start('watch', milliseconds, action),
      now: around.now,
      silent: parts.silent,
      media: comes => parts.tell(comes ? 'connected' : 'unstable'),
      stalled: () => this.#replace(),
    });
  }

  /** Whether any connection has worked yet. */
  get everConnected() {
    return this.#everConnected;
  }

  /** Looks after this one from now on. @param {RTCPeerConnection} connection @param {AbortSignal} signal ends it */
  lookAfter(connection, signal) {
    this.#connection = connection;
    this.#timers.cancel('restart');
    connection.addEventListener('connectionstatechange', () => this.#changed(connection), { signal });
  }

  /** The other side has replaced the connection: give it twice the time. */
  replacedByOther() {
    this.#countReplacement();
    this.#timers.start('replace', 2 * this.#pause, () => this.#replace());
  }

  /** Something may have been lost: do what helps. */
  repair() {
    if (this.#connection?.connectionState === 'failed') this.#replace();
    else this.#parts.restart();
  }

  stop() {
    this.#timers.stop();
    this.#watch.stop();
  }

  /** @param {RTCPeerConnection} connection */
  #changed(connection) {
    switch (connection.connectionState) {
      case 'connected':
        this.#timers.cancel('restart');
        this.#timers.cancel('replace');
        this.#everConnected = true;
        this.#tries = 0;
        this.#watch.start(connection);
        this.#parts.tell('connected');
        break;
      case 'disconnected':
        this.#parts.tell('unstable');
        this.#timers.start('restart', REPAIR_TIMES.restartAfter, () => this.#insist(1));
        break;
      case 'failed':
        this.#parts.tell('failed');
        this.#replaceInTime();
        break;
    }
  }

  /**
   * Two tries to heal it, then a new connection: Firefox was seen to stay `disconnected` after a restart
   * that went well for the other side. But what may yet heal is not thrown away while nobody hears us.
   * @param {number} attempt
   */
  #insist(attempt) {
    if (attempt > 2 && this.#parts.delivers()) {
      this.#replace();
      return;
    }
    this.repair();
    this.#timers.start('restart', REPAIR_TIMES.insistEvery, () => this.#insist(attempt + 1));
  }

  /**
   * At once, unless the last one is new as well: a connection can fail within a millisecond (Firefox finds no
   * address of its own), and two pages would do nothing else any more than replace theirs.
   */
  #replaceInTime() {
    const wait = this.#replacedAt + this.#pause - this.#now();
    if (wait <= 0) this.#replace();
    else this.#timers.start('replace', wait, () => this.#replace());
  }

  #countReplacement() {
    this.#replacedAt = this.#now();
    this.#tries += 1;
  }

  get #pause() {
    const { replaceEvery, replaceAtMostEvery } = REPAIR_TIMES;
    return Math.min(replaceEvery * 2 ** Math.max(0, this.#tries - 2), replaceAtMostEvery); // an outage is mostly short
  }

  /** Until one works; also one that never did: a pair without a path does not end the call of the others. */
  #replace() {
    this.#countReplacement();
    this.#parts.tell('unstable');
    this.#parts.replace();
    this.#timers.start('replace', this.#pause, () => this.#replace());
  }
}
