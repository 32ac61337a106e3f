import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSeat, readCallEvent } from '../../public/js/signaling/call_events.js';
import { BORIS, ME, member, welcome } from './support/call_socket.js';

const read = (name, ...args) => readCallEvent(name, args)?.detail ?? null;

test('a welcome comes as it is, its members none while we wait', () => {
  const [, inside] = welcome();
  assert.deepEqual(read('welcome', inside), inside);
  const [, waiting] = welcome({ state: 'waiting' });
  assert.deepEqual(read('welcome', { ...waiting, members: [member(BORIS, 'B')] }).members, []);
});

test('a welcome that lacks what we rely on is none', () => {
  const [, inside] = welcome();
  for (const key of ['seat', 'token', 'state', 'host', 'members', 'capacity', 'door', 'password', 'iceServers', 'resumed', 'heard']) {
    assert.equal(read('welcome', { ...inside, [key]: undefined }), null, key);
  }
  assert.equal(read('welcome', welcome({ state: 'waiting', count: undefined })[1]), null);
  assert.equal(read('welcome', { ...inside, members: [{ seat: ME }] }), null);
});

test('whatever has not the right shape is nothing', () => {
  for (const frame of [
    ['refused'], ['refused', 'tired'], ['main check answer', 'otter'], ['main check answer', 'otter', { from: 'x', name: 'B' }],
    ['main check answer', 'otter', { from: BORIS }], ['ring ended', 5], ['host agreed', {}], ['peer joined', { seat: BORIS }],
    ['peer left'], ['peer away', null], ['peer back', {}], ['message', 'x'], ['message', 'x', { from: 5 }],
    ['chat message', { html: 1 }, { from: BORIS, at: 1 }], ['chat message', 'x', { from: BORIS }], ['door', 'ajar'], ['password', 'yes'],
    ['host', null], ['error', 'x'], ['error', { event: 'x' }], ['toString'], ['__proto__'], ['later invention', 1],
  ]) assert.equal(readCallEvent(frame[0], frame.slice(1)), null, JSON.stringify(frame));
});

test('a chat message is a text, or a text with the number that its page has given it', () => {
  const page = 'p'.repeat(22);
  assert.deepEqual(read('chat message', 'hi', { from: BORIS, at: 5 }), { from: BORIS, text: 'hi', at: 5 });
  assert.deepEqual(read('chat message', { page, n: 2, text: 'hi', more: 1 }, { from: BORIS, at: 5 }), { from: BORIS, text: 'hi', at: 5, page, n: 2 });
  for (const wrong of [{ page, n: 2 }, { page, n: -1, text: 'hi' }, { page: 'short', n: 2, text: 'hi' }, { page, text: 'hi' }, ['hi']]) {
    assert.equal(read('chat message', wrong, { from: BORIS, at: 5 }), null, JSON.stringify(wrong));
  }
});

test('fields and arguments that are not known are no obstacle', () => {
  assert.deepEqual(read('peer joined', { seat: BORIS, name: '', since: 5 }, 'more'), { seat: BORIS, name: '' });
  assert.deepEqual(read('peer left', BORIS, 'evaporated'), { seat: BORIS, reason: 'evaporated' });
});

test('`was` is taken only if it can be a seat', () => {
  assert.deepEqual(read('peer joined', { seat: BORIS, name: 'B', was: ME }), { seat: BORIS, name: 'B', was: ME });
  assert.deepEqual(read('peer joined', { seat: BORIS, name: 'B', was: '<b>' }), { seat: BORIS, name: 'B' });
});

test('a seat is 11 to 32 letters, digits, - and _', () => {
  for (const seat of ['a'.repeat(11), 'A-_9'.repeat(8)]) assert.ok(isSeat(seat), seat);
  for (const seat of ['a'.repeat(10), 'a'.repeat(33), 'a'.repeat(11) + '\n', 'ä'.repeat(11), 'a.'.repeat(6), null, 12345678901]) {
    assert.equal(isSeat(seat), false, String(seat));
  }
});
