// The signaling socket of one room: frames are JSON arrays ["event", argument].
//
// It connects again by itself, for ever, until close(). There is no heartbeat, because the room endpoint
// answers exactly what index.js answered. So a dead path, about which the browser may keep silent for
// minutes, shows in other ways: by the offline event, by a connect that takes too long, and by the lack
// of the `log` that the server sends back for every `message`.

export const CONNECT_TIMEOUT = 5000;
export const ECHO_TIMEOUT = 6000;
export const FIRST_DELAY = 500;
export const LONGEST_DELAY = 8000;

/** @typedef {'connecting' | 'open' | 'closed'} ChannelState */

/**
 * @typedef {object} ChannelSurroundings
 * @property {(url: string) => WebSocket} createSocket
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} random 0 <= n < 1
 * @property {EventTarget} network tells `online` and `offline`, as window does
 */

/** An event of the server's table, as it came. */
export class SignalingEvent extends Event {
  /** @param {string} name @param {unknown} argument null if there was none */
  constructor(name, argument) {
    super('event');
    this.name = name;
    this.argument = argument;
  }
}

/** Dispatches `state` (see .state) and `event` (a SignalingEvent). */
export class SignalingChannel extends EventTarget {
  /** @type {ChannelState} */
  state = 'closed';

  #url;
  #around;
  #wanted = false;
  #failures = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {AbortController | null} */
  #socketListeners = null;
  /** @type {AbortController | null} */
  #networkListeners = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {number | undefined} */
  #echoTimer;

  /**
   * @param {string} url
   * @param {ChannelSurroundings} around
   */
  constructor(url, around) {
    super();
    this.#url = url;
    this.#around = around;
  }

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#networkListeners = new AbortController();
    const { signal } = this.#networkListeners;
    this.#around.network.addEventListener('online', () => this.tryNow(), { signal });
    this.#around.network.addEventListener('offline', () => this.#lose(), { signal });
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#networkListeners?.abort();
    this.#around.clearTimeout(this.#timer);
    this.#abandon();
    this.#enter('closed');
  }

  /** Stops waiting for the next try. A socket that works is left alone. */
  tryNow() {
    if (!this.#wanted || this.state === 'open') return;
    this.#failures = 0;
    this.#abandon();
    this.#connect();
  }

  /**
   * What cannot be sent now is not kept: after a pause it would tell of a world that is gone.
   * @param {string} name
   * @param {unknown} [argument]
   * @returns {boolean} whether it went out
   */
  emit(name, argument) {
    if (this.state !== 'open' || !this.#socket) return false;
    this.#socket.send(JSON.stringify(argument === undefined ? [name] : [name, argument]));
    if (name === 'message') this.#echoTimer ??= this.#around.setTimeout(() => this.#lose(), ECHO_TIMEOUT);
    return true;
  }

  #connect() {
    this.#around.clearTimeout(this.#timer);
    this.#enter('connecting');
    const socket = this.#around.createSocket(this.#url);
    this.#socket = socket;
    this.#socketListeners = new AbortController();
    const { signal } = this.#socketListeners;
    socket.addEventListener('open', () => {
      this.#around.clearTimeout(this.#timer);
      this.#failures = 0;
      this.#enter('open');
    }, { signal });
    socket.addEventListener('message', event => this.#receive(event.data), { signal });
    socket.addEventListener('close', () => this.#lose(), { signal });
    this.#timer = this.#around.setTimeout(() => this.#lose(), CONNECT_TIMEOUT);
  }

  #lose() {
    if (!this.#wanted) return;
    this.#abandon();
    this.#around.clearTimeout(this.#timer);
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
    this.#failures += 1;
    // Half of it is chance: all pages of a restarted server must not come back in one moment.
    this.#timer = this.#around.setTimeout(() => this.#connect(), longest * (0.5 + this.#around.random() / 2));
    this.#enter('closed');
  }

  /** Lets go of the socket without waiting for its `close`, which may take minutes on a dead path. */
  #abandon() {
    this.#stopEchoTimer();
    this.#socketListeners?.abort();
    this.#socket?.close();
    this.#socket = null;
  }

  #stopEchoTimer() {
    this.#around.clearTimeout(this.#echoTimer);
    this.#echoTimer = undefined;
  }

  /** @param {ChannelState} state */
  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#stopEchoTimer(); // whatever it is, the path is alive
    if (typeof data !== 'string') return;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (!Array.isArray(frame) || typeof frame[0] !== 'string') return;
    this.dispatchEvent(new SignalingEvent(frame[0], frame[1] ?? null));
  }
}
