// What the server tells a client of a call, row by row (docs/protocol.md, "Calls"): the name of each
// event, and how its arguments become the one value that the page gets as `detail`.
//
// X and TEXT come from other people: the server passes any JSON on. Whatever has not the shape that a
// page can use is null here, and goes no further.

/** @typedef {string} SeatId */
/** @typedef {'knock' | 'open' | 'locked'} Door */
/** @typedef {{ seat: SeatId, name: string, host: boolean, away: boolean }} Member */
/** @typedef {{ seat: SeatId, name: string, was?: SeatId }} Person `was`: the seat that he says he had; proves nothing */

/**
 * @typedef {object} Inside what only members are told
 * @property {Member[]} members in order of admission, oneself included
 * @property {RTCIceServer[]} iceServers
 * @property {Door} door
 * @property {boolean} password whether one is set
 */

/**
 * @typedef {object} Welcome
 * @property {SeatId} seat
 * @property {string} token
 * @property {'admitted' | 'waiting'} state
 * @property {boolean} host
 * @property {Member[]} members [] while waiting
 * @property {number} [count] while waiting: how many are inside
 * @property {number} capacity
 * @property {Door} [door] not while waiting
 * @property {boolean} [password] not while waiting
 * @property {RTCIceServer[]} iceServers
 * @property {boolean} resumed whether everything that was missed comes now; else all is to be taken as new
 * @property {number} heard how many of our frames the server has handled
 */

/** @typedef {'password' | 'full' | 'locked' | 'declined' | 'busy' | 'no answer' | 'ended' | 'removed' | 'replaced' | 'expired' | 'rate'} RefusalReason */
/**
 * @typedef {{ reason: RefusalReason, final: boolean, wait?: number, capacity?: number }} Refusal
 *   final: the channel does not try again by itself; wait: milliseconds until another try makes sense
 */
/** @typedef {'cancelled' | 'accepted' | 'declined' | 'no answer' | 'locked'} RingEnd */
/** @typedef {'left' | 'lost' | 'removed'} Leaving */
/** @typedef {'not-admitted' | 'bad-request' | 'not-host' | 'no-such-seat' | 'full' | 'rate'} ErrorCode */

/**
 * The events by name, and what comes with each. Of `main check answer`: somebody rings, and may be answered
 * here; `host agreed`: we are admitted; `message`: the signal is for readSignal(); `at`: Unix time in ms;
 * `page` and `n` number what a page of ours says (see js/chat/chat.js), a plain client sends the text alone.
 * @typedef {{
 *   'welcome': Welcome,
 *   'refused': Refusal,
 *   'main check answer': Person,
 *   'ring ended': { seat: SeatId, reason: RingEnd },
 *   'host agreed': Inside,
 *   'peer joined': Person,
 *   'peer left': { seat: SeatId, reason: Leaving },
 *   'peer away': { seat: SeatId },
 *   'peer back': { seat: SeatId },
 *   'message': { from: SeatId, signal: unknown },
 *   'chat message': { from: SeatId, text: string, at: number, page?: string, n?: number },
 *   'door': Door,
 *   'password': boolean,
 *   'host': SeatId,
 *   'pong': unknown,
 *   'error': { event: string, code: ErrorCode },
 * }} CallEventMap
 */

/** @typedef {keyof CallEventMap} CallEventName */

/** @template {CallEventName} K */
export class CallEvent extends Event {
  /** @param {K} name @param {CallEventMap[K]} detail */
  constructor(name, detail) {
    super(name);
    this.detail = detail;
  }
}

/** The close code that follows a refusal, and what it means if the frame itself got lost. @type {Record<number, RefusalReason>} */
export const REFUSAL_CODES = {
  4001: 'password', 4002: 'full', 4003: 'locked', 4004: 'ended', 4005: 'removed', 4006: 'replaced', 4007: 'expired', 4008: 'rate',
};

/**
 * An old token is no obstacle to entering anew, and a crowd passes; everything else was somebody's decision.
 * @param {RefusalReason} reason @returns {Refusal}
 */
export const refusalFor = reason => ({ reason, final: reason !== 'expired' && reason !== 'rate' });

const REFUSALS = new Set([...Object.values(REFUSAL_CODES), 'declined', 'busy', 'no answer']);
const DOORS = new Set(['knock', 'open', 'locked']);

/** Frames that are not counted, on either side: they belong to a socket, not to a seat. */
export const UNCOUNTED = new Set(['welcome', 'pong', 'refused']);

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {unknown} value @returns {value is string} */
const isText = value => typeof value === 'string';

