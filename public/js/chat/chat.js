// What people write to each other. It goes over the data channels when there is one to everybody, so that
// the server does not read it and need not be there; else by the server's `chat message`.
//
// A channel is lost with its connection, and with whatever was under way. So whoever gets a message says
// so, and what was not confirmed is said again over the next channel; or, when there is none for a while,
// by way of the server. Each page numbers what it says: what comes twice is shown once, and what comes
// late stands where it belongs.

import { readFrame, writeGot, writeSaid } from './chat_frames.js';

/** @typedef {import('../call/data_link.js').DataLinks} DataLinks */
/** @typedef {import('../call/data_link.js').Way} Way */
/** @typedef {import('../call/peer_link.js').PeerLink} PeerLink */
/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('./chat_frames.js').Said} Said */
/** @typedef {import('./log.js').ChatLog} ChatLog */
/** @typedef {import('./log.js').TextEntry} TextEntry */

/**
 * @typedef {object} ChatParts
 * @property {CallChannel} channel
 * @property {DataLinks} links of the line `chat`
 * @property {ChatLog} log
 * @property {() => string} createId 22 random characters of A-Z a-z 0-9 - _
 * @property {() => number} now Unix time in ms
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 */

export const LONGEST_TEXT = 4000;
/** So long a message waits to be confirmed, or for a new channel, before the server carries it. */
export const PATIENCE = 5000;
const MOST_KNOWN = 2000;
const MOST_UNCONFIRMED = 200;

/** A message of ours that not everybody has confirmed. @typedef {{ said: Said, entry: TextEntry, timer: number | undefined, missing: Set<PeerLink> }} Unconfirmed */

export class Chat {
  #parts;
  #page;
  #n = 0;
  #listeners = new AbortController();
  /** @type {WeakSet<Way>} */
  #heard = new WeakSet();
  /** In the order of being said. @type {Map<number, Unconfirmed>} */
  #unconfirmed = new Map();
  /** Said while nothing would take it. @type {{ said: Said, entry: TextEntry }[]} */
  #waiting = [];
  /** Those that have come, the oldest first. @type {Set<string>} */
  #known = new Set();
  /** Their names stay with what they have said. @type {Map<string, string>} */
  #names = new Map();

