// The runner of the machine, with devices, a look at the door and sessions that only take notes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Call } from '../../public/js/call/call.js';
import { Clock, settled } from './support/clock.js';
import { channelOnFakes, member, ME, BORIS } from './support/call_socket.js';

class Media extends EventTarget {
  audio = 'audio';
  video = 'video';
  screen = null;
  state = { mic: 'on', camera: 'on', screen: false };
  calls = [];
  answers = [];
  open(wish) {
    this.calls.push(['open', wish]);
    return new Promise(resolve => { this.answers.push(resolve); });
  }

  release() { this.calls.push(['release']); }
}

function noting(...names) {
  const noted = Object.assign(new EventTarget(), { calls: [] });
  for (const name of names) noted[name] = (...values) => { noted.calls.push([name, ...values]); };
  return noted;
}

/** A page in the lobby whose look at the door is answered with one person inside. */
async function setUp({ supported = true, loads = async () => {}, openElsewhere = false } = {}) {
  const media = new Media();
  const sessions = [];
  const looks = [];
  const clock = new Clock();
  const glance = {
    stopped: 0,
    start(seen, refused) { looks.push({ seen, refused }); },
    stop() { this.stopped += 1; },
  };
  const tabs = Object.assign(new EventTarget(), {
    open: openElsewhere, given: null, entered: 0,
    isOpen: async () => tabs.open, claim: async () => tabs.given, announce: () => { tabs.entered += 1; },
  });
  const call = new Call({
    media, tabs, glance, supported, now: clock.now,
    createSession: async seat => {
      await loads();
      const one = channelOnFakes();
      const session = { channel: one.channel, mesh: Object.assign(noting('setMedia', 'stop'), { inheritance: { guarded: false, links: {} } }), peers: noting('stop'), seat };
      sessions.push({ ...session, one });
      return session;
    },
  });
  call.dispatch({ type: 'start', room: 'otter' });
  looks[0].seen(1, 6);
  await settled();
  return { media, sessions, looks, call, clock, glance, tabs };
}

async function joined() {
  const all = await setUp();
  all.media.answers[0]({ problem: null });
  await settled();
  all.call.dispatch({ type: 'join' });
  await settled();
  return { ...all, session: all.sessions[0] };
}

test('nothing goes to the server from the lobby but the look at the door', async () => {
  const { sessions, media, call } = await setUp();
  assert.deepEqual([sessions.length, media.calls, call.state.seats], [0, [['open', { camera: true, mic: true }]], { count: 1, capacity: 6 }]);
});

test('Join: a session gets the media, its channel opens, and rings when it has to wait', async () => {
  const { session, call, glance } = await joined();
  assert.deepEqual(session.mesh.calls, [['setMedia', { audio: 'audio', video: 'video', screen: null }, { mic: 'on', camera: 'on', screen: false }]]);
  assert.ok(glance.stopped > 0);
  session.one.enter({ state: 'waiting' });
  assert.deepEqual([call.state.phase, session.one.sent], ['ringing', [['main check', 'otter']]]);
  session.one.hear(['host agreed', { members: [member(BORIS, 'Boris', { host: true }), member(ME, 'Anna')], iceServers: [], door: 'knock', password: false }]);
  assert.equal(call.state.phase, 'inside');
  call.leave();
});

test('a device that is switched while inside goes to the others', async () => {
  const { session, media, call } = await joined();
  session.one.enter();
  media.screen = 'screen';
  media.dispatchEvent(new Event('change'));
  assert.deepEqual(session.mesh.calls.at(-1).slice(0, 2), ['setMedia', { audio: 'audio', video: 'video', screen: 'screen' }]);
  call.leave();
});

test('leaving: bye, connections and devices stopped, the time that it lasted', async () => {
  const { session, media, call, clock } = await joined();
  session.one.enter();
  await clock.advance(65_000);
  call.dispatch({ type: 'leave' });
  assert.deepEqual(session.one.sent.at(-1), ['bye']);
  assert.deepEqual([session.mesh.calls.at(-1), session.peers.calls], [['stop'], [['stop']]]);
  assert.deepEqual([media.calls.at(-1), call.session, call.lasted], [['release'], null, 65_000]);
});

test('refused: the reason is kept, and nothing more is said', async () => {
  const { session, call } = await joined();
  session.one.enter({ state: 'waiting' });
  const before = session.one.sent.length;
  session.one.hear(['refused', 'declined']);
  assert.deepEqual([call.state.phase, call.state.reason, call.session], ['ended', 'declined', null]);
  assert.equal(session.one.sent.length, before);
});