/** @param {unknown} value @returns {value is SeatId} */
export const isSeat = value => isText(value) && /^[\w-]{11,32}$/.test(value);

/** @param {unknown} value @returns {value is number} */
const isCount = value => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param {unknown} value @returns {value is string} the name that a page gives itself */
const isPage = value => isText(value) && /^[\w-]{22,64}$/.test(value);

/** @param {unknown} value @returns {value is Door} */
const isDoor = value => isText(value) && DOORS.has(value);

/** @param {unknown} value @returns {value is Member} */
const isMember = value => isObject(value) && isSeat(value.seat) && isText(value.name)
  && typeof value.host === 'boolean' && typeof value.away === 'boolean';

/** @param {unknown} value @returns {value is Inside} */
const isInside = value => isObject(value) && Array.isArray(value.members) && value.members.every(isMember)
  && Array.isArray(value.iceServers) && isDoor(value.door) && typeof value.password === 'boolean';

/** @param {unknown} value @returns {value is Welcome} */
function isWelcome(value) {
  if (!isObject(value) || !isSeat(value.seat) || !isText(value.token) || !isCount(value.heard) || !isCount(value.capacity)) return false;
  if (typeof value.resumed !== 'boolean' || typeof value.host !== 'boolean' || !Array.isArray(value.iceServers)) return false;
  return value.state === 'admitted' ? isInside(value) : value.state === 'waiting' && isCount(value.count);
}

/** @param {unknown} seat @param {unknown} name @param {unknown} was @returns {Person | null} */
function person(seat, name, was) {
  if (!isSeat(seat) || !isText(name)) return null;
  return isSeat(was) ? { seat, name, was } : { seat, name };
}

/** @param {unknown} address @returns {SeatId | null} the seat that the server says it comes from */
const sender = address => (isObject(address) && isSeat(address.from) ? address.from : null);

/** @param {unknown} seat */
const seatOnly = seat => (isSeat(seat) ? { seat } : null);

/** @type {{ [name in CallEventName]: (...args: unknown[]) => CallEventMap[name] | null }} */
const readers = {
  welcome: value => (isWelcome(value) ? { ...value, members: value.state === 'admitted' ? value.members : [] } : null),
  refused: (reason, number) => {
    if (!isText(reason) || !REFUSALS.has(reason)) return null;
    const refusal = refusalFor(/** @type {RefusalReason} */ (reason));
    if (!isCount(number)) return refusal;
    return reason === 'full' ? { ...refusal, capacity: number } : { ...refusal, wait: number };
  },
  'main check answer': (_call, from) => (isObject(from) ? person(from.from, from.name, from.was) : null),
  'ring ended': (seat, reason) => (isSeat(seat) ? { seat, reason: /** @type {RingEnd} */ (reason) } : null),
  'host agreed': inside => (isInside(inside) ? inside : null),
  'peer joined': peer => (isObject(peer) ? person(peer.seat, peer.name, peer.was) : null),
  'peer left': (seat, reason) => (isSeat(seat) ? { seat, reason: /** @type {Leaving} */ (reason) } : null),
  'peer away': seatOnly,
  'peer back': seatOnly,
  message: (signal, address) => {
    const from = sender(address);
    return from === null ? null : { from, signal };
  },
  'chat message': (said, address) => {
    const from = sender(address);
    if (from === null || !isObject(address) || !isCount(address.at)) return null;
    if (isText(said)) return { from, text: said, at: address.at };
    if (!isObject(said) || !isText(said.text) || !isPage(said.page) || !isCount(said.n)) return null;
    return { from, text: said.text, at: address.at, page: said.page, n: said.n };
  },
  door: state => (isDoor(state) ? state : null),
  password: set => (typeof set === 'boolean' ? set : null),
  host: seat => (isSeat(seat) ? seat : null),
  pong: value => value ?? null,
  error: value => (isObject(value) && isText(value.event) && isText(value.code)
    ? { event: value.event, code: /** @type {ErrorCode} */ (value.code) }
    : null),
};

/**
 * One frame as the event that a page gets. Null: unknown, or of no use.
 * @param {string} name
 * @param {unknown[]} args
 * @returns {CallEvent<CallEventName> | null}
 */
export function readCallEvent(name, args) {
  if (!Object.hasOwn(readers, name)) return null;
  const known = /** @type {CallEventName} */ (name);
  const detail = readers[known](...args);
  return detail === null && known !== 'pong' ? null : new CallEvent(known, detail);
}
