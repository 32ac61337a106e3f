// The signaling socket of one call (docs/protocol.md, "Calls"): typed events, commands as methods, and a
// seat that outlives its sockets.
//
// - Heartbeat: a ping after 3 s of silence; without an answer in 6 s the socket is let go.
// - The seat is taken up again with its token. `seen` tells the server what we have got, `heard` tells us
//   what it has got, so that each side sends again exactly what the other one misses.
// - A socket that we gave up before it was welcomed may still come to the server, after its successor: then
//   it is one of our own that has replaced us, and we come back.
// - When the seat is over without our having left (the server was restarted, we were away too long) we
//   enter anew as who we were, and ring if we have to.

import { callSocketAddress } from './address.js';
import { CallEvent, readCallEvent, REFUSAL_CODES, refusalFor, UNCOUNTED } from './call_events.js';
import { fold, foldDeclined, OUTSIDE } from './gathering.js';
import { iceServersFor } from './ice_servers.js';
import { LastingSocket, readFrame } from './lasting_socket.js';

/** @typedef {import('./call_events.js').CallEventMap} CallEventMap */
/** @typedef {import('./call_events.js').CallEventName} CallEventName */
/** @typedef {import('./call_events.js').Door} Door */
/** @typedef {import('./call_events.js').Refusal} Refusal */
/** @typedef {import('./call_events.js').SeatId} SeatId */
/** @typedef {import('./gathering.js').Gathering} Gathering */
/** @typedef {import('./lasting_socket.js').SocketSurroundings} SocketSurroundings */

/** @typedef {{ name: string, args: unknown[] }} Command */
/**
 * What became of a command. kept: it goes out once, when the seat has a socket again; dropped: there is no
 * seat, or too much is kept already.
 * @typedef {'sent' | 'kept' | 'dropped'} Sent
 */

/**
 * Beside the server's events: `unsent` tells which commands ended with a seat that is over. The server has
 * not handled them as far as we know.
 * @typedef {CallEventMap & { unsent: Command[] }} ChannelEventMap
 */

/**
 * @typedef {object} CallOptions
 * @property {string} call
 * @property {string} [name] shown to the others
 * @property {string} [key] the proof of the password
 * @property {SeatId} [was] the seat that one had before
 * @property {string} [token] of a seat that is to be taken up again, by a page that was loaded anew
 */

export const SILENCE = 3000;
export const LONGEST_LEAVING = 30_000; // then the server has ended the seat by itself
export const LONGEST_GIVING = 15_000; // then the page that was to take the seat over has not come
export const LONGEST_STRAYING = 120_000; // systems give up the last bytes of a closed socket about then

/** All at once must stay well below the messages that a server takes in one burst. */
export const MOST_KEPT = 128;
const ACKNOWLEDGED_EVERY = 32;

/**
 * Dispatches the events of ChannelEventMap (see .on()), `state` (see .state; `open` means that the server
 * has welcomed us) and `change` (see .gathering).
 */
export class CallChannel extends LastingSocket {
  /** @type {Gathering} */
  gathering = OUTSIDE;
  /** The proof of the password, for the next time that we enter. */
  key;

  #page;
  #around;
  #call;
  #name;
  #was;
  #token;
  /** @type {SeatId | null} */
  #seat = null;
  /** How many counted frames we have got. Undefined: the page that had the seat knew. @type {number | undefined} */
  #seen;
  /** How many of our frames the server has handled, as far as we know. */
  #heard = 0;
  /** Those after them. @type {Command[]} */
  #kept = [];
  #wantsIn = false;
  #leaving = false;
  /** @type {number | undefined} */
  #silenceTimer;
  /** @type {number | undefined} */
  #leavingTimer;
  /** How many sockets that we have given up may still come to the server. */
  #strays = 0;
  /** @type {number | undefined} */
  #strayTimer;
  /** Runs while another page may take the seat over. @type {number | undefined} */
  #givingTimer;

  /**
   * @param {string} page the address of the page, as in location.href
   * @param {CallOptions} options
   * @param {SocketSurroundings} around
   */
  constructor(page, { call, name, key, was, token }, around) {
    super(around);
    this.#page = page;
    this.#around = around;
    this.#call = call;
    this.#name = name;
    this.key = key;
    this.#was = was;
    this.#token = token;
  }

  /** Of the seat we have; it lets a page that is loaded anew take the seat up again. */
  get token() {
    return this.#token;
  }

