import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CLAIM_TIMEOUT, Mesh, OLD_PATIENCE } from '../../public/js/call/mesh.js';
import { BORIS, channelOnFakes, CLARA, ME, member } from './support/call_socket.js';

const MEDIA = ['mic', 'camera', { mic: 'on', camera: 'on' }];

/** A link that notes what is asked of it; what its connection confirms is set by the test. */
class NotingLink extends EventTarget {
  calls = [];
  confirmed = null;
  isConnected = true;
  seats = [];

  constructor(me, send, pair) {
    super();
    this.me = me;
    this.send = send;
    this.pair = pair;
    this.peer = pair.peer;
    for (const name of ['start', 'stop', 'setMedia', 'peerReady', 'receive', 'receiveState', 'signalingBack', 'renegotiate', 'networkBack', 'enterAs', 'takeOver']) {
      this[name] = (...args) => { this.calls.push([name, ...args]); };
    }
  }

  moveTo(peer, role) {
    this.peer = peer;
    this.calls.push(['moveTo', peer, role]);
  }

  confirms(seat) { return this.confirmed === seat; }
  knows(seat) { return this.peer === seat || this.seats.includes(seat); }
  claim(seat) {
    this.confirmed = seat;
    this.seats.push(seat);
    this.dispatchEvent(new Event('seat'));
  }

  did(name) { return this.calls.filter(call => call[0] === name).map(call => call.slice(1)); }
}

function setUp({ media = true, inheritance = null } = {}) {
  const one = channelOnFakes();
  const made = [];
  const mesh = new Mesh({
    ...one.clock,
    channel: one.channel,
    inheritance,
    createLink: (...args) => {
      made.push(new NotingLink(...args));
      return made.at(-1);
    },
    createKey: () => `key-${made.length}`,
  });
  if (media) mesh.setMedia(...MEDIA);
  return Object.assign(one, { mesh, made });
}

const joined = (seat, was) => ['peer joined', { seat, name: 'X', ...(was && { was }) }];
const ring = (seat, was) => ['main check answer', 'otter', { from: seat, name: 'X', was }];

/** Two in a call; then the server is restarted, and we are welcomed again. */
function restarted(changes, options) {
  const one = setUp(options);
  one.enter();
  one.hear(joined(BORIS));
  one.socket.drop();
  one.channel.tryNow();
  one.hear(['refused', 'expired']);
  one.enter({ seat: 'seat-anna-new', token: 'token-2', members: [member('seat-anna-new', 'Anna', { host: true })], ...changes });
  return one;
}

test('one link for each other member: to those before us we offer first, those after us offer', () => {
  const one = setUp();
  one.enter({ host: false, members: [member(BORIS, 'B', { host: true }), member(ME, 'A')] });
  one.hear(joined(CLARA));
  assert.deepEqual([...one.mesh.links.keys()], [BORIS, CLARA]);
  assert.deepEqual(one.made.map(link => [link.me, link.pair]), [
    [ME, { peer: BORIS, polite: true, key: 'key-0' }], [ME, { peer: CLARA, polite: false, key: 'key-1' }],
  ]);
  assert.deepEqual(one.made.map(link => link.did('start')), [[[{ first: true }]], [[{ first: false }]]]);
  one.made[1].send('got user media', CLARA);
  assert.deepEqual(one.sent.at(-1), ['message', 'got user media', { to: CLARA }]);
});

test('while we wait there is nobody; admitted, everybody', () => {
  const one = setUp();
  one.enter({ state: 'waiting' });
  assert.equal(one.mesh.links.size, 0);
  one.hear(['host agreed', { members: [member(BORIS, 'B', { host: true }), member(ME, 'A')], iceServers: [], door: 'knock', password: false }]);
  assert.deepEqual([...one.mesh.links.keys()], [BORIS]);
});

