// The others as they are shown: one entry for each connection, with what is to be said of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NEW_PEER, nextPeer, PEER_TIMES } from '../../public/js/call/peer.js';
import { Peers } from '../../public/js/call/peers.js';
import { I18n, loadLanguage } from '../../public/js/i18n/i18n.js';
import { peerWords, screenWords } from '../../public/js/ui/peer_words.js';
import { BORIS, channelOnFakes, CLARA, ME, member } from './support/call_socket.js';

// One connection

const after = (...events) => events.reduce((state, event) => nextPeer(state, event).state, NEW_PEER);

test('connecting, connected, unstable, connected again', () => {
  assert.deepEqual(nextPeer(NEW_PEER, 'connected'), { state: { phase: 'connected', everConnected: true }, timer: null });
  assert.deepEqual([after('connected', 'unstable').phase, nextPeer(after('connected'), 'unstable').timer], ['unstable', PEER_TIMES.recover]);
  assert.equal(after('connected', 'unstable', 'connected').phase, 'connected');
});

test('no path: said when it failed, or when it took too long; a way back stays open', () => {
  assert.equal(after('failed').phase, 'no-path');
  assert.equal(after('retry', 'timeout').phase, 'no-path');
  assert.equal(nextPeer(after('failed'), 'retry').timer, PEER_TIMES.connect);
  assert.equal(after('failed', 'connected').phase, 'connected');
  assert.ok(PEER_TIMES.connect < 15_000);
});

test('one that has worked is unstable first, and given up only later', () => {
  assert.equal(after('connected', 'failed').phase, 'unstable');
  assert.equal(after('connected', 'failed', 'timeout').phase, 'lost');
  assert.equal(after('connected', 'failed', 'timeout', 'connected').phase, 'connected');
  assert.equal(after('connected', 'timeout').phase, 'connected');
  assert.equal(nextPeer(after('connected', 'unstable'), 'unstable').timer, undefined, 'the time is not counted anew');
});

// All of them

class Link extends EventTarget {
  remoteDevices = { mic: 'on', camera: 'on' };
  remoteStream = {};
  level = 0;
  renegotiated = 0;
  senders = [];
  stats = [];

  renegotiate() { this.renegotiated += 1; }

  connection = {
    connectionState: 'connected',
    getReceivers: () => [{ track: { kind: 'audio' }, getSynchronizationSources: () => [{ audioLevel: this.level }] }],
    getTransceivers: () => this.senders.map(own => ({ sender: own, receiver: { track: { kind: own.track.kind } }, direction: 'sendrecv' })),
    getStats: async () => new Map(this.stats.entries()),
  };
}

function sender(kind) {
  const parameters = { encodings: [{ active: true }] };
  return { track: { kind }, parameters, getParameters: () => structuredClone(parameters), setParameters: async changed => { Object.assign(parameters, changed); } };
}

function setUp() {
  const one = channelOnFakes();
  const mesh = Object.assign(new EventTarget(), { links: new Map(), strangers: new Set() });
  const peers = new Peers({ ...one.clock, channel: one.channel, mesh, heights: () => ({ camera: 720, screen: 0 }) });
  one.enter({ members: [member(BORIS, 'Boris', { host: true }), member(ME, 'Anna')] });
  const meet = seat => {
    const link = new Link();
    mesh.links.set(seat, link);
    mesh.dispatchEvent(new Event('change'));
    return link;
  };
  return { ...one, hear: one.hear.bind(one), mesh, peers, meet };
}

test('who is connected, who is host, who is away', () => {
  const { peers, meet, hear } = setUp();
  const link = meet(BORIS);
  assert.deepEqual(peers.all.map(({ name, isHost, isAway, state }) => [name, isHost, isAway, state.phase]), [['Boris', true, false, 'connecting']]);
  link.dispatchEvent(new Event('connected'));
  hear(['peer away', BORIS]);
  assert.deepEqual(peers.all.map(({ isAway, state }) => [isAway, state.phase]), [[true, 'connected']]);
  peers.stop();
});

