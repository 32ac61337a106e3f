// The media connection to the other one: one RTCPeerConnection at a time, with perfect negotiation.
//
// The rules below were each found by a run that failed without them:
// - Signals that come before start() are kept, not dropped.
// - Offers are numbered and answers carry the number: an answer to an older offer is ignored.
// - What is written into a dead socket is lost without a word. When signaling is back, an offer that
//   waits is taken back and made anew (restartIce() would do nothing in have-local-offer).
// - Only the one who made the offer in use makes restart offers; the other asks for one. Both at once
//   end in a disagreement about the DTLS roles.
// - A connection that has `failed` does not always come back by an ICE restart. It is replaced, and
//   every signal carries the generation it belongs to.
// - `connected` is not media: if packets stand still for 10 s the connection is replaced as well.
//
// - While the signaling socket is gone nothing is done to a connection: media does not need it.
//
// In a room the two find each other by ids that their pages have made up. In a call the server says who
// speaks and carries every signal to one seat alone; the seat that was admitted later offers first and
// gives way. A server that was restarted gives everybody another seat: then the old connection tells,
// over its own data channel, which new seat is at its other end, and goes on as it is.
//
// Long for one file, because the rules share one state: each looks at what the others have begun.

import { READY } from './signals.js';

/** @typedef {import('./signals.js').Description} Description */
/** @typedef {import('./signals.js').Candidate} Candidate */
/** @typedef {import('./signals.js').LinkSignal} LinkSignal */
/** @typedef {import('./signals.js').PeerState} PeerState */

/** @typedef {'on' | 'off' | 'none'} Device */
/** @typedef {{ mic: Device, camera: Device, screen?: boolean }} Devices */
/** @typedef {'patience' | 'restart' | 'answer' | 'rebuild' | 'watch' | 'closed'} TimerName */

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
  patience: { first: 3000, second: 5000 }, // for the other's signals, before offering unasked
  restartAfter: 3000, // `disconnected` often heals by itself sooner
  insistEvery: 4000,
  rebuildEvery: 5000,
  answerWithin: 5000, // else the offer went into a dead socket of the other side
  stalledAfter: 10_000, // shorter throws away connections that would have healed
  watchEvery: 2000,
  closedAfter: 2000, // a closed data channel may be the beginning of a new generation
});

const MOST_CLAIMS = 10;

/**
 * Dispatches `connected` (also again after `unstable`), `unstable`, `failed`, `closed` (the other side
 * has closed the connection), `stream` (see .remoteStream) and `devices` (see .remoteDevices). In a call
 * also `seat`: the other one says that he has another seat now (see .confirms()).
 */
export class PeerLink extends EventTarget {
  /** @type {MediaStream} */
  remoteStream;
  generation = 0;

