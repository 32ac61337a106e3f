import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DataLink, DataLinks, LINES } from '../../public/js/call/data_link.js';
import { PeerLink } from '../../public/js/call/peer_link.js';
import { Clock, settled } from './support/clock.js';
import { FakeConnection, FakeStream } from './support/fake_connection.js';

class Channel extends EventTarget {
  readyState = 'connecting';
  bufferedAmount = 0;
  sent = [];

  constructor(label, options) {
    super();
    Object.assign(this, { label, options });
  }

  send(data) {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    this.sent.push(data);
  }

  close() { this.readyState = 'closed'; } // without a word: the page has done it itself
  become(state) {
    this.readyState = state;
    this.dispatchEvent(new Event(state === 'open' ? 'open' : 'close'));
  }
}

class Connection extends FakeConnection {
  lines = [];

  createDataChannel(label, options) {
    if (this.closed) throw new DOMException('closed', 'InvalidStateError');
    if (this.lines.some(line => line.options.id === options.id && line.readyState !== 'closed')) throw new DOMException('in use', 'OperationError');
    this.lines.push(new Channel(label, options));
    return this.lines.at(-1);
  }

  line(label) { return this.lines.findLast(line => line.label === label); }
}

function link() {
  const connections = [];
  const made = new PeerLink('anna', () => true, {
    ...new Clock(),
    createConnection: () => {
      connections.push(new Connection());
      return connections.at(-1);
    },
    createStream: () => new FakeStream(),
  }, { peer: 'boris', polite: false, key: 'k'.repeat(22) });
  return { link: made, connections, get connection() { return connections.at(-1); } };
}

function watched(way) {
  const news = [];
  for (const name of ['available', 'lost', 'drained']) way.addEventListener(name, () => news.push(name));
  way.addEventListener('message', ({ data }) => news.push(data));
  return news;
}

test('one channel for each line, with its number, whether it is asked for before the connection or after', () => {
  const one = link();
  const chat = new DataLink(one.link, LINES.chat);
  assert.equal(chat.isAvailable, false);
  one.link.start({ first: true });
  new DataLink(one.link, LINES.files, { low: 1000 });
  const numbers = one.connection.lines.map(({ label, options }) => [label, options.negotiated, options.id]);
  assert.deepEqual(numbers, [['devices', true, 0], ['chat', true, 1], ['files', true, 2]]);
  assert.deepEqual([one.connection.line('files').binaryType, one.connection.line('files').bufferedAmountLowThreshold], ['arraybuffer', 1000]);
});

test('available, messages both ways, lost', () => {
  const one = link();
  const chat = new DataLink(one.link, LINES.chat);
  const news = watched(chat);
  one.link.start({ first: true });
  const channel = one.connection.line('chat');
  assert.equal(chat.send('early'), false);
  channel.become('open');
  assert.equal(chat.send('hello'), true);
  channel.dispatchEvent(Object.assign(new Event('message'), { data: 'hi' }));
  channel.bufferedAmount = 7;
  assert.equal(chat.buffered, 7);
  channel.dispatchEvent(new Event('bufferedamountlow'));
  channel.become('closed');
  assert.deepEqual([channel.sent, news], [['hello'], ['available', 'hi', 'drained', 'lost']]);
  assert.equal(chat.send('late'), false);
});

test('a channel that takes nothing any more says so', () => {
  const one = link();
  const chat = new DataLink(one.link, LINES.chat);
  one.link.start({ first: true });
  one.connection.line('chat').become('open');
  one.connection.line('chat').readyState = 'closing'; // not told yet
  assert.equal(chat.send('x'), false);
});

test('a new connection: the channel before is lost, and what it still says is not heard', async () => {
  const one = link();
  const chat = new DataLink(one.link, LINES.chat);
  const news = watched(chat);
  one.link.start({ first: true });
  const before = one.connection.line('chat');
  before.become('open');
  one.connection.become('connected');
  one.connection.become('failed');
  await settled();
  assert.equal(one.connections.length, 2);
  const after = one.connection.line('chat');
  before.dispatchEvent(Object.assign(new Event('message'), { data: 'old' }));
  before.dispatchEvent(new Event('close'));
  assert.deepEqual([news, chat.isAvailable], [['available', 'lost'], false]);
  after.become('open');
  assert.deepEqual([news, chat.send('again'), after.sent], [['available', 'lost', 'available'], true, ['again']]);
  one.link.stop();
});

test('the link is stopped: lost, and there is no connection any more', () => {
  const one = link();
  const chat = new DataLink(one.link, LINES.chat);
  const news = watched(chat);
  one.link.start({ first: true });
  one.connection.line('chat').become('open');
  one.link.stop();
  assert.deepEqual([news, one.link.connection], [['available', 'lost'], null]);
});

test('the ways of a mesh follow its links, and keep theirs when a link has another seat', () => {
  const [a, b] = [link(), link()];
  const mesh = Object.assign(new EventTarget(), { links: new Map([['seat-a', a.link]]) });
  const ways = new DataLinks(mesh, LINES.chat);
  let changes = 0;
  ways.addEventListener('change', () => { changes += 1; });
  a.link.start({ first: true });
  b.link.start({ first: true });
  const first = ways.ways.get(a.link);
  mesh.links = new Map([['seat-a2', a.link], ['seat-b', b.link]]);
  mesh.dispatchEvent(new Event('change'));
  assert.equal(ways.ways.get(a.link), first);
  assert.deepEqual([ways.seatOf(a.link), ways.linkOf('seat-b'), ways.linkOf('seat-a')], ['seat-a2', b.link, null]);
  b.connection.line('chat').become('open');
  assert.equal(changes, 2);
  mesh.links.delete('seat-a2');
  const news = watched(first);
  a.connection.line('chat').become('open');
  mesh.dispatchEvent(new Event('change'));
  assert.deepEqual([[...ways.ways.keys()], news], [[b.link], ['available', 'lost']]);
  ways.stop();
  assert.equal(ways.ways.size, 0);
});
