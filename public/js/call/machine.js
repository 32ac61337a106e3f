// What a call does next: a pure function of its state and of what has happened. Nothing here touches
// the page, the network or the clock; what is to be done comes back as a list of effects.
//
//   idle -> lobby -> entering -> (ringing ->) inside -> ended, and from `ended` around again.
//
// In the lobby the server is asked whether there is a place before the camera is asked for; a server that
// does not answer does not keep anybody from looking at himself. Who is inside, and who rings, is not told
// here: that is the server's own view (signaling/gathering.js). Each connection has its own machine (peer.js).

/** @typedef {'idle' | 'lobby' | 'entering' | 'ringing' | 'inside' | 'ended'} Phase */
/** @typedef {'denied' | 'prompt' | 'busy' | 'missing' | 'insecure' | 'unsupported'} Problem */
/** @typedef {import('../signaling/call_events.js').RefusalReason} RefusalReason */
/** @typedef {'left' | 'no-room' | 'elsewhere' | RefusalReason} EndReason elsewhere: another tab of this browser is in the call */
/** @typedef {'no-camera' | 'no-microphone' | 'nothing'} Notice what is missing of what was asked for */
/** @typedef {'look' | 'prompt' | 'fresh'} Timer */
/** @typedef {{ reason: RefusalReason, wait?: number, capacity?: number }} Closed why the door does not open */

/**
 * @typedef {object} CallState
 * @property {Phase} phase
 * @property {string} room '' when the page has none
 * @property {'none' | 'asking' | 'ready'} media
 * @property {Problem | null} problem with the devices
 * @property {Closed | null} closed
 * @property {boolean} tried a password was tried, and it is not known yet whether it is right
 * @property {{ count: number, capacity: number } | null} seats as the server told before joining
 * @property {boolean} joining enters as soon as the devices are ready
 * @property {boolean} fresh has just begun to ring
 * @property {EndReason | null} reason
 * @property {Notice | null} notice
 */

/**
 * @typedef {{ type: 'start', room: string }
 *   | { type: 'looked', count: number, capacity: number }
 *   | { type: 'refused', reason: RefusalReason, wait?: number, capacity?: number }
 *   | { type: 'mediaReady', notice?: Notice } | { type: 'mediaProblem', problem: Problem }
 *   | { type: 'retry' } | { type: 'password' } | { type: 'withoutCamera' } | { type: 'join' }
 *   | { type: 'welcome', admitted: boolean } | { type: 'hostAgreed' }
 *   | { type: 'elsewhere' } | { type: 'leave' } | { type: 'rejoin' } | { type: 'dismiss' }
 *   | { type: 'timeout', timer: Timer }} CallEvent
 */

/**
 * look: asks the server for a place without taking it. enter: takes one. ring: asks to be let in.
 * claim: asks the tab that has the call open for its seat. leave: says so. drop: the server has ended the seat, what belonged to it goes.
 * @typedef {['look'] | ['openMedia', { camera: boolean, mic: boolean }] | ['releaseMedia']
 *   | ['claim'] | ['enter'] | ['ring'] | ['leave'] | ['drop']
 *   | ['startTimer', Timer] | ['stopTimer', Timer]} Effect
 */

/** @typedef {{ state: CallState, effects: Effect[] }} Step */

/** How long each wait lasts, in milliseconds. */
export const TIMES = Object.freeze({
  look: 1500, // so long the camera waits for what the server says
  prompt: 10_000, // the browser's question stands unanswered
  fresh: 3000, // a call that ends so soon was ended by somebody who only looked in
});

/** @type {Readonly<CallState>} */
export const INITIAL = Object.freeze({
  phase: 'idle', room: '', media: 'none', problem: null, closed: null, tried: false, seats: null, joining: false, fresh: false,
  reason: null, notice: null,
});

/** These are said at the door, where something can be done about them. @type {Set<RefusalReason>} */
const AT_THE_DOOR = new Set(['password', 'full', 'locked']);

/**
 * @param {CallState} state @param {Partial<CallState>} changes @param {...(Effect | false)} effects
 * @returns {Step}
 */
const step = (state, changes, ...effects) => ({
  state: { ...state, ...changes },
  effects: /** @type {Effect[]} */ (effects.filter(effect => effect !== false)),
});

// Steps that several states share.

/** @param {CallState} state */
const look = (state, changes = {}) => step(state, { phase: 'lobby', reason: null, ...changes }, ['startTimer', 'look'], ['look']);

/** @param {CallState} state */
const ask = (state, wish = { camera: true, mic: true }) => step(
  state, { phase: 'lobby', media: 'asking', problem: null, reason: null, notice: null },
  ['stopTimer', 'look'], ['startTimer', 'prompt'], ['openMedia', wish],
);

/** @param {CallState} state */
const enter = state => step(
  state, { phase: 'entering', joining: false, problem: null, closed: null },
  ['stopTimer', 'look'], ['stopTimer', 'prompt'], ['enter'],
);

