// The page of a call: builds the objects, wires them, and starts.

import { Call } from '../call/call.js';
import { Glance } from '../call/glance.js';
import { Media } from '../call/media.js';
import { Tabs } from '../call/tabs.js';
import { watchWaking } from '../call/waking.js';
import { Invitation } from '../rooms/invitation.js';
import { Profile } from '../rooms/profile.js';
import { rememberRoom } from '../rooms/recent.js';
import { checkName, roomOfPage } from '../rooms/room_name.js';
import { serverConfig } from '../server_config.js';
import { callSocketAddress } from '../signaling/address.js';
import { DeviceDesk } from '../ui/device_desk.js';
import { embedSprite } from '../ui/icon.js';
import { PageView } from '../ui/page_view.js';
import { openStorage } from '../ui/storage.js';
import { missingFeature } from './support.js';

const LATER_STYLES = ['css/dialog.css', 'css/panel.css', 'css/chat-panel.css', 'css/people-panel.css', 'css/details-panel.css', 'css/menu.css'];

/** @param {{ i18n: import('../i18n/i18n.js').I18n, storage: Storage }} parts */
export function startChat({ i18n, storage }) {
  const named = roomOfPage(location.search, document.cookie);
  const nameProblem = checkName(named);
  const room = nameProblem ? '' : named;
  const profile = new Profile(storage);
  /** The proof of the password, once one was needed. @type {string | undefined} */
  let key;

  const clock = {
    /** @type {(action: () => void, milliseconds: number) => number} */
    setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
    /** @type {(timer: number | undefined) => void} */
    clearTimeout: timer => clearTimeout(timer),
    now: () => performance.now(),
  };
  const media = new Media(navigator.mediaDevices, isSecureContext, new MediaStream());
  media.wants = { mic: profile.kept.mic, camera: profile.kept.camera };
  media.choices = { audio: profile.kept.audio, video: profile.kept.video };

  /** @type {import('../signaling/lasting_socket.js').SocketSurroundings} */
  const around = { ...clock, createSocket: url => new WebSocket(url), random: Math.random, network: window };

  // Not needed before somebody joins, and there by then. A server that is away for a moment costs another try.
  const load = () => Promise.all([
    import('../call/session.js'), import('../signaling/call_channel.js'), import('../ui/call_view.js'), import('../ui/side_panels.js'), ...LATER_STYLES.map(loadStyle),
  ]);
  /** @type {ReturnType<typeof load> | null} null: another try is due */
  let loading = null;
  const loaded = () => {
    loading ??= load();
    loading.catch(() => { loading = null; });
    return loading;
  };
  let isShown = false;
  /** @type {import('../call/call.js').CallParts['createSession']} */
  const createSession = async seat => {
    const [session, { CallChannel }, { CallView }, { SidePanels }] = await loaded();
    if (!isShown) new CallView({ ...parts, page: view, panels: new SidePanels({ room, i18n, media, clock }) }).start();
    isShown = true;
    const channel = new CallChannel(location.href, { call: room, name: profile.kept.name, key, token: seat?.token }, around);
    return session.createSession(channel, media, clock, seat);
  };

  /** @type {Tabs} */
  const tabs = new Tabs({
    call: room, wire: 'BroadcastChannel' in window ? new BroadcastChannel(`calls ${new URL('.', location.href).pathname}`) : null,
    isInside: () => call.isInside, giveSeat: () => call.giveSeat(), createId: () => String(crypto.getRandomValues(new Uint32Array(2))),
    setTimeout: clock.setTimeout,
  });
  const feature = missingFeature();
  /** @type {Call} */
  const call = new Call({
    media, tabs, createSession, glance: new Glance(() => callSocketAddress(location.href, { call: room, peek: 1, key }), around), supported: feature === null, now: clock.now,
  });
  const invitation = new Invitation(location.href, room);
  /** @type {import('../ui/page_view.js').ViewParts} */
  const parts = {
    call, media, profile, i18n, nameProblem, feature, invitation,
    devices: new DeviceDesk({ media, profile, i18n }),
    setPassword: async password => { key = (await import('../call/proof.js')).proofOf(room, password); },
  };
  const view = new PageView(parts);
  view.start();
  // The look before joining is painted first. What fails is tried again when it is needed.
  new PerformanceObserver((entries, observer) => {
    if (entries.getEntriesByName('first-contentful-paint').length === 0) return;
    observer.disconnect();
    loaded().catch(() => {});
  }).observe({ type: 'paint', buffered: true });
  embedSprite();

  // A page that is gone is a person who has left: the others need not wait for it.
  addEventListener('pagehide', () => call.leave());
  addEventListener('online', () => call.session?.mesh.networkBack());
  watchWaking(() => {
    call.session?.channel.tryNow();
    call.session?.mesh.networkBack();
  }, { now: Date.now, setTimeout: clock.setTimeout });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return; // awake again, or looked at again
    call.session?.channel.tryNow();
    if (call.session?.peers.all.some(({ state }) => state.phase !== 'connected')) call.session.mesh.networkBack();
  });

  if (!invitation.current.reachable) {
    serverConfig().then(config => invitation.learn(config?.origins ?? []));
  }
  if (room) rememberRoom(storage, room);
  const tab = openStorage('sessionStorage');
  if (tab.length > 0) import('../shell/handover.js').then(({ handOver }) => handOver({ call, i18n, storage: tab })).catch(() => {});

  const start = () => call.dispatch({ type: 'start', room });
  if (window === parent || !/[?&]embed=1(?:&|$)/.test(location.search)) start();
  else import('../embed/frame.js').then(({ startFrame }) => startFrame({ call, media })).finally(start);
}

/** @param {string} href */
function loadStyle(href) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve(undefined));
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${href} could not be loaded`));
    });
  });
}
