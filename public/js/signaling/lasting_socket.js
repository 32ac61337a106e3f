// A WebSocket that is connected again whenever it is lost, for ever, until close(). What travels in it
// is the business of the channels, which extend this.
//
// A dead path, about which a browser may keep silent for minutes, shows in three ways: the offline event,
// a connect that takes too long, and the lack of an answer that the channel has asked for.

export const CONNECT_TIMEOUT = 5000;
export const ANSWER_TIMEOUT = 6000;
export const FIRST_DELAY = 500;
export const LONGEST_DELAY = 8000;
export const STALE_AFTER = 10_000;

/** @typedef {'connecting' | 'open' | 'closed'} SocketState */

/**
 * @typedef {object} SocketSurroundings
 * @property {(url: string) => WebSocket} createSocket
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} random 0 <= n < 1
 * @property {EventTarget & { navigator?: { onLine: boolean } }} network tells `online` and `offline`, as window does
 */

/** Dispatches `state` (see .state) and `stale` (see .stale). */
export class LastingSocket extends EventTarget {
  /** @type {SocketState} */
  state = 'closed';
  /**
   * There is a network, but for some time no connection over https. The server may have a new
   * certificate: browsers then refuse it without a word, until the page is loaded anew.
   */
  stale = false;

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
  #answerTimer;
  /** @type {number | undefined} runs, or has run, since the first try of an outage */
  #staleTimer;

  /** @param {SocketSurroundings} around */
  constructor(around) {
    super();
    this.#around = around;
  }

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    this.#networkListeners = new AbortController();
    const { signal } = this.#networkListeners;
    this.#around.network.addEventListener('online', () => {
      this.#endOutage();
      this.online();
    }, { signal });
    this.#around.network.addEventListener('offline', () => {
      this.#endOutage();
      this.lose();
    }, { signal });
    this.#connect();
  }

  close() {
    this.#wanted = false;
    this.#networkListeners?.abort();
    this.#around.clearTimeout(this.#timer);
    this.#endOutage();
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

  // For the channels.

  /** Where the next socket goes. @protected @returns {string} */
  address() {
    throw new Error('a channel has an address');
  }

  /** The socket is open. @protected */
  opened() {}

  /** @protected @param {string} _text */
  receive(_text) {}

  /** The socket was closed by the other end; false: the channel has ended by it. @protected @param {number} _code */
  mayReturn(_code) {
    return true;
  }

  /** A socket is being let go. @protected */
  abandoned() {}

  /** @protected */
  online() {
    this.tryNow();
  }

  /** The connection stands: what follows is no more a failure to connect. @protected */
  established() {
    this.#around.clearTimeout(this.#timer);
    this.#failures = 0;
    this.#endOutage();
    this.#enter('open');
  }

  /** @protected @param {string} text */
  write(text) {
    this.#socket?.send(text);
  }

  /** Whatever comes is taken as the answer: it shows that the path is alive. @protected */
  expectAnswer() {
    this.#answerTimer ??= this.#around.setTimeout(() => this.lose(), ANSWER_TIMEOUT);
  }

  /** Lets go of the socket and connects anew, at the latest after `atLeast`. @protected */
  lose(atLeast = 0) {
    if (!this.#wanted) return;
    this.#abandon();
    this.#around.clearTimeout(this.#timer);
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
    this.#failures += 1;
    // Half of it is chance: all pages of a restarted server must not come back in one moment.
    const delay = longest * (0.5 + this.#around.random() / 2);
    this.#timer = this.#around.setTimeout(() => this.#connect(), Math.max(delay, atLeast));
    this.#enter('closed');
  }

  #connect() {
    this.#around.clearTimeout(this.#timer);
    this.#enter('connecting');
    const address = this.address();
    if (address.startsWith('wss:')) this.#staleTimer ??= this.#around.setTimeout(() => this.#grownStale(), STALE_AFTER);
    const socket = this.#around.createSocket(address);
    this.#socket = socket;
    this.#socketListeners = new AbortController();
    const { signal } = this.#socketListeners;
    socket.addEventListener('open', () => this.opened(), { signal });
    socket.addEventListener('message', ({ data }) => {
      this.#stopAnswerTimer();
      if (typeof data === 'string') this.receive(data);
    }, { signal });
    socket.addEventListener('close', ({ code }) => {
      if (this.mayReturn(code)) this.lose();
    }, { signal });
    this.#timer = this.#around.setTimeout(() => this.lose(), CONNECT_TIMEOUT);
  }

  /** Lets go of the socket without waiting for its `close`, which may take minutes on a dead path. */
  #abandon() {
    this.#stopAnswerTimer();
    this.#socketListeners?.abort();
    this.#socket?.close();
    this.#socket = null;
    this.abandoned();
  }

  #grownStale() {
    if (this.#around.network.navigator?.onLine === false) this.#staleTimer = undefined; // counted anew from the next try on
    else this.#showStale(true);
  }

  #endOutage() {
    this.#around.clearTimeout(this.#staleTimer);
    this.#staleTimer = undefined;
    this.#showStale(false);
  }

  /** @param {boolean} stale */
  #showStale(stale) {
    if (this.stale === stale) return;
    this.stale = stale;
    this.dispatchEvent(new Event('stale'));
  }

  #stopAnswerTimer() {
    this.#around.clearTimeout(this.#answerTimer);
    this.#answerTimer = undefined;
  }

  /** @param {SocketState} state */
  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

/**
 * The frames of either endpoint: an event's name and its arguments. Null: it is none.
 * @param {string} text
 * @returns {{ name: string, args: unknown[] } | null}
 */
export function readFrame(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(frame) || typeof frame[0] !== 'string') return null;
  return { name: frame[0], args: frame.slice(1) };
}