  /** For RTCPeerConnection; those of .gathering are as the server has told them. */
  get iceServers() {
    return iceServersFor(this.gathering.iceServers, this.#page);
  }

  /**
   * For another page that is to take the seat over: its token. Until it does we go on; but if our socket is lost
   * now, we do not come back and take the seat from it.
   */
  giveSeat() {
    this.#expectStrays(0);
    this.#around.clearTimeout(this.#givingTimer);
    this.#givingTimer = this.#around.setTimeout(() => { this.#givingTimer = undefined; }, LONGEST_GIVING);
    return this.#token;
  }

  /**
   * @template {keyof ChannelEventMap} K
   * @param {K} name
   * @param {(detail: ChannelEventMap[K]) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  on(name, listener, options) {
    this.addEventListener(name, event => {
      listener(/** @type {{ detail: ChannelEventMap[K] }} */ (/** @type {unknown} */ (event)).detail);
    }, options);
  }

  // Commands

  /** Asks to be let in; again by itself whenever the seat that waits had to be taken anew. @returns {Sent} */
  ring() {
    this.#wantsIn = true;
    return this.#send('main check', this.#call);
  }

  /** Stops asking. It ends the seat: who only waits has nothing to keep. */
  cancel() {
    this.bye();
  }

  /** @param {SeatId} seat @returns {Sent} */
  accept(seat) {
    return this.#send('host is agreed', this.#call, { to: seat });
  }

  /** @param {SeatId} seat @param {'declined' | 'busy'} [reason] @returns {Sent} */
  decline(seat, reason = 'declined') {
    const sent = this.#send('host declined', this.#call, { to: seat, reason });
    if (sent !== 'dropped') this.#see(foldDeclined(this.gathering, seat));
    return sent;
  }

  /** To every other member. @param {unknown} signal @returns {Sent} */
  message(signal) {
    return this.#send('message', signal);
  }

  /** @param {SeatId} seat @param {unknown} signal @returns {Sent} */
  messageTo(seat, signal) {
    return this.#send('message', signal, { to: seat });
  }

  /** @param {string | { page: string, n: number, text: string }} said @returns {Sent} */
  chat(said) {
    return this.#send('chat message', said);
  }

  /** @param {SeatId} seat @returns {Sent} */
  remove(seat) {
    return this.#send('remove', seat);
  }

  /** @param {Door} door @returns {Sent} */
  setDoor(door) {
    return this.#send('door', door);
  }

  /** @param {string | null} proof null: none any more @returns {Sent} */
  setPassword(proof) {
    return this.#send('password', proof);
  }

  /** @param {SeatId} seat @returns {Sent} */
  makeHost(seat) {
    return this.#send('host', seat);
  }

  /**
   * Leaves for good. If there is no socket the server is looked for a while longer: else the others would
   * see us away until the seat's grace is over.
   */
  bye() {
    if (this.state === 'open') {
      this.write(JSON.stringify(['bye']));
      this.#end();
    } else if (this.#seat === null) {
      this.#end();
    } else if (!this.#leaving) {
      this.#kept.push({ name: 'bye', args: [] });
      this.#leaving = true;
      this.#leavingTimer = this.#around.setTimeout(() => this.#end(), LONGEST_LEAVING);
      this.open();
    }
  }

  /** Lets go of the socket without leaving: open() takes the seat up again, if that is soon enough. @override */
  close() {
    this.#around.clearTimeout(this.#leavingTimer);
    this.#around.clearTimeout(this.#givingTimer);
    this.#givingTimer = undefined;
    this.#leaving = false;
    super.close();
    this.#expectStrays(0);
  }

  // The socket

  /** @protected @override */
  address() {
    return callSocketAddress(this.#page, this.#token === undefined
      ? { call: this.#call, name: this.#name, key: this.key, was: this.#was }
      : { call: this.#call, token: this.#token, seen: this.#seen });
  }

  /** @protected @override @param {string} text */
  receive(text) {
    const frame = readFrame(text);
    if (!frame) return;
    const event = readCallEvent(frame.name, frame.args);
    if (event?.type === 'refused') {
      this.#refuse(/** @type {Refusal} */ (event.detail));
      return;
    }
    if (this.state !== 'open') {
      if (event?.type === 'welcome') this.#enter(/** @type {CallEvent<'welcome'>} */ (event));
      return;
    }
    this.#listen();
    if (!UNCOUNTED.has(frame.name)) this.#seen = (this.#seen ?? 0) + 1;
    if (!event) return;
    if (event.type === 'pong') this.#acknowledge(event.detail);
    if (event.type === 'host agreed') this.#wantsIn = true;
    this.#tell(event);
  }

  /** @protected @override */
  abandoned() {
    this.#around.clearTimeout(this.#silenceTimer);
    if (this.state === 'connecting' && this.#token !== undefined) this.#expectStrays(this.#strays + 1);
  }

  /** @protected @override */
  lose(atLeast = 0) {
    if (this.#givingTimer === undefined) super.lose(atLeast);
    else this.#refuse(refusalFor('replaced'));
  }

  /** The address may have changed without the socket noticing. @protected @override */
  online() {
    if (this.state === 'open') this.#ping();
    else this.tryNow();
  }

  /** @protected @override @param {number} code */
  mayReturn(code) {
    const reason = REFUSAL_CODES[code];
    if (reason === undefined) return true;
    this.#refuse(refusalFor(reason));
    return false;
  }

  // Heartbeat

  #listen() {
    this.#around.clearTimeout(this.#silenceTimer);
    this.#silenceTimer = this.#around.setTimeout(() => this.#ping(), SILENCE);
  }

  /** The server handles frames in order. So what comes back tells how many of ours it has handled. */
  #ping() {
    this.write(JSON.stringify(['ping', this.#heard + this.#kept.length]));
    this.expectAnswer();
  }

  /** @param {unknown} heard */
  #acknowledge(heard) {
    const more = Number(heard) - this.#heard;
    if (!Number.isSafeInteger(more) || more <= 0 || more > this.#kept.length) return;
    this.#kept.splice(0, more);
    this.#heard += more;
  }

  // The seat

  /** @param {number} count */
  #expectStrays(count) {
    this.#strays = count;
    this.#around.clearTimeout(this.#strayTimer);
    if (count > 0) this.#strayTimer = this.#around.setTimeout(() => this.#expectStrays(0), LONGEST_STRAYING);
  }

  /** @param {CallEvent<'welcome'>} event */
  #enter(event) {
    const welcome = event.detail;
    const isNew = welcome.seat !== this.#seat;
    const unsent = isNew ? this.#kept : [];
    if (isNew) {
      this.#kept = [];
      this.#expectStrays(0);
    } else {
      this.#acknowledge(welcome.heard);
    }
    this.#heard = welcome.heard;
    this.#seat = welcome.seat;
    this.#token = welcome.token;
    this.#was = welcome.seat;
    if (!welcome.resumed) this.#seen = 0;
    this.#wantsIn ||= welcome.state === 'admitted';

    for (const command of this.#kept) this.#write(command);
    if (this.#leaving) {
      this.#end();
      return;
    }
    this.established();
    this.#listen();
    if (unsent.length > 0) this.dispatchEvent(Object.assign(new Event('unsent'), { detail: unsent }));
    this.#tell(event);
    const hasRung = this.#kept.some(({ name }) => name === 'main check');
    if (isNew && welcome.state === 'waiting' && this.#wantsIn && !hasRung) this.ring();
  }

  /** @param {Refusal} refusal */
  #refuse(refusal) {
    if (refusal.reason === 'replaced' && this.#strays > 0) {
      this.#expectStrays(this.#strays - 1); // so that another page, if it was one, stays in the end
      this.lose();
      return;
    }
    if (refusal.final || this.#leaving) {
      this.#end();
    } else {
      this.#token = undefined;
      this.#seen = undefined;
      if (refusal.reason === 'expired') this.tryNow();
      else this.lose(refusal.wait);
    }
    this.#tell(new CallEvent('refused', refusal));
  }

  /** The seat is over, and we do not come back by ourselves. */
  #end() {
    this.#wantsIn = false;
    this.#seat = null;
    this.#token = undefined;
    this.#seen = undefined;
    this.#kept = [];
    this.close();
    this.#see(OUTSIDE);
  }

  /** @param {CallEvent<CallEventName>} event */
  #tell(event) {
    this.#see(fold(this.gathering, /** @type {CallEventName} */ (event.type), event.detail));
    this.dispatchEvent(event);
  }

  /** @param {Gathering} gathering */
  #see(gathering) {
    if (gathering === this.gathering) return;
    this.gathering = gathering;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} name @param {...unknown} args @returns {Sent} */
  #send(name, ...args) {
    if (this.#seat === null || this.#leaving || this.#kept.length >= MOST_KEPT) return 'dropped';
    const command = { name, args };
    this.#kept.push(command);
    if (this.state !== 'open') return 'kept';
    this.#write(command);
    if (this.#kept.length % ACKNOWLEDGED_EVERY === 0) this.#ping();
    return 'sent';
  }

  /** @param {Command} command */
  #write({ name, args }) {
    this.write(JSON.stringify([name, ...args]));
  }
}
