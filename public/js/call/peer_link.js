// The media connection to the other one: one RTCPeerConnection at a time. What belongs to it is divided:
// Negotiation makes offers and answers, Repairs says when they are due, Introduction tells who is at the
// other end and what is switched on there, Reception holds his sound and picture.
//
// The rules below were each found by a run that failed without them:
// - Signals that come before start() are kept, not dropped.
// - What is written into a dead socket is lost without a word. When signaling is back, an offer that
//   waits is taken back and made anew (restartIce() would do nothing in have-local-offer).
// - Only the one who made the offer in use makes restart offers; the other asks for one. Both at once
//   end in a disagreement about the DTLS roles.
// - A connection that has `failed` does not always come back by an ICE restart. It is replaced, and
//   every signal carries the generation it belongs to.
// - While the signaling socket is gone nothing is done to a connection: media does not need it.
//
// The server says who speaks and carries every signal to one seat alone; the seat that was admitted later
// offers first and gives way. A server that was restarted gives everybody another seat: then the old
// connection tells, over its own data channel, which new seat is at its other end, and goes on as it is.

import { Introduction } from './introduction.js';
import { Negotiation } from './negotiation.js';
import { Reception } from './reception.js';
import { Repairs } from './repairs.js';
import { READY } from './signals.js';
import { Timers } from './timers.js';

/** @typedef {import('./introduction.js').Device} Device */
/** @typedef {import('./introduction.js').Devices} Devices */
/** @typedef {import('./signals.js').LinkSignal} LinkSignal */
/** @typedef {import('./signals.js').PeerState} PeerState */

/**
 * @typedef {object} LinkSurroundings
 * @property {() => RTCPeerConnection} createConnection
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now milliseconds
 * @property {() => MediaStream} createStream
 */

/**
 * Two seats of a call.
 * @typedef {object} Pair
 * @property {string} peer the seat of the other one
 * @property {boolean} polite whether we were admitted later
 * @property {string} key told to the other one alone. With it, and over the old connection only, we say
 *   later which seat we have now; shown to a seat that is not proven it would help an impostor
 */

export const TIMES = Object.freeze({
  patience: { first: 3000, second: 5000 }, // for the other's signals, before offering unasked, or asking again
  answerWithin: 5000, // else the offer went into a dead socket of the other side
  closedAfter: 2000, // a closed data channel may be the beginning of a new generation
});

const MOST_EARLY = 100;

/**
 * Dispatches `connected` (also again after `unstable`), `unstable`, `failed`, `closed` (the other side
 * has closed the connection), `stream` (see .remoteStream), `devices` (see .remoteDevices) and `connection`
 * (see .connection) and `seat`: the other one says that he has another seat now (see .confirms()).
 */
export class PeerLink extends EventTarget {
  generation = 0;

  #send;
  /** @type {Pair} */
  #pair;
  #around;
  #introduction;
  #reception;
  #repairs;
  /** @type {import('./negotiation.js').Tracks} */
  #tracks = { audio: null, video: null, screen: null };

  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** Of the connection. @type {Negotiation | null} */
  #negotiation = null;
  /** @type {AbortController | null} */
  #listeners = null;
  /** @type {LinkSignal[]} */
  #early = [];
  #work = Promise.resolve();
  #stopped = false;

  /** Whether it is we who make the offers. */
  #offering = false;
  #delivers = true;
  #peerReady = false;

  /** @type {Timers<'patience' | 'answer' | 'closed'>} */
  #timers;

