// What travels inside the event `message`: the codelab's signals, and the keys that we add to them.
//
// The codelab's are the string 'got user media', {type:'offer'|'answer', sdp} and {type:'candidate', label,
// id, candidate}. Nothing in them names an address: the server writes who speaks. Ours adds
//   generation   which RTCPeerConnection of the pair a signal belongs to (it may have to be replaced)
//   offer        the number of the offer, echoed by its answer: a stale answer is recognised
// and sends one more object:
//   {type:'state', audio, video, screen, peerKey}   what is switched on, and by what the other one knows
//                                                   us again after a restart of the server

/**
 * @typedef {{ type: 'offer' | 'answer', sdp: string, generation?: number, offer?: number }} Description
 * @typedef {{ type: 'candidate', candidate: string, id?: string | null, label?: number | null, ufrag?: string | null, generation?: number }} Candidate
 * @typedef {Description | Candidate} LinkSignal
 * @typedef {{ type: 'state', audio: boolean, video: boolean, screen: boolean, peerKey?: string }} PeerState
 */

export const READY = 'got user media';

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const isText = value => typeof value === 'string';

/** @param {unknown} value */
const isCount = value => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);

/** @param {unknown} value */
const isKey = value => value === undefined || (typeof value === 'string' && /^[\w-]{22,64}$/.test(value));

/**
 * Tells what an incoming `message` is. It comes from others: whatever has not the right shape is null.
 * @param {unknown} value
 * @returns {{ kind: 'ready' } | { kind: 'link', signal: LinkSignal } | { kind: 'state', state: PeerState } | null}
 */
export function readSignal(value) {
  if (value === READY) return { kind: 'ready' };
  if (!isObject(value) || !isCount(value.generation)) return null;
  switch (value.type) {
    case 'offer':
    case 'answer':
      if (!isText(value.sdp) || !isCount(value.offer)) return null;
      return { kind: 'link', signal: /** @type {Description} */ (/** @type {unknown} */ (value)) };
    case 'candidate':
      if (!isText(value.candidate)) return null;
      return { kind: 'link', signal: /** @type {Candidate} */ (/** @type {unknown} */ (value)) };
    case 'state': {
      const { audio, video, screen, peerKey } = value;
      if (typeof audio !== 'boolean' || typeof video !== 'boolean' || typeof screen !== 'boolean' || !isKey(peerKey)) return null;
      return { kind: 'state', state: /** @type {PeerState} */ (/** @type {unknown} */ (value)) };
    }
    default:
      return null;
  }
}
