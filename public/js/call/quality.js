// How much each connection may send: a pure function of how many there are, of what the network was measured to
// carry, and of what was allowed before. Sound comes first: pictures become smaller, slower, and stop, before it
// suffers; where a screen is shown, the camera's stops before that. Down at once, up again step by step.

/**
 * @typedef {object} Measured of one connection, as far as it is known
 * @property {number | null} available bits a second that the browser thinks it can send
 * @property {number} loss of what we send, 0..1
 * @property {number} roundTrip seconds
 * @property {boolean} relayed whether a relay carries it
 * @property {number | null} sent bytes so far
 * @property {string | null} limitation what the browser says keeps our pictures small: 'bandwidth', 'cpu'
 */

/** @typedef {{ bitrate: number, height: number, frameRate: number }} PictureLimits bits a second, pixels, pictures a second, each at most */
/**
 * @typedef {object} Limits
 * @property {number} audio bits a second
 * @property {PictureLimits | null} camera null: no pictures
 * @property {PictureLimits | null} screen
 */

/**
 * @typedef {object} Pace what is remembered of one connection from one measurement to the next
 * @property {number} since when it was connected, milliseconds
 * @property {number | null} rate what its pictures may need, bits a second; null: nothing has been found out yet
 * @property {readonly number[]} estimates the newest of the browser's
 * @property {{ bytes: number, at: number } | null} sent as of the last measurement
 * @property {number} troubledAt when the network was last seen to be overloaded
 * @property {number | null} changedAt since when `isLimited` has been other than `isReduced`
 * @property {number | null} darkSince since when no pictures are sent
 * @property {boolean} isReduced whether less than usual is sent, and has been for some time
 */

/** By the number of others: each gets a copy of its own, so all of them together stay near 3 Mbit/s. */
const USUAL = [
  { bitrate: 2_500_000, height: 720, frameRate: 30, screen: 1_500_000 },
  { bitrate: 2_500_000, height: 720, frameRate: 30, screen: 1_500_000 },
  { bitrate: 1_200_000, height: 540, frameRate: 30, screen: 1_000_000 },
  { bitrate: 800_000, height: 360, frameRate: 25, screen: 800_000 },
  { bitrate: 600_000, height: 360, frameRate: 20, screen: 600_000 },
  { bitrate: 500_000, height: 360, frameRate: 15, screen: 500_000 },
];

/** What a rate is good for. From the best to the poorest. */
const STEPS = [
  { from: 1_500_000, height: 720, frameRate: 30 },
  { from: 700_000, height: 540, frameRate: 30 },
  { from: 300_000, height: 360, frameRate: 25 },
  { from: 150_000, height: 270, frameRate: 15 },
  { from: 60_000, height: 180, frameRate: 10 },
];
const LEAST = 60_000;

/** A screen has to be read: full size, and few frames do. */
const SCREEN = { height: 1080, frameRate: 10, share: 0.75 };
const SOUND = { good: 48_000, poor: 24_000, poorBelow: 200_000 };
const FOR_PICTURES = 0.85; // of what sound leaves: the estimate is not a promise
const HEADROOM = 2; // an estimate does not grow beyond what is sent
/** Of an estimate, that have to be in use: one that is not tried out stays where the first guess was, however much would get through. */
const TRIED = 0.5;
const OVERLOADED = { loss: 0.1, roundTrip: 0.8 };
/** What remains of a belief in an overload: of an estimate, which falls by itself too, and where there is none, of what was sent. */
const TROUBLE = { known: 0.5, unknown: 0.7 };
const REDUCED = 0.6; // of the usual rate

export const PACE = Object.freeze({
  settling: 10_000, // the browser begins with a low guess, and feels its way up
  sustained: 5000, // so long it is limited, or free again, before that is said
  calm: 6000, // after an overload, before more is tried
  rise: 1.25, // from one measurement to the next
  dark: 10_000, // without pictures, then it is tried again: nothing grows where nothing is sent
  remembered: 3, // the best of the last estimates counts: a short dip is the browser's business
});

/** @param {number} now milliseconds @returns {Pace} of a connection that stands since now */
export const beginPace = now => ({ since: now, rate: null, estimates: [], sent: null, troubledAt: -Infinity, changedAt: null, darkSince: null, isReduced: false });

/** @param {number} others */
const usualFor = others => /** @type {typeof USUAL[number]} */ (USUAL[Math.min(Math.max(others, 1), USUAL.length - 1)]);

/**
 * What a rate is spent on.
 * @param {{ others: number, rate: number, screen: boolean }} what rate: for all pictures, bits a second
 * @returns {Pick<Limits, 'camera' | 'screen'>}
 */
