// Runs the machine: brings it what happens and does what it asks for. Owns the devices, and one session for
// as long as one is, or tries to be, in the call: its socket and its connections.

import { INITIAL, next, TIMES } from './machine.js';

/** @typedef {import('./machine.js').CallEvent} CallEvent */
/** @typedef {import('./machine.js').Effect} Effect */
/** @typedef {import('./machine.js').Timer} Timer */
/** @typedef {import('./glance.js').Glance} Glance */
/** @typedef {import('./media.js').Media} Media */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./tabs.js').Tabs} Tabs */
/** @typedef {import('./tabs.js').Seat} Seat */

/**
 * @typedef {object} CallParts
 * @property {Media} media
 * @property {Glance} glance
 * @property {Tabs} tabs
 * @property {(seat: Seat | null) => Promise<Session>} createSession seat: of another tab, to be taken over
 * @property {boolean} supported whether this browser can hold a call at all
 * @property {() => number} now milliseconds
 */

const LOAD_AGAIN_AFTER = 2000;

/** Dispatches `change` (look at .state and .session), and `session` when there is another one, or none. */
export class Call extends EventTarget {
  state = INITIAL;
  /** @type {Session | null} */
  session = null;
  /** When the present phase began. */
  since = 0;
  /** How long one was inside the last time, in milliseconds; 0 if never. */
  lasted = 0;

  #parts;
  /** @type {Map<Timer, number>} */
  #timers = new Map();
  /** What another tab gives us. @type {Promise<Seat | null> | null} */
  #claimed = null;
  #asked = 0;
  #entered = 0;

  /** @param {CallParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    parts.media.addEventListener('change', () => {
      this.#giveMedia();
      this.#changed();
    });
    parts.tabs.addEventListener('elsewhere', () => this.dispatch({ type: 'elsewhere' }));
  }

  /** Whether a seat is held, or on the way. */
  get isInside() {
    const { phase } = this.state;
    return phase === 'entering' || phase === 'ringing' || phase === 'inside';
  }

  /** For another tab. Ours ends when the server has heard of it: until then nothing is lost. @returns {Seat | null} */
  giveSeat() {
    const { session } = this;
    const token = session?.channel.giveSeat();
    const seat = session ? { token, ...session.mesh.inheritance } : null;
    if (token === undefined || session?.channel.state !== 'open') this.dispatch({ type: 'refused', reason: 'replaced' });
    return seat;
  }

  /** @param {CallEvent} event */
  dispatch(event) {
    const before = this.state;
    const { state, effects } = next(before, event);
    this.state = state;
    if (state.phase !== before.phase) {
      const now = this.#parts.now();
      if (state.phase === 'ended') this.lasted = before.phase === 'inside' ? now - this.since : 0;
      this.since = now;
    }
    for (const effect of effects) this.#run(effect);
    this.#changed();
  }

  /** The page goes away: the others are told, and nothing is left running. */
  leave() {
    this.#parts.glance.stop();
    if (this.state.phase !== 'ended') this.dispatch({ type: 'leave' });
  }

  /** @param {Effect} effect */
  #run(effect) {
    switch (effect[0]) {
      case 'look': this.#look(); break;
      case 'openMedia': this.#openMedia(effect[1]); break;
      case 'releaseMedia':
        this.#asked += 1;
        this.#parts.media.release();
        break;
      case 'claim': this.#claimed = this.#parts.tabs.claim(); break;
      case 'enter': this.#enter(); break;
      case 'ring': this.session?.channel.ring(); break;
      case 'leave': this.#endSession(session => session.channel.bye()); break;
      case 'drop':
        this.#parts.glance.stop();
        this.#endSession(session => session.channel.close());
        break;
      case 'startTimer': this.#startTimer(effect[1]); break;
      case 'stopTimer': this.#stopTimer(effect[1]); break;
    }
  }

  /** A call that is open in another tab already is not looked at: the camera is not asked for. */
  #look() {
    const { glance, tabs } = this.#parts;
    const isOpen = tabs.isOpen();
    const after = async (/** @type {CallEvent} */ event) => !await isOpen && this.dispatch(event);
    isOpen.then(is => is && this.dispatch({ type: 'elsewhere' }));
    glance.start(
      (count, capacity) => after({ type: 'looked', count, capacity }),
      ({ reason, wait, capacity }) => after({ type: 'refused', reason, wait, capacity }),
    );
  }

  /** @param {{ camera: boolean, mic: boolean }} wish */
  async #openMedia(wish) {
    if (!this.#parts.supported) {
      this.dispatch({ type: 'mediaProblem', problem: 'unsupported' });
      return;
    }
    this.#asked += 1;
    const asked = this.#asked;
    const opened = await this.#parts.media.open(wish);
    // Left, or asked again, while the browser's question stood there.
    if (asked !== this.#asked || this.state.phase !== 'lobby') return;
    if (opened.problem) this.dispatch({ type: 'mediaProblem', problem: opened.problem });
    else this.dispatch({ type: 'mediaReady', notice: opened.notice });
  }

  async #enter() {
    this.#parts.glance.stop();
    this.#entered += 1;
    const entered = this.#entered;
    let session;
    try {
      session = await this.#parts.createSession(await this.#claimed);
    } catch {
      // The server is away, and with it the rest of the page.
      setTimeout(() => entered === this.#entered && this.state.phase === 'entering' && this.#enter(), LOAD_AGAIN_AFTER);
      return;
    }
    if (entered !== this.#entered || this.state.phase !== 'entering') { // left before it was loaded
      session.peers.stop();
      session.mesh.stop();
      return;
    }
    const { channel } = session;
    this.session = session;
    this.#claimed = null;
    this.#parts.tabs.announce();
    const current = (/** @type {CallEvent} */ event) => this.session === session && this.dispatch(event);
    channel.on('welcome', ({ state }) => current({ type: 'welcome', admitted: state === 'admitted' }));
    channel.on('host agreed', () => current({ type: 'hostAgreed' }));
    channel.on('refused', ({ reason, wait, capacity }) => current({ type: 'refused', reason, wait, capacity }));
    for (const name of ['change', 'state', 'stale']) channel.addEventListener(name, () => this.session === session && this.#changed());
    session.peers.addEventListener('change', () => this.session === session && this.#changed());
    this.dispatchEvent(new Event('session'));
    this.#giveMedia();
    channel.open();
  }

  #giveMedia() {
    const { audio, video, screen, state } = this.#parts.media;
    this.session?.mesh.setMedia({ audio, video, screen }, state);
  }

  /** @param {(session: Session) => void} part */
  #endSession(part) {
    const { session } = this;
    if (!session) return;
    this.session = null;
    session.peers.stop();
    session.mesh.stop();
    part(session);
    this.dispatchEvent(new Event('session'));
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