test('a connection that moves to another seat keeps its entry and its name', () => {
  const { peers, mesh, meet } = setUp();
  const link = meet(BORIS);
  const [before] = peers.all;
  mesh.links.delete(BORIS);
  mesh.links.set(CLARA, link);
  mesh.dispatchEvent(new Event('change'));
  assert.equal(peers.all[0], before);
  assert.deepEqual([before?.seat, before?.name], [CLARA, 'Boris']);
  peers.stop();
});

test('no path in time: said; Retry asks the link, and a late connection is welcome', async () => {
  const { peers, meet, clock } = setUp();
  const link = meet(BORIS);
  await clock.advance(PEER_TIMES.connect);
  assert.equal(peers.all[0]?.state.phase, 'no-path');
  peers.retry(BORIS);
  assert.deepEqual([peers.all[0]?.state.phase, link.renegotiated], ['connecting', 1]);
  link.dispatchEvent(new Event('connected'));
  await clock.advance(60_000);
  assert.equal(peers.all[0]?.state.phase, 'connected');
  peers.stop();
});

test('lost: off the stage and said, as long as it is not our own network that is gone; and back by itself', async () => {
  const { peers, meet, clock, channel } = setUp();
  const link = meet(BORIS);
  const told = [];
  for (const word of ['lost', 'returned']) peers.addEventListener(word, ({ detail }) => told.push(`${word} ${detail.name}`));
  const now = () => [peers.all[0]?.state.phase, peers.onStage.length];
  link.dispatchEvent(new Event('connected'));
  link.dispatchEvent(new Event('unstable'));
  channel.lose(120_000);
  await clock.advance(PEER_TIMES.recover);
  assert.deepEqual([now(), told], [['unstable', 1], []]);
  channel.state = 'open';
  await clock.advance(PEER_TIMES.recover);
  assert.deepEqual([now(), told], [['lost', 0], ['lost Boris']]);
  link.dispatchEvent(new Event('connected'));
  assert.deepEqual([now(), told], [['connected', 1], ['lost Boris', 'returned Boris']]);
  peers.stop();
});

test('speaking is seen within a second, and ends soon after', async () => {
  const { peers, meet, clock } = setUp();
  const link = meet(BORIS);
  await clock.advance(1500);
  assert.equal(peers.all[0]?.speaks, false);
  link.level = 0.3;
  await clock.advance(300);
  assert.equal(peers.all[0]?.speaks, true);
  link.level = 0;
  await clock.advance(400);
  assert.equal(peers.all[0]?.speaks, true, 'a pause between words');
  await clock.advance(1000);
  assert.equal(peers.all[0]?.speaks, false);
  link.level = 0.3;
  link.remoteDevices.mic = 'off';
  await clock.advance(300);
  assert.equal(peers.all[0]?.speaks, false, 'not with the microphone off');
  peers.stop();
});

test('a weak connection is seen within a second, and so is a good one', async () => {
  const { peers, meet, clock } = setUp();
  const link = meet(BORIS);
  const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.01 };
  link.stats = [pair];
  await clock.advance(2500);
  assert.equal(peers.all[0]?.isWeak, false);
  for (const [roundTrip, weak] of [[2, true], [0.01, false]]) {
    pair.currentRoundTripTime = roundTrip;
    await clock.advance(1000);
    assert.equal(peers.all[0]?.isWeak, weak);
  }
  peers.stop();
});

