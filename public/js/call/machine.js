// What a call does next: a pure function of its state and of what has happened. Nothing here touches
// the page, the network or the clock; what is to be done comes back as a list of effects.
//
//   idle -> preparing -> waiting -> connecting -> connected -> ended, and from `ended` around again.
//
// Two things ring, and may do so at once when both people come in the same moment:
//   incoming  somebody's `main check` has reached us: the dialog asks
//   calling   our own `main check` waits for `host agreed`

import { BYE, READY } from './signals.js';

/** @typedef {import('./signals.js').Bye} Bye */
/** @typedef {import('./signals.js').ByeReason} ByeReason */
/** @typedef {import('./signals.js').LinkSignal} LinkSignal */

/** @typedef {'idle' | 'preparing' | 'waiting' | 'connecting' | 'connected' | 'ended'} Phase */
/** @typedef {'denied' | 'prompt' | 'busy' | 'missing' | 'insecure' | 'unsupported'} Problem */
/** @typedef {'left' | 'remote' | 'declined' | 'taken' | 'failed' | 'lost' | 'no-room'} EndReason */
/** @typedef {'no-answer' | 'stopped-calling' | 'answered-elsewhere' | 'no-camera' | 'no-microphone'} Notice */
/** @typedef {'prompt' | 'answer' | 'connect' | 'recover' | 'knock'} Timer */

/**
 * @typedef {object} CallState
 * @property {Phase} phase
 * @property {string} room '' when the page has none
 * @property {string} me the random id of this page
 * @property {boolean} online whether the signaling socket is open
 * @property {boolean} incoming
 * @property {boolean} calling
 * @property {boolean} quiet the room was created here: calling into it is nothing to make words about
 * @property {'call' | 'accept'} intent what follows when the media is ready
 * @property {'caller' | 'callee'} role callee: the one who accepted
 * @property {boolean} agreed `host agreed` has come
 * @property {string | null} peer id of the other page; '' is a plain page, null not known yet
 * @property {boolean} steady false while packets do not get through
 * @property {number} echoes strings 'bye' that are still to come after an object which said the same
 * @property {Problem | null} problem what keeps us from preparing
 * @property {EndReason | null} reason
 * @property {Notice | null} notice the last small news; stays until the next
 */

/**
 * @typedef {{ type: 'start', room: string, created: boolean }
 *   | { type: 'mediaReady', notice?: Notice }
 *   | { type: 'mediaProblem', problem: Problem }
 *   | { type: 'retry' } | { type: 'joinWithoutCamera' }
 *   | { type: 'socketOpen' } | { type: 'socketClosed' }
 *   | { type: 'mainCheckAnswer' } | { type: 'hostAgreed' }
 *   | { type: 'peerReady' } | { type: 'peerSignal', signal: LinkSignal }
 *   | { type: 'peerBye', bye: Bye, plain: boolean }
 *   | { type: 'accept' } | { type: 'decline' } | { type: 'hangUp' } | { type: 'callAgain' }
 *   | { type: 'dismiss' }
 *   | { type: 'linkConnected' } | { type: 'linkUnstable' } | { type: 'linkFailed' } | { type: 'linkClosed' }
 *   | { type: 'timeout', timer: Timer }} CallEvent
 */

/**
 * @typedef {['openMedia', { camera: boolean }] | ['releaseMedia'] | ['joinRoom']
 *   | ['emit', string, unknown?]
 *   | ['startLink', { first: boolean }] | ['stopLink'] | ['peerReady'] | ['linkSignal', LinkSignal] | ['signalingBack']
 *   | ['startTimer', Timer] | ['stopTimer', Timer]} Effect
 */

/** @typedef {{ state: CallState, effects: Effect[] }} Step */

/** How long each wait lasts, in milliseconds. */
export const TIMES = Object.freeze({
  answer: 30_000, // nobody accepts
  connect: 20_000, // Chromium needs 15 s to say that there is no path
  recover: 25_000, // packets do not get through; that was noticed after some 5 s
  prompt: 10_000, // the browser's question stands unanswered
  knock: 6_000, // the same, while somebody calls: most likely the other one, come back
});

