// The files of a call: ours go to everybody who is connected, and each answers for himself; those of
// others are taken one by one.

import { readFileFrame, writeWord } from './file_frames.js';
import { safeName } from './file_names.js';
import { FileSource } from './file_source.js';
import { Pace } from './pace.js';
import { Receiving } from './receiving.js';
import { Sending } from './sending.js';

/** @typedef {import('../call/data_link.js').DataLinks} DataLinks */
/** @typedef {import('../call/data_link.js').Way} Way */
/** @typedef {import('../call/peer_link.js').PeerLink} PeerLink */
/** @typedef {import('../chat/log.js').ChatLog} ChatLog */
/** @typedef {import('./file_frames.js').FileWord} FileWord */
/** @typedef {import('./file_sink.js').Sinks} Sinks */

/**
 * @typedef {object} FilesParts
 * @property {DataLinks} links of the line `files`, with LOW of sending.js
 * @property {ChatLog} log
 * @property {Sinks} sinks
 * @property {(link: PeerLink) => string} nameOf
 * @property {(blob: Blob, name: string) => void} save gives a whole file to the person
 * @property {() => string} createId 22 random characters of A-Z a-z 0-9 - _
 * @property {() => number} now Unix time in ms
 */

/** Of one person, that wait for an answer here: who offers more is declined. */
export const MOST_OFFERS = 20;
/** Transfers that are over and remembered, so that the other side can still be answered. */
const MOST_REMEMBERED = 200;

/** A file that stands in the chat, and what becomes of it. */
export class SharedFile {
  own;
  id;
  name;
  size;
  pace = new Pace();
  /** One for each person that ours goes to, or the one of a file that comes. @type {(Sending | Receiving)[]} */
  transfers = [];

  /** @param {{ id: string, name: string, size: number }} file @param {boolean} own */
  constructor({ id, name, size }, own) {
    this.id = id;
    this.name = name;
    this.size = size;
    this.own = own;
  }

  /** The one of a file that comes. @returns {Receiving | null} */
  get incoming() {
    const first = this.transfers[0];
    return first instanceof Receiving ? first : null;
  }

  /** Stops it, whoever it belongs to; what is over stays as it is. */
  stop() {
    for (const transfer of this.transfers) transfer instanceof Receiving ? transfer.stop() : transfer.cancel();
  }
}

/** What is known of one other page. */
class Partner {
  way;
  #stream = 0;
  /** By id. @type {Map<string, Sending>} */
  sendings = new Map();
  /** By id. @type {Map<string, Receiving>} */
  receivings = new Map();
  listeners = new AbortController();

  /** @param {Way} way */
  constructor(way) {
    this.way = way;
  }

  nextStream() {
    this.#stream += 1;
    return this.#stream;
  }

  forget() {
    for (const transfers of [this.sendings, this.receivings]) {
      for (const [id, transfer] of transfers) {
        if (!transfer.isOver || transfers.size <= MOST_REMEMBERED) continue;
        transfer.part();
        transfers.delete(id);
      }
    }
  }

  part() {
    this.listeners.abort();
    for (const transfer of [...this.sendings.values(), ...this.receivings.values()]) transfer.part();
  }
}

export class Files {
  #parts;
  #listeners = new AbortController();
  /** @type {Map<PeerLink, Partner>} */
  #partners = new Map();

