// The machine of a call, step by step; what is to be done comes back as effects.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INITIAL, next } from '../../public/js/call/machine.js';

/** Runs events one after the other; every effect since the last look is noted. */
class Run {
  state = INITIAL;
  effects = [];
  timers = new Set();

  do(...events) {
    for (const event of events) {
      const { state, effects } = next(this.state, typeof event === 'string' ? { type: event } : event);
      this.state = state;
      for (const effect of effects) {
        if (effect[0] === 'startTimer') this.timers.add(effect[1]);
        else if (effect[0] === 'stopTimer') this.timers.delete(effect[1]);
        else this.effects.push(effect);
      }
    }
    return this;
  }

  expire(timer) {
    assert.ok(this.timers.delete(timer), `the timer ${timer} does not run`);
    return this.do({ type: 'timeout', timer });
  }

  get did() {
    return this.effects.splice(0);
  }
}

const START = { type: 'start', room: 'otter' };
const LOOKED = { type: 'looked', count: 1, capacity: 6 };
const refused = (reason, more) => ({ type: 'refused', reason, ...more });
const ASK = ['openMedia', { camera: true, mic: true }];

const inLobby = () => new Run().do(START, LOOKED, 'mediaReady');
const ringing = () => inLobby().do('join', { type: 'welcome', admitted: false });
const inside = () => inLobby().do('join', { type: 'welcome', admitted: true });

test('no room: said, and nothing is asked for', () => {
  const run = new Run().do({ type: 'start', room: '' });
  assert.deepEqual([run.state.phase, run.state.reason, run.did], ['ended', 'no-room', []]);
  run.do('rejoin', 'join');
  assert.deepEqual([run.state.phase, run.did], ['ended', []]);
});

test('the server is asked before the camera; nothing enters before Join', () => {
  const run = new Run().do(START);
  assert.deepEqual([run.state.phase, run.did], ['lobby', [['look']]]);
  run.do(LOOKED);
  assert.deepEqual([run.state.seats, run.did], [{ count: 1, capacity: 6 }, [ASK]]);
  run.do('mediaReady');
  assert.deepEqual([run.state.phase, run.did, [...run.timers]], ['lobby', [], []]);
  run.do('join');
  assert.deepEqual([run.state.phase, run.did], ['entering', [['enter']]]);
});

test('a server that says nothing does not keep the camera; what it says later is still shown', () => {
  const run = new Run().do(START).expire('look');
  assert.deepEqual(run.did, [['look'], ASK]);
  run.do(LOOKED);
  assert.deepEqual([run.state.seats?.count, run.did], [1, []]);
});

for (const reason of ['full', 'locked', 'password']) {
  test(`${reason}: said before the camera is asked for, and tried again`, () => {
    const run = new Run().do(START, refused(reason, { capacity: 6 }));
    assert.deepEqual([run.state.phase, run.state.closed?.reason, run.state.media], ['lobby', reason, 'none']);
    assert.deepEqual(run.did, [['look']]);
    run.do('join');
    assert.deepEqual(run.did, [], 'nobody enters through a closed door');
    run.do('retry', LOOKED);
    assert.deepEqual([run.state.closed, run.did], [null, [['look'], ASK]]);
  });
}

test('a password is tried at the door: wrong is said there, right opens it', () => {
  const run = new Run().do(START, refused('password', { wait: 0 }), 'password');
  assert.deepEqual([run.state.tried, run.did], [true, [['look'], ['look']]]);
  run.do(refused('password', { wait: 4000 }));
  assert.deepEqual([run.state.closed, run.state.tried], [{ reason: 'password', wait: 4000, capacity: undefined }, true]);
  run.do('password', LOOKED);
  assert.deepEqual([run.state.closed, run.state.tried], [null, false]);
});

test('a door that has closed meanwhile: back to the lobby, with the devices as they are', () => {
  for (const run of [inLobby().do('join'), ringing()]) {
    run.did;
    run.do(refused('full', { capacity: 6 }));
    assert.deepEqual([run.state.phase, run.state.closed?.reason, run.state.media, run.did], ['lobby', 'full', 'ready', [['drop']]]);
  }
});

test('a crowd or an old token is no reason to keep the camera off', () => {
  for (const reason of ['rate', 'expired']) assert.deepEqual(new Run().do(START, refused(reason)).did, [['look'], ASK]);
});

test('the question for the camera: pointed out after a while, and one can join without', () => {
  const run = new Run().do(START, LOOKED).expire('prompt');
  assert.equal(run.state.problem, 'prompt');
  run.did;
  run.do('withoutCamera');
  assert.deepEqual([run.state.problem, run.did], [null, [['openMedia', { camera: false, mic: false }]]]);
  run.do('mediaReady', 'join');
  assert.equal(run.state.phase, 'entering');
});

test('a problem with the devices: retry, go on with sound, or join as one is', () => {
  const run = new Run().do(START, LOOKED, { type: 'mediaProblem', problem: 'busy' });
  assert.deepEqual([run.state.problem, [...run.timers]], ['busy', []]);
  run.did;
  run.do('retry');
  assert.deepEqual([run.state.problem, run.did], [null, [ASK]]);
  run.do({ type: 'mediaProblem', problem: 'busy' }, 'withoutCamera');
  assert.deepEqual(run.did, [['openMedia', { camera: false, mic: true }]]);
  run.do({ type: 'mediaProblem', problem: 'missing' }, 'join');
  assert.deepEqual([run.state.phase, run.state.problem, run.did], ['entering', null, [['enter']]]);
});

