// The look at the door, before anything else is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Glance } from '../../public/js/call/glance.js';
import { Clock } from './support/clock.js';
import { FakeSocket } from './support/fake_socket.js';

function look() {
  const clock = new Clock();
  const sockets = [];
  const told = [];
  const glance = new Glance(() => 'ws://x/socket?call=otter&peek=1', {
    ...clock, random: () => 1, network: new EventTarget(),
    createSocket: url => {
      sockets.push(new FakeSocket(url));
      return sockets.at(-1);
    },
  });
  glance.start((...seats) => told.push(seats), refusal => told.push(refusal));
  return { clock, sockets, told, glance, hear: (...frame) => sockets.at(-1).hear(JSON.stringify(frame)) };
}

test('how many are inside, and how many fit; then the socket is let go', async () => {
  const { clock, sockets, told, hear } = look();
  sockets[0].accept();
  hear('peek', { count: 3, capacity: 6, door: 'knock', password: false });
  assert.deepEqual([told, sockets[0].closed, sockets[0].sent], [[[3, 6]], true, []]);
  await clock.advance(60_000);
  assert.equal(sockets.length, 1);
});

test('a door that does not open says why; a crowd is not waited for', async () => {
  for (const [reason, number, expected] of [
    ['full', 6, { reason: 'full', final: true, capacity: 6 }], ['password', 2000, { reason: 'password', final: true, wait: 2000 }],
    ['locked', undefined, { reason: 'locked', final: true }], ['rate', 500, { reason: 'rate', final: false, wait: 500 }],
  ]) {
    const { clock, sockets, told, hear } = look();
    sockets[0].accept();
    hear('refused', reason, number);
    await clock.advance(60_000);
    assert.deepEqual([told, sockets.length], [[expected], 1], reason);
  }
});

test('a server that is away is asked again; what makes no sense is no answer', async () => {
  const { clock, sockets, told, hear } = look();
  sockets[0].drop();
  await clock.advance(1000);
  assert.equal(sockets.length, 2);
  hear('peek', { count: 'many' });
  assert.deepEqual(told, []);
});

test('a look that is given up: nothing is told any more', () => {
  const { told, glance, hear, sockets } = look();
  glance.stop();
  hear('peek', { count: 3, capacity: 6 });
  assert.deepEqual([told, sockets[0].closed], [[], true]);
});
