// What is said of the others while one is in a call: who comes, who goes and why, who rings no more.

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('../signaling/call_events.js').Person} Person */

/**
 * @typedef {object} NewsTellers
 * @property {(word: Key, tone: 'info' | 'warn', icon: string, values?: Record<string, string>) => void} tell for a moment
 * @property {(word: Key, values: Record<string, string>) => void} note for those who read it later
 * @property {(name: string) => void} rings somebody has begun to, and is to be asked about
 */

/** So long somebody must be inside before it is said: who only looks in is gone by then. */
export const STAYS = 700;
/** So long an old connection may take to say who rings. */
export const CLAIMS = 2000;

export class CallNews {
  #channel;
  #named;
  #tellers;
  #listeners = new AbortController();
  /** Names outlive their seats. @type {Map<string, string>} */
  #names = new Map();
  /** Of whom it is known that they are inside. @type {Set<string>} */
  #announced = new Set();
  /** Rings of people who said that they were here, and whom no connection has confirmed. @type {Set<string>} */
  #unclaimed = new Set();

  /** @param {CallChannel} channel @param {(name: string) => string} named a name that can be shown @param {NewsTellers} tellers */
  constructor(channel, named, tellers) {
    this.#channel = channel;
    this.#named = named;
    this.#tellers = tellers;
    const { signal } = this.#listeners;
    channel.addEventListener('change', () => this.#learn(), { signal });
    for (const name of /** @type {const} */ (['welcome', 'host agreed'])) channel.on(name, () => this.#entered(), { signal });
    channel.on('peer joined', ({ seat, was }) => this.#joined(seat, was), { signal });
    channel.on('peer left', ({ seat, reason }) => this.#left(seat, reason), { signal });
    channel.on('ring ended', ({ seat, reason }) => this.#ringEnded(seat, reason), { signal });
    channel.on('main check answer', person => this.#rings(person), { signal });
    channel.on('host', seat => {
      if (seat === channel.gathering.me && channel.gathering.members.length > 1) tellers.tell('bar.you-host', 'info', 'host');
    }, { signal });
    channel.on('error', ({ event, code }) => {
      const [ring] = channel.gathering.rings;
      if (event === 'host is agreed' && code === 'full' && ring) tellers.tell('bar.full', 'warn', 'people', { name: named(ring.name) });
    }, { signal });
  }

  /** Whether the person is to be asked about this ring; not as long as an old connection may know who it is. @param {Person} ring */
  isToBeAsked({ seat, was }) {
    return was === undefined || this.#unclaimed.has(seat);
  }

  /** Of somebody who is still a member. @param {'lost' | 'returned'} what @param {string} name */
  connection(what, name) {
    const values = { name: this.#named(name) };
    this.#tell(what === 'lost' ? 'bar.peer-lost' : 'bar.peer-back', values, what === 'lost' ? 'warn' : 'info');
  }

  stop() {
    this.#listeners.abort();
  }

  #learn() {
    const { members, rings } = this.#channel.gathering;
    for (const { seat, name } of [...members, ...rings]) this.#names.set(seat, name);
  }

  /** @param {string} seat */
  #nameOf(seat) {
    return this.#named(this.#names.get(seat) ?? '');
  }

  /** Whoever is there already is no news. */
  #entered() {
    this.#learn();
    for (const { seat } of this.#channel.gathering.members) this.#announced.add(seat);
  }

  /** Who has only another seat, because the server was restarted, is no news. @param {string} seat @param {string} [was] */
  #joined(seat, was) {
    if (was !== undefined && this.#announced.has(was)) {
      this.#announced.add(seat);
      return;
    }
    setTimeout(() => {
      if (this.#listeners.signal.aborted || !this.#channel.gathering.members.some(member => member.seat === seat)) return;
      this.#announced.add(seat);
      this.#say('bar.joined', seat);
    }, STAYS);
  }

  /** @param {string} seat @param {import('../signaling/call_events.js').Leaving} reason */
  #left(seat, reason) {
    if (this.#announced.delete(seat)) this.#say(reason === 'left' ? 'bar.left' : reason === 'lost' ? 'bar.lost' : 'bar.removed', seat);
  }

  /** @param {Key} word @param {string} seat */
  #say(word, seat) {
    this.#tell(word, { name: this.#nameOf(seat) });
  }

  /** @param {Key} word @param {{ name: string }} values @param {'info' | 'warn'} [tone] */
  #tell(word, values, tone = 'info') {
    this.#tellers.tell(word, tone, 'people', values);
    this.#tellers.note(word, values);
  }

  /** @param {string} seat @param {import('../signaling/call_events.js').RingEnd} reason */
  #ringEnded(seat, reason) {
    const values = { name: this.#nameOf(seat) };
    if (reason === 'cancelled') this.#tellers.tell('bar.stopped-calling', 'info', 'clock', values);
    else if (reason === 'no answer') this.#tellers.tell('bar.not-answered', 'info', 'clock', values);
    else if (reason === 'accepted') this.#tellers.tell('bar.answered-elsewhere', 'info', 'people', values);
  }

  /** @param {Person} person */
  #rings({ seat, name, was }) {
    if (was === undefined) {
      this.#tellers.rings(name);
      return;
    }
    // He says that he was here: his old connection may confirm it, then nobody need be asked.
    setTimeout(() => {
      if (this.#listeners.signal.aborted || !this.#channel.gathering.rings.some(ring => ring.seat === seat)) return;
      this.#unclaimed.add(seat);
      this.#tellers.rings(name);
    }, CLAIMS);
  }
}