test('a browser that cannot call does not enter', () => {
  const run = new Run().do(START, LOOKED, { type: 'mediaProblem', problem: 'unsupported' });
  run.did;
  run.do('join');
  assert.deepEqual([run.state.phase, run.did], ['lobby', []]);
});

test('Join before the devices are there: enters when they are; not when they cannot be had', () => {
  const run = new Run().do(START, LOOKED, 'join');
  assert.deepEqual([run.state.phase, run.state.joining], ['lobby', true]);
  run.do('mediaReady');
  assert.equal(run.state.phase, 'entering');
  const other = new Run().do(START, LOOKED, 'join', { type: 'mediaProblem', problem: 'denied' });
  assert.deepEqual([other.state.phase, other.state.joining], ['lobby', false]);
});

test('the first one is inside at once, the next one rings until he is let in', () => {
  assert.equal(inside().state.phase, 'inside');
  const run = ringing();
  assert.equal(run.state.phase, 'ringing');
  assert.deepEqual(run.did.at(-1), ['ring']);
  run.do({ type: 'welcome', admitted: false });
  assert.deepEqual([run.state.phase, run.did], ['ringing', []], 'with a new seat the channel rings by itself');
  run.do('hostAgreed');
  assert.deepEqual([run.state.phase, [...run.timers]], ['inside', []]);
});

for (const reason of ['declined', 'busy', 'no answer', 'ended']) {
  test(`ringing, ${reason}: the end, devices released`, () => {
    const run = ringing().expire('fresh');
    run.did;
    run.do(refused(reason));
    assert.deepEqual([run.state.phase, run.state.reason, run.did], ['ended', reason, [['drop'], ['releaseMedia']]]);
  });
}

test('who rang just when somebody looked in, and out again, enters the call as its first', () => {
  const run = ringing();
  run.did;
  run.do(refused('ended'));
  assert.deepEqual([run.state.phase, run.did], ['entering', [['drop'], ['enter']]]);
  run.do({ type: 'welcome', admitted: true });
  assert.equal(run.state.phase, 'inside');
});

test('the caller gives up, a member leaves: said to the server, the camera goes off at once', () => {
  for (const run of [inLobby().do('join'), ringing(), inside()]) {
    run.did;
    run.do('leave');
    assert.deepEqual([run.state.phase, run.state.reason, run.did, [...run.timers]], ['ended', 'left', [['leave'], ['releaseMedia']], []]);
  }
});

for (const reason of ['removed', 'replaced', 'locked', 'full', 'password', 'declined', 'no answer']) {
  test(`inside, ${reason}: the end`, () => {
    const run = inside();
    run.did;
    run.do(refused(reason));
    assert.deepEqual([run.state.phase, run.state.reason, run.did], ['ended', reason, [['drop'], ['releaseMedia']]]);
  });
}

test('a call goes on while the channel comes back by itself', () => {
  const run = inside();
  run.did;
  run.do(refused('expired'), refused('rate'), { type: 'welcome', admitted: false }, { type: 'welcome', admitted: true });
  assert.deepEqual([run.state.phase, run.did], ['inside', []]);
});

test('again: straight back in, through the lobby only if there is a problem', () => {
  const run = inside().do('leave');
  run.did;
  run.do('rejoin');
  assert.deepEqual([run.state.phase, run.did], ['lobby', [ASK]]);
  run.do('mediaReady');
  assert.deepEqual([run.state.phase, run.did], ['entering', [['enter']]]);
  const other = inside().do('leave', 'rejoin', { type: 'mediaProblem', problem: 'busy' });
  assert.deepEqual([other.state.phase, other.state.problem], ['lobby', 'busy']);
});

test('what is missing is kept until it is dismissed', () => {
  const run = new Run().do(START, LOOKED, { type: 'mediaReady', notice: 'no-camera' }, 'join', { type: 'welcome', admitted: true });
  assert.equal(run.state.notice, 'no-camera');
  run.do('dismiss');
  assert.equal(run.state.notice, null);
});

test('every event in every state gives a known state, and never enters or asks for devices after the end', () => {
  const phases = ['idle', 'lobby', 'entering', 'ringing', 'inside', 'ended'];
  const events = [
    START, LOOKED, refused('full'), refused('ended'), refused('expired'), { type: 'mediaReady' }, { type: 'mediaProblem', problem: 'busy' },
    ...['retry', 'password', 'withoutCamera', 'join', 'hostAgreed', 'leave', 'dismiss'].map(type => ({ type })),
    { type: 'welcome', admitted: true }, { type: 'welcome', admitted: false }, ...['look', 'prompt', 'fresh'].map(timer => ({ type: 'timeout', timer })),
  ];
  for (const phase of phases) {
    for (const event of events) {
      const { state, effects } = next(Object.freeze({ ...INITIAL, room: 'otter', phase }), event);
      assert.ok(phases.includes(state.phase), `${phase} ${event.type}`);
      if (phase === 'ended') assert.deepEqual([state.phase, effects], ['ended', []], event.type);
    }
  }
});
