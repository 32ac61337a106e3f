// One file that comes from one other person. It is taken when the person here says so. After a loss of the
// channel it goes on from the last byte that is written; at the end the digest decides.

import { writeWord } from './file_frames.js';
import { NotChosen } from './file_sink.js';
import { WINDOW } from './sending.js';
import { Sha256 } from './sha256.js';

/** @typedef {import('../call/data_link.js').Way} Way */
/** @typedef {import('./file_frames.js').FileWord} FileWord */
/** @typedef {import('./file_frames.js').Piece} Piece */
/** @typedef {import('./file_frames.js').Reason} Reason */
/** @typedef {import('./file_sink.js').Sink} Sink */
/** @typedef {import('./file_sink.js').Sinks} Sinks */
/** @typedef {import('./sending.js').TransferState} TransferState */

/** So many bytes are written before the other one is told. */
const CONFIRM_EVERY = 512 * 1024;
const WRITE_AT_ONCE = 1024 * 1024;
/** Bytes that wait to be written. Who does not hold back shall not fill the memory here. */
export const MOST_WAITING = 2 * WINDOW;

/** Dispatches `change`. */
export class Receiving extends EventTarget {
  /** @type {TransferState} */
  state = 'offered';
  /** When failed. @type {Reason | null} */
  reason = null;
  /** What is to be saved by the page, when done; null: it stands where it belongs. @type {Blob | null} */
  blob = null;
  /** How many bytes are written. */
  written = 0;

  file;
  /** Whom it is from. */
  name;
  #way;
  #sinks;
  #listeners = new AbortController();
  #opening = false;
  /** @type {Sink | null} */
  #sink = null;
  /** Of the pieces that come now. @type {number | null} */
  #stream = null;
  /** Whether the other one is told, over this channel, where to go on. */
  #asked = false;
  #turn = 0;
  /** The next byte that is expected: written, or waiting to be. */
  #at = 0;
  #hash = new Sha256();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #pending = [];
  #told = 0;
  /** Writes, one after the other. @type {Promise<void>} */
  #work = Promise.resolve();

