import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WATCH_TIMES } from '../../public/js/call/media_watch.js';
import { PeerLink, TIMES as LINK_TIMES } from '../../public/js/call/peer_link.js';
import { REPAIR_TIMES } from '../../public/js/call/repairs.js';
import { Clock, settled } from './support/clock.js';
import { FakeConnection, FakeStream } from './support/fake_connection.js';

const TIMES = { ...LINK_TIMES, ...REPAIR_TIMES, ...WATCH_TIMES };
const MIC = { kind: 'audio', name: 'microphone' };
const CAMERA = { kind: 'video', name: 'camera' };
const SCREEN = { kind: 'video', name: 'screen' };

const tracks = (audio, video, screen = null) => ({ audio, video, screen });

/** Of two, Anna gives way. */
const between = me => ({ peer: me === 'anna' ? 'boris' : 'anna', polite: me === 'anna', key: `key-of-${me}`.padEnd(22, '-') });

/** One link with everything around it. @param {import('../../public/js/call/peer_link.js').Pair} [whose] */
function single(me = 'anna', whose = between(me)) {
  const clock = new Clock();
  const sent = [];
  const connections = [];
  const news = [];
  const state = { hears: true };
  const addresses = [];
  const link = new PeerLink(me, (signal, to) => {
    sent.push(signal);
    addresses.push(to);
    return state.hears;
  }, {
    ...clock,
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection;
    },
    createStream: () => new FakeStream(),
  }, whose);
  for (const name of ['connected', 'unstable', 'failed', 'closed', 'seat']) link.addEventListener(name, () => news.push(name));
  link.setMedia(tracks(MIC, CAMERA), { mic: 'on', camera: 'on' });
  return {
    me, clock, sent, addresses, connections, news, link,
    set hears(value) { state.hears = value; },
    get connection() { return connections.at(-1); },
    get offers() { return sent.filter(signal => signal.type === 'offer'); },
    /** Offers, answers, candidates. */
    get negotiated() { return sent.filter(signal => signal.generation !== undefined); },
  };
}

/** Two links and a wire between them that can be cut; `clock` is one for both. */
function pair(first = 'anna', second = 'boris') {
  return wired(single(first), single(second));
}

function wired(...ends) {
  const done = [0, 0];
  const wire = { whole: true };
  const deliver = async () => {
    for (let moved = true; moved;) {
      moved = false;
      for (const index of [0, 1]) {
        const [from, to] = [ends[index], ends[1 - index]];
        while (done[index] < from.sent.length) {
          const signal = from.sent[done[index]++];
          if (!wire.whole) continue;
          moved = true;
          if (signal === 'got user media') to.link.peerReady();
          else if (signal.type === 'state') to.link.receiveState(structuredClone(signal));
          else to.link.receive(structuredClone(signal));
        }
      }
      await settled();
      moved ||= done.some((count, index) => count < ends[index].sent.length);
    }
  };
  const advance = async milliseconds => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      await Promise.all(ends.map(end => end.clock.advance(500)));
      await deliver();
    }
  };
  return { a: ends[0], b: ends[1], wire, deliver, advance };
}

async function connected(first, second) {
  const both = pair(first, second);
  both.a.link.start({ first: true });
  both.b.link.start({ first: false });
  await both.deliver();
  both.a.connection.become('connected');
  both.b.connection.become('connected');
  return both;
}

const tracksOf = ({ connection }) => connection.getTransceivers().map(one => one.sender.track?.name);

test('the first side offers when the other is ready, the other answers, each with both tracks', async () => {
  const { a, b } = await connected();
  assert.deepEqual(a.connection.history, ['local offer', 'remote answer']);
  assert.deepEqual(b.connection.history, ['remote offer', 'local answer']);
  for (const side of [a, b]) {
    assert.deepEqual(tracksOf(side), ['microphone', 'camera', undefined]);
    assert.ok(side.connection.getTransceivers().every(one => one.direction === 'sendrecv'));
    assert.deepEqual(side.news, ['connected']);
  }
  assert.deepEqual(Object.keys(a.negotiated[0]).sort(), ['generation', 'offer', 'sdp', 'type']);
});

