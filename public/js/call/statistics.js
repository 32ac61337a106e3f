// What a connection does, second by second, from the reports of getStats(). Pure but for Statistics, which
// asks: a report becomes a Reading, two Readings a Sample.

/** @typedef {import('./mesh.js').Mesh} Mesh */
/** @typedef {import('./peer_link.js').PeerLink} PeerLink */
/** @typedef {{ width: number, height: number, rate: number }} Picture */
/** @typedef {{ relayed: boolean, protocol: string, address: string }} Path address: the other side's, '' if the browser hides it */

/**
 * @typedef {object} Reading counters as they stand
 * @property {number} at milliseconds
 * @property {number} received bytes
 * @property {number} sent bytes
 * @property {number} packets received, of sound and picture
 * @property {number} lost of those
 * @property {number | null} roundTrip milliseconds
 * @property {Picture | null} pictureIn
 * @property {Picture | null} pictureOut
 * @property {string | null} limitation what keeps our picture small, if anything: 'bandwidth', 'cpu'
 * @property {readonly string[]} codecs
 * @property {Path | null} path
 */

/**
 * @typedef {object} Sample
 * @property {number} at
 * @property {number} rateIn bits a second
 * @property {number} rateOut bits a second
 * @property {number | null} loss 0..1 of what should have come; null: nothing did
 * @property {number | null} roundTrip milliseconds
 */

export const EVERY = 1000;
/** Samples that are kept: the last minute. */
export const MOST_SAMPLES = 60;
/** So many of the newest count for the loss that is shown: of one second it jumps. */
const LOSS_OVER = 10;

/** @param {unknown} value */
const number = value => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** @param {Record<string, unknown>} one @returns {Picture | null} */
function picture(one) {
  const [width, height] = [number(one.frameWidth), number(one.frameHeight)];
  return width > 0 && height > 0 ? { width, height, rate: Math.round(number(one.framesPerSecond)) } : null;
}

/**
 * @param {Iterable<Record<string, unknown>>} report the values of an RTCStatsReport
 * @param {number} at milliseconds
 * @returns {Reading}
 */
export function read(report, at) {
  const all = [...report];
  /** @type {Map<unknown, Record<string, unknown>>} */
  const byId = new Map(all.map(one => [one.id, one]));
  const of = (/** @type {string} */ type) => all.filter(one => one.type === type);
  const pair = chosenPair(all, byId);
  const inbound = of('inbound-rtp');
  const outbound = of('outbound-rtp');
  const video = (/** @type {Record<string, unknown>[]} */ ones) => ones.filter(one => one.kind === 'video');
  const pictures = (/** @type {Record<string, unknown>[]} */ ones) => video(ones).map(picture).find(one => one !== null) ?? null;
  const sum = (/** @type {Record<string, unknown>[]} */ ones, /** @type {string} */ key) => ones.reduce((total, one) => total + number(one[key]), 0);
  const limitation = video(outbound).map(one => one.qualityLimitationReason).find(reason => reason === 'bandwidth' || reason === 'cpu');
  return {
    at,
    received: pair ? number(pair.bytesReceived) : sum(inbound, 'bytesReceived'),
    sent: pair ? number(pair.bytesSent) : sum(outbound, 'bytesSent'),
    packets: sum(inbound, 'packetsReceived'),
    lost: sum(inbound, 'packetsLost'),
    roundTrip: pair && typeof pair.currentRoundTripTime === 'number' ? Math.round(pair.currentRoundTripTime * 1000) : null,
    pictureIn: pictures(inbound),
    pictureOut: pictures(outbound),
    limitation: typeof limitation === 'string' ? limitation : null,
    codecs: codecsOf([...video(inbound), ...video(outbound), ...inbound, ...outbound], byId),
    path: pair ? pathOf(pair, byId) : null,
  };
}

/**
 * The pair of addresses that is in use. Firefox names none on its transport.
 * @param {Record<string, unknown>[]} all @param {Map<unknown, Record<string, unknown>>} byId
 */
function chosenPair(all, byId) {
  const transport = all.find(one => one.type === 'transport' && one.selectedCandidatePairId);
  return byId.get(transport?.selectedCandidatePairId)
    ?? all.find(one => one.type === 'candidate-pair' && one.nominated === true && one.state === 'succeeded' && one.selected !== false);
}

/** @param {Record<string, unknown>} pair @param {Map<unknown, Record<string, unknown>>} byId @returns {Path} */
function pathOf(pair, byId) {
  const local = byId.get(pair.localCandidateId) ?? {};
  const remote = byId.get(pair.remoteCandidateId) ?? {};
  return {
    relayed: local.candidateType === 'relay' || remote.candidateType === 'relay',
    protocol: String(local.relayProtocol ?? local.protocol ?? '').toUpperCase(),
    address: String(remote.address ?? remote.ip ?? ''),
  };
}

