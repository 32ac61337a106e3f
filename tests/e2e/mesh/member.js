// One member of a call: the pages' modules as they are, put together as a page would, a video element for
// each link, and notes of everything that a test may want to know. Query: call, name.
import { CallChannel } from './js/signaling/call_channel.js';
import { hostOf } from './js/signaling/gathering.js';
import { Mesh } from './js/call/mesh.js';
import { PeerLink } from './js/call/peer_link.js';

const PICTURE = { width: 96, height: 72, frameRate: 5 };
const TOLD = [
  'welcome', 'refused', 'main check answer', 'ring ended', 'host agreed', 'peer joined', 'peer left', 'peer away', 'peer back', 'host',
  'door', 'error', 'unsent',
];

const query = new URLSearchParams(location.search);
const clock = {
  setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
  clearTimeout: timer => clearTimeout(timer),
  now: () => performance.now(),
};

const channel = new CallChannel(location.href, { call: query.get('call'), name: query.get('name') }, {
  ...clock, createSocket: url => new WebSocket(url), random: Math.random, network: window,
});

/** What the server told, and when: the clocks of all pages are the one of the machine. */
const events = [];
for (const name of TOLD) channel.on(name, detail => events.push({ name, detail, at: Date.now() }));

let connectionsMade = 0;
/** The connections of each link, the newest last. */
const connections = new Map();

const mesh = new Mesh({
  ...clock,
  channel,
  createLink: (me, send, pair) => {
    const made = [];
    const link = new PeerLink(me, send, {
      ...clock,
      createConnection: () => {
        connectionsMade += 1;
        made.push({ id: connectionsMade, connection: new RTCPeerConnection({ iceServers: channel.iceServers }) });
        return made.at(-1).connection;
      },
      createStream: () => new MediaStream(),
    }, pair);
    connections.set(link, made);
    return link;
  },
  createKey: () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join(''),
});

// Tiles

let tilesMade = 0;
/** By link. @type {Map<PeerLink, { video: HTMLVideoElement, names: Set<string>, shown: number, movedAt: number, longestStill: number }>} */
const tiles = new Map();

function showTiles() {
  const links = new Set(mesh.links.values());
  for (const [link, tile] of tiles) {
    if (links.has(link)) continue;
    tile.video.remove();
    tiles.delete(link);
  }
  for (const [seat, link] of mesh.links) {
    if (!tiles.has(link)) {
      tilesMade += 1;
      const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true, srcObject: link.remoteStream });
      document.body.append(video);
      tiles.set(link, { video, names: new Set(), shown: 0, movedAt: performance.now(), longestStill: 0 });
    }
    const member = channel.gathering.members.find(one => one.seat === seat);
    if (member) tiles.get(link).names.add(member.name);
  }
}
mesh.addEventListener('change', showTiles);
channel.addEventListener('change', showTiles);

// The time of a stream's element goes on without pictures, so they are counted.
setInterval(() => {
  const now = performance.now();
  for (const tile of tiles.values()) {
    tile.longestStill = Math.max(tile.longestStill, now - tile.movedAt);
    const shown = tile.video.getVideoPlaybackQuality().totalVideoFrames;
    if (shown === tile.shown) continue;
    tile.shown = shown;
    tile.movedAt = now;
  }
}, 100);

async function lookAt([seat, link]) {
  const { video, names, longestStill } = tiles.get(link);
  const { id, connection } = connections.get(link).at(-1) ?? {};
  const seen = { frames: 0, energy: 0, address: undefined };
  const reports = await connection?.getStats() ?? new Map();
  for (const report of reports.values()) {
    if (report.type === 'transport') {
      const path = reports.get(report.selectedCandidatePairId);
      seen.address = reports.get(path?.localCandidateId)?.address;
    } else if (report.type === 'inbound-rtp') {
      seen.frames += report.framesDecoded ?? 0;
      seen.energy += report.totalAudioEnergy ?? 0;
    }
  }
  return {
    seat, names: [...names], connection: id, state: connection?.connectionState, ...seen,
    time: video.currentTime, width: video.videoWidth, longestStill: Math.round(longestStill),
  };
}

globalThis.member = {
  channel,
  mesh,
  events,

  /** Opens camera (and microphone) for the mesh. */
  async openMedia({ sound }) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: PICTURE, audio: sound });
    const [audio = null] = stream.getAudioTracks();
    mesh.setMedia({ audio, video: stream.getVideoTracks()[0], screen: null }, { mic: audio ? 'on' : 'none', camera: 'on' });
  },

  /** What somebody in front of this page could tell. */
  async look() {
    const { state, me, members, rings } = channel.gathering;
    const nameOf = seat => members.find(one => one.seat === seat)?.name ?? null;
    return {
      socket: channel.state, state, me, rings, members: members.map(({ name, seat, away }) => ({ name, seat, away })),
      host: nameOf(hostOf(channel.gathering)), strangers: mesh.strangers.size, tilesMade, connectionsMade,
      tiles: await Promise.all([...mesh.links].map(lookAt)),
    };
  },

  forgetStandstills() {
    for (const tile of tiles.values()) Object.assign(tile, { longestStill: 0, movedAt: performance.now() });
  },
};

addEventListener('online', () => {
  events.push({ name: 'online', at: Date.now() });
  mesh.networkBack();
});