test('without devices both lines are there all the same, and take a camera later', async () => {
  const both = pair();
  both.b.link.setMedia(tracks(null, null), { mic: 'none', camera: 'none' });
  both.a.link.start({ first: true });
  both.b.link.start({ first: false });
  await both.deliver();
  assert.deepEqual(tracksOf(both.b), [undefined, undefined, undefined]);
  both.b.link.setMedia(tracks(null, CAMERA), { mic: 'none', camera: 'on' });
  await settled();
  assert.deepEqual(tracksOf(both.b), [undefined, 'camera', undefined]);
  assert.equal(both.a.negotiated.length + both.b.negotiated.length, 2, 'no new negotiation');
});

test('nothing is sent, and no connection made, before start', async () => {
  const { link, sent, connections } = single();
  link.receive({ type: 'offer', sdp: 'x', generation: 0, offer: 1 });
  link.peerReady();
  await settled();
  assert.deepEqual([sent, connections], [[], []]);
});

test('signals that come before start are kept', async () => {
  const side = single('boris');
  side.link.receive({ type: 'offer', sdp: 'x', generation: 0, offer: 1 });
  side.link.receive({ type: 'candidate', candidate: 'c1', id: '0', label: 0, generation: 0 });
  side.link.start({ first: false });
  await settled();
  assert.deepEqual(side.negotiated.map(signal => signal.type), ['answer']);
  assert.equal(side.connection.candidates.length, 1);
});

test('candidates that overtake the description are kept', async () => {
  const side = single('boris');
  side.link.start({ first: false });
  side.link.receive({ type: 'candidate', candidate: 'c1', id: '0', label: 0, generation: 0 });
  await settled();
  assert.equal(side.connection.candidates.length, 0);
  side.link.receive({ type: 'offer', sdp: 'x', generation: 0, offer: 1 });
  await settled();
  assert.deepEqual(side.connection.candidates.map(one => one.candidate), ['c1']);
});

test('a candidate that does not fit harms nothing', async () => {
  const { a } = await connected();
  a.link.receive({ type: 'candidate', candidate: 'bad', generation: 0 });
  a.link.receive({ type: 'candidate', candidate: 'good', generation: 0 });
  await settled();
  assert.deepEqual(a.connection.candidates.map(one => one.candidate), ['good']);
});

test('the first side offers by itself when it hears nothing; the other one asks again', async () => {
  const first = single('boris');
  first.link.start({ first: true });
  await first.clock.advance(TIMES.patience.first - 1);
  assert.equal(first.offers.length, 0);
  await first.clock.advance(1);
  assert.equal(first.offers.length, 1);
  const second = single('anna');
  second.link.start({ first: false });
  await second.clock.advance(TIMES.patience.second);
  assert.deepEqual([second.offers.length, second.sent.filter(signal => signal === 'got user media').length], [0, 2]);
});

for (const [a, b] of [['anna', 'boris'], ['boris', 'anna']]) {
  test(`glare: both offer at once, one gives way, one pair of lines (${a} first)`, async () => {
    const both = pair(a, b);
    both.a.link.start({ first: true });
    both.b.link.start({ first: true });
    both.a.link.peerReady();
    both.b.link.peerReady();
    await settled();
    assert.deepEqual([both.a.offers.length, both.b.offers.length], [1, 1]);
    await both.deliver();
    for (const side of [both.a, both.b]) {
      assert.equal(side.connection.signalingState, 'stable');
      assert.deepEqual(tracksOf(side), ['microphone', 'camera', undefined]);
    }
    const polite = a < b ? both.a : both.b;
    const other = a < b ? both.b : both.a;
    assert.deepEqual(polite.connection.history, ['local offer', 'remote offer', 'local answer']);
    assert.deepEqual(other.connection.history, ['local offer', 'remote answer']);
  });
}

test('an answer to an older offer is ignored', async () => {
  const { a } = await connected();
  a.link.networkBack();
  a.link.networkBack();
  await settled();
  assert.deepEqual(a.offers.map(one => one.offer), [1, 2, 3]);
  a.link.receive({ type: 'answer', sdp: 'old', generation: 0, offer: 2 });
  await settled();
  assert.equal(a.connection.signalingState, 'have-local-offer');
  a.link.receive({ type: 'answer', sdp: 'new', generation: 0, offer: 3 });
  await settled();
  assert.equal(a.connection.remoteDescription.sdp, 'new');
});