export function spend({ others, rate, screen }) {
  const usual = usualFor(others);
  if (!screen) return { camera: picture(rate, usual), screen: null };
  const beside = { ...usual, bitrate: usual.bitrate / 2 };
  const forCamera = Math.min(rate - Math.min(rate * SCREEN.share, usual.screen), beside.bitrate);
  const camera = picture(forCamera, beside);
  const rest = camera ? rate - forCamera : rate;
  const shown = picture(rest, { ...SCREEN, bitrate: usual.screen });
  return { camera, screen: shown && { ...shown, height: SCREEN.height } };
}

/** @param {number} rate @param {PictureLimits} most @returns {PictureLimits | null} */
function picture(rate, most) {
  const step = STEPS.find(({ from }) => rate >= from);
  if (!step) return null;
  return {
    bitrate: Math.floor(Math.min(most.bitrate, rate * HEADROOM)),
    height: Math.min(most.height, step.height), frameRate: Math.min(most.frameRate, step.frameRate),
  };
}

/**
 * One more measurement: what may be sent from now on.
 * @param {Pace} before @param {Measured} measured @param {{ now: number, others: number, screen: boolean }} situation
 * @returns {{ pace: Pace, limits: Limits }}
 */
export function adapt(before, measured, { now, others, screen }) {
  const usual = usualFor(others);
  const most = usual.bitrate + (screen ? usual.screen : 0);
  const isTroubled = measured.loss > OVERLOADED.loss || measured.roundTrip > OVERLOADED.roundTrip;
  const troubledAt = isTroubled ? now : before.troubledAt;
  const isSettled = now - before.since >= PACE.settling;
  const isKnown = isSettled || before.rate !== null;
  const isTrial = before.darkSince !== null && now - before.darkSince >= PACE.dark;
  const estimates = isTrial || measured.available === null ? [] : [...before.estimates, measured.available].slice(-PACE.remembered);

  const sent = measured.sent === null ? null : { bytes: measured.sent, at: now };
  const isTried = isTroubled || sent === null || usedOf(before.sent, sent) >= TRIED * (measured.available ?? 0);

  let carried = Infinity;
  if (isSettled && isTried && estimates.length > 0) carried = Math.max(...estimates) * (isTroubled ? TROUBLE.known : 1);
  else if (isSettled && isTroubled) carried = Math.max(LEAST, (before.rate ?? most) * TROUBLE.unknown) / FOR_PICTURES + SOUND.good;
  const audio = carried < SOUND.poorBelow ? SOUND.poor : SOUND.good;
  let rate = Math.min(most, Math.max(0, carried - audio) * FOR_PICTURES);
  if (isTrial) {
    rate = LEAST;
  } else if (before.rate !== null && rate > before.rate) {
    rate = now - troubledAt < PACE.calm ? before.rate : Math.min(rate, Math.max(before.rate, LEAST) * PACE.rise);
  }
  const pictures = spend({ others, rate, screen });

  const isLimited = isKnown && (rate < most * REDUCED || (measured.available === null && measured.limitation === 'bandwidth'));
  const changedAt = isLimited === before.isReduced ? null : before.changedAt ?? now;
  const hasChanged = changedAt !== null && now - changedAt >= PACE.sustained;
  const isDark = !pictures.camera && !pictures.screen;
  return {
    pace: {
      since: isTrial ? now : before.since, rate: isKnown ? rate : null, estimates, sent, troubledAt, changedAt: hasChanged ? null : changedAt,
      darkSince: isDark ? before.darkSince ?? now : null, isReduced: hasChanged ? isLimited : before.isReduced,
    },
    limits: { audio, ...pictures },
  };
}

/** Bits a second. @param {Pace['sent']} before @param {NonNullable<Pace['sent']>} now */
function usedOf(before, now) {
  if (!before || now.at <= before.at || now.bytes < before.bytes) return Infinity; // not known: of another path
  return (now.bytes - before.bytes) * 8000 / (now.at - before.at);
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
  const measured = { available: null, loss: 0, roundTrip: 0, relayed: false, sent: null, limitation: null };
  const all = [...reports];
  const transport = all.find(one => one.type === 'transport' && one.selectedCandidatePairId);
  const pair = all.find(one => one.type === 'candidate-pair' && (transport ? one.id === transport.selectedCandidatePairId : one.nominated && one.state === 'succeeded'));
  if (pair) {
    measured.available = pair.availableOutgoingBitrate ?? null;
    measured.sent = pair.bytesSent ?? null;
    measured.roundTrip = pair.currentRoundTripTime ?? 0;
    measured.relayed = all.some(one => one.candidateType === 'relay' && (one.id === pair.localCandidateId || one.id === pair.remoteCandidateId));
  }
  for (const one of all) {
    if (one.type === 'remote-inbound-rtp') measured.loss = Math.max(measured.loss, one.fractionLost ?? 0);
    if (one.type === 'outbound-rtp' && ['bandwidth', 'cpu'].includes(one.qualityLimitationReason)) measured.limitation = one.qualityLimitationReason;
  }
  return measured;
}
