// Offers, answers and candidates of one RTCPeerConnection. Each side sends a line of sound, one for its camera
// and one for its screen, with a track or without, so that nothing has to be negotiated again when one of them
// comes or goes.
//
// - Offers are numbered and answers carry the number: an answer to an older offer is ignored.
// - Candidates that overtake their description are kept.
//
// The caller sees to it that only one of the asynchronous methods runs at a time.

/** @typedef {import('./signals.js').Description} Description */
/** @typedef {import('./signals.js').Candidate} Candidate */
/** @typedef {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null, screen: MediaStreamTrack | null }} Tracks */

const MOST_EARLY = 100;

/**
 * Which line is for what: of the two for pictures, the first is the camera's. One that offers no third line
 * gets no screen.
 * @param {readonly RTCRtpTransceiver[]} transceivers
 * @returns {{ [name in keyof Tracks]: RTCRtpTransceiver | undefined }}
 */
export function linesOf(transceivers) {
  const of = (/** @type {string} */ kind) => transceivers.filter(({ receiver, direction }) => receiver.track.kind === kind && direction !== 'stopped');
  const [video, screen] = of('video');
  return { audio: of('audio')[0], video, screen };
}

export class Negotiation {
  /** Ours; after a change attachTracks() is due. @type {Tracks} */
  tracks;

  #connection;
  #send;
  /** The number of our last offer. */
  #offer = 0;
  /** @type {Candidate[]} */
  #early = [];

  /**
   * @param {RTCPeerConnection} connection
   * @param {Tracks} tracks
   * @param {(signal: Description | Candidate) => boolean} send tells whether the socket took it
   * @param {AbortSignal} signal ends it
   */
  constructor(connection, tracks, send, signal) {
    this.#connection = connection;
    this.#send = send;
    this.tracks = tracks;
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) send({
        type: 'candidate', label: candidate.sdpMLineIndex, id: candidate.sdpMid, candidate: candidate.candidate,
        ufrag: candidate.usernameFragment,
      });
    }, { signal });
  }

  /** Whether we have offered. */
  get hasOffered() {
    return this.#offer > 0;
  }

  /** Whether there are lines that tracks can be put on. */
  get hasBegun() {
    return this.hasOffered || this.#connection.remoteDescription !== null;
  }

  /** The first offer waits for its answer. To roll it back would cost the data channel its line. */
  get isFirstOfferOpen() {
    return this.#connection.signalingState === 'have-local-offer' && !this.#connection.remoteDescription;
  }

  /**
   * Over new paths, if it is not the first one. An offer that waits is taken back. So is one that does not go
   * out: as long as nobody hears us, the old paths may still come back.
   * @returns {Promise<boolean>} whether it went out
   */
  async offer() {
    const connection = this.#connection;
    if (connection.signalingState === 'have-local-offer') await connection.setLocalDescription({ type: 'rollback' });
    if (connection.getTransceivers().length === 0) {
      for (const kind of ['audio', 'video', 'video']) connection.addTransceiver(kind, { direction: 'sendrecv' });
    }
    await this.attachTracks();
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: this.hasBegun }));
    this.#offer += 1;
    const delivered = this.#sendDescription(this.#offer);
    if (!delivered && connection.remoteDescription) await connection.setLocalDescription({ type: 'rollback' });
    return delivered;
  }

  /** Whether an offer of the other side is taken: not when it meets one of ours and we are not polite. @param {boolean} polite */
  mayAnswer(polite) {
    return polite || this.#connection.signalingState === 'stable';
  }

  /** @param {Description} signal */
  async answer({ sdp, offer }) {
    const connection = this.#connection;
    await connection.setRemoteDescription({ type: 'offer', sdp }); // rolls our own offer back by itself
    // Lines of an offer of ours that was given up would make a second pair of lines.
    for (const transceiver of connection.getTransceivers()) if (transceiver.mid === null) transceiver.stop();
    await this.#addEarlyCandidates();
    await this.attachTracks();
    await connection.setLocalDescription(await connection.createAnswer());
    this.#sendDescription(offer ?? this.#offer);
  }

  /** @param {Description} signal @returns {Promise<boolean>} whether it belonged to the offer that waits */
  async takeAnswer({ sdp, offer }) {
    if (this.#connection.signalingState !== 'have-local-offer') return false;
    if (offer !== undefined && offer !== this.#offer) return false;
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
    await this.#addEarlyCandidates();
    return true;
  }

  /** @param {Candidate} signal */
  async addCandidate(signal) {
    if (!this.#connection.remoteDescription) {
      if (this.#early.length < MOST_EARLY) this.#early.push(signal);
      return;
    }
    try {
      await this.#connection.addIceCandidate({
        candidate: signal.candidate, sdpMid: signal.id ?? null, sdpMLineIndex: signal.label ?? null, usernameFragment: signal.ufrag ?? null,
      });
    } catch {
      // It belongs to an offer that was ignored or replaced: one path less that leads nowhere.
    }
  }

  /** Puts our tracks, or silence, on the lines that both sides use. */
  async attachTracks() {
    const lines = linesOf(this.#connection.getTransceivers());
    for (const name of /** @type {const} */ (['audio', 'video', 'screen'])) {
      const line = lines[name];
      if (!line) continue;
      if (line.direction !== 'sendrecv') line.direction = 'sendrecv';
      if (line.sender.track !== this.tracks[name]) await line.sender.replaceTrack(this.tracks[name]);
    }
  }

  async #addEarlyCandidates() {
    for (const candidate of this.#early.splice(0)) await this.addCandidate(candidate);
  }

  /** @param {number} offer the number of the offer that is made or answered */
  #sendDescription(offer) {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.#connection.localDescription);
    return this.#send(/** @type {Description} */ ({ type, sdp, offer }));
  }
}
