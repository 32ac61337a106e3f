// What is to be said about the connection to one other person: a pure function, like machine.js.
//
//   connecting -> connected <-> unstable, and when nothing comes of it `no-path`, or `lost` if there was a
//   connection before; it goes on trying by itself, so there is a way back from everywhere.

/** @typedef {'connecting' | 'connected' | 'unstable' | 'no-path' | 'lost'} PeerPhase */
/** @typedef {'connected' | 'unstable' | 'failed' | 'retry' | 'timeout'} PeerEvent */
/** @typedef {{ phase: PeerPhase, everConnected: boolean }} PeerState */
/** Milliseconds until `timeout`, null: no timer runs any more. @typedef {{ state: PeerState, timer: number | null | undefined }} PeerStep */

export const PEER_TIMES = Object.freeze({
  connect: 12_000, // Chromium itself needs 15 s to say that there is no path
  recover: 25_000, // packets do not get through; that was noticed after some 5 s
});

/** @type {Readonly<PeerState>} */
export const NEW_PEER = Object.freeze({ phase: 'connecting', everConnected: false });

/**
 * @param {PeerState} state
 * @param {PeerEvent} event
 * @returns {PeerStep} timer undefined: it stays as it is
 */
export function nextPeer(state, event) {
  const { phase, everConnected } = state;
  switch (event) {
    case 'connected': return { state: { phase: 'connected', everConnected: true }, timer: null };
    case 'unstable':
      return phase === 'connected' ? { state: { ...state, phase: 'unstable' }, timer: PEER_TIMES.recover } : { state, timer: undefined };
    case 'failed': // it is replaced; only who never had one is told at once
      return everConnected ? nextPeer(state, 'unstable') : { state: { ...state, phase: 'no-path' }, timer: null };
    case 'retry':
      return { state: { ...state, phase: everConnected ? 'unstable' : 'connecting' }, timer: everConnected ? PEER_TIMES.recover : PEER_TIMES.connect };
    case 'timeout':
      return phase === 'connected' ? { state, timer: null } : { state: { ...state, phase: everConnected ? 'lost' : 'no-path' }, timer: null };
  }
}