test('a plain answer, without a number, is taken', async () => {
  const side = single();
  side.link.start({ first: true });
  side.link.peerReady();
  await settled();
  side.link.receive({ type: 'answer', sdp: 'plain' });
  await settled();
  assert.equal(side.connection.remoteDescription.sdp, 'plain');
});

test('signals of an older generation are ignored', async () => {
  const { a } = await connected();
  a.link.generation = 2;
  a.link.receive({ type: 'offer', sdp: 'old', generation: 1, offer: 1 });
  await settled();
  assert.equal(a.connection.history.length, 2);
});

test('signaling is back while a restart offer waits: rolled back and made anew', async () => {
  const { a, b, wire, deliver } = await connected();
  wire.whole = false;
  a.link.networkBack();
  await deliver();
  assert.equal(a.connection.signalingState, 'have-local-offer');
  wire.whole = true;
  a.link.signalingBack();
  await deliver();
  assert.deepEqual(a.connection.history.slice(2), ['local offer', 'local rollback', 'local offer', 'remote answer']);
  assert.deepEqual([a.connection.signalingState, b.connection.signalingState], ['stable', 'stable']);
  assert.equal(a.connections.length, 1);
});

test('signaling is back while the first offer waits: a new connection, for a rollback would cost the data channel', async () => {
  const both = pair();
  both.a.link.start({ first: true });
  both.b.link.start({ first: false });
  both.wire.whole = false;
  both.a.link.peerReady();
  await both.deliver();
  assert.equal(both.a.connection.signalingState, 'have-local-offer');
  both.wire.whole = true;
  both.a.link.signalingBack();
  await both.deliver();
  assert.equal(both.a.connections.length, 2);
  assert.deepEqual(both.a.connection.history, ['local offer', 'remote answer']);
  assert.equal(both.b.connection.signalingState, 'stable');
  assert.deepEqual([both.a.link.generation, both.b.link.generation], [1, 1]);
  assert.deepEqual([tracksOf(both.a), tracksOf(both.b)], Array(2).fill(['microphone', 'camera', undefined]));
});

test('signaling is back for the side that answers: it asks for an offer', async () => {
  const both = pair();
  both.a.link.start({ first: true });
  both.b.link.start({ first: false });
  both.a.link.peerReady();
  await settled();
  both.wire.whole = false;
  await both.deliver(); // the first offer is lost
  both.wire.whole = true;
  both.b.link.signalingBack();
  await both.deliver();
  assert.equal(both.b.connection.signalingState, 'stable');
  assert.equal(both.b.connection.remoteDescription.type, 'offer');
});

test('signaling is back while all is well: nothing is sent', async () => {
  const { a, b, deliver } = await connected();
  const before = [a.sent.length, b.sent.length];
  a.link.signalingBack();
  b.link.signalingBack();
  await deliver();
  assert.deepEqual([a.sent.length, b.sent.length], before);
});

test('disconnected for 3 s: one side restarts ICE, and only one', async () => {
  const { a, b, advance, deliver } = await connected();
  a.connection.become('disconnected');
  b.connection.become('disconnected');
  await advance(TIMES.restartAfter - 500);
  assert.equal(a.offers.length, 1);
  await advance(1000);
  await deliver();
  assert.ok(a.offers.length > 1);
  assert.match(a.offers.at(-1).sdp, /restart/);
  assert.equal(b.offers.length, 0);
  assert.ok(b.sent.includes('got user media'));
  assert.deepEqual(a.news, ['connected', 'unstable']);
});

test('a restart offer that is not answered within 5 s is made anew, until it is', async () => {
  const { a, wire, deliver, advance } = await connected();
  wire.whole = false;
  a.link.networkBack();
  await deliver();
  a.connection.packets = 1;
  await a.clock.advance(TIMES.answerWithin - 1);
  assert.equal(a.offers.length, 2);
  wire.whole = true;
  await a.clock.advance(1);
  await deliver();
  assert.equal(a.offers.length, 3);
  assert.equal(a.connection.signalingState, 'stable');
  a.connection.packets = 2;
  await advance(8000);
  assert.equal(a.offers.length, 3);
});