/** @returns {CallState} */
export const initialState = (me = '') => ({
  phase: 'idle', room: '', me, online: false, incoming: false, calling: false, quiet: false,
  intent: 'call', role: 'caller', agreed: false, peer: null, steady: true, echoes: 0,
  problem: null, reason: null, notice: null,
});

/**
 * @param {CallState} state
 * @param {Partial<CallState>} changes
 * @param {...(Effect | false)} effects
 * @returns {Step}
 */
const step = (state, changes, ...effects) => ({
  state: { ...state, ...changes },
  effects: /** @type {Effect[]} */ (effects.filter(effect => effect !== false)),
});

/**
 * Says bye as an object, which tells who speaks and why, and as the words that plain pages know; but
 * `busy` only as the object, for the string would end the call of a plain page that we talk to.
 * @param {CallState} state @param {ByeReason} reason @param {string | null} [to] nobody in particular if left out
 * @returns {Effect[]}
 */
const sayBye = (state, reason, to) => [
  ['emit', 'message', { type: 'bye', from: state.me, ...(to && { to }), reason }],
  ...(reason === 'busy' ? [] : /** @type {Effect[]} */ ([['emit', 'message', BYE], ['emit', 'bye']])),
];

// Steps that several states share.

/** @param {CallState} state @param {'call' | 'accept'} intent */
const prepare = (state, intent, camera = true) => step(
  state, { phase: 'preparing', intent, problem: null, reason: null, notice: null },
  ['startTimer', 'prompt'], ['openMedia', { camera }],
);

/**
 * Asks who is there; unless somebody asks us already, for calling back would ring on both sides.
 * @param {CallState} state @param {Notice | null} notice
 */
const call = (state, notice = null) => step(
  state, { phase: 'waiting', calling: !state.incoming, peer: null, agreed: false, notice },
  ['joinRoom'],
  !state.incoming && state.online && ['emit', 'main check', state.room],
  !state.incoming && ['startTimer', 'answer'],
);

/** @param {CallState} state */
const accept = state => step(
  state, { phase: 'connecting', role: 'callee', agreed: false, peer: null, incoming: false, calling: false, notice: null },
  ['stopTimer', 'answer'], ['startTimer', 'connect'],
  state.online && ['emit', 'host is agreed', state.room],
);

/**
 * The end of whatever was going on. The socket stays: from here one can call, and be called, again.
 * @param {CallState} state @param {EndReason} reason @param {ByeReason | null} bye
 */
const end = (state, reason, bye = null) => step(
  state, { phase: 'ended', reason, problem: null, calling: false, steady: true, peer: null, agreed: false, notice: null },
  ['stopTimer', 'prompt'], ['stopTimer', 'answer'], ['stopTimer', 'connect'], ['stopTimer', 'recover'], ['stopTimer', 'knock'],
  ...(bye === null ? [] : sayBye(state, bye, state.peer)), ['stopLink'], ['releaseMedia'],
);

/** @param {CallState} state @param {Bye} bye */
const isForOthers = (state, bye) => bye.to !== undefined && bye.to !== state.me;

/** Whether a `bye` means our call of two. @param {CallState} state @param {Bye} bye */
function endsOurCall(state, bye) {
  if (isForOthers(state, bye)) return false;
  // Said to everybody it is for those who ring; whoever is further than that is told by name.
  if (bye.reason === 'busy') return bye.to === state.me;
  if (state.peer !== null) return (bye.from ?? '') === state.peer;
  // Not known yet who the other one is. One of several callers hears these about the calls of the others.
  return !(state.role === 'caller' && (bye.reason === 'stopped' || bye.reason === 'declined'));
}

/**
 * Signals of the pair go on to the link; those of a third person are answered with `busy`.
 * @param {CallState} state @param {LinkSignal} signal
 */
