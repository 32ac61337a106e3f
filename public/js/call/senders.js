// Holds what a connection sends to its limits.

import { linesOf } from './negotiation.js';

/** @typedef {import('./quality.js').PictureLimits} PictureLimits */

/**
 * @param {RTCPeerConnection} connection
 * @param {import('./quality.js').Limits} limits
 * @param {{ camera: number, screen: number }} heights of the pictures as they are, in pixels
 */
export async function applyLimits(connection, limits, heights) {
  const { audio, video, screen } = linesOf(connection.getTransceivers());
  await change(audio?.sender, encoding => Object.assign(encoding, { maxBitrate: limits.audio, networkPriority: 'high', priority: 'high' }));
  await change(video?.sender, encoding => holdPicture(encoding, limits.camera, heights.camera));
  await change(screen?.sender, encoding => holdPicture(encoding, limits.screen, heights.screen));
}

/** @param {RTCRtpEncodingParameters} encoding @param {PictureLimits | null} limits @param {number} height */
function holdPicture(encoding, limits, height) {
  encoding.active = limits !== null;
  if (!limits) return;
  encoding.maxBitrate = limits.bitrate;
  encoding.maxFramerate = limits.frameRate;
  encoding.scaleResolutionDownBy = Math.max(1, height / limits.height);
}

/** @param {RTCRtpSender | undefined} sender @param {(encoding: RTCRtpEncodingParameters) => void} edit */
async function change(sender, edit) {
  if (!sender?.track) return;
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  if (!encoding) return;
  const before = JSON.stringify(encoding);
  edit(encoding);
  if (JSON.stringify(encoding) === before) return;
  try {
    await sender.setParameters(parameters);
  } catch {
    // The connection changed meanwhile; the next round sees to it.
  }
}