test('disconnected for 11 s in spite of two restarts: a new connection, once somebody hears us', async () => {
  for (const heard of [true, false]) {
    const side = single();
    side.hears = true;
    side.link.start({ first: false });
    side.link.receive({ type: 'offer', sdp: 'x', generation: 0, offer: 1 });
    await settled();
    side.connection.become('connected');
    side.connection.become('disconnected');
    side.hears = heard;
    await side.clock.advance(TIMES.restartAfter + 2 * TIMES.insistEvery - 1);
    assert.equal(side.sent.filter(signal => signal === 'got user media').length, 3);
    assert.equal(side.connections.length, 1);
    await side.clock.advance(1);
    assert.equal(side.connections.length, heard ? 2 : 1);
    side.hears = true;
    await side.clock.advance(2 * TIMES.insistEvery);
    assert.ok(side.connections.length >= 2);
    side.link.stop();
  }
});

test('disconnected for a moment: no restart', async () => {
  const { a, advance } = await connected();
  a.connection.become('disconnected');
  await advance(2000);
  a.connection.become('connected');
  a.connection.packets = 1;
  await advance(TIMES.quietAfter);
  assert.equal(a.offers.length, 1);
  assert.deepEqual(a.news, ['connected', 'unstable', 'connected']);
});

test('the network is back: a restart at once', async () => {
  const { a, b, deliver } = await connected();
  a.link.networkBack();
  await deliver();
  assert.equal(a.offers.length, 2);
  b.link.networkBack();
  await deliver();
  assert.equal(a.offers.length, 3);
  assert.equal(b.offers.length, 0);
});

test('failed: both sides get a new connection with a new generation, and it is tried again', async () => {
  const { a, b, deliver, advance } = await connected();
  const old = [a.connection, b.connection];
  a.connection.become('failed');
  await deliver();
  assert.ok(old.every(connection => connection.closed));
  assert.deepEqual([a.link.generation, b.link.generation], [1, 1]);
  assert.deepEqual([a.connections.length, b.connections.length], [2, 2]);
  assert.deepEqual(tracksOf(a), ['microphone', 'camera', undefined]);
  assert.deepEqual(tracksOf(b), ['microphone', 'camera', undefined]);
  await advance(TIMES.replaceEvery);
  assert.deepEqual([a.link.generation, b.link.generation], [2, 2]);
  a.connection.become('connected');
  b.connection.become('connected');
  const made = a.connections.length;
  for (let second = 0; second < 8; second += 1) {
    a.connection.packets += 10;
    await advance(1000);
  }
  assert.equal(a.connections.length, made, 'no more tries once it works');
  assert.equal(a.news.at(-1), 'connected');
});

test('each new connection fails at once, on both sides: no storm, and more time from try to try', async () => {
  const { a, b, deliver, advance } = await connected();
  const failAll = async () => {
    for (const side of [a, b]) if (!['failed', 'closed'].includes(side.connection.connectionState)) side.connection.become('failed');
    await deliver();
  };
  const made = async seconds => {
    const before = a.connections.length;
    for (const end = a.clock.now() + 1000 * seconds; a.clock.now() < end;) {
      await failAll();
      await advance(500);
    }
    return a.connections.length - before;
  };
  const first = await made(15);
  assert.ok(first >= 2 && first <= 6, `${first} in the first 15 s`);
  await made(45);
  const later = await made(60);
  assert.ok(later >= 2 && later <= 4, `${later} in a minute`);
  for (const side of [a, b]) side.connection.become('connected');
  assert.equal(a.news.at(-1), 'connected');
});

test('a connection that has worked and fails right away is not replaced at once a second time', async () => {
  const { a, advance, deliver } = await connected();
  a.connection.become('failed');
  await deliver();
  a.connection.become('connected');
  a.connection.become('failed');
  await deliver();
  assert.equal(a.connections.length, 2);
  await advance(TIMES.replaceEvery);
  assert.equal(a.connections.length, 3);
});

test('failed on both sides at once: they agree on one', async () => {
  const { a, b, deliver } = await connected();
  a.connection.become('failed');
  b.connection.become('failed');
  await deliver();
  assert.equal(a.link.generation, b.link.generation);
  assert.deepEqual([a.connection.signalingState, b.connection.signalingState], ['stable', 'stable']);
});

