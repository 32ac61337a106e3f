// Asks the server whether there is a place in a call, before anything else is asked for: a look from outside, which
// nobody in the call notices.

import { readCallEvent } from '../signaling/call_events.js';
import { LastingSocket, readFrame } from '../signaling/lasting_socket.js';

/** @typedef {import('../signaling/call_events.js').Refusal} Refusal */
/** @typedef {import('../signaling/lasting_socket.js').SocketSurroundings} SocketSurroundings */
/** @typedef {{ seen: (count: number, capacity: number) => void, refused: (refusal: Refusal) => void }} Answers */

/** A socket that is connected until there is an answer. */
class Look extends LastingSocket {
  #address;
  #answers;

  /** @param {string} address @param {Answers} answers @param {SocketSurroundings} around */
  constructor(address, answers, around) {
    super(around);
    this.#address = address;
    this.#answers = answers;
  }

  /** @protected @override */
  address() {
    return this.#address;
  }

  /** @protected @override @param {string} text */
  receive(text) {
    const frame = readFrame(text);
    if (frame?.name === 'peek') {
      const { count, capacity } = /** @type {Record<string, unknown>} */ (frame.args[0] ?? {});
      this.close();
      if (Number.isSafeInteger(count) && Number.isSafeInteger(capacity)) this.#answers.seen(Number(count), Number(capacity));
    } else if (frame?.name === 'refused') {
      this.close();
      const refused = readCallEvent(frame.name, frame.args);
      if (refused) this.#answers.refused(/** @type {Refusal} */ (refused.detail));
    }
  }
}

export class Glance {
  #address;
  #around;
  /** @type {Look | null} */
  #look = null;

  /** @param {() => string} address of the socket that looks @param {SocketSurroundings} around */
  constructor(address, around) {
    this.#address = address;
    this.#around = around;
  }

  /** @param {Answers['seen']} seen @param {Answers['refused']} refused */
  start(seen, refused) {
    this.stop();
    this.#look = new Look(this.#address(), { seen, refused }, this.#around);
    this.#look.open();
  }

  stop() {
    this.#look?.close();
    this.#look = null;
  }
}
