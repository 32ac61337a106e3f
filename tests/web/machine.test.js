import assert from 'node:assert/strict';
import { test } from 'node:test';

import { initialState, next, TIMES } from '../../public/js/call/machine.js';
import { Room, talking } from './support/room.js';

const phases = (...people) => people.map(person => person.state.phase);
const names = person => person.sent.map(([event]) => event);
const messages = person => person.sent.filter(([event]) => event === 'message').map(([, argument]) => argument);

test('the original flow: main check, host is agreed, got user media, then signals', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  assert.deepEqual(anna.sent, [['main check', 'otter']]);
  const boris = room.enter('boris').open();
  assert.deepEqual(boris.sent, [['main check', 'otter']]);
  assert.equal(anna.state.incoming, true);
  assert.equal(boris.state.calling, true);

  anna.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
  assert.deepEqual(anna.sent.slice(1), [['host is agreed', 'otter'], ['message', 'got user media']]);
  assert.deepEqual(boris.sent.slice(1), [['message', 'got user media']]);
  assert.deepEqual(anna.did('startLink'), [['startLink', { first: true }]]);
  assert.deepEqual(boris.did('startLink'), [['startLink', { first: false }]]);
  assert.equal(anna.did('peerReady').length, 1);
  assert.equal(boris.did('peerReady').length, 1);

  anna.signal('offer');
  boris.signal('answer', 'anna');
  assert.equal(boris.did('linkSignal').length, 1);
  assert.equal(anna.did('linkSignal').length, 1);
  anna.act('linkConnected');
  boris.act('linkConnected');
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
  assert.deepEqual([...anna.timers, ...boris.timers], []);
});

test('nothing that could carry media exists before Accept', () => {
  const room = new Room();
  const anna = room.enter('anna').open();
  const boris = room.enter('boris').open();
  assert.equal(anna.did('startLink').length + boris.did('startLink').length, 0);
  anna.act('decline');
  assert.equal(anna.did('startLink').length + boris.did('startLink').length, 0);
});

test('without a room there is nothing to prepare', () => {
  const { state, effects } = next(initialState('me'), { type: 'start', room: '', created: false });
  assert.equal(state.reason, 'no-room');
  assert.deepEqual(effects, []);
  assert.equal(next(state, { type: 'callAgain' }).state.phase, 'ended');
});

test('media is asked for first; only then the room is entered', () => {
  const anna = new Room().enter('anna', { media: null }).open();
  assert.deepEqual(phases(anna), ['preparing']);
  assert.equal(anna.did('joinRoom').length, 0);
  assert.ok(anna.timers.has('prompt'));
  anna.do({ type: 'mediaReady', notice: 'no-camera' });
  assert.equal(anna.state.phase, 'waiting');
  assert.equal(anna.state.notice, 'no-camera');
  assert.ok(!anna.timers.has('prompt'));
});

test('a question that stands unanswered is pointed at, and goes away by itself', () => {
  const anna = new Room().enter('anna', { media: null }).open();
  anna.expire('prompt');
  assert.equal(anna.state.problem, 'prompt');
  anna.do({ type: 'mediaReady' });
  assert.equal(anna.state.problem, null);
  assert.equal(anna.state.phase, 'waiting');
});

for (const problem of ['denied', 'busy', 'missing', 'insecure']) {
  test(`${problem}: Retry asks again, Join without camera asks for less`, () => {
    const anna = new Room().enter('anna', { media: problem }).open();
    assert.equal(anna.state.problem, problem);
    assert.ok(!anna.timers.has('prompt'));
    anna.act('retry');
    assert.deepEqual(anna.did('openMedia').at(-1), ['openMedia', { camera: true }]);
    anna.media = true;
    anna.act('joinWithoutCamera');
    assert.deepEqual(anna.did('openMedia').at(-1), ['openMedia', { camera: false }]);
    assert.equal(anna.state.phase, 'waiting');
    assert.equal(anna.state.problem, null);
  });
}

test('hanging up while the browser asks leaves nothing running', () => {
  const anna = new Room().enter('anna', { media: null }).open();
  anna.act('hangUp');
  assert.deepEqual(phases(anna), ['ended']);
  assert.equal(anna.did('releaseMedia').length, 1);
  anna.do({ type: 'mediaReady' });
  assert.deepEqual(phases(anna), ['ended']);
});