test('connected, but packets stand still for 10 s: a new connection; for 8 s: none', async () => {
  const { a } = await connected();
  a.connection.packets = 100;
  await a.clock.advance(TIMES.watchEvery);
  await a.clock.advance(8000);
  assert.equal(a.connections.length, 1);
  await a.clock.advance(2000);
  assert.equal(a.connections.length, 2);
  assert.ok(a.news.includes('unstable'));
});

test('no packets for 3 s: unstable, and connected again with the next ones', async () => {
  const { a } = await connected();
  a.connection.packets = 100;
  await a.clock.advance(TIMES.watchEvery);
  await a.clock.advance(TIMES.quietAfter - 1);
  assert.deepEqual(a.news, ['connected']);
  await a.clock.advance(1);
  assert.deepEqual(a.news, ['connected', 'unstable']);
  await a.clock.advance(2 * TIMES.watchEvery);
  a.connection.packets += 1;
  await a.clock.advance(TIMES.watchEvery);
  assert.deepEqual(a.news, ['connected', 'unstable', 'connected']);
  assert.equal(a.connections.length, 1);
});

test('packets that grow, and a page that has nothing to send, are left alone', async () => {
  const { a, b } = await connected();
  for (let second = 0; second < 30; second += 1) {
    a.connection.packets += 10;
    await a.clock.advance(1000);
  }
  assert.equal(a.connections.length, 1);
  b.connection.packets = 5;
  await b.clock.advance(2000);
  b.connection.channel.hear(JSON.stringify({ mic: 'none', camera: 'off' }));
  await b.clock.advance(30_000);
  assert.equal(b.connections.length, 1);
});

test('what is switched on is told over the data channel, and only words of it are believed', async () => {
  const { a, b } = await connected();
  const who = { seat: 'anna', peerKey: between('anna').key };
  a.connection.channel.become('open');
  assert.deepEqual(JSON.parse(a.connection.channel.sent[0]), { mic: 'on', camera: 'on', ...who });
  a.link.setMedia(tracks(MIC, null), { mic: 'off', camera: 'off' });
  assert.deepEqual(JSON.parse(a.connection.channel.sent[1]), { mic: 'off', camera: 'off', ...who });
  b.connection.channel.hear(a.connection.channel.sent[1]);
  assert.deepEqual(b.link.remoteDevices, { mic: 'off', camera: 'off' });
  for (const nonsense of ['{"mic":"loud","camera":"on"}', '[', 'null', new ArrayBuffer(2)]) b.connection.channel.hear(nonsense);
  assert.deepEqual(b.link.remoteDevices, { mic: 'off', camera: 'off' });
});

/** The other side's tracks come, as a browser tells of them. */
function gives({ connection }) {
  const lines = connection.getTransceivers();
  lines.forEach((line, index) => { line.mid = String(index); });
  for (const transceiver of lines) connection.dispatchEvent(Object.assign(new Event('track'), { track: transceiver.receiver.track, transceiver }));
  return lines.map(({ receiver }) => receiver.track);
}

test('a screen goes out beside the camera, and comes in as a picture of its own; nothing is negotiated for it', async () => {
  const { a, b } = await connected();
  const before = a.negotiated.length + b.negotiated.length;
  a.link.setMedia(tracks(MIC, CAMERA, SCREEN), { mic: 'on', camera: 'on', screen: true });
  await settled();
  assert.deepEqual(tracksOf(a), ['microphone', 'camera', 'screen']);
  a.link.setMedia(tracks(MIC, CAMERA), { mic: 'on', camera: 'on', screen: false });
  await settled();
  assert.deepEqual(tracksOf(a), ['microphone', 'camera', undefined]);
  assert.equal(a.negotiated.length + b.negotiated.length, before);
});

test('a page that does not tell is judged by its tracks', async () => {
  const a = single();
  a.link.start({ first: true });
  a.link.peerReady();
  await settled();
  const [audio, video, screen] = gives(a);
  let told = 0;
  a.link.addEventListener('devices', () => { told += 1; });
  assert.deepEqual(a.link.remoteDevices, { mic: 'off', camera: 'off' });
  assert.deepEqual(a.link.remoteStream.getTracks(), [audio], 'a picture that does not move would hold the sound back');
  video.muted = false;
  video.dispatchEvent(new Event('unmute'));
  assert.deepEqual(a.link.remoteDevices, { mic: 'off', camera: 'on' });
  assert.equal(told, 1);
  assert.deepEqual(a.link.remoteStream.getTracks(), [audio, video]);
  assert.deepEqual(a.link.remoteScreen.getTracks(), []);
  screen.dispatchEvent(new Event('unmute'));
  assert.deepEqual([a.link.remoteScreen.getTracks(), a.link.remoteStream.getTracks()], [[screen], [audio, video]]);
});