test('a seat that another tab has had: the same keys, newer connections, and nobody is a stranger', () => {
  const old = setUp();
  old.enter({ members: [member(BORIS, 'Boris', { host: true }), member(CLARA, 'Clara'), member(ME, 'Anna')] });
  Object.assign(old.mesh.links.get(BORIS), { key: 'key-for-boris', generation: 3 });
  old.mesh.strangers.add(CLARA);
  const { inheritance } = old.mesh;
  assert.deepEqual(inheritance, { guarded: false, links: { [BORIS]: { key: 'key-for-boris', generation: 3 } } });
  const now = setUp({ inheritance: { ...inheritance, guarded: true } });
  now.enter({ members: [member(BORIS, 'Boris', { host: true }), member(CLARA, 'Clara'), member(ME, 'Anna')] });
  const [boris, clara] = [now.mesh.links.get(BORIS), now.mesh.links.get(CLARA)];
  assert.deepEqual([boris.pair.key, boris.did('takeOver'), boris.did('start').length], ['key-for-boris', [[3]], 1]);
  assert.deepEqual([clara.did('takeOver'), [...now.mesh.strangers]], [[], []], 'a host whom we trust has let her in');
});

test('before there is media nothing starts, but what comes is brought to the link', () => {
  const one = setUp({ media: false });
  one.enter();
  const state = { type: 'state', audio: true, video: true, screen: false };
  one.hear(joined(BORIS), ['message', 'got user media', { from: BORIS }], ['message', { type: 'offer', sdp: 'v=0' }, { from: BORIS }], ['message', state, { from: BORIS }], ['message', 'nonsense', { from: BORIS }]);
  const [link] = one.made;
  assert.deepEqual(link.calls, [['peerReady'], ['receive', { type: 'offer', sdp: 'v=0' }], ['receiveState', state]]);
  one.mesh.setMedia(...MEDIA);
  one.mesh.setMedia(...MEDIA);
  assert.deepEqual(link.calls.slice(3).map(([name]) => name), ['setMedia', 'start', 'setMedia']);
});

test('who leaves loses his link, who is away does not', () => {
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS), joined(CLARA), ['peer away', BORIS], ['peer back', BORIS]);
  assert.deepEqual(one.made[0].did('stop'), []);
  one.hear(['peer left', BORIS, 'left']);
  assert.deepEqual([one.made[0].did('stop').length, [...one.mesh.links.keys()]], [1, [CLARA]]);
});

test('resumed: the links look after what they have begun; not resumed: all is negotiated anew, and who has gone is gone', () => {
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS), joined(CLARA));
  one.socket.drop();
  one.channel.tryNow();
  one.enter({ resumed: true });
  assert.deepEqual(one.made.map(link => [link.did('signalingBack').length, link.did('renegotiate').length]), [[1, 0], [1, 0]]);
  one.socket.drop();
  one.channel.tryNow();
  one.enter({ resumed: false, members: [member(ME, 'A', { host: true }), member(CLARA, 'C')] });
  assert.deepEqual([...one.mesh.links.keys()], [CLARA]);
  assert.deepEqual([one.made[1].did('renegotiate').length, one.made.length], [1, 2]);
});

test('removed, replaced: all links end; a mere loss of the socket ends none', () => {
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS));
  one.socket.drop();
  assert.equal(one.mesh.links.size, 1);
  one.channel.tryNow();
  one.hear(['refused', 'removed']);
  assert.deepEqual([one.mesh.links.size, one.made[0].did('stop').length], [0, 1]);
});

test('after a restart links go on, and say which seat we have now', () => {
  const one = restarted();
  assert.deepEqual([one.made.length, one.made[0].did('stop')], [1, []]);
  assert.deepEqual(one.made[0].did('enterAs'), [['seat-anna-new']]);
});

test('what an old connection has to say to a seat that is gone is not delivered', () => {
  const one = restarted();
  assert.equal(one.made[0].send('got user media', BORIS), false);
  assert.deepEqual(one.sent, []);
  one.made[0].claim('seat-boris-new');
  one.hear(joined('seat-boris-new', BORIS));
  assert.equal(one.made[0].send('got user media', 'seat-boris-new'), true);
});

