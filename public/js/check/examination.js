// Looks at everything that needs no permission, one after the other where one would disturb the other.

import { finding, RUNNING, WAITING } from './finding.js';
import { judgeFeatures } from './features.js';
import { gather } from './gathering.js';
import { isHere, judgeAddresses, targetsOf, tryIceServer } from './ice_server.js';
import { callOneself, judgeLoopback } from './loopback.js';
import { judgeTalk, talkToServer } from './server_talk.js';
import { measureSpeed } from './speed.js';

/** @typedef {import('./checklist.js').Checklist} Checklist */
/** @typedef {import('./finding.js').Finding} Finding */
/** @typedef {import('./finding.js').Kind} Kind */

/** What the server says of itself. @typedef {{ version: string, bandwidthBytes: number }} ServerConfig */

/**
 * @typedef {import('./loopback.js').Surroundings & import('./server_talk.js').Surroundings & import('./speed.js').Surroundings & {
 *   secure: boolean, page: string, mayCapture: () => boolean, features: import('./features.js').Features,
 * }} Surroundings
 */

/** As much as a measurement takes at most, if the server sets no limit. */
const MOST_BYTES = 32 * 1024 * 1024;

/** @type {Kind[]} */
const ASKED = ['server', 'stun', 'turn', 'addresses', 'loopback', 'speed'];

export class Examination {
  /** Of the server; '' until it is known. */
  version = '';

  #list;
  #around;
  #turn = 0;
  /** @type {RTCIceServer[]} */
  #helpers = [];

  /** @param {Checklist} list @param {Surroundings} around */
  constructor(list, around) {
    this.#list = list;
    this.#around = around;
  }

  /** Anew, whatever still runs. */
  async run() {
    const around = this.#around;
    this.#turn += 1;
    const turn = this.#turn;
    /** @param {string} id @param {Finding} found */
    const tell = (id, found) => { if (turn === this.#turn) this.#list.set(id, found); };

    for (const kind of ASKED) this.#list.spread(kind, [WAITING]);
    tell('secure', around.secure ? finding('good', 'good') : finding('bad', 'plain'));
    tell('browser', judgeFeatures(around.features, around.secure));

    tell('server', RUNNING);
    const [config, told] = await Promise.all([this.#readConfig(), talkToServer(around.page, around)]);
    if (turn !== this.#turn) return;
    this.version = (typeof told === 'object' && told.version) || config?.version || this.version;
    tell('server', judgeTalk(told, config !== null));

    if (!around.features.RTCPeerConnection) {
      for (const kind of ['stun', 'turn', 'addresses', 'loopback']) tell(kind, finding('idle', 'unable'));
    } else {
      const iceServers = typeof told === 'object' ? told.iceServers : null;
      this.#helpers = targetsOf(iceServers ?? []).filter(({ kind, server }) => kind === 'stun' && !isHere(server.urls)).map(({ server }) => server);
      await Promise.all([this.#tryIceServers(iceServers, tell), this.#lookAround(tell)]);
      if (turn !== this.#turn) return;
      await this.#call(tell);
    }

    if (turn !== this.#turn) return;
    tell('speed', RUNNING);
    tell('speed', config ? await measureSpeed(config.bandwidthBytes, around) : finding('idle', 'unknown'));
  }

  /** What the browser has held back until now: it tells more to pages that it has given a camera. */
  async goOn() {
    const turn = this.#turn;
    /** @param {string} id @param {Finding} found */
    const tell = (id, found) => { if (turn === this.#turn) this.#list.set(id, found); };
    const isLater = (/** @type {string} */ id) => this.#list.find(id)?.finding.say === 'later';
    if (isLater('addresses')) await this.#lookAround(tell);
    if (isLater('loopback')) await this.#call(tell);
  }

  /** Null: the server does not answer. @returns {Promise<ServerConfig | null>} */
  async #readConfig() {
    try {
      const answer = await this.#around.fetch('config.json', { cache: 'no-store' });
      if (!answer.ok) return { version: '', bandwidthBytes: 0 }; // it answers, and has nothing to say
      const { version, limits, features } = await answer.json();
      return { version: String(version), bandwidthBytes: features?.bandwidth === true ? Math.min(Number(limits?.bandwidthBytes) || MOST_BYTES, MOST_BYTES) : 0 };
    } catch {
      return null;
    }
  }

  /** @param {(id: string, found: Finding) => void} tell */
  async #lookAround(tell) {
    tell('addresses', RUNNING);
    const found = await gather({}, '', this.#around).then(judgeAddresses, () => finding('bad', 'none'));
    tell('addresses', this.#orLater(found));
  }

  /** @param {(id: string, found: Finding) => void} tell */
  async #call(tell) {
    tell('loopback', RUNNING);
    const found = await callOneself(this.#helpers, this.#around).then(judgeLoopback, () => finding('bad', 'failed'));
    tell('loopback', this.#orLater(found));
  }

  /** On a network without a way out, browsers may tell pages without a camera of no address at all. @param {Finding} found */
  #orLater(found) {
    return found.state === 'bad' && !this.#around.mayCapture() ? finding('idle', 'later') : found;
  }

  /** @param {RTCIceServer[] | null} servers null: only the server knows @param {(id: string, found: Finding) => void} tell */
  async #tryIceServers(servers, tell) {
    const targets = targetsOf(servers ?? []);
    await Promise.all(/** @type {const} */ (['stun', 'turn']).map(async kind => {
      const mine = targets.filter(target => target.kind === kind);
      if (mine.length === 0) {
        tell(kind, servers ? finding('warn', 'none') : finding('idle', 'unknown'));
        return;
      }
      const ids = this.#list.spread(kind, mine.map(({ server }) => finding('running', 'running', { url: server.urls })));
      await Promise.all(mine.map(async (target, index) => tell(String(ids[index]), await tryIceServer(target, this.#around))));
    }));
  }
}