test('the other side closes without a word: told after 2 s, unless a new generation begins', async () => {
  const { a, b, deliver } = await connected();
  a.connection.channel.become('closed');
  await a.clock.advance(TIMES.closedAfter - 1);
  b.connection.become('failed');
  await deliver();
  await a.clock.advance(5000);
  assert.ok(!a.news.includes('closed'));
  a.connection.channel.become('closed');
  await a.clock.advance(TIMES.closedAfter);
  assert.ok(a.news.includes('closed'));
});

test('stop leaves nothing running and says nothing more', async () => {
  const { a, deliver } = await connected();
  const before = a.sent.length;
  a.connection.become('disconnected');
  a.link.stop();
  assert.ok(a.connection.closed);
  assert.deepEqual(a.clock.waiting, []);
  a.link.receive({ type: 'offer', sdp: 'x', generation: 5, offer: 1 });
  a.link.networkBack();
  a.link.signalingBack();
  await deliver();
  await a.clock.advance(60_000);
  assert.equal(a.sent.length, before);
  assert.equal(a.connections.length, 1);
});

test('an offer that was answered makes its side the one that restarts, whoever was to begin', async () => {
  const both = pair('boris', 'anna');
  both.a.link.start({ first: true });
  both.b.link.start({ first: true });
  both.a.link.peerReady();
  both.b.link.peerReady();
  await both.deliver();
  for (const side of [both.a, both.b]) side.connection.become('connected');
  const before = [both.a.offers.length, both.b.offers.length];
  for (const side of [both.a, both.b]) side.link.networkBack();
  await settled();
  assert.deepEqual([both.a.offers.length, both.b.offers.length], [before[0] + 1, before[1]]);
  assert.equal(both.b.sent.at(-1), 'got user media');
});

test('signaling is back while disconnected: a restart at once, offered by one side and asked for by the other', async () => {
  const { a, b, deliver } = await connected();
  for (const side of [a, b]) side.connection.become('disconnected');
  for (const side of [a, b]) side.link.signalingBack();
  await settled();
  assert.deepEqual([a.offers.length, b.offers.length], [2, 0]);
  assert.match(a.offers[1].sdp, /restart/);
  assert.equal(b.sent.at(-1), 'got user media');
  await deliver();
  assert.deepEqual([a.connection.signalingState, b.connection.signalingState], ['stable', 'stable']);
});

test('another tab takes a seat over: it offers at once, whoever was to begin, and the other side takes the new connection', async () => {
  for (const which of ['a', 'b']) {
    const both = await connected();
    const gone = both[which];
    const stays = both[which === 'a' ? 'b' : 'a'];
    gone.link.stop();
    stays.sent.length = 0; // has arrived
    const heir = single(gone.me, { ...between(gone.me), key: gone.link.key });
    const { deliver } = wired(...(which === 'a' ? [heir, stays] : [stays, heir]));
    heir.link.takeOver(gone.link.generation);
    heir.link.start({ first: which === 'a' });
    await deliver();
    assert.deepEqual([heir.link.generation, stays.link.generation, stays.connections.length], [1, 1, 2]);
    assert.deepEqual([heir.connection.signalingState, stays.connection.signalingState], ['stable', 'stable']);
    assert.deepEqual(heir.offers.length, 1);
    assert.ok(!stays.news.includes('unstable') && !stays.news.includes('closed'), 'nobody notices');
  }
});

test('without a socket for a minute a connection that works is not touched', async () => {
  const { a, b, wire } = await connected();
  wire.whole = false;
  const before = [a.sent.length, b.sent.length];
  for (const side of [a, b]) {
    side.hears = false;
    for (let second = 0; second < 60; second += 1) {
      side.connection.packets += 1;
      await side.clock.advance(1000);
    }
    assert.deepEqual([side.connections.length, side.connection.closed, side.connection.history.length], [1, false, 2]);
  }
  assert.deepEqual([a.sent.length, b.sent.length], before);
});