  /** @param {FilesParts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.links.addEventListener('change', () => this.#compare(), { signal: this.#listeners.signal });
    this.#compare();
  }

  /** Whether there is anybody to send something to. */
  get canSend() {
    return [...this.#partners.values()].some(({ way }) => way.isAvailable);
  }

  /** Whether bytes are under way, either way: to leave now would break them off. */
  get isMoving() {
    return [...this.#partners.values()].some(({ sendings, receivings }) => [...sendings.values(), ...receivings.values()].some(({ state }) => state === 'moving'));
  }

  /**
   * Offers them to everybody who is connected, also to those whose connection is just being repaired.
   * @param {Iterable<File>} files
   * @returns {SharedFile[]}
   */
  send(files) {
    return this.#partners.size === 0 ? [] : [...files].map(file => this.#offer(file));
  }

  stop() {
    this.#listeners.abort();
    for (const partner of this.#partners.values()) partner.part();
    this.#partners.clear();
  }

  /** @param {File} file */
  #offer(file) {
    const { createId, nameOf } = this.#parts;
    const id = createId();
    const shared = new SharedFile({ id, name: safeName(file.name), size: file.size }, true);
    const source = new FileSource(file);
    for (const [link, partner] of this.#partners) {
      const to = { way: partner.way, name: nameOf(link), nextStream: () => partner.nextStream() };
      const sending = new Sending({ id, name: shared.name, mime: file.type }, source, to);
      partner.forget();
      partner.sendings.set(id, sending);
      this.#follow(shared, sending);
    }
    this.#show(shared, '');
    return shared;
  }

  #compare() {
    const { ways } = this.#parts.links;
    for (const [link, partner] of this.#partners) {
      if (ways.has(link)) continue;
      partner.part();
      this.#partners.delete(link);
    }
    for (const [link, way] of ways) {
      if (this.#partners.has(link)) continue;
      const partner = new Partner(way);
      this.#partners.set(link, partner);
      way.addEventListener('message', event => {
        if ('data' in event) this.#hear(link, partner, event.data);
      }, { signal: partner.listeners.signal });
    }
  }

  /** @param {PeerLink} link @param {Partner} partner @param {unknown} data */
  #hear(link, partner, data) {
    const frame = readFileFrame(data);
    if (frame === null) return;
    switch (frame.type) {
      case 'piece':
        for (const receiving of partner.receivings.values()) if (receiving.take(frame)) return;
        break;
      case 'offer':
        if (partner.receivings.has(frame.id)) partner.receivings.get(frame.id)?.hear(frame);
        else this.#offered(link, partner, frame);
        break;
      case 'begin': case 'end': case 'cancel':
        partner.receivings.get(frame.id)?.hear(frame);
        break;
      default: {
        const sending = partner.sendings.get(frame.id);
        if (sending) sending.hear(frame);
        else if (frame.type === 'accept') partner.way.send(writeWord({ type: 'cancel', id: frame.id, reason: 'gone' }));
      }
    }
  }

  /** @param {PeerLink} link @param {Partner} partner @param {Extract<FileWord, { type: 'offer' }>} offer */
  #offered(link, partner, offer) {
    const open = [...partner.receivings.values()].filter(({ state }) => state === 'offered').length;
    if (open >= MOST_OFFERS) {
      partner.way.send(writeWord({ type: 'decline', id: offer.id }));
      return;
    }
    const name = this.#parts.nameOf(link);
    const receiving = new Receiving(offer, { way: partner.way, name }, this.#parts.sinks);
    const shared = new SharedFile(offer, false);
    partner.forget();
    partner.receivings.set(offer.id, receiving);
    this.#follow(shared, receiving);
    this.#show(shared, name);
  }

  /** @param {SharedFile} shared @param {Sending | Receiving} transfer */
  #follow(shared, transfer) {
    const { log, now, save } = this.#parts;
    shared.transfers.push(transfer);
    transfer.addEventListener('change', () => {
      shared.pace.note(now(), moved(shared));
      if (transfer instanceof Receiving && transfer.state === 'done' && transfer.blob) save(transfer.blob, shared.name);
      log.changed();
    });
  }

  /** @param {SharedFile} file @param {string} name */
  #show(file, name) {
    const { log, now } = this.#parts;
    log.add({ kind: 'file', key: log.nextKey(), own: file.own, name, at: now(), file });
  }
}

/** How many bytes have arrived, of all transfers together. @param {Pick<SharedFile, 'transfers'>} file */
export const moved = file => file.transfers.reduce(
  (sum, transfer) => sum + (transfer instanceof Receiving ? transfer.written : transfer.confirmed), 0,
);
