// Data channels beside the one of the introductions: one for chat, one for files, to every member.
//
// The connection has its line for data from the beginning (see introduction.js). So a channel whose number
// both sides know needs no negotiation, whenever it is made. It belongs to one RTCPeerConnection: when that
// is replaced, the channel is lost with whatever was under way in it, and there is a new one. What has to
// arrive all the same is the business of those who send: they are told `lost` and `available`.

/** @typedef {import('./mesh.js').Mesh} Mesh */
/** @typedef {import('./peer_link.js').PeerLink} PeerLink */
/** @typedef {{ label: string, id: number }} Line */

/** @type {Readonly<Record<'chat' | 'files', Line>>} */
export const LINES = Object.freeze({ chat: { label: 'chat', id: 1 }, files: { label: 'files', id: 2 } });

/** A message has come: text, or bytes. */
export class DataEvent extends Event {
  /** @param {string | ArrayBuffer} data */
  constructor(data) {
    super('message');
    this.data = data;
  }
}

/**
 * What chat and files need of a way to one other page. Dispatches `available`, `lost`, `message` (a
 * DataEvent) and `drained` (little waits to go out).
 * @typedef {EventTarget & {
 *   readonly isAvailable: boolean,
 *   readonly buffered: number,
 *   send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): boolean,
 * }} Way
 */

/** One labelled channel of a PeerLink, ordered and reliable. @implements {Way} */
export class DataLink extends EventTarget {
  #link;
  #line;
  #low;
  #listeners = new AbortController();
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** Of the channel. @type {AbortController | null} */
  #channelListeners = null;
  #available = false;

  /**
   * @param {PeerLink} link
   * @param {Line} line the same on both sides
   * @param {{ low?: number }} [options] low: when no more bytes than these wait, `drained` is told
   */
  constructor(link, line, { low = 0 } = {}) {
    super();
    this.#link = link;
    this.#line = line;
    this.#low = low;
    link.addEventListener('connection', () => this.#follow(), { signal: this.#listeners.signal });
    this.#follow();
  }

  get isAvailable() {
    return this.#available;
  }

  /** Bytes that wait to go out. */
  get buffered() {
    return this.#channel?.bufferedAmount ?? 0;
  }

  /**
   * @param {string | ArrayBuffer | Uint8Array<ArrayBuffer>} data
   * @returns {boolean} whether the channel took it. That is no proof that it arrives
   */
  send(data) {
    if (!this.#available || !this.#channel) return false;
    try {
      // Two calls of the same method: each has one of its overloads.
      if (typeof data === 'string') this.#channel.send(data);
      else if (data instanceof ArrayBuffer) this.#channel.send(data);
      else this.#channel.send(data);
      return true;
    } catch {
      return false; // it is closing, or its buffer is full
    }
  }

  stop() {
    this.#listeners.abort();
    this.#drop();
  }

  #follow() {
    if (this.#connection === this.#link.connection) return;
    this.#drop();
    this.#connection = this.#link.connection;
    if (this.#connection) this.#open(this.#connection);
  }

  /** @param {RTCPeerConnection} connection */
  #open(connection) {
    const { label, id } = this.#line;
    const channel = connection.createDataChannel(label, { negotiated: true, id });
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = this.#low;
    this.#channel = channel;
    this.#channelListeners = new AbortController();
    const { signal } = this.#channelListeners;
    channel.addEventListener('open', () => this.#become(true), { signal });
    channel.addEventListener('close', () => this.#become(false), { signal });
    channel.addEventListener('message', ({ data }) => this.dispatchEvent(new DataEvent(data)), { signal });
    channel.addEventListener('bufferedamountlow', () => this.dispatchEvent(new Event('drained')), { signal });
    if (channel.readyState === 'open') this.#become(true);
  }

  /** The connection that is closed here does not say so to its channels. */
  #drop() {
    this.#channelListeners?.abort();
    this.#channel?.close();
    this.#channel = null;
    this.#connection = null;
    this.#become(false);
  }

  /** @param {boolean} available */
  #become(available) {
    if (this.#available === available) return;
    this.#available = available;
    this.dispatchEvent(new Event(available ? 'available' : 'lost'));
  }
}

/**
 * The channels of one kind to everybody in a mesh. They go by the link and not by the seat: a link keeps
 * its person when a restarted server has given out new seats. Dispatches `change` when a link has come or
 * gone, or a way has become available or was lost.
 */
export class DataLinks extends EventTarget {
  /** @type {Map<PeerLink, DataLink>} */
  ways = new Map();

  #mesh;
  #line;
  #options;
  #listeners = new AbortController();

  /** @param {Mesh} mesh @param {Line} line @param {{ low?: number }} [options] */
  constructor(mesh, line, options = {}) {
    super();
    this.#mesh = mesh;
    this.#line = line;
    this.#options = options;
    mesh.addEventListener('change', () => this.#compare(), { signal: this.#listeners.signal });
    this.#compare();
  }

  /** The seat that is at the other end now; null: nobody any more. @param {PeerLink} link */
  seatOf(link) {
    for (const [seat, known] of this.#mesh.links) if (known === link) return seat;
    return null;
  }

  /** @param {string} seat */
  linkOf(seat) {
    return this.#mesh.links.get(seat) ?? null;
  }

  stop() {
    this.#listeners.abort();
    for (const way of this.ways.values()) way.stop();
    this.ways.clear();
  }

  #compare() {
    const links = new Set(this.#mesh.links.values());
    let changed = false;
    for (const [link, way] of this.ways) {
      if (links.has(link)) continue;
      way.stop();
      this.ways.delete(link);
      changed = true;
    }
    for (const link of links) {
      if (this.ways.has(link)) continue;
      const way = new DataLink(link, this.#line, this.#options);
      for (const name of ['available', 'lost']) way.addEventListener(name, () => this.#changed());
      this.ways.set(link, way);
      changed = true;
    }
    if (changed) this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
