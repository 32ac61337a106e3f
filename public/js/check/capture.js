// Camera and microphone, each with what came of asking for it. Both are asked for in one question; only when that
// has failed, and no further question would come of it, each on its own.

import { finding } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */
/** @typedef {'camera' | 'microphone'} DeviceKind */
/** @typedef {MediaStreamTrack | 'denied' | 'missing' | 'busy'} Captured */

/**
 * @typedef {object} Surroundings
 * @property {Pick<MediaDevices, 'getUserMedia'>} devices
 * @property {(kind: DeviceKind) => Promise<string>} permission as the browser has it; rejects if it does not tell
 */

/** @type {Record<string, 'denied' | 'missing' | 'busy'>} */
const REASONS = {
  NotAllowedError: 'denied', SecurityError: 'denied',
  NotFoundError: 'missing', OverconstrainedError: 'missing',
  NotReadableError: 'busy', AbortError: 'busy',
};

/** @param {unknown} error */
const reasonOf = error => REASONS[error instanceof Error ? error.name : ''] ?? 'missing';

const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** @param {Surroundings} around @returns {Promise<Record<DeviceKind, Captured>>} */
export async function capture({ devices, permission }) {
  try {
    const stream = await devices.getUserMedia({ audio: true, video: CAMERA });
    return { camera: stream.getVideoTracks()[0] ?? 'missing', microphone: stream.getAudioTracks()[0] ?? 'missing' };
  } catch (error) {
    const denied = reasonOf(error) === 'denied';
    /** @param {DeviceKind} kind @returns {Promise<Captured>} */
    const alone = async kind => {
      if (denied && await permission(kind).catch(() => '') !== 'granted') return 'denied';
      try {
        const stream = await devices.getUserMedia(kind === 'camera' ? { video: CAMERA } : { audio: true });
        return stream.getTracks()[0] ?? 'missing';
      } catch (reason) {
        return reasonOf(reason);
      }
    };
    return { microphone: await alone('microphone'), camera: await alone('camera') };
  }
}

/** The name without the numbers of maker and model, which some systems put behind it. @param {string} label */
export const nameOf = label => label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)\s*$/i, '');

/** @param {Captured} captured @returns {Finding} */
export function judgeCamera(captured) {
  if (typeof captured === 'string') return finding(captured === 'missing' ? 'warn' : 'bad', captured);
  const { width = 0, height = 0 } = captured.getSettings();
  return finding('good', 'good', { name: nameOf(captured.label), width, height });
}

/** @param {Captured} captured @param {'listening' | 'heard' | 'silent'} [ear] @returns {Finding} */
export function judgeMicrophone(captured, ear = 'listening') {
  if (typeof captured === 'string') return finding(captured === 'missing' ? 'warn' : 'bad', captured);
  const name = nameOf(captured.label);
  if (ear === 'heard') return finding('good', 'good', { name });
  return ear === 'silent' ? finding('warn', 'silent', { name }) : finding('running', 'listening', { name });
}