test('what stays low turns pictures down, sound first; it is said, and taken back when the network is good again', async () => {
  const { peers, meet, clock } = setUp();
  const link = meet(BORIS);
  const [audio, video] = [sender('audio'), sender('video')];
  link.senders = [audio, video];
  link.stats = [{ type: 'candidate-pair', nominated: true, state: 'succeeded', availableOutgoingBitrate: 200_000, currentRoundTripTime: 0.01 }];
  await clock.advance(8100);
  assert.deepEqual([peers.isReduced, video.parameters.encodings[0].scaleResolutionDownBy], [false, 1], 'a low guess at the beginning is not believed');
  await clock.advance(12_000);
  assert.deepEqual([peers.isReduced, video.parameters.encodings[0].scaleResolutionDownBy > 1, video.parameters.encodings[0].active], [true, true, true]);
  assert.ok(audio.parameters.encodings[0].maxBitrate >= 24_000);
  assert.equal(audio.parameters.encodings[0].priority, 'high');
  link.stats[0].availableOutgoingBitrate = 9_000_000;
  await clock.advance(60_000);
  assert.deepEqual([peers.isReduced, video.parameters.encodings[0].scaleResolutionDownBy], [false, 1]);
  peers.stop();
});

test('after stop() nothing runs any more', async () => {
  const { peers, meet, clock, channel } = setUp();
  meet(BORIS);
  peers.stop();
  channel.close();
  await clock.advance(1);
  assert.deepEqual(clock.waiting, []);
});

// In words

await loadLanguage('en');
const i18n = new I18n({ getItem: () => null, setItem() {} }, ['en']);
const linkWith = (remoteDevices, tracks = 1) => ({ remoteDevices, remoteStream: { getVideoTracks: () => Array(tracks).fill({}) }, remoteScreen: { getVideoTracks: () => Array(tracks).fill({}) } });
const peer = changes => ({
  seat: BORIS, name: 'Boris Ivanovich', link: linkWith({ mic: 'on', camera: 'on' }), state: { phase: 'connected', everConnected: true },
  isStranger: false, isHost: false, isAway: false, speaks: false, measured: null, isWeak: false, ...changes,
});

test('a tile tells everything in words too', () => {
  assert.deepEqual((({ name, label, initials, picture, link }) => [name, label, initials, picture, link])(peerWords(peer({ speaks: true }), i18n, false)),
    ['Boris Ivanovich', 'Boris Ivanovich, speaking', 'BI', true, 'good']);
  const off = peerWords(peer({ link: linkWith({ mic: 'off', camera: 'off' }) }), i18n, false);
  assert.deepEqual([off.label, off.mic, off.picture], ['Boris Ivanovich, microphone off, camera off', false, false]);
  const sharer = peer({ link: linkWith({ mic: 'on', camera: 'off', screen: true }) });
  assert.deepEqual([screenWords(sharer, i18n)?.label, screenWords(sharer, i18n)?.screen], ["Boris Ivanovich's screen", true]);
  assert.deepEqual([peerWords(sharer, i18n, false).label, peerWords(sharer, i18n, false).screen], ['Boris Ivanovich, camera off', false]);
  assert.equal(screenWords(peer({}), i18n), null);
  assert.equal(screenWords(peer({ link: linkWith({ mic: 'on', camera: 'on', screen: true }, 0) }), i18n), null, 'nothing to see yet');
  assert.equal(peerWords(peer({ name: '' }), i18n, false).name, 'Guest');
  const early = peerWords(peer({ link: linkWith({ mic: 'on', camera: 'on' }, 0) }), i18n, false);
  assert.deepEqual([early.picture, early.label], [false, 'Boris Ivanovich'], 'an avatar until there is a picture');
});

test('what is wrong with a connection, one thing at a time', () => {
  const note = (changes, blocked = false) => peerWords(peer(changes), i18n, blocked).note;
  assert.equal(note({}), null);
  assert.equal(note({}, true)?.action?.do, 'unmute-playback');
  assert.equal(note({ link: linkWith({ mic: 'off', camera: 'on' }) }, true), null, 'nothing to hear');
  assert.match(note({ state: { phase: 'unstable', everConnected: true } }, true)?.text ?? '', /unstable/);
  const noPath = note({ state: { phase: 'no-path', everConnected: false } });
  assert.deepEqual([noPath?.action?.do, noPath?.link?.href], ['retry-peers', 'check.html']);
  assert.equal(note({ isStranger: true })?.action?.do, 'trust');
  assert.equal(peerWords(peer({ isWeak: true }), i18n, false).mark, 'Weak');
});