/** Those that are in use, pictures first. @param {Record<string, unknown>[]} streams @param {Map<unknown, Record<string, unknown>>} byId */
function codecsOf(streams, byId) {
  const names = streams
    .filter(one => number(one.bytesReceived) + number(one.bytesSent) > 0)
    .map(one => byId.get(one.codecId)?.mimeType)
    .filter(type => typeof type === 'string')
    .map(type => String(type.split('/')[1]))
    .map(name => (name.toLowerCase() === 'opus' ? 'Opus' : name));
  return [...new Set(names)];
}

/**
 * What happened between two readings of one connection.
 * @param {Reading} before @param {Reading} now
 * @returns {Sample}
 */
export function compare(before, now) {
  const seconds = (now.at - before.at) / 1000;
  // Counters that stand lower belong to another path, and have begun at nothing.
  const rate = (/** @type {number} */ from, /** @type {number} */ to) => (seconds > 0 ? Math.round((to >= from ? to - from : to) * 8 / seconds) : 0);
  const lost = Math.max(0, now.lost - before.lost);
  const expected = Math.max(0, now.packets - before.packets) + lost;
  return {
    at: now.at,
    rateIn: rate(before.received, now.received),
    rateOut: rate(before.sent, now.sent),
    loss: expected > 0 ? lost / expected : null,
    roundTrip: now.roundTrip,
  };
}

/** The loss of the last seconds. @param {readonly Sample[]} samples @returns {number | null} */
export function lossOf(samples) {
  const known = samples.slice(-LOSS_OVER).flatMap(({ loss }) => (loss === null ? [] : [loss]));
  return known.length > 0 ? known.reduce((sum, loss) => sum + loss, 0) / known.length : null;
}

/**
 * The points of a line of the plot, for a box of this size: the newest at the end, the highest at the top.
 * @param {readonly (number | null)[]} values one for each second, null: a gap is drawn as nothing happened
 * @param {number} top the value at the upper edge
 * @param {{ width: number, height: number }} box
 */
export function points(values, top, { width, height }) {
  const step = width / (MOST_SAMPLES - 1);
  const shown = values.slice(-MOST_SAMPLES);
  return shown.map((value, index) => {
    const x = width - (shown.length - 1 - index) * step;
    const y = height - Math.min(1, top > 0 ? (value ?? 0) / top : 0) * (height - 2) - 1;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
}

/** An upper edge that does not jump with every value. @param {readonly (number | null)[]} values @param {number} least */
export function topOf(values, least) {
  const highest = Math.max(least, ...values.map(value => value ?? 0));
  const unit = 10 ** Math.floor(Math.log10(highest));
  return [1, 1.5, 2, 3, 4, 6, 8, 10].map(times => times * unit).find(top => top >= highest) ?? highest;
}

/** @typedef {{ samples: readonly Sample[], reading: Reading | null }} History */

/** @type {History} */
const NOTHING = Object.freeze({ samples: [], reading: null });

/**
 * Asks every connection of a mesh once a second while it runs. Dispatches `change` after each round.
 */
export class Statistics extends EventTarget {
  #mesh;
  #around;
  /** @type {Map<PeerLink, History & { connection: RTCPeerConnection }>} */
  #known = new Map();
  /** @type {number | undefined} */
  #timer;
  #running = false;

  /**
   * @param {Mesh} mesh
   * @param {{ now: () => number, setTimeout: (action: () => void, milliseconds: number) => number, clearTimeout: (timer: number | undefined) => void }} around
   */
  constructor(mesh, around) {
    super();
    this.#mesh = mesh;
    this.#around = around;
  }

  start() {
    if (this.#running) return;
    this.#running = true;
    this.#round();
  }

  stop() {
    this.#running = false;
    this.#around.clearTimeout(this.#timer);
    this.#known.clear();
  }

  /** @param {PeerLink} link @returns {History} */
  of(link) {
    return this.#known.get(link) ?? NOTHING;
  }

  async #round() {
    const links = [...this.#mesh.links.values()];
    for (const link of this.#known.keys()) if (!links.includes(link)) this.#known.delete(link);
    await Promise.all(links.map(link => this.#ask(link)));
    if (!this.#running) return;
    this.dispatchEvent(new Event('change'));
    this.#timer = this.#around.setTimeout(() => this.#round(), EVERY);
  }

  /** @param {PeerLink} link */
  async #ask(link) {
    const { connection } = link;
    if (!connection) return;
    const before = this.#known.get(link);
    /** @type {Record<string, unknown>[]} */
    const report = [];
    try {
      (await connection.getStats()).forEach(one => report.push(one));
    } catch {
      return; // it was closed meanwhile
    }
    if (!this.#running) return;
    const reading = read(report, this.#around.now());
    // The samples of the connection before are those of the same minute: they stay.
    const comparable = before?.connection === connection ? before.reading : null;
    const samples = before?.samples ?? [];
    this.#known.set(link, {
      connection, reading,
      samples: comparable ? [...samples, compare(comparable, reading)].slice(-MOST_SAMPLES) : samples,
    });
  }
}
