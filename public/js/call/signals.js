// What travels inside the event `message`: the codelab's signals, and the keys that we add to them.
//
// A plain page sends the strings 'got user media' and 'bye', {type:'offer'|'answer', sdp} and
// {type:'candidate', label, id, candidate}. Ours adds keys that a plain page does not look at:
//   from, to     a random id of the page, so that a third person in the room disturbs nobody
//   generation   which RTCPeerConnection of the pair a signal belongs to (it may have to be replaced)
//   offer        the number of the offer, echoed by its answer: a stale answer is recognised
// A page in a call adds no address, for there the server writes who speaks. It sends one more object:
//   {type:'state', audio, video, screen, peerKey}   what is switched on, and by what the other one knows
//                                                   us again after a restart of the server
// A room tells everything to everybody, and the string 'bye' does not say who speaks. So an object
// {type:'bye', from, reason} goes before it, and whoever understood the object skips the string.

/** @typedef {'left' | 'declined' | 'busy' | 'stopped' | 'failed'} ByeReason */

/**
 * @typedef {{ type: 'offer' | 'answer', sdp: string, from?: string, to?: string, generation?: number, offer?: number }} Description
 * @typedef {{ type: 'candidate', candidate: string, id?: string | null, label?: number | null, ufrag?: string | null, from?: string, to?: string, generation?: number }} Candidate
 * @typedef {{ type: 'bye', from?: string, to?: string, reason?: string }} Bye
 * @typedef {Description | Candidate} LinkSignal
 * @typedef {{ type: 'state', audio: boolean, video: boolean, screen: boolean, peerKey?: string }} PeerState
 */

export const READY = 'got user media';
export const BYE = 'bye';

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const isText = value => typeof value === 'string';

/** @param {unknown} value */
const isCount = value => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);

/** @param {unknown} value */
const isId = value => value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= 64);

/** @param {unknown} value */
const isKey = value => value === undefined || (typeof value === 'string' && /^[\w-]{22,64}$/.test(value));

/**
 * Tells what an incoming `message` is. It comes from others: whatever has not the right shape is null.
 * @param {unknown} value
 * @returns {{ kind: 'ready' } | { kind: 'bye', bye: Bye, plain: boolean } | { kind: 'link', signal: LinkSignal } | { kind: 'state', state: PeerState } | null}
 */
export function readSignal(value) {
  if (value === READY) return { kind: 'ready' };
  if (value === BYE) return { kind: 'bye', bye: { type: 'bye' }, plain: true };
  if (!isObject(value) || !isId(value.from) || !isId(value.to) || !isCount(value.generation)) return null;
  switch (value.type) {
    case 'bye':
      return { kind: 'bye', bye: /** @type {Bye} */ (value), plain: false };
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