/** @param {CallState} state @param {EndReason} reason */
const end = (state, reason) => step(
  state, { phase: 'ended', reason, media: 'none', problem: null, closed: null, joining: false, fresh: false, notice: null },
  ['stopTimer', 'look'], ['stopTimer', 'prompt'], ['stopTimer', 'fresh'], [reason === 'left' ? 'leave' : 'drop'], ['releaseMedia'],
);

/** The door does not open: said where one can try again. @param {CallState} state @param {Closed} closed */
const stay = (state, { reason, wait, capacity }) => step(
  state, { phase: 'lobby', closed: { reason, wait, capacity }, joining: false, fresh: false },
  ['stopTimer', 'look'], state.phase !== 'lobby' && ['drop'],
);

/** @param {CallState} state @param {Closed} refusal */
const refusedOnTheWay = (state, refusal) => {
  if (AT_THE_DOOR.has(refusal.reason)) return stay(state, refusal);
  if (refusal.reason === 'rate' || refusal.reason === 'expired') return step(state, {}); // the channel tries again
  // It was not a call that ended: somebody had looked in before it began. Now it is ours.
  if (refusal.reason === 'ended' && state.fresh) return step(state, { phase: 'entering', fresh: false }, ['stopTimer', 'fresh'], ['drop'], ['enter']);
  return end(state, refusal.reason);
};

/** @param {CallState} state @param {boolean} admitted */
const welcomed = (state, admitted) => {
  if (admitted) return step(state, { phase: 'inside', fresh: false, tried: false }, ['stopTimer', 'fresh']);
  if (state.phase === 'ringing') return step(state, {}); // with a new seat: the channel rings again by itself
  return step(state, { phase: 'ringing', fresh: true, tried: false }, ['startTimer', 'fresh'], ['ring']);
};

/** @type {{ [phase in Phase]: { [type in CallEvent['type']]?: (state: CallState, event: Extract<CallEvent, { type: type }>) => Step } }} */
const transitions = {
  idle: {
    start: (state, { room }) => (room === '' ? step(state, { phase: 'ended', reason: 'no-room' }) : look({ ...state, room })),
  },

  lobby: {
    looked: (state, { count, capacity }) => {
      const seen = { ...state, seats: { count, capacity }, closed: null, tried: false };
      return state.media === 'none' ? ask(seen) : step(seen, {}, ['stopTimer', 'look']);
    },
    refused: (state, refusal) => {
      if (AT_THE_DOOR.has(refusal.reason)) return stay(state, refusal);
      return state.media === 'none' ? ask(state) : step(state, {});
    },
    timeout: (state, { timer }) => {
      if (timer === 'prompt') return step(state, { problem: 'prompt' });
      return timer === 'look' && state.media === 'none' && !state.closed ? ask(state) : step(state, {});
    },
    mediaReady: (state, { notice }) => {
      const ready = { ...state, media: /** @type {const} */ ('ready'), problem: null, notice: notice ?? null };
      return state.joining ? enter(ready) : step(ready, {}, ['stopTimer', 'prompt']);
    },
    mediaProblem: (state, { problem }) => step(state, { media: 'ready', problem, joining: false }, ['stopTimer', 'prompt']),
    retry: state => (state.closed ? look(state, { closed: null, tried: false }) : ask(state)),
    password: state => look(state, { tried: true }),
    // Who leaves the browser's question unanswered is not asked another one.
    withoutCamera: state => ask(state, { camera: false, mic: state.problem !== 'prompt' }),
    join: state => {
      if (state.problem === 'unsupported' || state.closed) return step(state, {});
      return state.media === 'ready' ? enter(state) : step(state, { joining: true });
    },
    elsewhere: state => end(state, 'elsewhere'),
    leave: state => end(state, 'left'),
  },

  entering: {
    welcome: (state, { admitted }) => welcomed(state, admitted),
    refused: refusedOnTheWay,
    leave: state => end(state, 'left'),
  },

  ringing: {
    welcome: (state, { admitted }) => welcomed(state, admitted),
    hostAgreed: state => welcomed(state, true),
    refused: refusedOnTheWay,
    timeout: (state, { timer }) => step(state, { fresh: timer === 'fresh' ? false : state.fresh }),
    leave: state => end(state, 'left'),
  },

  inside: {
    // After a restart of the server we may have to ring, while the connections go on.
    refused: (state, { reason }) => (reason === 'rate' || reason === 'expired' ? step(state, {}) : end(state, reason)),
    leave: state => end(state, 'left'),
  },

  ended: {
    rejoin: state => {
      if (state.reason === 'no-room') return step(state, {});
      const { state: asking, effects } = ask({ ...state, joining: true, seats: null });
      const isElsewhere = state.reason === 'elsewhere' || state.reason === 'replaced';
      return step(asking, {}, isElsewhere && ['claim'], ...effects);
    },
  },
};

/**
 * @param {CallState} state
 * @param {CallEvent} event
 * @returns {Step}
 */
export function next(state, event) {
  if (event.type === 'dismiss') return step(state, { notice: null });
  const transition = /** @type {((state: CallState, event: CallEvent) => Step) | undefined} */ (transitions[state.phase][event.type]);
  return transition?.(state, event) ?? step(state, {});
}