  /** @param {ChatParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#page = parts.createId();
    const { channel, links } = parts;
    const { signal } = this.#listeners;
    links.addEventListener('change', () => this.#linksChanged(), { signal });
    channel.addEventListener('change', () => this.#membersChanged(), { signal });
    channel.on('chat message', ({ from, text, at, page, n }) => {
      if (page === undefined || n === undefined) this.#show(from, text, Math.min(at, parts.now()), '', 0);
      else if (page === this.#page) this.#carried(n);
      else this.#hear(from, { page, n, text }, Math.min(at, parts.now()));
    }, { signal });
    channel.on('unsent', commands => {
      for (const { name, args } of commands) if (name === 'chat message') this.#wait(/** @type {Said} */ (args[0]));
    }, { signal });
    this.#membersChanged();
    this.#linksChanged();
  }

  /**
   * @param {string} text
   * @returns {boolean} whether there was anything to say
   */
  say(text) {
    const kept = text.trim().slice(0, LONGEST_TEXT);
    if (kept === '') return false;
    const { log, now } = this.#parts;
    this.#n += 1;
    const said = { page: this.#page, n: this.#n, text: kept };
    const entry = log.add({
      kind: 'text', key: log.nextKey(), own: true, name: '', seat: null, at: now(), waiting: false, ...said,
    });
    this.#send(said, entry);
    return true;
  }

  stop() {
    this.#listeners.abort();
    for (const { timer } of this.#unconfirmed.values()) this.#parts.clearTimeout(timer);
    this.#unconfirmed.clear();
    this.#waiting = [];
  }

  // What we say

  /** @param {Said} said @param {TextEntry} entry */
  #send(said, entry) {
    const others = this.#others();
    // Also those who have not come back to a server that was restarted, but talk with us all the same.
    const ways = [...this.#parts.links.ways].filter(([, way]) => way.isAvailable);
    const reached = new Set(ways.map(([link]) => link));
    if (others.some(seat => !reached.has(/** @type {PeerLink} */ (this.#parts.links.linkOf(seat))))) this.#carry(said, entry);
    else if (ways.length > 0) this.#tell(said, entry, ways);
  }

  /** Over the channels. @param {Said} said @param {TextEntry} entry @param {[PeerLink, Way][]} ways */
  #tell(said, entry, ways) {
    const missing = new Set(ways.map(([link]) => link));
    for (const [, way] of ways) way.send(writeSaid(said));
    if (this.#unconfirmed.size >= MOST_UNCONFIRMED) this.#giveUp([...this.#unconfirmed.keys()][0] ?? 0);
    const timer = this.#parts.setTimeout(() => this.#giveUp(said.n), PATIENCE);
    this.#unconfirmed.set(said.n, { said, entry, missing, timer });
  }

  /** By way of the server. @param {Said} said @param {TextEntry} entry */
  #carry(said, entry) {
    const sent = this.#parts.channel.chat(said);
    if (sent === 'dropped') this.#waiting.push({ said, entry });
    this.#mark(entry, sent !== 'sent');
  }

  /** The server has told everybody, or will. @param {number} n */
  #carried(n) {
    const entry = this.#ours(n);
    if (entry) this.#mark(entry, false);
  }

  /** @param {number} n @returns {TextEntry | null} */
  #ours(n) {
    for (const entry of this.#parts.log.entries) if (entry.kind === 'text' && entry.page === this.#page && entry.n === n) return entry;
    return null;
  }

  /** The seat is over that should have said it. @param {Said} said */
  #wait(said) {
    const entry = said.page === this.#page ? this.#ours(said.n) : null;
    if (entry) this.#waiting.push({ said, entry });
  }

  /** Not everybody has confirmed it, and the server shall tell. @param {number} n */
  #giveUp(n) {
    const unconfirmed = this.#settle(n);
    if (unconfirmed) this.#carry(unconfirmed.said, unconfirmed.entry);
  }

  /** @param {number} n */
  #settle(n) {
    const unconfirmed = this.#unconfirmed.get(n);
    this.#parts.clearTimeout(unconfirmed?.timer);
    this.#unconfirmed.delete(n);
    return unconfirmed;
  }

  /** @param {TextEntry} entry @param {boolean} waiting */
  #mark(entry, waiting) {
    if (entry.waiting === waiting) return;
    entry.waiting = waiting;
    this.#parts.log.changed();
  }

  /** @param {PeerLink} link @param {number} n */
  #confirmed(link, n) {
    const unconfirmed = this.#unconfirmed.get(n);
    if (!unconfirmed) return;
    unconfirmed.missing.delete(link);
    if (unconfirmed.missing.size === 0) this.#settle(n);
  }

  // What others say

  /** @param {string} seat @param {Said} said @param {number} at */
  #hear(seat, said, at) {
    // Whoever else makes up this number does not keep the true message from being shown.
    const known = `${said.page} ${said.n} ${said.text.slice(0, LONGEST_TEXT)}`;
    if (this.#known.has(known)) return;
    this.#known.add(known);
    if (this.#known.size > MOST_KNOWN) {
      const [oldest] = this.#known;
      this.#known.delete(String(oldest));
    }
    this.#show(seat, said.text, at, said.page, said.n);
  }

  /** @param {string} seat @param {string} text @param {number} at @param {string} page @param {number} n */
  #show(seat, text, at, page, n) {
    const { log, channel } = this.#parts;
    const own = seat === channel.gathering.me;
    log.add({
      kind: 'text', key: log.nextKey(), own, name: own ? '' : this.#names.get(seat) ?? '', seat, at,
      text: text.slice(0, LONGEST_TEXT), page, n, waiting: false,
    });
  }

  /** @param {PeerLink} link @param {Way} way @param {unknown} data */
  #receive(link, way, data) {
    const frame = readFrame(data);
    if (frame?.type === 'got') {
      if (frame.page === this.#page) this.#confirmed(link, frame.n);
    } else if (frame) {
      way.send(writeGot(frame));
      const seat = this.#parts.links.seatOf(link);
      if (seat !== null && frame.page !== this.#page) this.#hear(seat, frame, this.#parts.now());
    }
  }

  // Who is there

  #others() {
    const { members, me } = this.#parts.channel.gathering;
    return members.map(({ seat }) => seat).filter(seat => seat !== me);
  }

  #membersChanged() {
    for (const { seat, name } of this.#parts.channel.gathering.members) this.#names.set(seat, name);
    this.#sendWaiting();
  }

  #linksChanged() {
    const { ways } = this.#parts.links;
    for (const [link, way] of ways) {
      if (this.#heard.has(way)) continue;
      this.#heard.add(way);
      const { signal } = this.#listeners;
      way.addEventListener('message', event => {
        if ('data' in event) this.#receive(link, way, event.data);
      }, { signal });
      way.addEventListener('available', () => this.#sayAgain(link, way), { signal });
    }
    for (const [n, { missing }] of [...this.#unconfirmed]) {
      for (const link of missing) if (!ways.has(link)) missing.delete(link);
      if (missing.size === 0) this.#settle(n);
    }
    this.#sendWaiting();
  }

  /** What was lost with the channel before. @param {PeerLink} link @param {Way} way */
  #sayAgain(link, way) {
    for (const { said, missing } of this.#unconfirmed.values()) if (missing.has(link)) way.send(writeSaid(said));
  }

  #sendWaiting() {
    // One who waits to be let in may not speak by way of the server.
    if (this.#parts.channel.gathering.state !== 'admitted' && ![...this.#parts.links.ways.values()].some(way => way.isAvailable)) return;
    for (const { said, entry } of this.#waiting.splice(0)) {
      this.#mark(entry, false);
      this.#send(said, entry);
    }
  }
}
