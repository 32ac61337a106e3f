// Tabs of one browser that have the same call open: only one of them is in it, and its seat can go over to
// another one. A tab that does not answer (it is frozen, or broken) has not the call open.

/** @typedef {import('./mesh.js').Inheritance} Inheritance */
/** What a tab needs to take over the seat of another one. @typedef {Inheritance & { token: string | undefined }} Seat */

/**
 * @typedef {object} TabParts
 * @property {string} call
 * @property {Pick<BroadcastChannel, 'postMessage' | 'addEventListener'> | null} wire to the other tabs; null: this browser has none
 * @property {() => boolean} isInside whether this tab is in the call
 * @property {() => Seat | null} giveSeat
 * @property {() => string} createId
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 */

export const PATIENCE = 250;

/** Dispatches `elsewhere` when another tab has entered the call, or says late that it is there. */
export class Tabs extends EventTarget {
  #parts;
  /** Questions that wait for an answer, by their id. @type {Map<string, (answer: unknown) => void>} */
  #questions = new Map();
  /** The last question that nobody has answered in time. */
  #late = '';

  /** @param {TabParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    parts.wire?.addEventListener('message', event => this.#hear(/** @type {MessageEvent} */ (event).data));
  }

  /** Whether another tab is in the call. @returns {Promise<boolean>} */
  async isOpen() {
    return await this.#ask('who') !== null;
  }

  /** This tab is in the call now. */
  announce() {
    this.#say({ type: 'entered' });
  }

  /** The seat of the tab that is in the call; null: there is none any more. @returns {Promise<Seat | null>} */
  async claim() {
    return /** @type {Seat | null} */ (await this.#ask('seat'));
  }

  /** @param {'who' | 'seat'} type @returns {Promise<unknown>} null: nobody has answered */
  #ask(type) {
    const { wire, createId, setTimeout } = this.#parts;
    if (!wire) return Promise.resolve(null);
    const id = createId();
    return new Promise(resolve => {
      const answered = (/** @type {unknown} */ answer) => {
        this.#questions.delete(id);
        resolve(answer);
      };
      this.#questions.set(id, answered);
      setTimeout(() => {
        if (this.#questions.has(id)) this.#late = id;
        answered(null);
      }, PATIENCE);
      this.#say({ type, id });
    });
  }

  /** @param {{ call: string, type: string, id: string, answer: unknown }} said */
  #hear({ call, type, id, answer }) {
    if (call !== this.#parts.call) return;
    const answered = this.#questions.get(id);
    if (type === 'answer' && answered) answered(answer);
    else if (type === 'entered' || (answer === true && id === this.#late)) this.dispatchEvent(new Event('elsewhere'));
    else if (type !== 'answer' && this.#parts.isInside()) this.#say({ type: 'answer', id, answer: type === 'seat' ? this.#parts.giveSeat() : true });
  }

  /** @param {object} said */
  #say(said) {
    this.#parts.wire?.postMessage({ call: this.#parts.call, ...said });
  }
}
