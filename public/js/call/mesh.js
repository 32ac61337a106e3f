// The connections of one page to all other members of its call: one PeerLink for each.
//
// A server that was restarted knows nobody any more: everybody enters again, under another seat, while
// the connections go on. Who is at the other end of a connection is then said by that connection alone
// (see PeerLink.confirms()). A host lets such a seat in without asking; and whoever has entered again
// starts no media with a seat that no connection confirms, unless a host he trusts has let it in or his
// user says so: somebody else may have entered first. What a connection says may arrive a little later
// than what the server says: so there is a moment in which a seat is neither known nor strange.

import { cameAfter, hostOf, isHost } from '../signaling/gathering.js';
import { readSignal } from './signals.js';

/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('../signaling/call_events.js').SeatId} SeatId */
/** @typedef {import('./negotiation.js').Tracks} Tracks */
/** @typedef {import('./peer_link.js').Devices} Devices */
/** @typedef {import('./peer_link.js').Pair} Pair */
/** @typedef {import('./peer_link.js').PeerLink} PeerLink */

/**
 * @typedef {object} MeshParts
 * @property {CallChannel} channel
 * @property {(me: SeatId, send: (signal: object | string, to: string) => boolean, pair: Pair) => PeerLink} createLink
 * @property {() => string} createKey 22 random characters or more
 * @property {Inheritance | null} [inheritance] of the tab that has had our seat
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 */

/**
 * What another tab of this browser must know to take the seat over. To the others it is the same person, who
 * replaces a connection.
 * @typedef {{ guarded: boolean, links: Record<SeatId, { key: string, generation: number }> }} Inheritance
 */

/** So long an old connection may take to say that somebody is at its other end. */
export const CLAIM_TIMEOUT = 2000;
/** So long an old connection may be without a path: without a seat at its other end it cannot be repaired. */
export const OLD_PATIENCE = 30_000;
const MOST_EARLY = 100;

/** Dispatches `change`: look at .links and .strangers. */
export class Mesh extends EventTarget {
  /** By seat; also those to seats that are gone, as long as their media goes on. @type {Map<SeatId, PeerLink>} */
  links = new Map();
  /** Members who get no media until trust() is called. @type {Set<SeatId>} */
  strangers = new Set();

  #parts;
  #listeners = new AbortController();
  /** @type {SeatId | null} */
  #me = null;
  #guarded = false;
  /** Seats of before a restart, whose connections still work. @type {Set<SeatId>} */
  #old = new Set();
  /** @type {number | undefined} */
  #oldTimer;
  /** Members who may be at the other end of one of those, and what they have sent. @type {Map<SeatId, { timer: number, early: unknown[] }>} */
  #awaited = new Map();
  /** @type {[Tracks, Devices] | null} */
  #media = null;

  /** @param {MeshParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    this.#guarded = parts.inheritance?.guarded ?? false;
    const { channel } = parts;
    const { signal } = this.#listeners;
    channel.on('welcome', ({ seat, resumed }) => this.#welcomed(seat, resumed), { signal });
    channel.on('host agreed', () => this.#meetAll(), { signal });
    channel.on('peer joined', ({ seat, was }) => this.#meet(seat, was !== undefined), { signal });
    channel.on('host', () => this.#hostChanged(), { signal });
    channel.on('main check answer', ({ seat }) => this.#acceptIfConfirmed(seat), { signal });
    channel.on('peer left', ({ seat }) => this.#part(seat), { signal });
    channel.on('message', ({ from, signal: value }) => this.#hear(from, value), { signal });
    channel.on('refused', ({ final }) => final && this.#partAll(), { signal });
  }

  /**
   * Connections begin with the first call of this; what comes before is kept.
   * @param {Tracks} tracks
   * @param {Devices} devices
   */
  setMedia(tracks, devices) {
    const isFirst = this.#media === null;
    this.#media = [tracks, devices];
    for (const [seat, link] of this.links) {
      link.setMedia(tracks, devices);
      if (isFirst && !this.strangers.has(seat)) this.#start(seat, link);
    }
  }

