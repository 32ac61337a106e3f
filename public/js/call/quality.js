// How much each connection may send: a pure function of how many there are and of what the network was
// measured to carry. Sound comes first: pictures become smaller, slower, and stop, before it suffers.

/**
 * @typedef {object} Measured of one connection, as far as it is known
 * @property {number | null} available bits a second that the browser thinks it can send
 * @property {number} loss of what we send, 0..1
 * @property {number} roundTrip seconds
 * @property {boolean} relayed whether a relay carries it
 */

/**
 * @typedef {object} Limits
 * @property {number} audio bits a second
 * @property {number} video bits a second; 0: no pictures
 * @property {number} height pixels at most
 * @property {number} frameRate at most
 * @property {boolean} reduced less than is usual for so many
 */

/** By the number of others: each gets a copy of its own, so all of them together stay near 3 Mbit/s. */
const USUAL = [
  { video: 2_500_000, height: 720, frameRate: 30 },
  { video: 2_500_000, height: 720, frameRate: 30 },
  { video: 1_200_000, height: 540, frameRate: 30 },
  { video: 800_000, height: 360, frameRate: 25 },
  { video: 600_000, height: 360, frameRate: 20 },
  { video: 500_000, height: 360, frameRate: 15 },
];

/** What a rate is good for. From the best to the poorest. */
const STEPS = [
  { from: 1_500_000, height: 720, frameRate: 30 },
  { from: 700_000, height: 540, frameRate: 30 },
  { from: 300_000, height: 360, frameRate: 25 },
  { from: 150_000, height: 270, frameRate: 15 },
  { from: 60_000, height: 180, frameRate: 10 },
];

const SOUND = { good: 48_000, poor: 24_000 };
const FOR_PICTURES = 0.85; // of what sound leaves: the estimate is not a promise
const HEADROOM = 2; // an estimate does not grow beyond what is sent
const LOSSY = 0.1;
const REDUCED = 0.6; // of the usual rate

/** A screen has to be read: full size, and few frames do. */
const SCREEN = { height: 1080, frameRate: 10 };

/**
 * @param {{ others: number, screen?: boolean } & Pick<Measured, 'available' | 'loss'>} measured
 * @returns {Limits}
 */
export function limitsFor({ others, available, loss, screen = false }) {
  const usual = /** @type {typeof USUAL[number]} */ (USUAL[Math.min(Math.max(others, 1), USUAL.length - 1)]);
  const carried = available === null ? Infinity : available * (loss > LOSSY ? 0.5 : 1);
  const audio = carried < 200_000 ? SOUND.poor : SOUND.good;
  const rate = Math.floor(Math.min(usual.video, Math.max(0, carried - audio) * FOR_PICTURES));
  const step = STEPS.find(({ from }) => rate >= from);
  if (!step) return { audio, video: 0, height: 180, frameRate: 10, reduced: true };
  const reduced = rate < usual.video * REDUCED;
  const video = Math.min(usual.video, rate * HEADROOM);
  if (screen) return { audio, video, height: SCREEN.height, frameRate: Math.min(SCREEN.frameRate, step.frameRate), reduced };
  return { audio, video, height: Math.min(usual.height, step.height), frameRate: Math.min(usual.frameRate, step.frameRate), reduced };
}

/** Whether somebody would notice. @param {Pick<Measured, 'loss' | 'roundTrip'>} measured */
export const isWeak = ({ loss, roundTrip }) => loss > 0.05 || roundTrip > 0.4;

/**
 * What a report of the browser's statistics says.
 * @param {Iterable<any>} reports
 * @returns {Measured}
 */
export function readMeasured(reports) {
  /** @type {Measured} */
  const measured = { available: null, loss: 0, roundTrip: 0, relayed: false };
  const all = [...reports];
  const transport = all.find(one => one.type === 'transport' && one.selectedCandidatePairId);
  const pair = all.find(one => one.type === 'candidate-pair' && (transport ? one.id === transport.selectedCandidatePairId : one.nominated && one.state === 'succeeded'));
  if (pair) {
    measured.available = pair.availableOutgoingBitrate ?? null;
    measured.roundTrip = pair.currentRoundTripTime ?? 0;
    measured.relayed = all.some(one => one.candidateType === 'relay' && (one.id === pair.localCandidateId || one.id === pair.remoteCandidateId));
  }
  for (const one of all) {
    if (one.type === 'remote-inbound-rtp') measured.loss = Math.max(measured.loss, one.fractionLost ?? 0);
  }
  return measured;
}