test('hang up: both end, devices are released, the other reads why', () => {
  const { anna, boris } = talking();
  boris.act('hangUp');
  assert.deepEqual([boris.state.reason, anna.state.reason], ['left', 'remote']);
  for (const person of [anna, boris]) {
    assert.equal(person.hasMedia, false);
    assert.equal(person.hasLink, false);
    assert.deepEqual([...person.timers], []);
  }
  assert.deepEqual(messages(boris).slice(-2), [{ type: 'bye', from: 'boris', to: 'anna', reason: 'left' }, 'bye']);
  assert.equal(names(boris).at(-1), 'bye');
  assert.equal(anna.state.echoes, 0);
});

for (const who of ['anna', 'boris']) {
  test(`call again from the ended state: ${who} calls, the other accepts`, () => {
    const pair = talking();
    const caller = pair[who];
    const callee = who === 'anna' ? pair.boris : pair.anna;
    pair.anna.act('hangUp');
    caller.act('callAgain');
    assert.equal(caller.state.phase, 'waiting');
    assert.equal(callee.state.phase, 'ended');
    assert.equal(callee.state.incoming, true);
    callee.act('accept');
    assert.deepEqual(phases(caller, callee), ['connecting', 'connecting']);
    assert.equal(callee.hasMedia, true);
    assert.deepEqual([caller.state.role, callee.state.role], ['caller', 'callee']);
  });
}

test('both call again at once: one of them rings, and accepting works', () => {
  const { anna, boris } = talking();
  anna.act('hangUp');
  anna.media = null; // her camera takes a while
  anna.act('callAgain');
  boris.act('callAgain');
  anna.do({ type: 'mediaReady' });
  assert.equal(anna.state.incoming, true);
  assert.equal(anna.state.calling, false);
  anna.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
});

test('both come in the same moment and both ring: one Accept is enough', () => {
  const room = new Room();
  const [anna, boris] = [room.enter('anna'), room.enter('boris')];
  anna.do({ type: 'start', room: 'otter', created: false });
  boris.do({ type: 'start', room: 'otter', created: false });
  room.settle();
  assert.deepEqual([anna.state.incoming, boris.state.incoming], [true, true]);
  boris.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
  assert.deepEqual([anna.state.incoming, boris.state.incoming], [false, false]);
});

test('both press Accept in the same moment: both connect, and glare is left to the links', () => {
  const room = new Room();
  const [anna, boris] = [room.enter('anna'), room.enter('boris')];
  anna.do({ type: 'start', room: 'otter', created: false });
  boris.do({ type: 'start', room: 'otter', created: false });
  room.settle();
  anna.do({ type: 'accept' });
  boris.do({ type: 'accept' });
  room.settle();
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
  assert.equal(anna.did('startLink').length, 1);
  assert.equal(boris.did('startLink').length, 1);
});

test('decline: the caller reads it, the other waits on', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  anna.act('decline');
  assert.deepEqual(phases(anna, boris), ['waiting', 'ended']);
  assert.equal(boris.state.reason, 'declined');
  assert.equal(boris.hasMedia, false);
  boris.act('callAgain');
  assert.equal(anna.state.incoming, true);
});

test('the caller gives up while it rings: the dialog goes, with words', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  boris.act('hangUp');
  assert.equal(anna.state.incoming, false);
  assert.equal(anna.state.notice, 'stopped-calling');
  assert.equal(anna.state.phase, 'waiting');
  anna.act('accept');
  assert.equal(anna.state.phase, 'waiting', 'there is nothing left to accept');
  anna.act('callAgain');
  assert.equal(boris.state.incoming, true, 'who gave up can be called back');
});

test('nobody answers for 30 s: the caller waits on, the ringing stops on the other side', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  boris.expire('answer');
  assert.equal(TIMES.answer, 30_000);
  assert.equal(boris.state.phase, 'waiting');
  assert.equal(boris.state.notice, 'no-answer');
  assert.equal(anna.state.incoming, false);
  assert.equal(anna.state.notice, 'stopped-calling');
});

test('whoever made the room waits in it without words about an answer', () => {
  const anna = new Room().enter('anna', { created: true }).open();
  anna.expire('answer');
  assert.equal(anna.state.notice, null);
});

test('the first one, whose own call has been ringing into an empty room, takes nobody else down when it ends', () => {
  const room = new Room();
  const anna = room.enter('anna').open();
  const boris = room.enter('boris').open();
  anna.expire('answer');
  assert.deepEqual(names(anna), ['main check'], 'she says no bye: a plain page would take it for his decline');
  assert.equal(anna.state.notice, null);
  assert.equal(boris.state.phase, 'waiting');
  assert.equal(boris.state.calling, true);
  anna.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
});