  /**
   * @param {string} me our seat
   * @param {(signal: object | string, to: string) => boolean} send tells whether the socket took it
   * @param {LinkSurroundings} around
   * @param {Pair} pair
   */
  constructor(me, send, around, pair) {
    super();
    this.#pair = pair;
    this.#send = send;
    this.#around = around;
    this.#timers = new Timers(around);
    const tell = (/** @type {string} */ name) => this.dispatchEvent(new Event(name));
    this.#introduction = new Introduction({ seat: me, peerKey: pair.key }, {
      devices: () => tell('devices'),
      seat: seat => seat !== this.#pair.peer && tell('seat'),
      closed: () => this.#timers.start('closed', TIMES.closedAfter, () => tell('closed')),
    });
    this.#reception = new Reception(around.createStream, { stream: () => tell('stream'), devices: () => tell('devices') });
    this.#repairs = new Repairs({
      restart: () => this.#restart(),
      replace: () => this.#do(() => this.#replace()),
      delivers: () => this.#delivers,
      silent: () => this.#introduction.sendsNothing,
      tell,
    }, around);
  }

  get remoteStream() {
    return this.#reception.stream;
  }

  /** Has no track until a screen was seen. */
  get remoteScreen() {
    return this.#reception.screen;
  }

  /**
   * What the other one has switched on: as his page tells us, else as far as the tracks show it.
   * @returns {Devices}
   */
  get remoteDevices() {
    return this.#introduction.told ?? this.#reception.devices;
  }

  /** Another tab has had our seat: its connection is replaced. @param {number} generation that it had */
  takeOver(generation) {
    this.generation = generation + 1;
    this.#peerReady = true;
    this.#offering = true;
  }

  /** @param {{ first: boolean }} role whether this side makes the first offer */
  start({ first: isFirst }) {
    const first = isFirst || this.#offering;
    this.#offering = first;
    this.#build();
    this.#tellState();
    for (const signal of this.#early.splice(0)) this.receive(signal);
    if (!first) this.#askForOffer();
    else if (this.#peerReady) this.#offerSoon();
    else this.#timers.start('patience', TIMES.patience.first, () => this.#offerSoon());
  }

  /** It is always the same side that begins; it may take long to say yes to a camera. */
  #askForOffer() {
    this.#emit(READY);
    this.#timers.start('patience', TIMES.patience.second, () => this.#askForOffer());
  }

  stop() {
    this.#stopped = true;
    this.#timers.stop();
    this.#repairs.stop();
    this.#listeners?.abort();
    this.#connection?.close();
    this.dispatchEvent(new Event('connection'));
  }

  /** The one that is in use, for whoever opens data channels on it or counts; null before start() and after stop(). */
  get connection() {
    return this.#stopped ? null : this.#connection;
  }

  /** The other one has said 'got user media': he listens, or wants a new offer. */
  peerReady() {
    const again = this.#peerReady;
    this.#peerReady = true;
    if (!this.#negotiation || !this.#offering) return;
    if (!this.#negotiation.hasOffered || again) this.#offerSoon();
  }

  /** @param {LinkSignal} signal */
  receive(signal) {
    if (this.#connection) this.#do(() => this.#handle(signal));
    else if (this.#early.length < MOST_EARLY) this.#early.push(signal);
  }

  /** The signaling socket has come back. What was sent in between may be lost. */
  signalingBack() {
    if (this.#connection?.connectionState !== 'connected' || this.#connection.signalingState !== 'stable') this.renegotiate();
  }

  /** Signals of the other side are lost for sure: whatever was agreed on is agreed on anew. */
  renegotiate() {
    if (this.#connection && !this.#stopped) this.#repairs.repair();
  }

  /** The machine is online again or has woken up. */
  networkBack() {
    if (this.#repairs.everConnected) this.renegotiate();
  }

  /**
   * @param {import('./negotiation.js').Tracks} tracks
   * @param {Devices} devices
   */
  setMedia(tracks, devices) {
    this.#tracks = tracks;
    this.#introduction.devices = devices;
    this.#introduction.tell();
    if (!this.#negotiation) return;
    this.#negotiation.tracks = this.#tracks;
    this.#tellState();
    if (this.#negotiation.hasBegun) this.#do(negotiation => negotiation.attachTracks());
  }

  // Seats

  /** The seat at the other end. */
  get peer() {
    return this.#pair.peer;
  }

  /** What the other one's page says by way of the server. @param {PeerState} state */
  receiveState(state) {
    this.#introduction.hearState(state);
  }

  /** We have another seat: the server was restarted. @param {string} me */
  enterAs(me) {
    this.#introduction.identity = { seat: me, peerKey: this.#pair.key };
    this.#introduction.tell();
  }

  /**
   * Whether the living connection itself says that its other end has this seat now. What the server's
   * `was` says proves nothing.
   * @param {string} seat
   */
  confirms(seat) {
    return this.#isLiving() && this.#introduction.seat === seat;
  }

  /** Whether the other end has or had this seat: a server may be restarted twice. @param {string} seat */
  knows(seat) {
    return this.peer === seat || this.#introduction.hadSeat(seat);
  }

  /**
   * The other one has another seat: signals go there from now on, the connection stays.
   * @param {string} peer @param {{ polite: boolean }} role
   */
  moveTo(peer, { polite }) {
    this.#pair = { ...this.#pair, peer, polite };
    this.#tellState();
    this.signalingBack();
  }

  /** By which the other one knows us again. */
  get key() {
    return this.#pair.key;
  }

  get isConnected() {
    return !this.#stopped && this.#connection?.connectionState === 'connected';
  }

  #isLiving() {
    return this.isConnected || (!this.#stopped && this.#connection?.connectionState === 'disconnected');
  }

  #tellState() {
    this.#emit(this.#introduction.state);
  }

  // One connection

  #build() {
    this.#listeners?.abort();
    this.#connection?.close();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const connection = this.#around.createConnection();
    this.#connection = connection;
    this.#negotiation = new Negotiation(connection, this.#tracks, description => this.#signal(description), signal);
    this.#introduction.connect(connection, signal);
    this.#reception.connect(connection, signal);
    this.#repairs.lookAfter(connection, signal);
    this.#timers.cancel('closed');
    this.#timers.cancel('answer');
    this.dispatchEvent(new Event('connection'));
  }

  // Offers and answers, one after the other

  /** @param {(negotiation: Negotiation) => Promise<void>} action gets that of the connection there is when its turn has come */
  #do(action) {
    this.#work = this.#work.then(() => (this.#stopped || !this.#negotiation ? undefined : action(this.#negotiation))).catch(error => {
      // A description that does not fit. Whatever it breaks is repaired by those who watch the connection.
      if (!this.#stopped) console.warn('call:', error);
    });
  }

  #offerSoon() {
    this.#timers.cancel('patience');
    this.#do(() => this.#makeOffer());
  }

  /** A new offer over new paths: made here, or asked for. */
  #restart() {
    if (this.#offering) this.#offerSoon();
    else this.#emit(READY);
  }

  async #replace() {
    this.generation += 1;
    this.#offering = true;
    this.#build();
    await this.#makeOffer();
  }

  async #makeOffer() {
    if (this.#negotiation?.isFirstOfferOpen) {
      this.generation += 1;
      this.#build();
    }
    const delivered = await this.#negotiation?.offer();
    if (delivered && this.#repairs.everConnected) this.#timers.start('answer', TIMES.answerWithin, () => this.#offerSoon());
  }

  /** @param {LinkSignal} signal */
  async #handle(signal) {
    const generation = signal.generation ?? this.generation;
    if (generation < this.generation) return;
    if (generation > this.generation) {
      this.generation = generation;
      this.#build();
      this.#repairs.replacedByOther();
    }
    const negotiation = /** @type {Negotiation} */ (this.#negotiation);
    if (signal.type === 'candidate') {
      await negotiation.addCandidate(signal);
    } else if (signal.type === 'answer') {
      if (!await negotiation.takeAnswer(signal)) return;
      this.#timers.cancel('answer');
      this.#offering = true;
    } else if (negotiation.mayAnswer(this.#pair.polite)) {
      this.#timers.cancel('patience');
      this.#timers.cancel('answer');
      this.#offering = false;
      await negotiation.answer(signal);
    }
  }

  /** @param {object} signal */
  #signal(signal) {
    return this.#emit({ ...signal, generation: this.generation });
  }

  /** @param {object | string} signal */
  #emit(signal) {
    this.#delivers = this.#send(signal, this.#pair.peer);
    return this.#delivers;
  }
}
