// Looks again and again whether this device trusts the server by now, as long as somebody looks at the page.

export const EVERY = 2000;
export const TIMEOUT = 5000;

/**
 * @typedef {object} LightSurroundings
 * @property {typeof fetch} fetch
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 */

/** Dispatches `state` (see .state). */
export class LiveLight extends EventTarget {
  /** @type {'looking' | 'waiting' | 'green'} */
  state = 'looking';

  #address;
  #around;
  #on = false;
  /** @type {number | undefined} */
  #timer;
  /** @type {AbortController | null} */
  #request = null;

  /**
   * @param {string} address what answers over https once the device trusts the server
   * @param {LightSurroundings} around
   */
  constructor(address, around) {
    super();
    this.#address = address;
    this.#around = around;
  }

  start() {
    if (this.#on || this.state === 'green') return;
    this.#on = true;
    this.#look();
  }

  stop() {
    this.#on = false;
    this.#around.clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  async #look() {
    const request = new AbortController();
    this.#request = request;
    this.#timer = this.#around.setTimeout(() => request.abort(), TIMEOUT);
    let trusted = false;
    try {
      const answer = await this.#around.fetch(this.#address, { cache: 'no-store', mode: 'cors', signal: request.signal });
      trusted = answer.ok;
    } catch {
      // A certificate that is not trusted, no path, no time: all look the same from here.
    }
    if (this.#request !== request) return; // stopped meanwhile
    this.#around.clearTimeout(this.#timer);
    if (trusted) this.stop();
    else this.#timer = this.#around.setTimeout(() => this.#look(), EVERY);
    this.#enter(trusted ? 'green' : 'waiting');
  }

  /** @param {'waiting' | 'green'} state */
  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}