test('a reload in the middle of a call: bye, then the new page rings', () => {
  const { room, anna, boris } = talking();
  boris.act('hangUp');
  boris.lose();
  assert.equal(anna.state.reason, 'remote');
  const again = room.enter('boris2').open();
  assert.equal(anna.state.incoming, true);
  anna.act('accept');
  assert.deepEqual(phases(anna, again), ['connecting', 'connecting']);
});

test('a reload whose bye was lost: the new page rings as soon as the old link is seen to be dead', () => {
  const { room, anna, boris } = talking();
  boris.lose();
  anna.act('linkUnstable');
  const again = room.enter('boris2').open();
  assert.deepEqual(phases(anna, again), ['connected', 'waiting']);
  anna.expire('knock');
  assert.deepEqual([anna.state.phase, anna.state.reason, anna.state.incoming], ['ended', 'lost', true]);
  assert.equal(again.state.phase, 'waiting', 'the new page is not told the bye of the old one');
  anna.act('accept');
  assert.deepEqual(phases(anna, again), ['connecting', 'connecting']);
});

test('a third one who calls during a short disturbance is told that it is taken once that is over', () => {
  const { room, anna, boris } = talking();
  anna.act('linkUnstable');
  boris.act('linkUnstable');
  const clara = room.enter('clara').open();
  anna.act('linkConnected');
  assert.equal(clara.state.reason, 'taken');
  boris.act('linkConnected');
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
  assert.deepEqual([...anna.timers, ...boris.timers], []);
});

test('a third person disturbs nothing: comes, calls, leaves, calls again', () => {
  const { room, anna, boris } = talking();
  const clara = room.enter('clara').open();
  assert.equal(clara.state.phase, 'ended');
  assert.equal(clara.state.reason, 'taken');
  clara.act('callAgain');
  clara.act('hangUp');
  const dan = room.enter('dan', { created: true }).open();
  dan.act('hangUp');
  clara.signal('offer');
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
  assert.deepEqual([anna.state.peer, boris.state.peer], ['boris', 'anna']);
});

test('a bye that only says "bye" from a third one is not taken for the partner\'s', () => {
  const { room, anna, boris } = talking();
  const raw = room.enter('raw');
  raw.wantsSocket = true;
  raw.join();
  raw.send('message', 'bye');
  room.settle();
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
});

test('two call at once: the first answer wins, the other is told that it is taken', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  const clara = room.enter('clara').open();
  anna.act('accept');
  assert.deepEqual(phases(anna, boris, clara), ['connecting', 'connecting', 'connecting']);
  anna.signal('offer');
  boris.signal('answer', 'anna');
  clara.signal('answer', 'anna');
  assert.equal(anna.did('linkSignal').length, 1);
  anna.act('linkConnected');
  boris.act('linkConnected');
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
  assert.equal(clara.state.reason, 'taken');
});

test('two call at once and one gives up: the other still rings, and is not told that he was declined', () => {
  const room = new Room();
  room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  const clara = room.enter('clara').open();
  boris.act('decline'); // he rings as well, because Clara has come after him
  clara.do({ type: 'callAgain' });
  clara.act('hangUp');
  assert.notEqual(boris.state.reason, 'taken');
  assert.equal(boris.state.phase, 'waiting');
});

test('server restart while it rings: the dialog stays, only the caller calls again, Accept works', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  room.stop();
  assert.equal(anna.state.incoming, true);
  room.start();
  boris.join();
  anna.join();
  assert.equal(names(anna).filter(name => name === 'main check').length, 1);
  assert.equal(names(boris).filter(name => name === 'main check').length, 2);
  anna.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
});

test('Accept while the server is away: it is said when the socket is back, whoever is back first', () => {
  for (const order of [['anna', 'boris'], ['boris', 'anna']]) {
    const room = new Room();
    const anna = room.enter('anna', { created: true }).open();
    const boris = room.enter('boris').open();
    room.stop();
    anna.act('accept');
    assert.equal(anna.state.phase, 'connecting');
    room.start();
    for (const name of order) ({ anna, boris })[name].join();
    assert.deepEqual(phases(anna, boris), ['connecting', 'connecting'], order.join());
    assert.equal(boris.did('startLink').length, 1);
    assert.equal(anna.did('startLink').length, 1);
  }
});

test('two who both came while the server was away find each other', () => {
  const room = new Room();
  room.stop();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  assert.deepEqual(phases(anna, boris), ['waiting', 'waiting']);
  room.start();
  anna.join();
  boris.join();
  assert.equal(anna.state.incoming, true);
});

