// `connected` is not media: after an outage a connection was seen to say that it was connected while packets
// stood still. This looks whether they do.

export const WATCH_TIMES = Object.freeze({
  stalledAfter: 10_000, // shorter throws away connections that would have healed
  watchEvery: 2000,
});

/**
 * @typedef {object} WatchParts
 * @property {(milliseconds: number, action: () => void) => void} later in place of what was to come later
 * @property {() => number} now milliseconds
 * @property {() => boolean} silent whether the other one has nothing to send, and is well all the same
 * @property {() => void} stalled
 */

export class MediaWatch {
  #parts;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #packets = { count: 0, since: 0 };

  /** @param {WatchParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Watches this connection and no other one, as long as it is connected. @param {RTCPeerConnection} connection */
  start(connection) {
    this.#connection = connection;
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
    if (now - this.#packets.since >= WATCH_TIMES.stalledAfter) this.#parts.stalled();
    else this.#lookLater();
  }
}
