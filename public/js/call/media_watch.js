// `connected` is not media: after an outage a connection was seen to say that it was connected while packets
// stood still. And it says so for 5 to 8 s after a network has gone. This looks whether packets come.

export const WATCH_TIMES = Object.freeze({
  quietAfter: 3000, // sound alone is 50 packets a second
  stalledAfter: 10_000, // shorter throws away connections that would have healed
  watchEvery: 1000,
});

/**
 * @typedef {object} WatchParts
 * @property {(milliseconds: number, action: () => void) => void} later in place of what was to come later
 * @property {() => number} now milliseconds
 * @property {() => boolean} silent whether the other one has nothing to send, and is well all the same
 * @property {(comes: boolean) => void} media says that nothing comes any more, and that it comes again
 * @property {() => void} stalled
 */

export class MediaWatch {
  #parts;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #packets = { count: 0, since: 0 };
  #quiet = false;

  /** @param {WatchParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Watches this connection and no other one, as long as it is connected. @param {RTCPeerConnection} connection */
  start(connection) {
    this.#connection = connection;
    this.#quiet = false;
    this.#packets = { count: 0, since: this.#parts.now() };
    this.#lookLater();
  }

  stop() {
    this.#connection = null;
  }

  #lookLater() {
    this.#parts.later(WATCH_TIMES.watchEvery, () => this.#look());
  }

  async #look() {
    const connection = this.#connection;
    if (connection?.connectionState !== 'connected') return;
    let count = 0;
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp') count += report.packetsReceived ?? 0;
    }
    if (connection !== this.#connection || connection.connectionState !== 'connected') return;
    const now = this.#parts.now();
    if (count !== this.#packets.count || count === 0 || this.#parts.silent()) this.#packets = { count, since: now };
    const stood = now - this.#packets.since;
    const quiet = stood >= WATCH_TIMES.quietAfter;
    if (quiet !== this.#quiet) this.#parts.media(!quiet);
    this.#quiet = quiet;
    if (stood >= WATCH_TIMES.stalledAfter) this.#parts.stalled();
    else this.#lookLater();
  }
}
