// What one client knows of its call: a pure fold over what the server tells, in the order in which it
// is told. After each event it is what the server's own view was when it sent that event.

/** @typedef {import('./call_events.js').CallEventMap} CallEventMap */
/** @typedef {import('./call_events.js').CallEventName} CallEventName */
/** @typedef {import('./call_events.js').Door} Door */
/** @typedef {import('./call_events.js').Inside} Inside */
/** @typedef {import('./call_events.js').Member} Member */
/** @typedef {import('./call_events.js').Person} Person */
/** @typedef {import('./call_events.js').SeatId} SeatId */

/**
 * @typedef {object} Gathering
 * @property {'outside' | 'waiting' | 'admitted'} state
 * @property {SeatId | null} me
 * @property {readonly Member[]} members in order of admission, oneself included; [] unless admitted
 * @property {number} count how many are inside, as far as one is told
 * @property {number} capacity 0: not told yet
 * @property {Door | null} door null unless admitted
 * @property {boolean} password whether one is set, as far as one is told
 * @property {readonly Person[]} rings who rings and may be answered here, in the order of being told
 * @property {readonly SeatId[]} declined whose rings we have ended: a late word of one is not shown again
 * @property {readonly RTCIceServer[]} iceServers as told; CallChannel has them as a browser takes them
 */

const REMEMBERED = 64;

/** @type {Readonly<Gathering>} */
export const OUTSIDE = Object.freeze({
  state: 'outside', me: null, members: [], count: 0, capacity: 0, door: null, password: false, rings: [], declined: [], iceServers: [],
});

/** @param {Gathering} gathering */
export const hostOf = gathering => gathering.members.find(member => member.host)?.seat ?? null;

/** @param {Gathering} gathering */
export const isHost = gathering => gathering.me !== null && hostOf(gathering) === gathering.me;

/**
 * Of each pair the seat that was admitted later makes the first offer and is the polite side.
 * @param {Gathering} gathering @param {SeatId} peer
 */
export function cameAfter(gathering, peer) {
  const seats = gathering.members.map(member => member.seat);
  return gathering.me !== null && seats.indexOf(gathering.me) > seats.indexOf(peer);
}

/** @param {Gathering} gathering @param {readonly Member[]} members @returns {Gathering} */
const withMembers = (gathering, members) => ({ ...gathering, members, count: members.length });

/** @param {Gathering} gathering @param {SeatId} seat @param {Partial<Member>} change */
const changeMember = (gathering, seat, change) => withMembers(
  gathering, gathering.members.map(member => (member.seat === seat ? { ...member, ...change } : member)),
);

/** @param {Gathering} gathering @param {SeatId} seat @returns {Gathering} */
const withoutRing = (gathering, seat) => ({ ...gathering, rings: gathering.rings.filter(ring => ring.seat !== seat) });

/** @param {Gathering} gathering @param {Inside} inside @returns {Gathering} */
const enter = (gathering, { members, door, password, iceServers }) => ({
  ...gathering, state: 'admitted', members, count: members.length, door, password, iceServers, rings: [],
});

/** @type {{ [name in CallEventName]?: (gathering: Gathering, detail: CallEventMap[name]) => Gathering }} */
const changes = {
  welcome: (gathering, welcome) => {
    // What was missed follows and changes our own view; the server's is already that of afterwards.
    if (welcome.resumed) return { ...gathering, capacity: welcome.capacity, iceServers: welcome.iceServers };
    const { seat, capacity, iceServers } = welcome;
    const declined = seat === gathering.me ? gathering.declined : [];
    const fresh = { ...OUTSIDE, me: seat, capacity, declined };
    if (welcome.state === 'admitted') return enter(fresh, /** @type {Inside} */ (welcome));
    return { ...fresh, state: 'waiting', count: welcome.count ?? 0, iceServers };
  },
  'host agreed': enter,
  refused: () => OUTSIDE,
  'main check answer': (gathering, ring) => (gathering.declined.includes(ring.seat)
    ? gathering
    : { ...gathering, rings: [...gathering.rings.filter(({ seat }) => seat !== ring.seat), ring] }),
  'ring ended': (gathering, { seat }) => withoutRing(gathering, seat),
  // Who has answered is not told that the ring ended, but sees whom he has let in.
  'peer joined': (gathering, { seat, name }) => withMembers(
    withoutRing(gathering, seat), [...gathering.members, { seat, name, host: false, away: false }],
  ),
  'peer left': (gathering, { seat }) => withMembers(gathering, gathering.members.filter(member => member.seat !== seat)),
  'peer away': (gathering, { seat }) => changeMember(gathering, seat, { away: true }),
  'peer back': (gathering, { seat }) => changeMember(gathering, seat, { away: false }),
  door: (gathering, door) => ({ ...gathering, door }),
  password: (gathering, password) => ({ ...gathering, password }),
  host: (gathering, host) => withMembers(gathering, gathering.members.map(member => ({ ...member, host: member.seat === host }))),
};

/**
 * @template {CallEventName} K
 * @param {Gathering} gathering
 * @param {K} name
 * @param {CallEventMap[K]} detail
 * @returns {Gathering}
 */
export const fold = (gathering, name, detail) => changes[name]?.(gathering, detail) ?? gathering;

/**
 * We have declined a ring: that ends it for good, and nobody tells us so.
 * @param {Gathering} gathering @param {SeatId} seat
 * @returns {Gathering}
 */
export const foldDeclined = (gathering, seat) => ({
  ...withoutRing(gathering, seat), declined: [...gathering.declined, seat].slice(-REMEMBERED),
});
