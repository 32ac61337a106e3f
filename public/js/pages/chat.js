// The page of a call: builds the objects, wires them, and starts.

import '../ui/call-controls.js';
import '../ui/problem-card.js';
import '../ui/ring-dialog.js';
import '../ui/status-bars.js';
import '../ui/video-tile.js';
import { Call } from '../call/call.js';
import { Media } from '../call/media.js';
import { PeerLink } from '../call/peer_link.js';
import { rememberRoom, wasCreatedHere } from '../rooms/recent.js';
import { checkName, roomOfPage } from '../rooms/room_name.js';
import { invitationAddress, socketAddress } from '../signaling/address.js';
import { SignalingChannel } from '../signaling/channel.js';
import { CallView } from '../ui/call_view.js';
import { embedSprite } from '../ui/icon.js';
import { missingFeature } from './support.js';

/** No server of others is asked for addresses: on one network, or with open addresses, none is needed. */
const CONFIGURATION = { iceServers: [] };

/** @param {{ i18n: import('../i18n/i18n.js').I18n, storage: Storage, session: Storage }} parts */
export function startChat({ i18n, storage, session }) {
  const named = roomOfPage(location.search, document.cookie);
  const nameProblem = checkName(named);
  const room = nameProblem ? '' : named;

  const clock = {
    /** @type {(action: () => void, milliseconds: number) => number} */
    setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
    /** @type {(timer: number | undefined) => void} */
    clearTimeout: timer => clearTimeout(timer),
    now: () => performance.now(),
  };
  const channel = new SignalingChannel(socketAddress(location.href, room), {
    ...clock, createSocket: url => new WebSocket(url), random: Math.random, network: window,
  });
  const media = new Media(navigator.mediaDevices, isSecureContext, new MediaStream());
  const me = randomId();
  const feature = missingFeature();
  const call = new Call(me, {
    channel,
    media,
    createLink: send => new PeerLink(me, send, {
      ...clock,
      createConnection: () => new RTCPeerConnection(CONFIGURATION),
      createStream: () => new MediaStream(),
    }),
    supported: feature === null,
  });
  const view = new CallView({ call, channel, media, i18n, nameProblem, feature, link: invitationAddress(location.href, room) });
  view.start();
  embedSprite();

  // The server tells nobody who has gone, so the page does it while it still can.
  addEventListener('pagehide', () => call.leave());
  addEventListener('online', () => call.link?.networkBack());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return; // awake again, or looked at again
    channel.tryNow();
    if (!call.state.steady) call.link?.networkBack();
  });

  if (room) rememberRoom(storage, room);
  call.dispatch({ type: 'start', room, created: wasCreatedHere(session, room) });
}

function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
