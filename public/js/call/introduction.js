// What two pages tell each other of themselves: what is switched on, and who they are.
//
// They tell it over the data channel of their connection, and what is switched on also by way of the server
// ({type:'state'}), which is there before the connection is. Only the data channel tells which seat its
// other end has: whoever is at the other end of a connection that works is the one whom it was made with.

/** @typedef {import('./signals.js').PeerState} PeerState */
/** @typedef {'on' | 'off' | 'none'} Device */
/** @typedef {{ mic: Device, camera: Device, screen?: boolean }} Devices */

const LONGEST = 400;
const MOST_SEATS = 10;
const KNOWN = ['on', 'off', 'none'];

export class Introduction {
  /** What the other one has switched on, if he tells. @type {Devices | null} */
  told = null;
  /** @type {Devices} */
  devices = { mic: 'none', camera: 'none' };
  /** Our seat, and the key that the other one knows it by. @type {{ seat: string, peerKey: string }} */
  identity;

  #news;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** The other one's: the first that was told stays. @type {string | null} */
  #peerKey = null;
  /** The seats that he has said he has, the present one last. @type {string[]} */
  #seats = [];

  /**
   * @param {{ seat: string, peerKey: string }} identity
   * @param {{ devices: () => void, seat: (seat: string) => void, closed: () => void }} news
   */
  constructor(identity, news) {
    this.identity = identity;
    this.#news = news;
  }

  /** Whether the other one has neither camera nor microphone. */
  get sendsNothing() {
    return this.told?.mic === 'none' && this.told.camera !== 'on';
  }

  /** The seat that the other one says he has now. */
  get seat() {
    return this.#seats.at(-1) ?? null;
  }

  /** @param {string} seat */
  hadSeat(seat) {
    return this.#seats.includes(seat);
  }

  /** Over this connection from now on. @param {RTCPeerConnection} connection @param {AbortSignal} signal ends it */
  connect(connection, signal) {
    const channel = connection.createDataChannel('devices', { negotiated: true, id: 0 });
    this.#channel = channel;
    channel.addEventListener('open', () => this.tell(), { signal });
    channel.addEventListener('message', ({ data }) => this.#hear(data), { signal });
    channel.addEventListener('close', () => this.#news.closed(), { signal });
  }

  tell() {
    if (this.#channel?.readyState === 'open') this.#channel.send(JSON.stringify({ ...this.devices, ...this.identity }));
  }

  /** What the server may carry. @returns {PeerState} */
  get state() {
    const { mic, camera, screen = false } = this.devices;
    return { type: 'state', audio: mic === 'on', video: camera === 'on', screen, peerKey: this.identity.peerKey };
  }

  /** @param {PeerState} state */
  hearState(state) {
    this.#peerKey ??= state.peerKey ?? null;
    this.told = {
      ...(this.told ?? { mic: state.audio ? 'on' : 'off', camera: state.video ? 'on' : 'off' }), screen: state.screen,
    };
    this.#news.devices();
  }

  /** @param {unknown} data */
  #hear(data) {
    if (typeof data !== 'string' || data.length > LONGEST) return;
    let told;
    try {
      told = JSON.parse(data) ?? {};
    } catch {
      return;
    }
    const { mic, camera, screen, seat, peerKey } = told;
    if (!KNOWN.includes(mic) || !KNOWN.includes(camera)) return;
    this.told = typeof screen === 'boolean' ? { mic, camera, screen } : { mic, camera };
    this.#news.devices();
    if (typeof seat !== 'string' || typeof peerKey !== 'string') return;
    this.#peerKey ??= peerKey;
    if (peerKey !== this.#peerKey || seat === this.seat) return;
    this.#seats = [...this.#seats.slice(1 - MOST_SEATS), seat];
    this.#news.seat(seat);
  }
}