test('after a restart the host lets in whom the old connection confirms, whichever word comes first', () => {
  for (const order of ['ring', 'claim']) {
    const one = restarted();
    const steps = [() => one.hear(ring('seat-boris-new', BORIS)), () => one.made[0].claim('seat-boris-new')];
    for (const step of order === 'ring' ? steps : steps.reverse()) step();
    assert.deepEqual(one.sent, [['host is agreed', 'otter', { to: 'seat-boris-new' }]], order);
    one.hear(joined('seat-boris-new', BORIS));
    assert.deepEqual([...one.mesh.links], [['seat-boris-new', one.made[0]]]);
    assert.deepEqual(one.made[0].did('moveTo'), [['seat-boris-new', { polite: false }]]);
    assert.deepEqual(one.made[0].did('start').length, 1, 'not started again');
  }
});

test('two restarts, one after the other: the host lets in also whose seat in between he has never seen', () => {
  const one = restarted();
  one.made[0].claim('seat-boris-2');
  one.hear(ring('seat-boris-3', 'seat-boris-2'), ring('seat-mallory', 'seat-boris-2'));
  assert.deepEqual(one.sent, []);
  one.made[0].claim('seat-boris-3');
  assert.deepEqual(one.sent, [['host is agreed', 'otter', { to: 'seat-boris-3' }]]);
});

test('after a restart the host may let in anybody, and that one gets media', () => {
  const one = restarted();
  one.hear(ring('seat-of-guest'), joined('seat-of-guest'));
  assert.deepEqual([one.mesh.strangers.size, one.mesh.links.get('seat-of-guest').did('start').length], [0, 1]);
});

test('an old connection waits for its other end, whether the socket is lost again or even the server', () => {
  const one = restarted();
  for (const resumed of [true, false]) {
    one.socket.drop();
    one.channel.tryNow();
    one.enter({ seat: 'seat-anna-new', resumed, members: [member('seat-anna-new', 'Anna', { host: true })] });
    assert.equal(one.mesh.links.get(BORIS), one.made[0]);
  }
  one.socket.drop();
  one.channel.tryNow();
  one.hear(['refused', 'expired']);
  one.enter({ seat: 'seat-anna-2', members: [member('seat-anna-2', 'Anna', { host: true })] });
  assert.deepEqual([one.mesh.links.get(BORIS), one.made[0].did('enterAs').at(-1)], [one.made[0], ['seat-anna-2']]);
  one.made[0].claim('seat-boris-2');
  one.hear(ring('seat-boris-2', BORIS), joined('seat-boris-2'));
  assert.deepEqual([...one.mesh.links.keys()], ['seat-boris-2']);
  one.made[0].dispatchEvent(new Event('failed'));
  assert.equal(one.mesh.links.size, 1, 'a member again');
});

test('a stranger of before the next restart is nobody', async () => {
  const one = restarted({ host: false, members: [member('seat-mallory', 'M', { host: true }), member('seat-anna-new', 'A')] });
  await one.clock.advance(CLAIM_TIMEOUT);
  one.hear(joined('seat-mallory-2', BORIS));
  one.socket.drop();
  one.channel.tryNow();
  one.hear(['refused', 'expired']);
  one.enter({ seat: 'seat-anna-2', members: [member('seat-anna-2', 'Anna', { host: true })] });
  await one.clock.advance(CLAIM_TIMEOUT);
  assert.deepEqual([[...one.mesh.links.keys()], one.mesh.strangers.size], [[BORIS], 0]);
});

test('a stranger gets nothing when the camera is there at last', async () => {
  const one = restarted({ host: false, members: [member('seat-mallory', 'M', { host: true }), member('seat-anna-new', 'A')] }, { media: false });
  await one.clock.advance(CLAIM_TIMEOUT);
  one.mesh.setMedia(...MEDIA);
  assert.deepEqual(one.mesh.links.get('seat-mallory').did('start'), []);
});

