import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readCallEvent } from '../../public/js/signaling/call_events.js';
import { cameAfter, fold, foldDeclined, hostOf, isHost, OUTSIDE } from '../../public/js/signaling/gathering.js';
import { BORIS, CLARA, ME, member, welcome } from './support/call_socket.js';

/** What is known after these frames. */
const after = (...frames) => frames.reduce((gathering, [name, ...args]) => {
  const event = readCallEvent(name, args);
  assert.ok(event, `no event: ${name}`);
  return fold(gathering, event.type, event.detail);
}, OUTSIDE);

const seats = gathering => gathering.members.map(({ seat }) => seat);
const boris = ['peer joined', { seat: BORIS, name: 'Boris' }];
const clara = ['peer joined', { seat: CLARA, name: 'Clara' }];
const ring = (seat, name = 'X') => ['main check answer', 'otter', { from: seat, name }];
const agreed = ['host agreed', { members: [member(BORIS, 'Boris', { host: true }), member(ME, 'Anna')], iceServers: [{ urls: 'turn:t' }], door: 'open', password: true }];

test('the first one in is alone, and host', () => {
  const gathering = after(welcome());
  assert.deepEqual([gathering.state, gathering.me, gathering.count, gathering.capacity, gathering.door], ['admitted', ME, 1, 6, 'knock']);
  assert.equal(isHost(gathering), true);
});

test('who waits knows the number of members, and nothing else', () => {
  const gathering = after(welcome({ state: 'waiting', count: 3 }));
  assert.deepEqual([gathering.state, gathering.members, gathering.count, gathering.door], ['waiting', [], 3, null]);
  assert.equal(isHost(gathering), false);
});

test('admitted: members, door, password and ICE servers come then', () => {
  const gathering = after(welcome({ state: 'waiting' }), agreed);
  assert.deepEqual([gathering.state, seats(gathering), gathering.door, gathering.password, gathering.iceServers], ['admitted', [BORIS, ME], 'open', true, [{ urls: 'turn:t' }]]);
  assert.equal(hostOf(gathering), BORIS);
});

test('members come in the order of admission, and go', () => {
  const gathering = after(welcome(), boris, clara);
  assert.deepEqual(seats(gathering), [ME, BORIS, CLARA]);
  assert.deepEqual(seats(after(welcome(), boris, clara, ['peer left', BORIS, 'lost'])), [ME, CLARA]);
  assert.equal(after(welcome(), boris, clara, ['peer left', BORIS, 'lost']).count, 2);
});

test('away and back: still a member, in his place', () => {
  const away = after(welcome(), boris, clara, ['peer away', BORIS]);
  assert.deepEqual(away.members.map(one => one.away), [false, true, false]);
  assert.deepEqual(after(welcome(), boris, clara, ['peer away', BORIS], ['peer back', BORIS]).members.map(one => one.away), [false, false, false]);
});

test('one host: told by name, also when the old one has gone', () => {
  const given = after(welcome(), boris, clara, ['host', CLARA]);
  assert.deepEqual(given.members.map(one => one.host), [false, false, true]);
  assert.equal(isHost(given), false);
  const left = after(welcome({ state: 'waiting' }), agreed, ['peer left', BORIS, 'left'], ['host', ME]);
  assert.equal(isHost(left), true);
});

test('door and password are what was told last', () => {
  const gathering = after(welcome(), ['door', 'locked'], ['password', true], ['door', 'open']);
  assert.deepEqual([gathering.door, gathering.password], ['open', true]);
});

test('who rings: in the order of being told, until it ends', () => {
  const both = after(welcome(), ring(BORIS), ring(CLARA));
  assert.deepEqual(both.rings.map(({ seat }) => seat), [BORIS, CLARA]);
  assert.deepEqual(after(welcome(), ring(BORIS), ring(CLARA), ['ring ended', BORIS, 'cancelled']).rings.map(({ seat }) => seat), [CLARA]);
});

test('whom we have let in ourselves rings no more, though nobody says that it ended', () => {
  const gathering = after(welcome(), ring(BORIS), boris);
  assert.deepEqual([gathering.rings, seats(gathering)], [[], [ME, BORIS]]);
});

test('accepted, but the call is full: the error changes nothing, the seat rings on', () => {
  const gathering = after(welcome(), ring(BORIS), ['error', { event: 'host is agreed', code: 'full' }]);
  assert.equal(gathering.rings.length, 1);
});

test('whom we have declined rings no more, not even if it is told once more', () => {
  const declined = foldDeclined(after(welcome(), ring(BORIS), ring(CLARA)), BORIS);
  assert.deepEqual(declined.rings.map(({ seat }) => seat), [CLARA]);
  assert.equal(fold(declined, 'main check answer', { seat: BORIS, name: 'X' }), declined);
  const again = fold(declined, 'welcome', welcome({ resumed: false })[1]);
  assert.equal(fold(again, 'main check answer', { seat: BORIS, name: 'X' }), again);
});

test('resumed: our own view stays, and what was missed changes it; the members of the welcome are of afterwards', () => {
  const missed = [['peer joined', { seat: CLARA, name: 'Clara' }], ['peer left', BORIS, 'left']];
  const resumed = welcome({ resumed: true, members: [member(ME, 'Anna', { host: true }), member(CLARA, 'Clara')], iceServers: [{ urls: 'turn:new' }] });
  const between = after(welcome(), boris, ring('seat-of-dora'), resumed);
  assert.deepEqual([seats(between), between.rings.length, between.iceServers], [[ME, BORIS], 1, [{ urls: 'turn:new' }]]);
  const gathering = after(welcome(), boris, resumed, ...missed);
  assert.deepEqual(gathering.members, resumed[1].members);
});

test('resumed while waiting, though admitted meanwhile: inside only with the `host agreed` that follows', () => {
  const resumed = welcome({ resumed: true, host: false, members: agreed[1].members });
  assert.equal(after(welcome({ state: 'waiting' }), resumed).state, 'waiting');
  assert.deepEqual(seats(after(welcome({ state: 'waiting' }), resumed, agreed)), [BORIS, ME]);
});

test('not resumed: members as told, the rings are told again', () => {
  const gathering = after(welcome(), boris, ring(CLARA), welcome({ resumed: false, door: 'locked' }), ring(CLARA));
  assert.deepEqual([seats(gathering), gathering.rings.length, gathering.door], [[ME], 1, 'locked']);
  assert.deepEqual(after(welcome(), boris, ring(CLARA), welcome({ resumed: false })).rings, []);
});

test('refused: outside, nothing is known any more', () => {
  assert.deepEqual(after(welcome(), boris, ['refused', 'removed']), OUTSIDE);
});

test('of each pair the later one offers first and gives way', () => {
  const gathering = after(welcome({ state: 'waiting' }), agreed, clara);
  assert.equal(cameAfter(gathering, BORIS), true);
  assert.equal(cameAfter(gathering, CLARA), false);
});

test('a view that was given out never changes', () => {
  const before = after(welcome(), boris);
  const copy = structuredClone(before);
  for (const [name, ...args] of [['peer away', BORIS], ['host', BORIS], ['peer left', BORIS, 'left'], ring(CLARA), ['door', 'open']]) {
    const event = readCallEvent(name, args);
    fold(before, event.type, event.detail);
  }
  assert.deepEqual(before, copy);
});