test('every description and candidate carries its generation and offers their number', async () => {
  const { a, b, deliver } = await connected();
  a.connection.become('failed');
  await deliver();
  a.connection.gather('candidate:a');
  b.connection.gather('candidate:b');
  for (const side of [a, b]) {
    const signals = side.sent.filter(({ type }) => ['offer', 'answer', 'candidate'].includes(type));
    assert.ok(signals.every(signal => Number.isInteger(signal.generation)));
    assert.ok(signals.filter(signal => signal.type !== 'candidate').every(signal => signal.offer >= 1));
    assert.deepEqual([signals[0].generation, signals.at(-1).generation, signals.at(-1).type], [0, 1, 'candidate']);
  }
});

test('the frames of an ICE restart are lost: the old connection is not thrown away, and offered again', async () => {
  const { a, b, wire, deliver } = await connected();
  wire.whole = false;
  a.link.networkBack();
  await deliver();
  wire.whole = true;
  a.link.renegotiate();
  await deliver();
  assert.deepEqual([a.connections.length, b.connections.length], [1, 1]);
  assert.deepEqual([a.connection.signalingState, b.connection.signalingState], ['stable', 'stable']);
});

// Two seats of a call: Anna was admitted first, so Boris offers first and gives way.

const ANNA = 'seat-of-anna';
const BORIS = 'seat-of-boris';
const KEYS = { anna: 'k'.repeat(21) + 'a', boris: 'k'.repeat(21) + 'b' };

const seats = () => wired(
  single(ANNA, { peer: BORIS, polite: false, key: KEYS.anna }),
  single(BORIS, { peer: ANNA, polite: true, key: KEYS.boris }),
);

async function talking() {
  const both = seats();
  both.a.link.start({ first: false });
  both.b.link.start({ first: true });
  await both.deliver();
  for (const side of [both.a, both.b]) side.connection.become('connected');
  return both;
}

/** What is said over the data channel arrives. */
function openChannels(...sides) {
  for (const [index, side] of sides.entries()) {
    const other = sides[1 - index];
    const { channel } = side.connection;
    channel.send = text => other.connection.channel.hear(text);
  }
  for (const side of sides) side.connection.channel.become('open');
}

test('call: who came later offers as soon as the other is ready; nothing names an address, the channel does that', async () => {
  const { a, b } = await talking();
  assert.deepEqual([a.offers.length, b.offers.length], [0, 1]);
  assert.deepEqual([a.connection.signalingState, b.connection.signalingState], ['stable', 'stable']);
  assert.ok(a.addresses.every(to => to === BORIS) && b.addresses.every(to => to === ANNA));
  for (const signal of [...a.sent, ...b.sent]) assert.equal(signal.from ?? signal.to, undefined);
  assert.deepEqual(a.sent[0], { type: 'state', audio: true, video: true, screen: false, peerKey: KEYS.anna });
});

test('call: who was there first never begins, but asks again, however long the other one takes', async () => {
  const both = seats();
  both.a.link.start({ first: false });
  await both.a.clock.advance(2 * TIMES.patience.second);
  assert.equal(both.a.offers.length, 0);
  assert.equal(both.a.sent.filter(signal => signal === 'got user media').length, 3);
  await both.deliver(); // kept, for Boris is not ready
  both.b.link.start({ first: true });
  await both.deliver();
  assert.deepEqual([both.a.connection.signalingState, both.b.offers.length], ['stable', 1]);
  const asked = both.a.sent.length;
  await both.a.clock.advance(60_000);
  assert.equal(both.a.sent.length, asked, 'no more once there was an offer');
});

test('call: a `from` inside a signal changes nothing', async () => {
  const { a } = await talking();
  a.link.receive({ type: 'candidate', candidate: 'c', from: 'seat-of-mallory', generation: 0 });
  await settled();
  a.connection.gather('candidate:1');
  assert.equal(a.addresses.at(-1), BORIS);
  assert.equal(a.link.peer, BORIS);
});

