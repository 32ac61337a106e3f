// The socket that comes back, as every channel has it: here with the plainest channel on it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callSocketAddress, invitationAddress } from '../../public/js/signaling/address.js';
import {
  ANSWER_TIMEOUT, CONNECT_TIMEOUT, FIRST_DELAY, LastingSocket, LONGEST_DELAY, readFrame, STALE_AFTER,
} from '../../public/js/signaling/lasting_socket.js';
import { Clock } from './support/clock.js';
import { FakeSocket } from './support/fake_socket.js';

class PlainChannel extends LastingSocket {
  heard = [];
  constructor(url, around) {
    super(around);
    this.url = url;
  }

  address() { return this.url; }
  opened() { this.established(); }
  receive(text) { this.heard.push(text); }

  /** Something that is answered, if the path is alive. */
  ask() {
    this.write('ask');
    this.expectAnswer();
  }
}

function setUp({ random = 1, url = 'ws://x/socket?call=r' } = {}) {
  const clock = new Clock();
  const network = Object.assign(new EventTarget(), { navigator: { onLine: true } });
  const sockets = [];
  const states = [];
  const channel = new PlainChannel(url, {
    ...clock,
    createSocket: address => {
      sockets.push(new FakeSocket(address));
      return sockets.at(-1);
    },
    random: () => random,
    network,
  });
  channel.addEventListener('state', () => states.push(channel.state));
  return { clock, network, sockets, states, heard: channel.heard, channel };
}

test('what is heard is passed on', () => {
  const { channel, sockets, heard } = setUp();
  channel.open();
  assert.equal(sockets[0].url, 'ws://x/socket?call=r');
  sockets[0].accept();
  for (const data of ['["host agreed"]', 'x', new ArrayBuffer(1)]) sockets[0].hear(data);
  assert.deepEqual(heard, ['["host agreed"]', 'x'], 'text only');
});

test('frames: an event and its arguments; whatever else comes is none', () => {
  assert.deepEqual(readFrame('["message",{"type":"offer"},{"from":"x"}]'), { name: 'message', args: [{ type: 'offer' }, { from: 'x' }] });
  for (const text of ['{}', '[]', '[1]', 'x', '"a"', 'null']) assert.equal(readFrame(text), null, text);
});

test('a lost socket is replaced after 0.5 s, then 1, 2, 4, 8 and never more', async () => {
  const { channel, clock, sockets } = setUp();
  channel.open();
  sockets[0].accept();
  for (const delay of [500, 1000, 2000, 4000, LONGEST_DELAY, LONGEST_DELAY]) {
    sockets.at(-1).drop();
    const before = sockets.length;
    await clock.advance(delay - 1);
    assert.equal(sockets.length, before, `before ${delay}`);
    await clock.advance(1);
    assert.equal(sockets.length, before + 1, `after ${delay}`);
  }
});

test('chance takes up to half of the wait away', async () => {
  const { channel, clock, sockets } = setUp({ random: 0 });
  channel.open();
  sockets[0].drop();
  assert.deepEqual(clock.waiting, [250]);
});

test('a success begins the waits anew', async () => {
  const { channel, clock, sockets } = setUp();
  channel.open();
  sockets[0].drop();
  await clock.advance(500);
  sockets[1].drop();
  await clock.advance(1000);
  sockets[2].accept();
  sockets[2].drop();
  assert.deepEqual(clock.waiting, [500]);
});

test('a connect that takes 5 s is given up, and its late success does not count', async () => {
  const { channel, clock, sockets, states } = setUp();
  channel.open();
  await clock.advance(CONNECT_TIMEOUT);
  assert.equal(sockets[0].closed, true);
  assert.equal(channel.state, 'closed');
  sockets[0].accept();
  assert.equal(channel.state, 'closed');
  await clock.advance(500);
  sockets[1].accept();
  assert.deepEqual(states, ['connecting', 'closed', 'connecting', 'open']);
  await clock.advance(60_000);
  assert.equal(channel.state, 'open');
});

test('online: at once', async () => {
  const { channel, network, sockets } = setUp();
  channel.open();
  sockets[0].drop();
  network.dispatchEvent(new Event('online'));
  assert.equal(sockets.length, 2);
  sockets[1].accept();
  network.dispatchEvent(new Event('online'));
  assert.equal(sockets.length, 2, 'a socket that works is left alone');
});

test('offline: the socket is let go without waiting for its close', () => {
  const { channel, network, sockets } = setUp();
  channel.open();
  sockets[0].accept();
  network.dispatchEvent(new Event('offline'));
  assert.equal(channel.state, 'closed');
  sockets[0].hear('["late"]');
  assert.deepEqual(channel.heard, []);
});

