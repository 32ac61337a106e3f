// One file on its way to one other person. It is offered, again after each loss of the channel; sent from
// where the other one says he has it; and over when he has said so.
//
// Two things hold it back. Little waits in the channel, so that a word does not stand behind megabytes.
// And no more is on its way than WINDOW bytes that are not written yet at the other end: a data channel
// hands everything over to the page at once, however slow its disk is.

import { PIECE, writePiece, writeWord } from './file_frames.js';

/** @typedef {import('../call/data_link.js').Way} Way */
/** @typedef {import('./file_frames.js').FileWord} FileWord */
/** @typedef {import('./file_frames.js').Reason} Reason */
/** @typedef {import('./file_source.js').FileSource} FileSource */

/** @typedef {'offered' | 'moving' | 'done' | 'declined' | 'failed'} TransferState */

/** Bytes in the channel: sending goes on when it is down to LOW. Sound goes over the same path. */
export const LOW = 128 * 1024;
export const HIGH = 512 * 1024;
export const WINDOW = 8 * 1024 * 1024;
const READ_AT_ONCE = 8 * PIECE;

/** Dispatches `change`. */
export class Sending extends EventTarget {
  /** @type {TransferState} */
  state = 'offered';
  /** When failed. @type {Reason | null} */
  reason = null;
  /** How many bytes the other one has written. */
  confirmed = 0;
  /** Whom it is for. */
  name;

  #file;
  #source;
  #way;
  #nextStream;
  #listeners = new AbortController();
  #stream = 0;
  /** The next byte to be sent over the channel there is; null: nothing may be sent now. @type {number | null} */
  #at = null;
  #reading = false;
  /** There may be something to do that the loop has not seen. */
  #wanted = false;

  /**
   * @param {{ id: string, name: string, mime: string }} file
   * @param {FileSource} source
   * @param {{ way: Way, name: string, nextStream: () => number }} to nextStream: a number for the pieces, unused on this way
   */
  constructor(file, source, { way, name, nextStream }) {
    super();
    this.#file = file;
    this.#source = source;
    this.#way = way;
    this.name = name;
    this.#nextStream = nextStream;
    const { signal } = this.#listeners;
    way.addEventListener('available', () => this.#sayWhatHolds(), { signal });
    way.addEventListener('lost', () => { this.#at = null; }, { signal });
    way.addEventListener('drained', () => this.#pump(), { signal });
    this.#sayWhatHolds();
  }

  get isOver() {
    return this.state !== 'offered' && this.state !== 'moving';
  }

  /** Whether it has to wait for a channel. */
  get isHeld() {
    return this.state === 'moving' && !this.#way.isAvailable;
  }

  /** What the other one says of this file. @param {FileWord} word */
  hear(word) {
    if (word.type === 'accept' && this.isOver) this.#sayWhatHolds();
    if (this.isOver) return;
    switch (word.type) {
      case 'accept': this.#begin(word.from); break;
      case 'got': this.#confirm(word.bytes); break;
      case 'received':
        this.confirmed = this.#source.size;
        this.#end('done');
        break;
      case 'decline': this.#end('declined'); break;
      case 'stop': this.#end('failed', word.reason); break;
    }
  }

  /** @param {Reason} [reason] */
  cancel(reason = 'stopped') {
    if (this.isOver) return;
    this.#end('failed', reason);
    this.#sayWhatHolds();
  }

  /** He has left. */
  part() {
    if (!this.isOver) this.#end('failed', 'gone');
    this.#listeners.abort();
  }

  /** Also what was said before: it may have been lost with the channel, and hearing it twice harms nothing. */
  #sayWhatHolds() {
    const { id, name, mime } = this.#file;
    if (!this.isOver) this.#say({ type: 'offer', id, name, mime, size: this.#source.size });
    else if (this.state === 'failed') this.#say({ type: 'cancel', id, reason: this.reason ?? 'stopped' });
  }

  /** @param {number} from */
  #begin(from) {
    if (from > this.#source.readTo) return; // he cannot have that
    this.#at = from;
    this.confirmed = from;
    this.#stream = this.#nextStream();
    this.#say({ type: 'begin', id: this.#file.id, stream: this.#stream, from });
    this.#become('moving');
    this.#pump();
  }

  /** @param {number} bytes */
  #confirm(bytes) {
    if (this.state !== 'moving' || bytes <= this.confirmed || bytes > this.#source.size) return;
    this.confirmed = bytes;
    this.dispatchEvent(new Event('change'));
    this.#pump();
  }

  async #pump() {
    this.#wanted = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        while (await this.#sendBlock());
      }
    } catch {
      this.cancel('unreadable');
    } finally {
      this.#reading = false;
    }
  }

  /** @returns {Promise<boolean>} whether to go on */
  async #sendBlock() {
    const { size } = this.#source;
    if (this.#at === null || this.#at - this.confirmed >= WINDOW || this.#way.buffered > HIGH) return false;
    const [offset, stream] = [this.#at, this.#stream];
    const block = await this.#source.read(offset, READ_AT_ONCE);
    if (this.#stream !== stream || this.#at !== offset) return this.#at !== null; // begun anew meanwhile
    for (let at = 0; at < block.length; at += PIECE) {
      if (!this.#way.send(writePiece(stream, offset + at, block.subarray(at, at + PIECE)))) return this.#stay();
    }
    this.#at = offset + block.length;
    if (this.#at < size) return true;
    this.#say({ type: 'end', id: this.#file.id, sha256: this.#source.sha256 });
    this.#at = null;
    return false;
  }

  /** The channel takes no more: it is on its way to being lost, and the other one will say where to go on. */
  #stay() {
    this.#at = null;
    return false;
  }

  /** @param {FileWord} word */
  #say(word) {
    this.#way.send(writeWord(word));
  }

  /** @param {TransferState} state @param {Reason | null} [reason] */
  #end(state, reason = null) {
    this.#at = null;
    this.reason = reason;
    this.#become(state);
  }

  /** @param {TransferState} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}