  /** The user knows who this is. @param {SeatId} seat */
  trust(seat) {
    const link = this.links.get(seat);
    if (!this.strangers.delete(seat) || !link) return;
    if (this.#media) this.#start(seat, link);
    this.#trustOthers();
    this.#changed();
  }

  /** It may be the host who is known now, and with him those whom he has let in. */
  #trustOthers() {
    if (this.#isTrusted()) for (const seat of [...this.strangers]) this.trust(seat);
  }

  /** Of those whom we trust. @returns {Inheritance} */
  get inheritance() {
    const links = [...this.links].filter(([seat]) => !this.strangers.has(seat) && !this.#old.has(seat));
    return { guarded: this.#guarded, links: Object.fromEntries(links.map(([seat, { key, generation }]) => [seat, { key, generation }])) };
  }

  /** The machine is online again or has woken up. */
  networkBack() {
    for (const link of this.links.values()) link.networkBack();
  }

  stop() {
    this.#listeners.abort();
    this.#partAll();
  }

  // Members

  /** @param {SeatId} seat @param {boolean} resumed */
  #welcomed(seat, resumed) {
    const isNew = seat !== this.#me;
    if (isNew && this.#me !== null) this.#guarded = true;
    this.#me = seat;
    if (isNew) {
      for (const stranger of [...this.strangers, ...this.#awaited.keys()]) this.#part(stranger);
      this.#old = new Set(this.links.keys());
      for (const link of this.links.values()) link.enterAs(seat);
      this.#lookAfterOld();
    } else {
      for (const link of this.links.values()) resumed ? link.signalingBack() : link.renegotiate();
    }
    const { members } = this.#parts.channel.gathering;
    for (const known of [...this.links.keys(), ...this.#awaited.keys()]) {
      if (!this.#old.has(known) && !members.some(member => member.seat === known)) this.#part(known);
    }
    this.#meetAll();
  }

  #meetAll() {
    for (const { seat } of this.#parts.channel.gathering.members) this.#meet(seat);
  }

  /** @param {SeatId} seat @param {boolean} [saysWas] false: he does not even say that he was here before */
  #meet(seat, saysWas = true) {
    // A seat of before that is still there: no restart, we alone were away too long, and given up.
    const wasKnown = this.#old.has(seat);
    if (wasKnown) this.#part(seat);
    if (seat === this.#me || this.links.has(seat) || this.#awaited.has(seat)) return;
    const old = this.#confirmed(seat);
    if (old) this.#move(old, seat);
    else if (saysWas && !wasKnown && this.#hasOld()) this.#await(seat);
    else this.#connect(seat, wasKnown);
  }

  /** @param {SeatId} seat */
  #await(seat) {
    const timer = this.#parts.setTimeout(() => {
      const early = this.#awaitNoMore(seat);
      this.#connect(seat, false);
      for (const value of early) this.#hear(seat, value);
    }, CLAIM_TIMEOUT);
    this.#awaited.set(seat, { timer, early: [] });
  }

  /** @param {SeatId} seat @returns {unknown[]} what he has sent meanwhile */
  #awaitNoMore(seat) {
    const awaited = this.#awaited.get(seat);
    this.#parts.clearTimeout(awaited?.timer);
    this.#awaited.delete(seat);
    return awaited?.early ?? [];
  }

  /** @param {SeatId} seat @param {boolean} wasKnown */
  #connect(seat, wasKnown) {
    const { channel, createLink, createKey, inheritance } = this.#parts;
    const inherited = inheritance?.links[seat];
    delete inheritance?.links[seat]; // of the first connection only
    const polite = cameAfter(channel.gathering, seat);
    const link = createLink(
      /** @type {SeatId} */ (this.#me), (signal, to) => this.#send(signal, to),
      { peer: seat, polite, key: inherited?.key ?? createKey() },
    );
    const { signal } = this.#listeners;
    link.addEventListener('seat', () => this.#claimed(link), { signal });
    for (const end of ['closed', 'failed']) link.addEventListener(end, () => this.#ended(link), { signal });
    if (inherited) link.takeOver(inherited.generation);
    const isTrusted = wasKnown || inherited !== undefined || this.#isTrusted(); // before he is among the links himself
    this.links.set(seat, link);
    if (this.#media) link.setMedia(...this.#media);
    if (!isTrusted) this.strangers.add(seat);
    else if (this.#media) this.#start(seat, link);
    this.#changed();
  }

  /**
   * To a seat of before a restart nothing can be delivered. If the link took it for delivered, it would replace
   * the one connection that can tell who is there. And an offer is not kept for later: the link takes back what
   * is not delivered, and makes another one when the socket is there again.
   * @param {object | string} signal @param {SeatId} to
   */
  #send(signal, to) {
    const { channel } = this.#parts;
    if (!channel.gathering.members.some(({ seat }) => seat === to)) return false;
    if (channel.state !== 'open' && typeof signal === 'object' && 'type' in signal && signal.type === 'offer') return false;
    return channel.messageTo(to, signal) === 'sent';
  }

  /** Whom a host that we trust lets in we need not know ourselves. */
  #isTrusted() {
    const { gathering } = this.#parts.channel;
    const host = hostOf(gathering);
    if (!this.#guarded || isHost(gathering)) return true;
    return host !== null && this.links.has(host) && !this.strangers.has(host);
  }

  #hostChanged() {
    const { gathering } = this.#parts.channel;
    if (isHost(gathering)) for (const { seat } of gathering.rings) this.#acceptIfConfirmed(seat);
  }

  /** @param {SeatId} seat @param {PeerLink} link */
  #start(seat, link) {
    link.start({ first: cameAfter(this.#parts.channel.gathering, seat) });
  }

  /** @param {SeatId} seat */
  #part(seat) {
    this.#awaitNoMore(seat);
    this.links.get(seat)?.stop();
    this.strangers.delete(seat);
    this.#old.delete(seat);
    if (this.links.delete(seat)) this.#changed();
  }

  #partAll() {
    this.#me = null;
    this.#guarded = false;
    this.#parts.clearTimeout(this.#oldTimer);
    for (const seat of [...this.links.keys(), ...this.#awaited.keys()]) this.#part(seat);
  }

  /** A connection to a seat that is gone has no way to be repaired. @param {PeerLink} link */
  #ended(link) {
    if (this.#old.has(link.peer)) this.#part(link.peer);
  }

  // After a restart

  /** A connection that has lost its path need not ever say so. */
  #lookAfterOld() {
    this.#parts.clearTimeout(this.#oldTimer);
    if (!this.#hasOld()) return;
    this.#oldTimer = this.#parts.setTimeout(() => {
      for (const [seat, link] of this.links) if (this.#old.has(seat) && !link.isConnected) this.#part(seat);
      this.#lookAfterOld();
    }, OLD_PATIENCE);
  }

  #hasOld() {
    return [...this.links.keys()].some(seat => this.#old.has(seat));
  }

  /**
   * The old connection whose other end has this seat now. Only of before a restart: no member may claim to
   * be another one, or let somebody in.
   * @param {SeatId} seat
   */
  #confirmed(seat) {
    for (const [old, link] of this.links) if (this.#old.has(old) && link.confirms(seat)) return link;
    return null;
  }

  /** @param {PeerLink} link */
  #claimed(link) {
    const { members, rings } = this.#parts.channel.gathering;
    const member = members.find(({ seat }) => this.#confirmed(seat) === link);
    if (member) this.#move(link, member.seat);
    else for (const { seat } of rings) this.#acceptIfConfirmed(seat);
  }

  /** @param {SeatId} seat */
  #acceptIfConfirmed(seat) {
    const { channel } = this.#parts;
    const was = channel.gathering.rings.find(ring => ring.seat === seat)?.was;
    if (isHost(channel.gathering) && was !== undefined && this.#confirmed(seat)?.knows(was)) channel.accept(seat);
  }

  /** @param {PeerLink} link @param {SeatId} seat */
  #move(link, seat) {
    if (seat === this.#me) return;
    const early = this.#awaitNoMore(seat);
    this.links.get(seat)?.stop(); // it was made for a stranger
    this.strangers.delete(seat);
    this.links.delete(link.peer);
    this.links.set(seat, link);
    link.moveTo(seat, { polite: cameAfter(this.#parts.channel.gathering, seat) });
    for (const value of early) this.#hear(seat, value);
    this.#trustOthers();
    this.#changed();
  }

  /** @param {SeatId} from @param {unknown} value */
  #hear(from, value) {
    const awaited = this.#awaited.get(from);
    if (awaited && awaited.early.length < MOST_EARLY) awaited.early.push(value);
    const link = this.links.get(from);
    const heard = readSignal(value);
    if (heard?.kind === 'ready') link?.peerReady();
    else if (heard?.kind === 'link') link?.receive(heard.signal);
    else if (heard?.kind === 'state') link?.receiveState(heard.state);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