test('open in another tab: said before the camera is asked for; Use it here takes the seat over', async () => {
  const all = await setUp({ openElsewhere: true });
  const { call, media, tabs, sessions } = all;
  assert.deepEqual([call.state.phase, call.state.reason, media.calls], ['ended', 'elsewhere', [['release']]]);
  tabs.given = { token: 'token-of-that-tab', guarded: false, links: {} };
  call.dispatch({ type: 'rejoin' });
  media.answers[0]({ problem: null });
  await settled();
  assert.deepEqual([sessions.length, sessions[0].seat, tabs.entered], [1, tabs.given, 1]);
  sessions[0].one.enter();
  assert.equal(call.state.phase, 'inside');
  call.leave();
});

test('another tab enters the call: who only looks steps back, who is inside stays', async () => {
  const { call, tabs } = await setUp();
  tabs.dispatchEvent(new Event('elsewhere'));
  assert.equal(call.state.reason, 'elsewhere');
  const inside = await joined();
  inside.session.one.enter();
  inside.tabs.dispatchEvent(new Event('elsewhere'));
  assert.equal(inside.call.state.phase, 'inside');
  inside.call.leave();
});

test('the seat is given to another tab: without bye, and at the latest when the server says so', async () => {
  const { call, session } = await joined();
  session.one.enter();
  assert.deepEqual(call.giveSeat(), { token: 'token-1', guarded: false, links: {} });
  assert.equal(call.state.phase, 'inside');
  session.one.hear(['refused', 'replaced']);
  assert.deepEqual([call.state.reason, session.one.sent.some(([name]) => name === 'bye')], ['replaced', false]);
  const early = await joined();
  assert.equal(early.call.giveSeat()?.token, undefined, 'it has none yet');
  assert.equal(early.call.state.reason, 'replaced');
});

test('a session that is over is not heard in the next one', async () => {
  const { session, call, media, sessions } = await joined();
  session.one.enter();
  call.dispatch({ type: 'leave' });
  call.dispatch({ type: 'rejoin' });
  media.answers[1]({ problem: null });
  await settled();
  assert.equal(sessions.length, 2);
  session.channel.dispatchEvent(Object.assign(new Event('refused'), { detail: { reason: 'removed', final: true } }));
  assert.equal(call.state.phase, 'entering');
  sessions[1].one.enter();
  assert.equal(call.state.phase, 'inside');
  call.leave();
});

test('left while the session is still being loaded: it never opens', async () => {
  const all = await setUp();
  all.media.answers[0]({ problem: null });
  await settled();
  all.call.dispatch({ type: 'join' });
  all.call.dispatch({ type: 'leave' });
  await settled();
  assert.deepEqual([all.call.session, all.sessions[0].one.sockets.length, all.sessions[0].mesh.calls], [null, 0, [['stop']]]);
});

test('the rest of the page cannot be loaded: tried again until it is there, or one has left', async t => {
  const later = [];
  const { setTimeout } = globalThis;
  t.after(() => { globalThis.setTimeout = setTimeout; });
  let failures = 2;
  const all = await setUp({ loads: async () => { if (failures-- > 0) throw new Error('away'); } });
  all.media.answers[0]({ problem: null });
  await settled();
  globalThis.setTimeout = action => later.push(action);
  all.call.dispatch({ type: 'join' });
  for (let round = 0; round < 2; round += 1) {
    await settled();
    assert.deepEqual([all.call.state.phase, all.sessions.length], ['entering', 0]);
    for (const action of later.splice(0)) action();
  }
  await settled();
  assert.equal(all.sessions.length, 1);
  all.call.dispatch({ type: 'leave' });

  const left = await setUp({ loads: async () => { throw new Error('away'); } });
  left.media.answers[0]({ problem: null });
  await settled();
  left.call.dispatch({ type: 'join' });
  await settled();
  left.call.dispatch({ type: 'leave' });
  for (const action of later.splice(0)) action();
  await settled();
  assert.deepEqual([later.length, left.sessions.length], [0, 0]);
});

test('the answer to an older question for the camera is not heard', async () => {
  const { media, call } = await setUp();
  call.dispatch({ type: 'withoutCamera' });
  media.answers[0]({ problem: 'denied' });
  await settled();
  assert.equal(call.state.problem, null);
  media.answers[1]({ problem: null });
  await settled();
  assert.equal(call.state.media, 'ready');
});

test('a browser that cannot call is told so, and asks for nothing', async () => {
  const { media, call } = await setUp({ supported: false });
  assert.deepEqual([call.state.problem, media.calls], ['unsupported', []]);
});