  /**
   * @param {{ id: string, name: string, size: number, mime: string }} file
   * @param {{ way: Way, name: string }} from
   * @param {Sinks} sinks
   */
  constructor(file, { way, name }, sinks) {
    super();
    this.file = file;
    this.name = name;
    this.#way = way;
    this.#sinks = sinks;
    const { signal } = this.#listeners;
    way.addEventListener('lost', () => {
      this.#stream = null;
      this.#asked = false;
    }, { signal });
    way.addEventListener('available', () => this.#sayWhatHolds(), { signal });
  }

  get isOver() {
    return this.state !== 'offered' && this.state !== 'moving';
  }

  /** Whether it has to wait for a channel. */
  get isHeld() {
    return this.state === 'moving' && !this.#way.isAvailable;
  }

  /** The largest file that this browser takes. */
  get limit() {
    return this.#sinks.limit;
  }

  /** Whether this browser can take it at all. */
  get fits() {
    return this.file.size <= this.limit;
  }

  /** From a click: a browser may ask where to put it. */
  async accept() {
    if (this.state !== 'offered' || this.#opening || !this.fits) return;
    this.#opening = true;
    try {
      this.#sink = await this.#sinks.open(this.file);
    } catch (error) {
      if (!(error instanceof NotChosen)) this.#fail('space');
      return;
    } finally {
      this.#opening = false;
    }
    if (this.isOver) {
      await this.#abandon(); // taken back while the browser asked
      return;
    }
    this.#become('moving');
    this.#sayWhatHolds();
  }

  decline() {
    if (this.state !== 'offered') return;
    this.#become('declined');
    this.#sayWhatHolds();
  }

  stop() {
    if (!this.isOver) this.#fail('stopped');
  }

  /** He has left. */
  part() {
    if (!this.isOver) this.#end('failed', 'gone');
    this.#listeners.abort();
  }

  /** What the other one says of this file. @param {FileWord} word */
  hear(word) {
    switch (word.type) {
      case 'offer': // again: the channel was lost
        if (this.state !== 'moving' || !this.#asked) this.#sayWhatHolds();
        break;
      case 'begin':
        if (this.state !== 'moving') break;
        if (word.from === this.#at) this.#stream = word.stream;
        else this.#resume(); // an answer to what we have said before
        break;
      case 'end':
        if (this.state === 'moving' && this.#stream !== null) this.#finish(word.sha256);
        break;
      case 'cancel':
        if (!this.isOver) this.#end('failed', word.reason);
        break;
    }
  }

  /** @param {Piece} piece @returns {boolean} whether it belongs to this file */
  take({ stream, offset, bytes }) {
    if (stream !== this.#stream) return false;
    const end = offset + bytes.length;
    if (offset !== this.#at || end > this.file.size || end - this.written > MOST_WAITING) {
      this.#fail('damaged');
      return true;
    }
    this.#at += bytes.length;
    this.#hash.update(bytes);
    this.#pending.push(bytes);
    if (this.#at - this.written >= WRITE_AT_ONCE / 2 || this.#at === this.file.size) this.#flush();
    return true;
  }

  #flush() {
    this.#do(async sink => {
      const bytes = joined(this.#pending.splice(0));
      if (bytes.length === 0) return;
      await sink.write(bytes);
      this.written += bytes.length;
      if (this.isOver) return;
      if (this.written - this.#told >= CONFIRM_EVERY) this.#confirm();
      this.dispatchEvent(new Event('change'));
    });
  }

  #confirm() {
    this.#told = this.written;
    this.#say({ type: 'got', id: this.file.id, bytes: this.written });
  }

  /** @param {string} sha256 */
  #finish(sha256) {
    this.#stream = null;
    this.#flush();
    this.#do(async sink => {
      if (this.written !== this.file.size || this.#hash.hex() !== sha256) {
        this.#fail('damaged');
        return;
      }
      this.blob = await sink.close();
      this.#sink = null;
      if (this.isOver) return; // stopped in the last moment; what was closed is whole all the same
      this.#become('done');
      this.#sayWhatHolds();
    });
  }

  /** @param {(sink: Sink) => Promise<void>} action */
  #do(action) {
    this.#work = this.#work.then(() => (this.#sink && !this.isOver ? action(this.#sink) : undefined)).catch(() => {
      if (!this.isOver) this.#fail('space'); // the disk is full, or the folder is gone
    });
  }

  /** Also what was said before: it may have been lost with the channel, and hearing it twice harms nothing. */
  #sayWhatHolds() {
    const { id } = this.file;
    switch (this.state) {
      case 'moving': this.#resume(); break;
      case 'done': this.#say({ type: 'received', id }); break;
      case 'declined': this.#say({ type: 'decline', id }); break;
      case 'failed': this.#say({ type: 'stop', id, reason: this.reason ?? 'stopped' }); break;
    }
  }

  /** What has come is written first; it goes on after that. */
  #resume() {
    this.#stream = null;
    this.#asked = true;
    this.#turn += 1;
    const turn = this.#turn;
    this.#flush();
    this.#do(async () => {
      if (turn !== this.#turn) return;
      this.#told = this.written;
      this.#say({ type: 'accept', id: this.file.id, from: this.written });
    });
  }

  /** @param {FileWord} word */
  #say(word) {
    return this.#way.send(writeWord(word));
  }

  /** @param {Reason} reason */
  #fail(reason) {
    this.#end('failed', reason);
    this.#sayWhatHolds();
  }

  /** @param {TransferState} state @param {Reason} reason */
  #end(state, reason) {
    this.#stream = null;
    this.#pending = [];
    this.reason = reason;
    this.#become(state);
    this.#work = this.#work.then(() => this.#abandon());
  }

  async #abandon() {
    const sink = this.#sink;
    this.#sink = null;
    await sink?.abort().catch(() => {}); // it is gone already
  }

  /** @param {TransferState} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {Uint8Array<ArrayBuffer>[]} pieces */
function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