test('call: a pair that never had a connection is tried again every 5 s, until it has one', async () => {
  const { a, b, deliver, advance } = seats();
  a.link.start({ first: false });
  b.link.start({ first: true });
  await deliver();
  a.connection.become('failed');
  await deliver();
  assert.equal(a.connections.length, 2);
  await advance(TIMES.replaceEvery);
  assert.equal(a.connections.length, 3);
  for (const side of [a, b]) {
    side.connection.become('connected');
    side.connection.packets = 1;
  }
  await advance(8000);
  assert.equal(a.connections.length, 3);
});

test('call: what the other one has switched on is told by the server too, his screen as well', async () => {
  const { a, b, deliver } = await talking();
  assert.deepEqual(b.link.remoteDevices, { mic: 'on', camera: 'on', screen: false });
  let told = 0;
  b.link.addEventListener('devices', () => { told += 1; });
  a.link.setMedia(tracks(MIC, CAMERA), { mic: 'on', camera: 'on', screen: true });
  await deliver();
  assert.equal(b.link.remoteDevices.screen, true);
  assert.equal(told, 1);
});

test('call: after a restart of the server the old connection confirms the new seat, and goes on', async () => {
  const { a, b, deliver } = await talking();
  openChannels(a, b);
  assert.equal(a.link.confirms('seat-boris-2'), false);
  b.link.enterAs('seat-boris-2');
  assert.equal(a.news.at(-1), 'seat');
  assert.equal(a.link.confirms('seat-boris-2'), true);
  assert.equal(a.link.confirms('seat-boris-3'), false);
  const before = [a.connections.length, a.connection.history.length];
  a.link.moveTo('seat-boris-2', { polite: true });
  await deliver();
  a.connection.gather('candidate:1');
  assert.equal(a.addresses.at(-1), 'seat-boris-2');
  assert.deepEqual([a.connections.length, a.connection.history.length], before, 'media never stops');
});

test('call: the seats of before are known, however the server was restarted; only the last one is confirmed', async () => {
  const { a, b } = await talking();
  openChannels(a, b);
  assert.deepEqual([a.link.knows(BORIS), a.link.knows('seat-boris-2')], [true, false]);
  for (let turn = 2; turn <= 12; turn += 1) b.link.enterAs(`seat-boris-${turn}`);
  for (const turn of [3, 11, 12]) assert.equal(a.link.knows(`seat-boris-${turn}`), true);
  assert.equal(a.link.knows('seat-boris-2'), false, 'not without end');
  assert.deepEqual([a.link.confirms('seat-boris-11'), a.link.confirms('seat-boris-12')], [false, true]);
});

test('call: a connection that is gone confirms nobody', async () => {
  const { a, b } = await talking();
  openChannels(a, b);
  b.link.enterAs('seat-boris-2');
  a.connection.become('disconnected');
  assert.equal(a.link.confirms('seat-boris-2'), true, 'it may heal');
  a.connection.become('failed');
  assert.equal(a.link.confirms('seat-boris-2'), false);
  a.link.stop();
  assert.equal(a.link.confirms('seat-boris-2'), false);
});

test('call: the key that was told first stays; another one on the data channel claims nothing', async () => {
  const { a, b } = await talking();
  a.link.receiveState({ type: 'state', audio: true, video: true, screen: false, peerKey: 'x'.repeat(22) });
  a.connection.channel.hear(JSON.stringify({ mic: 'on', camera: 'on', seat: 'seat-mallory', peerKey: 'x'.repeat(22) }));
  assert.equal(a.link.confirms('seat-mallory'), false);
  openChannels(a, b);
  b.link.enterAs('seat-boris-2');
  assert.equal(a.link.confirms('seat-boris-2'), true);
});

test('a restart offer that nobody takes is taken back: the old paths may come back by themselves', async () => {
  const both = await talking();
  const { b, wire, deliver } = both;
  b.hears = false;
  wire.whole = false;
  b.connection.become('disconnected');
  await b.clock.advance(TIMES.restartAfter + 5 * TIMES.insistEvery);
  assert.deepEqual(b.connection.history.slice(-2), ['local offer', 'local rollback']);
  assert.deepEqual([b.connection.signalingState, b.connections.length], ['stable', 1]);
  b.hears = true;
  wire.whole = true;
  b.link.signalingBack();
  await deliver();
  assert.deepEqual(b.connection.history.slice(-2), ['local offer', 'remote answer']);
});