test('who enters because his user wants to, meets no strangers', () => {
  const one = restarted();
  one.hear(['refused', 'removed']);
  one.channel.open();
  one.enter({ seat: 'seat-anna-2', host: false, members: [member(CLARA, 'C', { host: true }), member('seat-anna-2', 'A')] });
  assert.deepEqual([one.mesh.strangers.size, one.mesh.links.get(CLARA).did('start').length], [0, 1]);
});

test('no member may let somebody in, or pass for another member, by what he claims', () => {
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS), joined(CLARA), ring('seat-mallory', BORIS));
  one.made[0].claim('seat-mallory');
  one.made[0].claim(CLARA);
  assert.deepEqual(one.sent, []);
  assert.deepEqual([...one.mesh.links], [[BORIS, one.made[0]], [CLARA, one.made[1]]]);
});

test('an old connection lets in its own other end, not somebody who says that he was another one', () => {
  const one = restarted();
  one.hear(ring('seat-mallory', CLARA), ring('seat-mallory-2'));
  one.made[0].claim('seat-mallory');
  one.made[0].claim('seat-mallory-2');
  assert.deepEqual(one.sent, []);
});

test('we alone were away too long: the others have given our connections up, so new ones are made, and they are no strangers', () => {
  const one = restarted({ state: 'waiting' });
  one.hear(['host agreed', { members: [member(BORIS, 'B', { host: true }), member('seat-anna-new', 'A')], iceServers: [], door: 'knock', password: false }]);
  assert.deepEqual([one.made[0].did('stop').length, one.made.length, [...one.mesh.links]], [1, 2, [[BORIS, one.made[1]]]]);
  assert.deepEqual([one.mesh.strangers.size, one.made[1].did('start')], [0, [[{ first: true }]]]);
  one.made[1].dispatchEvent(new Event('failed'));
  assert.equal(one.mesh.links.size, 1);
});

test('`was` alone lets nobody in', () => {
  const one = restarted();
  one.hear(ring('seat-mallory', BORIS));
  assert.deepEqual(one.sent, []);
  one.made[0].claim('seat-boris-new');
  assert.deepEqual(one.sent, []);
});

test('who is not host answers nobody', () => {
  const one = restarted({ host: false, members: [member('seat-clara-new', 'C', { host: true }), member('seat-anna-new', 'A')] });
  one.made[0].claim('seat-boris-new');
  one.hear(ring('seat-boris-new', BORIS));
  assert.deepEqual(one.sent.filter(([name]) => name === 'host is agreed'), []);
  one.hear(['host', 'seat-anna-new']);
  assert.deepEqual(one.sent.filter(([name]) => name === 'host is agreed').length, 1);
});

test('somebody else entered first after a restart: no media for him, until the user says so', async () => {
  const one = restarted({ host: false, members: [member('seat-mallory', 'Boris', { host: true }), member('seat-anna-new', 'A')] });
  await one.clock.advance(CLAIM_TIMEOUT);
  const stranger = one.mesh.links.get('seat-mallory');
  assert.deepEqual([[...one.mesh.strangers], stranger.did('start')], [['seat-mallory'], []]);
  one.hear(joined('seat-mallory-2'));
  assert.deepEqual(one.mesh.links.get('seat-mallory-2').did('start'), [], 'nor for those whom he lets in');
  one.mesh.setMedia(...MEDIA);
  assert.deepEqual(stranger.did('start'), []);
  one.mesh.trust('seat-mallory');
  assert.deepEqual([[...one.mesh.strangers], stranger.did('start').length], [[], 1]);
  assert.equal(one.mesh.links.get('seat-mallory-2').did('start').length, 1);
});