function linkSignal(state, signal) {
  if (signal.to !== undefined && signal.to !== state.me) return step(state, {});
  const from = signal.from ?? '';
  if (state.peer !== null && state.peer !== from) {
    return signal.type === 'candidate' ? step(state, {}) : step(state, {}, ...sayBye(state, 'busy', from));
  }
  return step(state, { peer: from }, ['linkSignal', signal]);
}

/** @type {{ [phase in Phase]: { [type in CallEvent['type']]?: (state: CallState, event: Extract<CallEvent, { type: type }>) => Step } }} */
const transitions = {
  idle: {
    start: (state, { room, created }) => (room === ''
      ? step(state, { phase: 'ended', reason: 'no-room' })
      : prepare({ ...state, room, quiet: created }, 'call')),
  },

  preparing: {
    mediaReady: (state, { notice }) => {
      const ready = { ...state, problem: null };
      const next = state.intent === 'accept' ? accept(ready) : call(ready, notice ?? null);
      return { state: next.state, effects: [['stopTimer', 'prompt'], ...next.effects] };
    },
    mediaProblem: (state, { problem }) => step(state, { problem }, ['stopTimer', 'prompt']),
    timeout: state => step(state, { problem: 'prompt' }),
    retry: state => prepare(state, state.intent),
    joinWithoutCamera: state => prepare(state, state.intent, false),
    mainCheckAnswer: state => step(state, { incoming: state.intent === 'call' }),
    peerBye: state => (state.intent === 'accept' ? end(state, 'remote') : step(state, { incoming: false })),
    hangUp: state => end(
      { ...state, incoming: false }, 'left', state.incoming || state.intent === 'accept' ? 'declined' : null,
    ),
  },

  waiting: {
    // Somebody may have come in the meantime, and called nobody.
    socketOpen: state => call({ ...state, online: true, quiet: state.quiet || !state.calling }, state.notice),
    mainCheckAnswer: state => step(state, { incoming: true, notice: null }),
    hostAgreed: state => {
      if (!state.calling) return step(state, { incoming: false, notice: state.incoming ? 'answered-elsewhere' : state.notice });
      return step(
        state, { phase: 'connecting', role: 'caller', agreed: true, peer: null, incoming: false, calling: false, notice: null },
        ['stopTimer', 'answer'], ['startTimer', 'connect'], ['startLink', { first: false }], ['emit', 'message', READY],
      );
    },
    peerBye: (state, { bye, plain }) => {
      if (isForOthers(state, bye)) return step(state, {});
      if (bye.reason === 'busy') return state.calling ? end(state, 'taken') : step(state, {});
      if (state.incoming && bye.reason !== 'declined') return step(state, { incoming: false, notice: 'stopped-calling' });
      if (state.calling && (plain || bye.reason === 'declined')) return end({ ...state, incoming: false }, 'declined');
      return step(state, {});
    },
    accept: state => (state.incoming ? accept(state) : step(state, {})),
    decline: state => (state.incoming
      ? step(state, { incoming: false, calling: false }, ['stopTimer', 'answer'], ...sayBye(state, 'declined'))
      : step(state, {})),
    callAgain: state => call({ ...state, quiet: false }),
    timeout: state => {
      if (!state.calling) return step(state, {});
      // With the dialog open nobody rings on our account: a bye would only take their call from them.
      if (state.incoming) return step(state, { calling: false });
      return step(state, { calling: false, notice: state.quiet ? state.notice : 'no-answer' }, ...sayBye(state, 'stopped'));
    },
    hangUp: state => end({ ...state, incoming: false }, 'left', state.incoming ? 'declined' : 'stopped'),
  },

  connecting: {
    socketOpen: state => step(
      state, { online: true },
      state.role === 'callee' && !state.agreed ? ['emit', 'host is agreed', state.room] : ['signalingBack'],
    ),
    mainCheckAnswer: state => {
      if (state.peer !== null) return step(state, {}, ...sayBye(state, 'busy'));
      // The one we agreed with has come again, and has not heard it.
      return step(state, {}, state.role === 'callee' && ['emit', 'host is agreed', state.room]);
    },
    hostAgreed: state => (state.agreed
      ? step(state, {})
      : step(state, { agreed: true }, ['startLink', { first: true }], ['emit', 'message', READY])),
    peerReady: state => step(state, {}, ['peerReady']),
    peerSignal: (state, { signal }) => linkSignal(state, signal),
    peerBye: (state, { bye }) => {
      if (!endsOurCall(state, bye)) return step(state, {});
      const reason = { busy: 'taken', declined: 'declined', failed: 'failed' }[bye.reason ?? ''] ?? 'remote';
      return end(state, /** @type {EndReason} */ (reason));
    },
    linkConnected: state => step(state, { phase: 'connected', steady: true }, ['stopTimer', 'connect']),
    linkFailed: state => end(state, 'failed', 'failed'),
    linkClosed: state => end(state, 'remote'),
    timeout: state => end(state, 'failed', 'failed'),
    hangUp: state => end(state, 'left', 'left'),
  },

  connected: {
    socketOpen: state => step(state, { online: true }, ['signalingBack']),
    // While our packets get lost it may well be the other one, who has come back as a new page.
    mainCheckAnswer: state => (state.steady
      ? step(state, {}, ...sayBye(state, 'busy'))
      : step(state, { incoming: true }, ['startTimer', 'knock'])),
    peerReady: state => step(state, {}, ['peerReady']),
    peerSignal: (state, { signal }) => linkSignal(state, signal),
    peerBye: (state, { bye }) => (endsOurCall(state, bye)
      ? end(state, bye.reason === 'failed' ? 'lost' : 'remote')
      : step(state, {})),
    linkConnected: state => step(
      state, { steady: true, incoming: false },
      ['stopTimer', 'recover'], ['stopTimer', 'knock'], ...(state.incoming ? sayBye(state, 'busy') : []),
    ),
    linkUnstable: state => (state.steady ? step(state, { steady: false }, ['startTimer', 'recover']) : step(state, {})),
    linkClosed: state => end(state, 'remote'),
    timeout: state => end(state, 'lost', 'failed'),
    hangUp: state => end(state, 'left', 'left'),
  },

  ended: {
    mainCheckAnswer: state => step(state, { incoming: state.reason !== 'no-room' }),
    hostAgreed: state => step(state, { incoming: false }),
    peerBye: (state, { bye }) => step(state, { incoming: state.incoming && bye.reason === 'busy' }),
    accept: state => (state.incoming ? prepare({ ...state, incoming: false }, 'accept') : step(state, {})),
    decline: state => (state.incoming ? step(state, { incoming: false }, ...sayBye(state, 'declined')) : step(state, {})),
    callAgain: state => (state.reason === 'no-room' ? step(state, {}) : prepare({ ...state, quiet: false }, 'call')),
  },
};

