// Runs the machine: brings it what happens and does what it asks for. Owns the socket, the media and
// the link of one room.

import { initialState, next, TIMES } from './machine.js';
import { SignalingEvent } from '../signaling/channel.js';
import { readSignal } from './signals.js';

/** @typedef {import('./machine.js').CallEvent} CallEvent */
/** @typedef {import('./machine.js').Effect} Effect */
/** @typedef {import('./machine.js').Timer} Timer */
/** @typedef {import('./media.js').Media} Media */
/** @typedef {import('./peer_link.js').PeerLink} PeerLink */
/** @typedef {import('../signaling/channel.js').SignalingChannel} SignalingChannel */

/**
 * @typedef {object} CallParts
 * @property {SignalingChannel} channel
 * @property {Media} media
 * @property {(send: (signal: object | string) => boolean) => PeerLink} createLink
 * @property {boolean} supported whether this browser can hold a call at all
 */

/** Dispatches `change`: look at .state, .link and .since. */
export class Call extends EventTarget {
  state;
  /** @type {PeerLink | null} */
  link = null;
  /** When the current ringing or talking began, in milliseconds of performance.now(). */
  since = 0;
  /** How long the last call lasted, in milliseconds; 0 if it never began. */
  lasted = 0;

  #parts;
  /** @type {Map<Timer, number>} */
  #timers = new Map();
  #asked = 0;

  /**
   * @param {string} me
   * @param {CallParts} parts
   */
  constructor(me, parts) {
    super();
    this.#parts = parts;
    this.state = initialState(me);
    const { channel, media } = parts;
    channel.addEventListener('state', () => {
      if (channel.state === 'open') this.dispatch({ type: 'socketOpen' });
      else if (this.state.online) this.dispatch({ type: 'socketClosed' });
      else this.#changed();
    });
    channel.addEventListener('event', event => {
      if (event instanceof SignalingEvent) this.#hear(event.name, event.argument);
    });
    media.addEventListener('change', () => {
      this.link?.setMedia(media.audio, media.video, media.state);
      this.#changed();
    });
  }

  /** @param {CallEvent} event */
  dispatch(event) {
    const before = this.state;
    const { state, effects } = next(before, event);
    this.state = state;
    if (state.phase !== before.phase) {
      if (before.phase === 'connected') this.lasted = performance.now() - this.since;
      else if (state.phase === 'ended') this.lasted = 0;
    }
    if (state.phase !== before.phase || state.calling !== before.calling) this.since = performance.now();
    for (const effect of effects) this.#run(effect);
    this.#changed();
  }

  /** The page goes away: the other one is told, and nothing is left running. */
  leave() {
    const { phase, incoming } = this.state;
    if (phase !== 'ended') this.dispatch({ type: 'hangUp' });
    else if (incoming) this.dispatch({ type: 'decline' });
    this.#parts.channel.close();
  }

  /** @param {string} name @param {unknown} argument */
  #hear(name, argument) {
    if (name === 'main check answer') this.dispatch({ type: 'mainCheckAnswer' });
    else if (name === 'host agreed') this.dispatch({ type: 'hostAgreed' });
    else if (name === 'message') {
      const heard = readSignal(argument);
      if (heard?.kind === 'ready') this.dispatch({ type: 'peerReady' });
      else if (heard?.kind === 'bye') this.dispatch({ type: 'peerBye', bye: heard.bye, plain: heard.plain });
      else if (heard?.kind === 'link') this.dispatch({ type: 'peerSignal', signal: heard.signal });
    }
  }

  /** @param {Effect} effect */
  #run(effect) {
    const { channel, media } = this.#parts;
    switch (effect[0]) {
      case 'openMedia': this.#openMedia(effect[1]); break;
      case 'releaseMedia': media.release(); break;
      case 'joinRoom': channel.open(); break;
      case 'emit': channel.emit(effect[1], effect[2]); break;
      case 'startLink': this.#startLink(effect[1]); break;
      case 'stopLink':
        this.link?.stop();
        this.link = null;
        break;
      case 'peerReady': this.link?.peerReady(); break;
      case 'linkSignal': this.link?.receive(effect[1]); break;
      case 'signalingBack': this.link?.signalingBack(); break;
      case 'startTimer': this.#startTimer(effect[1]); break;
      case 'stopTimer': this.#stopTimer(effect[1]); break;
    }
  }

  /** @param {{ camera: boolean }} wish */
  async #openMedia(wish) {
    if (!this.#parts.supported) {
      this.dispatch({ type: 'mediaProblem', problem: 'unsupported' });
      return;
    }
    this.#asked += 1;
    const asked = this.#asked;
    const opened = await this.#parts.media.open(wish);
    // Hung up, or asked again, while the browser's question stood there.
    if (this.state.phase !== 'preparing' || asked !== this.#asked) return;
    if (opened.problem) this.dispatch({ type: 'mediaProblem', problem: opened.problem });
    else this.dispatch({ type: 'mediaReady', notice: opened.notice });
  }

  /** @param {{ first: boolean }} role */
  #startLink(role) {
    const { channel, media } = this.#parts;
    const link = this.#parts.createLink(signal => channel.emit('message', signal));
    this.link?.stop();
    this.link = link;
    /** @type {[string, CallEvent][]} */
    const news = [
      ['connected', { type: 'linkConnected' }], ['unstable', { type: 'linkUnstable' }],
      ['failed', { type: 'linkFailed' }], ['closed', { type: 'linkClosed' }],
    ];
    for (const [name, event] of news) link.addEventListener(name, () => this.link === link && this.dispatch(event));
    for (const name of ['stream', 'devices']) link.addEventListener(name, () => this.link === link && this.#changed());
    link.setMedia(media.audio, media.video, media.state);
    link.start(role);
  }

  /** @param {Timer} timer */
  #startTimer(timer) {
    this.#stopTimer(timer);
    this.#timers.set(timer, setTimeout(() => this.dispatch({ type: 'timeout', timer }), TIMES[timer]));
  }

  /** @param {Timer} timer */
  #stopTimer(timer) {
    clearTimeout(this.#timers.get(timer));
    this.#timers.delete(timer);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