  #me;
  #send;
  #around;
  /** @type {string | null} */
  #peer = null;
  /** Null in a room. @type {Pair | null} */
  #pair;
  /** @type {string | null} */
  #peerKey = null;
  /** The seats that the other end of the connection has said it has, the present one last. @type {string[]} */
  #claimed = [];
  /** @type {Devices | null} */
  #told = null;
  /** @type {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} */
  #tracks = { audio: null, video: null };
  /** @type {Devices} */
  #devices = { mic: 'none', camera: 'none' };

  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCDataChannel | null} */
  #dataChannel = null;
  /** @type {AbortController | null} */
  #listeners = null;
  /** @type {LinkSignal[]} */
  #early = [];
  /** @type {Candidate[]} */
  #earlyCandidates = [];
  #work = Promise.resolve();
  #stopped = false;

  #offering = false;
  #delivers = true;
  #peerReady = false;
  #offer = 0;
  #everConnected = false;
  #packets = { count: 0, since: 0 };

  /** @type {Partial<Record<TimerName, number>>} */
  #timers = {};

  /**
   * @param {string} me id of this page, or in a call our seat
   * @param {(signal: object | string, to: string | null) => boolean} send tells whether the socket took it
   * @param {LinkSurroundings} around
   * @param {Pair | null} [pair]
   */
  constructor(me, send, around, pair = null) {
    super();
    this.#pair = pair;
    this.#peer = pair?.peer ?? null;
    this.#me = me;
    this.#send = send;
    this.#around = around;
    this.remoteStream = around.createStream();
  }

  /**
   * What the other one has switched on: as his page tells us, else as far as the tracks show it.
   * @returns {Devices}
   */
  get remoteDevices() {
    if (this.#told) return this.#told;
    const [audio, video] = [this.remoteStream.getAudioTracks()[0], this.remoteStream.getVideoTracks()[0]];
    return { mic: audio && !audio.muted ? 'on' : 'off', camera: video && !video.muted ? 'on' : 'off' };
  }

  /** @param {{ first: boolean }} role whether this side makes the first offer */
  start({ first }) {
    this.#offering = first;
    this.#build();
    if (this.#pair) this.#tellState();
    for (const signal of this.#early.splice(0)) this.receive(signal);
    if (first && this.#peerReady) {
      this.#offerSoon();
    } else if (this.#pair && !first) {
      this.#askForOffer();
    } else {
      this.#after('patience', first ? TIMES.patience.first : TIMES.patience.second, () => this.#offerSoon());
    }
  }

  /** In a call it is always the same side that begins; it may take long to say yes to a camera. */
  #askForOffer() {
    this.#emit(READY);
    this.#after('patience', TIMES.patience.second, () => this.#askForOffer());
  }

  stop() {
    this.#stopped = true;
    for (const name of /** @type {TimerName[]} */ (Object.keys(this.#timers))) this.#cancel(name);
    this.#listeners?.abort();
    this.#connection?.close();
  }

  /** The other one has said 'got user media': he listens, or wants a new offer. */
  peerReady() {
    const again = this.#peerReady;
    this.#peerReady = true;
    if (!this.#connection || !this.#offering) return;
    if (this.#offer === 0 || again) this.#offerSoon();
  }

  /** @param {LinkSignal} signal */
  receive(signal) {
    if (this.#connection) this.#do(() => this.#handle(signal));
    else if (this.#early.length < 100) this.#early.push(signal);
  }

  /** The signaling socket has come back. What was sent in between may be lost. */
  signalingBack() {
    if (!this.#connection) return;
    if (this.#connection.connectionState === 'connected' && this.#connection.signalingState === 'stable') return;
    this.#repair();
  }

  /** Signals of the other side are lost for sure: whatever was agreed on is agreed on anew. */
  renegotiate() {
    this.#repair();
  }

  /** The machine is online again or has woken up. */
  networkBack() {
    if (this.#everConnected) this.#repair();
  }

  /**
   * @param {MediaStreamTrack | null} audio
   * @param {MediaStreamTrack | null} video
   * @param {Devices} devices
   */
  setMedia(audio, video, devices) {
    this.#tracks = { audio, video };
    this.#devices = devices;
    this.#tellDevices();
    if (this.#pair && this.#connection) this.#tellState();
    if (this.#connection?.remoteDescription || this.#offer > 0) this.#do(() => this.#attachTracks());
  }

  // In a call

  /** The seat at the other end. */
  get peer() {
    return this.#peer;
  }

  /** What the other one's page says by way of the server. @param {PeerState} state */
  receiveState(state) {
    this.#peerKey ??= state.peerKey ?? null;
    this.#told = {
      ...(this.#told ?? { mic: state.audio ? 'on' : 'off', camera: state.video ? 'on' : 'off' }), screen: state.screen,
    };
    this.dispatchEvent(new Event('devices'));
  }

  /** We have another seat: the server was restarted. @param {string} me */
  enterAs(me) {
    this.#me = me;
    this.#tellDevices();
  }

  /**
   * Whether the living connection itself says that its other end has this seat now. What the server's
   * `was` says proves nothing.
   * @param {string} seat
   */
  confirms(seat) {
    return this.#isLiving() && this.#claimed.at(-1) === seat;
  }

  /** Whether the other end has or had this seat: a server may be restarted twice. @param {string} seat */
  knows(seat) {
    return this.#peer === seat || this.#claimed.includes(seat);
  }

  /**
   * The other one has another seat: signals go there from now on, the connection stays.
   * @param {string} peer @param {{ polite: boolean }} role
   */
  moveTo(peer, { polite }) {
    if (!this.#pair) return;
    this.#pair = { ...this.#pair, peer, polite };
    this.#peer = peer;
    this.#tellState();
    this.signalingBack();
  }

  #isLiving() {
    const state = this.#connection?.connectionState;
    return !this.#stopped && (state === 'connected' || state === 'disconnected');
  }

  #tellState() {
    const { mic, camera, screen = false } = this.#devices;
    this.#emit({ type: 'state', audio: mic === 'on', video: camera === 'on', screen, peerKey: this.#pair?.key });
  }

  // One connection

  #build() {
    this.#listeners?.abort();
    this.#connection?.close();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const connection = this.#around.createConnection();
    this.#connection = connection;
    this.#earlyCandidates = [];
    this.#offer = 0;
    this.#cancel('closed');
    this.#cancel('answer');
    this.#cancel('restart');

    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) this.#signal(/** @type {Omit<Candidate, 'from'>} */ ({
        type: 'candidate', label: candidate.sdpMLineIndex, id: candidate.sdpMid, candidate: candidate.candidate,
        ufrag: candidate.usernameFragment,
      }));
    }, { signal });
    connection.addEventListener('track', ({ track }) => this.#showTrack(track), { signal });
    connection.addEventListener('connectionstatechange', () => this.#connectionChanged(), { signal });

    // Both sides open it unasked; a plain page just leaves it unanswered.
    const channel = connection.createDataChannel('devices', { negotiated: true, id: 0 });
    this.#dataChannel = channel;
    channel.addEventListener('open', () => this.#tellDevices(), { signal });
    channel.addEventListener('message', ({ data }) => this.#readDevices(data), { signal });
    channel.addEventListener('close', () => {
      this.#after('closed', TIMES.closedAfter, () => this.dispatchEvent(new Event('closed')));
    }, { signal });
  }

  /**
   * A picture joins the stream when it moves: with a video track that has not shown a frame yet (no
   * camera there, or it is off) the element would wait for one, and the sound with it.
   * @param {MediaStreamTrack} track
   */
  #showTrack(track) {
    const signal = this.#listeners?.signal;
    for (const old of this.remoteStream.getTracks()) if (old.kind === track.kind) this.remoteStream.removeTrack(old);
    const add = () => {
      if (!this.remoteStream.getTracks().includes(track)) this.remoteStream.addTrack(track);
      this.dispatchEvent(new Event('stream'));
    };
    if (track.kind === 'audio' || !track.muted) add();
    else track.addEventListener('unmute', add, { signal, once: true });
    for (const type of ['mute', 'unmute']) {
      track.addEventListener(type, () => this.dispatchEvent(new Event('devices')), { signal });
    }
  }

  /** Puts our tracks, or silence, on the two m-lines that both sides use. */
  async #attachTracks() {
    const connection = /** @type {RTCPeerConnection} */ (this.#connection);
    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      const transceiver = connection.getTransceivers().find(one => one.receiver.track.kind === kind && one.direction !== 'stopped');
      if (!transceiver) continue;
      if (transceiver.direction !== 'sendrecv') transceiver.direction = 'sendrecv';
      if (transceiver.sender.track !== this.#tracks[kind]) await transceiver.sender.replaceTrack(this.#tracks[kind]);
    }
  }

  // Offers and answers, one after the other

  /** @param {() => Promise<void>} action */
  #do(action) {
    this.#work = this.#work.then(() => (this.#stopped ? undefined : action())).catch(error => {
      // A description that does not fit. Whatever it breaks is repaired by those who watch the connection.
      if (!this.#stopped) console.warn('call:', error);
    });
  }

  #offerSoon() {
    this.#cancel('patience');
    this.#do(() => this.#makeOffer());
  }

  async #makeOffer() {
    if (this.#connection?.signalingState === 'have-local-offer') {
      if (this.#connection.remoteDescription) {
        await this.#connection.setLocalDescription({ type: 'rollback' });
      } else {
        // Rolling back a first offer costs the data channel its line, so everything is made anew.
        this.generation += 1;
        this.#build();
      }
    }
    const connection = /** @type {RTCPeerConnection} */ (this.#connection);
    if (connection.getTransceivers().length === 0) {
      connection.addTransceiver('audio', { direction: 'sendrecv' });
      connection.addTransceiver('video', { direction: 'sendrecv' });
    }
    await this.#attachTracks();
    const iceRestart = this.#offer > 0 || connection.remoteDescription !== null;
    await connection.setLocalDescription(await connection.createOffer({ iceRestart }));
    this.#offer += 1;
    this.#sendDescription();
    if (this.#everConnected) this.#after('answer', TIMES.answerWithin, () => this.#offerSoon());
  }

  /** @param {LinkSignal} signal */
  async #handle(signal) {
    const generation = signal.generation ?? this.generation;
    if (generation < this.generation) return;
    if (generation > this.generation) {
      this.generation = generation;
      this.#build();
      this.#after('rebuild', 2 * TIMES.rebuildEvery, () => this.#rebuild());
    }
    if (!this.#pair) this.#peer = signal.from ?? '';
    if (signal.type === 'candidate') await this.#handleCandidate(signal);
    else if (signal.type === 'offer') await this.#handleOffer(signal);
    else await this.#handleAnswer(signal);
  }

  /** @param {Description} signal */
  async #handleOffer({ sdp, offer }) {
    const connection = /** @type {RTCPeerConnection} */ (this.#connection);
    const collision = connection.signalingState !== 'stable';
    if (collision && !this.#isPolite()) return;
    this.#cancel('patience');
    this.#cancel('answer');
    this.#offering = false;
    await connection.setRemoteDescription({ type: 'offer', sdp }); // rolls our own offer back by itself
    // Lines of an offer of ours that was given up would make a second pair of lines.
    for (const transceiver of connection.getTransceivers()) if (transceiver.mid === null) transceiver.stop();
    await this.#addEarlyCandidates();
    await this.#attachTracks();
    await connection.setLocalDescription(await connection.createAnswer());
    this.#sendDescription(offer);
  }

  /** @param {Description} signal */
  async #handleAnswer({ sdp, offer }) {
    const connection = /** @type {RTCPeerConnection} */ (this.#connection);
    if (connection.signalingState !== 'have-local-offer') return;
    if (offer !== undefined && offer !== this.#offer) return;
    await connection.setRemoteDescription({ type: 'answer', sdp });
    this.#cancel('answer');
    this.#offering = true;
    await this.#addEarlyCandidates();
  }

  /** @param {Candidate} signal */
  async #handleCandidate(signal) {
    const connection = /** @type {RTCPeerConnection} */ (this.#connection);
    if (!connection.remoteDescription) {
      if (this.#earlyCandidates.length < 100) this.#earlyCandidates.push(signal);
      return;
    }
    try {
      await connection.addIceCandidate({
        candidate: signal.candidate, sdpMid: signal.id ?? null, sdpMLineIndex: signal.label ?? null, usernameFragment: signal.ufrag ?? null,
      });
    } catch {
      // It belongs to an offer that was ignored or replaced: one path less that leads nowhere.
    }
  }

  async #addEarlyCandidates() {
    for (const candidate of this.#earlyCandidates.splice(0)) await this.#handleCandidate(candidate);
  }

  /** @param {number} [answered] the number of the offer that this answers */
  #sendDescription(answered) {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.#connection?.localDescription);
    this.#signal({ type, sdp, offer: answered ?? this.#offer });
  }

  /** @param {object} signal */
  #signal(signal) {
    const to = this.#peer ? { to: this.#peer } : {};
    const address = this.#pair ? {} : { from: this.#me, ...to };
    this.#emit({ ...signal, ...address, generation: this.generation });
  }

  /** @param {object | string} signal */
  #emit(signal) {
    this.#delivers = this.#send(signal, this.#pair?.peer ?? null);
  }

  /**
   * In a call decided by the order of admission, in a room by the two ids, so both sides come to the same
   * result. A plain page is taken for impolite.
   */
  #isPolite() {
    if (this.#pair) return this.#pair.polite;
    return !this.#peer || this.#me < this.#peer;
  }

  // Watching, and repairing

  #connectionChanged() {
    switch (this.#connection?.connectionState) {
      case 'connected':
        this.#cancel('restart');
        this.#cancel('rebuild');
        this.#everConnected = true;
        this.#packets = { count: 0, since: this.#around.now() };
        this.#after('watch', TIMES.watchEvery, () => this.#watch());
        this.dispatchEvent(new Event('connected'));
        break;
      case 'disconnected':
        this.dispatchEvent(new Event('unstable'));
        this.#after('restart', TIMES.restartAfter, () => this.#insist(1));
        break;
      case 'failed':
        this.dispatchEvent(new Event('failed'));
        this.#rebuild();
        break;
    }
  }

  /** A new offer over new paths: made here, or asked for. */
  #repair() {
    if (this.#stopped || !this.#connection) return;
    if (this.#connection.connectionState === 'failed') this.#rebuild();
    else if (this.#offering) this.#offerSoon();
    else this.#emit(READY);
  }

  /**
   * Two tries to heal it, then a new connection: Firefox was seen to stay `disconnected` after a restart
   * that went well for the other side. But what may yet heal is not thrown away while nobody hears us.
   * @param {number} attempt
   */
  #insist(attempt) {
    if (attempt > 2 && this.#delivers) {
      this.#rebuild();
      return;
    }
    this.#repair();
    this.#after('restart', TIMES.insistEvery, () => this.#insist(attempt + 1));
  }

  /**
   * A new connection on both sides, until one works. In a room of two, who never had one is told so and
   * the call ends; among several, one pair without a path does not end it.
   */
  #rebuild() {
    if (this.#stopped || (!this.#everConnected && !this.#pair)) return;
    this.dispatchEvent(new Event('unstable'));
    this.#do(async () => {
      this.generation += 1;
      this.#offering = true;
      this.#build();
      await this.#makeOffer();
    });
    this.#after('rebuild', TIMES.rebuildEvery, () => this.#rebuild());
  }

  async #watch() {
    const connection = this.#connection;
    if (!connection || connection.connectionState !== 'connected') return;
    let count = 0;
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp') count += report.packetsReceived ?? 0;
    }
    if (this.#stopped || connection !== this.#connection || connection.connectionState !== 'connected') return;
    const now = this.#around.now();
    // A page without camera and microphone sends nothing, and is well.
    const silent = this.#told?.mic === 'none' && this.#told.camera !== 'on';
    if (count !== this.#packets.count || count === 0 || silent) this.#packets = { count, since: now };
    if (now - this.#packets.since >= TIMES.stalledAfter) this.#rebuild();
    else this.#after('watch', TIMES.watchEvery, () => this.#watch());
  }

  #tellDevices() {
    if (this.#dataChannel?.readyState !== 'open') return;
    const identity = this.#pair ? { seat: this.#me, peerKey: this.#pair.key } : {};
    this.#dataChannel.send(JSON.stringify({ ...this.#devices, ...identity }));
  }

  /** @param {unknown} data */
  #readDevices(data) {
    if (typeof data !== 'string' || data.length > 400) return;
    let told;
    try {
      told = JSON.parse(data) ?? {};
    } catch {
      return;
    }
    const { mic, camera, screen, seat, peerKey } = told;
    const known = ['on', 'off', 'none'];
    if (!known.includes(mic) || !known.includes(camera)) return;
    this.#told = typeof screen === 'boolean' ? { mic, camera, screen } : { mic, camera };
    this.dispatchEvent(new Event('devices'));
    if (!this.#pair || typeof seat !== 'string' || typeof peerKey !== 'string') return;
    this.#peerKey ??= peerKey;
    if (peerKey !== this.#peerKey || seat === this.#claimed.at(-1)) return;
    this.#claimed = [...this.#claimed.slice(1 - MOST_CLAIMS), seat];
    if (seat !== this.#peer) this.dispatchEvent(new Event('seat'));
  }

  /** @param {TimerName} name @param {number} milliseconds @param {() => void} action */
  #after(name, milliseconds, action) {
    this.#cancel(name);
    this.#timers[name] = this.#around.setTimeout(() => {
      if (!this.#stopped) action();
    }, milliseconds);
  }

  /** @param {TimerName} name */
  #cancel(name) {
    this.#around.clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
