// What a browser must have for a call, and what it may have.

import { finding } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */

/** Which are there. @typedef {Record<string, boolean>} Features */

const NEEDED = ['RTCPeerConnection', 'RTCRtpSender.replaceTrack', 'RTCDataChannel', 'WebSocket', 'dialog', 'AudioContext'];
/** Only secure pages have these, so their lack says nothing elsewhere. */
const WELCOME = ['screen', 'speaker', 'picture', 'awake', 'disk'];

/** @param {Window & typeof globalThis} window @returns {Features} */
export function featuresOf(window) {
  const { navigator, document } = window;
  return {
    RTCPeerConnection: 'RTCPeerConnection' in window,
    'RTCRtpSender.replaceTrack': 'replaceTrack' in (window.RTCRtpSender?.prototype ?? {}),
    RTCDataChannel: 'RTCDataChannel' in window,
    WebSocket: 'WebSocket' in window,
    dialog: 'HTMLDialogElement' in window,
    AudioContext: 'AudioContext' in window,
    screen: Boolean(navigator.mediaDevices && 'getDisplayMedia' in navigator.mediaDevices),
    speaker: 'setSinkId' in window.HTMLMediaElement.prototype,
    picture: Boolean('pictureInPictureEnabled' in document && document.pictureInPictureEnabled),
    awake: 'wakeLock' in navigator,
    disk: 'showSaveFilePicker' in window || Boolean(navigator.storage && 'getDirectory' in navigator.storage),
  };
}

/** @param {Features} features @param {boolean} secure @returns {Finding} */
export function judgeFeatures(features, secure) {
  const missing = NEEDED.filter(name => !features[name]);
  if (missing.length > 0) return finding('bad', 'missing', { features: { features: missing } });
  const without = secure ? WELCOME.filter(name => !features[name]) : [];
  return without.length > 0 ? finding('good', 'without', { features: { features: without } }) : finding('good', 'good');
}
