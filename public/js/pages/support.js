// What a browser must have for a call.

/** @returns {string | null} the name of the first thing that is missing */
export function missingFeature() {
  if (typeof RTCPeerConnection === 'undefined') return 'RTCPeerConnection';
  if (!('replaceTrack' in (globalThis.RTCRtpSender?.prototype ?? {}))) return 'RTCRtpSender.replaceTrack';
  if (typeof WebSocket === 'undefined') return 'WebSocket';
  if (typeof HTMLDialogElement === 'undefined') return 'dialog';
  return null;
}