test('server restart while one only waits: he asks who has come, without making words about calling', () => {
  const room = new Room();
  const anna = room.enter('anna').open();
  assert.equal(anna.state.quiet, false);
  anna.expire('answer');
  room.stop();
  room.start();
  anna.join();
  assert.deepEqual([anna.state.calling, anna.state.quiet], [true, true]);
  const boris = room.enter('boris').open();
  anna.act('accept');
  assert.deepEqual(phases(anna, boris), ['connecting', 'connecting']);
});

test('server restart in a call: not one word is said, and the link is told', () => {
  const { room, anna, boris } = talking();
  const before = [anna.sent.length, boris.sent.length];
  room.stop();
  assert.deepEqual(phases(anna, boris), ['connected', 'connected']);
  room.start();
  boris.join();
  anna.join();
  assert.deepEqual([anna.sent.length, boris.sent.length], before);
  assert.equal(anna.did('signalingBack').length, 1);
  anna.act('hangUp');
  assert.equal(boris.state.reason, 'remote');
});

test('no path: within 20 s both have the reason', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  anna.act('accept');
  anna.signal('offer');
  assert.equal(TIMES.connect, 20_000);
  anna.expire('connect');
  assert.deepEqual([anna.state.reason, boris.state.reason], ['failed', 'failed']);
  anna.act('callAgain');
  assert.equal(boris.state.incoming, true);
});

test('packets that stay away for 30 s, of which 5 passed unnoticed, end the call on both sides', () => {
  assert.equal(TIMES.recover, 25_000);
  const { anna, boris } = talking();
  anna.act('linkUnstable');
  anna.act('linkUnstable');
  assert.equal(anna.state.steady, false);
  anna.expire('recover');
  assert.deepEqual([anna.state.reason, boris.state.reason], ['lost', 'lost']);
});

test('a disturbance that passes is forgotten', () => {
  const { anna } = talking();
  anna.act('linkUnstable');
  anna.act('linkConnected');
  assert.equal(anna.state.steady, true);
  assert.deepEqual([...anna.timers], []);
});

test('a tab that was closed without a word: the link says so', () => {
  const { anna } = talking();
  anna.act('linkClosed');
  assert.deepEqual([anna.state.phase, anna.state.reason, anna.hasMedia], ['ended', 'remote', false]);
});

test('a plain page without our keys: flow, bye and a second call', () => {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const raw = room.enter('raw');
  raw.wantsSocket = true;
  raw.join();
  const say = (event, argument) => { raw.send(event, argument); room.settle(); };
  for (let round = 0; round < 2; round += 1) {
    say('main check', 'otter');
    anna.act('accept');
    say('message', 'got user media');
    say('message', { type: 'offer', sdp: 'v=0' });
    say('message', { type: 'candidate', label: 0, id: '0', candidate: 'candidate:1' });
    assert.equal(anna.state.peer, '');
    anna.act('linkConnected');
    assert.equal(anna.state.phase, 'connected');
    say('message', 'bye');
    assert.deepEqual([anna.state.phase, anna.state.reason], ['ended', 'remote']);
  }
});

test('every event in every state gives a state, and undefined timers do nothing', () => {
  const { anna } = talking();
  const bye = { type: 'bye', from: 'x', reason: 'left' };
  const events = [
    { type: 'start', room: 'r', created: false }, { type: 'mediaReady' }, { type: 'mediaProblem', problem: 'busy' },
    { type: 'retry' }, { type: 'joinWithoutCamera' }, { type: 'socketOpen' }, { type: 'socketClosed' },
    { type: 'mainCheckAnswer' }, { type: 'hostAgreed' }, { type: 'peerReady' },
    { type: 'peerSignal', signal: { type: 'candidate', candidate: '' } }, { type: 'peerBye', bye, plain: false },
    { type: 'accept' }, { type: 'decline' }, { type: 'hangUp' }, { type: 'callAgain' }, { type: 'dismiss' },
    { type: 'linkConnected' }, { type: 'linkUnstable' }, { type: 'linkFailed' }, { type: 'linkClosed' },
    ...Object.keys(TIMES).map(timer => ({ type: 'timeout', timer })),
  ];
  const known = ['idle', 'preparing', 'waiting', 'connecting', 'connected', 'ended'];
  for (const phase of known) {
    for (const event of events) {
      const before = Object.freeze({ ...anna.state, phase });
      const { state, effects } = next(before, event);
      assert.ok(known.includes(state.phase), `${phase} ${event.type}`);
      assert.ok(Array.isArray(effects));
      if (phase === 'connected' && event.type === 'timeout' && !['recover', 'knock'].includes(event.timer)) {
        assert.equal(state.phase, 'connected');
      }
    }
  }
});
