// One of two members of a call, who has neither camera nor the permission for one: shows a picture of its own
// making. The first one inside lets the other in, who makes the offer. Query: call, policy (iceTransportPolicy).
import { CallChannel } from './js/signaling/call_channel.js';

const query = new URLSearchParams(location.search);

const channel = new CallChannel(location.href, { call: query.get('call') }, {
  createSocket: url => new WebSocket(url),
  setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
  clearTimeout: timer => clearTimeout(timer),
  random: Math.random,
  network: window,
});

const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 72 });
const pen = canvas.getContext('2d');
let hue = 0;
setInterval(() => {
  hue += 10;
  pen.fillStyle = `hsl(${hue} 90% 50%)`;
  pen.fillRect(0, 0, canvas.width, canvas.height);
}, 50);

const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
document.body.append(video);

let connection = null;
const candidates = [];
const errors = [];
const earlyCandidates = [];
let heard = 0; // candidates of the other one

/** Writes down what a connection finds, and what it is told by servers. */
function watch(one, found, refused) {
  one.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate?.candidate) found.push({ type: candidate.type, protocol: candidate.protocol, address: candidate.address });
  });
  one.addEventListener('icecandidateerror', ({ errorCode, url }) => refused.push({ errorCode, url }));
}

function connect() {
  connection = new RTCPeerConnection({ iceServers: channel.iceServers, iceTransportPolicy: query.get('policy') ?? 'all' });
  watch(connection, candidates, errors);
  connection.addEventListener('icecandidate', ({ candidate }) => candidate && channel.message({ candidate: candidate.toJSON() }));
  connection.addEventListener('track', ({ streams }) => { video.srcObject = streams[0]; });
  const stream = canvas.captureStream(10);
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
}

async function send(description) {
  await connection.setLocalDescription(description);
  channel.message({ description: connection.localDescription.toJSON() });
}

// One signal after the other.
let last = Promise.resolve();
channel.on('message', ({ signal }) => { last = last.then(() => receive(signal)); });
async function receive({ description, candidate }) {
  if (description?.type === 'offer') connect();
  if (description) await connection.setRemoteDescription(description);
  if (description?.type === 'offer') await send(await connection.createAnswer());
  if (candidate) {
    heard += 1;
    earlyCandidates.push(candidate);
  }
  if (!connection?.remoteDescription) return;
  for (const one of earlyCandidates.splice(0)) await connection.addIceCandidate(one).catch(() => {}); // a name that nobody knows
}

channel.on('main check answer', ({ seat }) => channel.accept(seat));
channel.on('welcome', ({ state }) => { if (state === 'waiting') channel.ring(); });
channel.on('host agreed', async () => {
  connect();
  await send(await connection.createOffer());
});
channel.open();

globalThis.member = {
  get state() { return channel.gathering.state; },
  get iceServers() { return channel.iceServers; },

  /** What somebody in front of this page could tell, and by which way the picture comes. */
  async look() {
    const reports = await connection?.getStats() ?? new Map();
    let frames = 0;
    let way = null;
    for (const report of reports.values()) {
      if (report.type === 'inbound-rtp') frames += report.framesDecoded ?? 0;
      // Chromium names the pair in the transport, Firefox marks it.
      const pair = report.type === 'transport' ? reports.get(report.selectedCandidatePairId) : report.type === 'candidate-pair' && report.selected ? report : null;
      if (!pair) continue;
      const local = reports.get(pair.localCandidateId);
      const remote = reports.get(pair.remoteCandidateId);
      way = { local: local.candidateType, relayProtocol: local.relayProtocol, remote: remote.candidateType };
    }
    return {
      state: connection?.connectionState ?? 'none', signaling: connection?.signalingState ?? 'none', heard,
      frames, time: video.currentTime, width: video.videoWidth, way, candidates, errors,
    };
  },

  /** What these servers give a connection that would use nothing but relays. */
  async gatherRelays(iceServers) {
    const one = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
    const found = [];
    const refused = [];
    watch(one, found, refused);
    one.createDataChannel('any');
    const complete = new Promise(resolve => one.addEventListener('icegatheringstatechange', () => one.iceGatheringState === 'complete' && resolve()));
    await one.setLocalDescription();
    await complete;
    one.close();
    return { found, refused };
  },
};