test('after a restart members are waited for whose connection has not told yet who they are, and no link is made', async () => {
  const one = restarted();
  const state = { type: 'state', audio: true, video: true, screen: true };
  one.hear(joined('seat-boris-new', BORIS), ['message', state, { from: 'seat-boris-new' }]);
  await one.clock.advance(CLAIM_TIMEOUT - 1);
  assert.deepEqual([...one.mesh.links.keys()], [BORIS]);
  one.made[0].claim('seat-boris-new');
  assert.deepEqual([[...one.mesh.links], one.made.length], [[['seat-boris-new', one.made[0]]], 1]);
  assert.deepEqual(one.made[0].did('receiveState'), [[state]], 'what he has sent meanwhile');
  await one.clock.advance(CLAIM_TIMEOUT);
  assert.equal(one.made.length, 1);
});

test('who is waited for in vain is somebody new; what he has sent meanwhile arrives', async () => {
  const one = restarted();
  one.hear(joined('seat-of-guest', CLARA), ['message', 'got user media', { from: 'seat-of-guest' }]);
  assert.equal(one.mesh.links.size, 1);
  await one.clock.advance(CLAIM_TIMEOUT);
  assert.deepEqual(one.mesh.links.get('seat-of-guest').calls.map(([name]) => name), ['setMedia', 'start', 'peerReady']);
});

test('nobody is waited for who left meanwhile, or when no old connection is left', async () => {
  const one = restarted();
  one.hear(joined('seat-of-guest', CLARA), ['peer left', 'seat-of-guest', 'left']);
  await one.clock.advance(CLAIM_TIMEOUT);
  assert.equal(one.made.length, 1);
  one.made[0].dispatchEvent(new Event('closed'));
  one.hear(joined('seat-of-guest-2', CLARA));
  assert.deepEqual([...one.mesh.links.keys()], ['seat-of-guest-2']);
});

test('the old connection confirms the host much too late: moved, and those whom he let in are no strangers', async () => {
  const one = restarted({ host: false, members: [
    member('seat-of-dora', 'D'), member('seat-boris-new', 'B', { host: true }), member('seat-anna-new', 'A'),
  ] });
  await one.clock.advance(CLAIM_TIMEOUT);
  const early = one.mesh.links.get('seat-boris-new');
  assert.equal(one.mesh.strangers.size, 2);
  one.made[0].claim('seat-boris-new');
  assert.deepEqual([one.mesh.links.get('seat-boris-new'), early.did('stop').length, one.mesh.strangers.size], [one.made[0], 1, 0]);
  assert.equal(one.mesh.links.get('seat-of-dora').did('start').length, 1);
});

test('a connection to a seat that is gone is kept while it works, and no longer', () => {
  for (const [end, index] of [['closed', 0], ['failed', 0]]) {
    const one = restarted();
    assert.equal(one.mesh.links.size, 1);
    one.made[index].dispatchEvent(new Event(end));
    assert.equal(one.mesh.links.size, 0);
  }
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS));
  one.made[0].dispatchEvent(new Event('failed'));
  assert.equal(one.mesh.links.size, 1, 'a member gets a new connection from the link itself');
});

test('a connection to a seat that is gone, and that has no path, is given up at last, even if it never says that it failed', async () => {
  const one = restarted();
  await one.clock.advance(2 * OLD_PATIENCE);
  assert.deepEqual([...one.mesh.links.keys()], [BORIS]);
  one.made[0].isConnected = false;
  await one.clock.advance(OLD_PATIENCE);
  assert.deepEqual([one.mesh.links.size, one.made[0].did('stop').length], [0, 1]);
});

test('who is a member again is not given up', async () => {
  const one = restarted();
  one.made[0].claim('seat-boris-new');
  one.hear(joined('seat-boris-new', BORIS));
  one.made[0].isConnected = false;
  await one.clock.advance(2 * OLD_PATIENCE);
  assert.deepEqual([...one.mesh.links.keys()], ['seat-boris-new']);
});

test('stop leaves nothing running', () => {
  const one = setUp();
  one.enter();
  one.hear(joined(BORIS));
  one.mesh.stop();
  one.hear(joined(CLARA));
  assert.deepEqual([one.mesh.links.size, one.made.length, one.made[0].did('stop').length], [0, 1, 1]);
});