/** The timers that mean something in a state. @type {{ [phase in Phase]?: Timer[] }} */
const waits = { preparing: ['prompt'], waiting: ['answer'], connecting: ['connect'], connected: ['recover', 'knock'] };

/** What happens alike in every state. @param {CallState} state @param {CallEvent} event @returns {Step} */
function common(state, event) {
  switch (event.type) {
    case 'socketOpen': return step(state, { online: true });
    case 'dismiss': return step(state, { notice: null });
    default: return step(state, {});
  }
}

/**
 * @param {CallState} state
 * @param {CallEvent} event
 * @returns {Step}
 */
export function next(state, event) {
  if (event.type === 'socketClosed') return step(state, { online: false, echoes: 0 });
  if (event.type === 'peerBye') {
    // Ours say bye twice: as an object, then as the string that plain pages know.
    if (event.plain && state.echoes > 0) return step(state, { echoes: state.echoes - 1 });
    if (!event.plain) state = { ...state, echoes: state.echoes + 1 };
  }
  if (event.type === 'timeout' && !waits[state.phase]?.includes(event.timer)) return step(state, {});
  const transition = /** @type {((state: CallState, event: CallEvent) => Step) | undefined} */ (transitions[state.phase][event.type]);
  return transition ? transition(state, event) : common(state, event);
}