test('a question that nothing follows within 6 s went into a dead socket', async () => {
  const { channel, clock, sockets } = setUp();
  channel.open();
  sockets[0].accept();
  channel.ask();
  await clock.advance(ANSWER_TIMEOUT - 1000);
  sockets[0].hear('whatever comes is an answer');
  await clock.advance(60_000);
  assert.equal(channel.state, 'open', 'all is well');
  channel.ask();
  await clock.advance(4000);
  channel.ask();
  await clock.advance(ANSWER_TIMEOUT - 4001);
  assert.equal(channel.state, 'open');
  await clock.advance(1);
  assert.equal(channel.state, 'closed', 'the first question counts');
  assert.equal(sockets[0].closed, true);
});

/** A channel over https that was connected and is so no more; every new socket hangs. */
function outage() {
  const parts = setUp({ url: 'wss://x/socket?call=r' });
  parts.offers = [];
  parts.channel.addEventListener('stale', () => parts.offers.push([parts.clock.now(), parts.channel.stale]));
  parts.channel.open();
  parts.sockets[0].accept();
  parts.sockets[0].drop();
  return parts;
}
const OFFERED_AT = FIRST_DELAY + STALE_AFTER; // counted from the first new try

test('over https an outage of 10 s is told, once; the tries go on, and success takes it back', async () => {
  const { channel, clock, sockets, offers } = outage();
  await clock.advance(OFFERED_AT - 1);
  assert.equal(channel.stale, false);
  await clock.advance(1);
  assert.equal(channel.stale, true);
  const before = sockets.length;
  await clock.advance(600_000);
  assert.ok(sockets.length > before + 10);
  assert.deepEqual(offers, [[OFFERED_AT, true]]);
  channel.tryNow();
  sockets.at(-1).accept();
  assert.deepEqual(offers.at(-1), [clock.now(), false]);
  sockets.at(-1).drop();
  await clock.advance(OFFERED_AT);
  assert.deepEqual(offers.map(([, stale]) => stale), [true, false, true], 'the next outage is another one');
});

test('an outage that ends in time is not told', async () => {
  const { clock, sockets, offers } = outage();
  await clock.advance(OFFERED_AT - 1);
  sockets.at(-1).accept();
  await clock.advance(60_000);
  assert.deepEqual(offers, []);
});

test('without a network the certificate is not to blame: counted anew once there is one', async () => {
  const { channel, clock, network, offers } = outage();
  await clock.advance(9000);
  network.navigator.onLine = false;
  network.dispatchEvent(new Event('offline'));
  await clock.advance(60_000);
  network.navigator.onLine = true;
  network.dispatchEvent(new Event('online'));
  const back = clock.now();
  await clock.advance(60_000);
  assert.deepEqual(offers, [[back + STALE_AFTER, true]]);
  network.dispatchEvent(new Event('offline'));
  assert.equal(channel.stale, false, 'nor is a reload offered that could only fail');
});

test('over plain http there is no certificate, and after close nobody waits', async () => {
  const plain = setUp();
  plain.channel.open();
  await plain.clock.advance(60_000);
  assert.equal(plain.channel.stale, false);
  const { channel, clock, offers } = outage();
  await clock.advance(FIRST_DELAY);
  channel.close();
  await clock.advance(60_000);
  assert.deepEqual(offers, []);
  assert.deepEqual(clock.waiting, []);
});

test('close is the end: no timer, no socket, no listener', async () => {
  const { channel, clock, network, sockets } = setUp();
  channel.open();
  sockets[0].accept();
  channel.close();
  assert.equal(sockets[0].closed, true);
  network.dispatchEvent(new Event('online'));
  await clock.advance(60_000);
  assert.equal(sockets.length, 1);
  channel.open();
  assert.equal(sockets.length, 2, 'but it can be opened again');
});

test('the address of the socket follows the page: scheme, host, mount point', () => {
  assert.equal(
    callSocketAddress('http://localhost:3000/chat.html?room=x#y', { call: 'a b/ä&c', name: '' }), 'ws://localhost:3000/socket?call=a%20b%2F%C3%A4%26c',
  );
  assert.equal(callSocketAddress('https://h.example/x/chat.html', { call: 'r', name: 'Ä' }), 'wss://h.example/x/socket?call=r&name=%C3%84');
});

test('the invitation is the page itself, whatever else was in its address', () => {
  assert.equal(invitationAddress('http://h:3000/x/chat.html?room=old&a=b#c', 'neu & gut'), 'http://h:3000/x/chat.html?room=neu%20%26%20gut');
});
