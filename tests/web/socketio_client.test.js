// The script that pages of others find at /socket.io/socket.io.js: run as a classic script, with a network
// and a clock of the test's own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

import { Clock } from './support/clock.js';

const FILE = new URL('../../src/socketio_client/socket.io.js', import.meta.url);
const SOURCE = readFileSync(FILE, 'utf8');

function load({ page = 'http://host:3000/', script = 'http://host:3000/socket.io/socket.io.js', random = 0 } = {}) {
  const clock = new Clock();
  const sockets = [];
  class FakeSocket {
    sent = [];
    closed = false;
    constructor(url) {
      this.url = url;
      sockets.push(this);
    }

    send(text) { this.sent.push(text); }
    close() { this.closed = true; }
    accept() { this.onopen(); }
    hear(...event) { this.onmessage?.({ data: JSON.stringify(event) }); }
    end(code = 1006) { this.onclose?.({ code }); }
  }
  const { protocol, host } = new URL(page);
  const window = {
    location: { protocol, host },
    document: { currentScript: script === null ? null : { src: script } },
    WebSocket: FakeSocket,
    setTimeout: (action, milliseconds = 0) => clock.setTimeout(action, milliseconds),
    clearTimeout: clock.clearTimeout,
    Math: Object.assign(Object.create(Math), { random: () => random, pow: Math.pow, min: Math.min }),
  };
  window.window = window;
  vm.runInContext(SOURCE, vm.createContext(window));
  return { clock, sockets, io: window.io, window };
}

/** A socket whose connection stands, and a list of what is told to the page. */
async function connected(opts, where) {
  const world = load(where);
  const socket = world.io(opts);
  const told = [];
  for (const name of ['connect', 'disconnect', 'connect_error', 'reconnect_attempt', 'reconnect']) {
    socket.on(name, argument => told.push(argument === undefined ? name : `${name} ${argument.message ?? argument}`));
  }
  await world.clock.advance(0);
  world.sockets[0].accept();
  return { ...world, socket, told };
}

async function addressOf(args, where) {
  const { clock, sockets, io } = load(where);
  io(...args);
  await clock.advance(0);
  return sockets[0].url;
}

test('it is a classic script of less than 4 KB that leaves nothing but io', () => {
  assert.ok(readFileSync(FILE).length < 4096, `${readFileSync(FILE).length} bytes`);
  assert.doesNotMatch(SOURCE, /=>|`|\b(let|const|class|async|import|export)\b/, 'browsers of 2017 and before read it');
  const { window } = load();
  assert.deepEqual(Object.keys(window).sort(), ['Math', 'WebSocket', 'clearTimeout', 'document', 'io', 'location', 'setTimeout', 'window']);
  assert.equal(window.io.connect, window.io);
});

test('the server is where the script is', async () => {
  const cases = [
    [{}, 'ws://host:3000/socket?'],
    [{ script: 'https://host/socket.io/socket.io.js?v=2' }, 'wss://host/socket?'],
    [{ script: 'https://host/call/me/socket.io/socket.io.min.js' }, 'wss://host/call/me/socket?'],
    [{ script: 'https://host/js/copy.js', page: 'http://page:8080/x/' }, 'ws://page:8080/socket?'],
    [{ script: null, page: 'https://page/' }, 'wss://page/socket?'],
  ];
  for (const [where, address] of cases) assert.equal(await addressOf([], where), address);
});

test('an address may name another host; the path of the script belongs to its own', async () => {
  const script = 'https://host:3000/call/socket.io/socket.io.js';
  const cases = [
    [['/'], 'wss://host:3000/call/socket?'],
    [[null], 'wss://host:3000/call/socket?'],
    [['https://host:3000'], 'wss://host:3000/call/socket?'],
    [['http://other:1/'], 'ws://other:1/socket?'],
    [['ws://other:1'], 'ws://other:1/socket?'],
    [['//other'], 'wss://other/socket?'],
    [['other:8080'], 'wss://other:8080/socket?'],
    [['', { path: '/x/socket.io' }], 'wss://host:3000/x/socket?'],
    [['', { path: '/x/socket.io/' }], 'wss://host:3000/x/socket?'],
    [['', { path: '/socket.io' }], 'wss://host:3000/socket?'],
    [['', { path: '/x/' }], 'wss://host:3000/x/socket?'],
    [[{ path: '/x' }], 'wss://host:3000/x/socket?'],
  ];
  for (const [args, address] of cases) assert.equal(await addressOf(args, { script }), address, JSON.stringify(args));
});

test('the room is in the query, in every way in which Socket.IO takes one', async () => {
  const cases = [
    [['/?room=x'], 'room=x'],
    [['?room=Tea%20time'], 'room=Tea%20time'],
    [['http://host:3000?room=x#top'], 'room=x'],
    [[{ query: { room: 'Tea time & more' } }], 'room=Tea%20time%20%26%20more'],
    [['/', { query: { room: 'ü', n: 1 } }], 'room=%C3%BC&n=1'],
    [['/', { query: 'room=x' }], 'room=x'],
    [['/?room=a', { query: { room: 'b' } }], 'room=b'],
  ];
  for (const [args, query] of cases) {
    assert.equal(await addressOf(args), `ws://host:3000/socket?${query}`, JSON.stringify(args));
  }
});

test('other namespaces are refused, and nothing is connected', async () => {
  const { clock, io, sockets } = load();
  const socket = io('/foo?room=x');
  const errors = [];
  socket.on('connect_error', error => errors.push(error.message));
  await clock.advance(60_000);
  assert.deepEqual(errors, ['Invalid namespace']);
  assert.deepEqual(sockets, []);
});

test('connected, disconnected and id tell how it stands', async () => {
  const { clock, io, sockets } = load({ random: 0.25 });
  const socket = io();
  assert.deepEqual([socket.connected, socket.disconnected, socket.id], [false, true, undefined]);
  await clock.advance(0);
  sockets[0].accept();
  assert.deepEqual([socket.connected, socket.disconnected, socket.id], [true, false, '0.25']);
  sockets[0].end();
  assert.deepEqual([socket.connected, socket.disconnected, socket.id], [false, true, undefined]);
});

test('emit sends the event with its arguments; undefined and acknowledgements become null', async () => {
  const { socket, sockets } = await connected();
  assert.equal(socket.emit('bye'), socket);
  socket.emit('message', { type: 'offer' }, 2).emit('x', undefined, 'y').emit('main check', () => {});
  assert.deepEqual(sockets[0].sent, ['["bye"]', '["message",{"type":"offer"},2]', '["x",null,"y"]', '["main check",null]']);
});

test('what is emitted before the connection is sent with it, in order, before what "connect" brings', async () => {
  const { clock, io, sockets } = load();
  const socket = io();
  socket.on('connect', () => socket.emit('third'));
  socket.emit('first').emit('second', 2);
  await clock.advance(0);
  assert.deepEqual(sockets[0].sent, []);
  sockets[0].accept();
  assert.deepEqual(sockets[0].sent, ['["first"]', '["second",2]', '["third"]']);
});

test('what is emitted while the connection is lost is sent once with the next one', async () => {
  const { socket, sockets, clock } = await connected();
  sockets[0].end();
  socket.emit('late');
  await clock.advance(1000);
  sockets[1].accept();
  assert.deepEqual(sockets[1].sent, ['["late"]']);
  sockets[1].end();
  await clock.advance(1000);
  sockets[2].accept();
  assert.deepEqual(sockets[2].sent, []);
});

test('no more than 100 events wait', async () => {
  const { clock, io, sockets } = load();
  const socket = io();
  for (let i = 1; i <= 150; ++i) socket.emit('n', i);
  await clock.advance(0);
  sockets[0].accept();
  assert.equal(sockets[0].sent.length, 100);
  assert.equal(sockets[0].sent.at(-1), '["n",100]');
});

test('on: every listener gets all arguments, as often as the event comes', async () => {
  const { socket, sockets } = await connected();
  const heard = [];
  assert.equal(socket.on('created', function (...args) { heard.push([this === socket, ...args]); }), socket);
  socket.on('created', () => heard.push('second'));
  sockets[0].hear('created', 'room', 'id');
  sockets[0].hear('other', 1);
  sockets[0].hear('created');
  assert.deepEqual(heard, [[true, 'room', 'id'], 'second', [true], 'second']);
});

test('once: one time, also when it is registered for more, and when it emits itself', async () => {
  const { socket, sockets } = await connected();
  let once = 0, always = 0;
  const listener = () => { ++once; };
  socket.once('a', listener).once('b', listener).on('a', () => { ++always; });
  for (const name of ['a', 'a', 'b', 'b']) sockets[0].hear(name);
  assert.deepEqual([once, always], [2, 2]);
});

test('off: one listener, all of an event, or all', async () => {
  const { socket, sockets } = await connected();
  const heard = [];
  const [one, two] = ['one', 'two'].map(name => () => heard.push(name));
  const hear = () => {
    heard.length = 0;
    sockets[0].hear('a');
    sockets[0].hear('b');
    return heard.join(' ');
  };
  socket.on('a', one).once('a', two).on('b', one).on('b', two);
  assert.equal(socket.off('a', two), socket);
  assert.equal(hear(), 'one one two');
  socket.off('b', one);
  socket.off('b', () => {});
  assert.equal(hear(), 'one two');
  socket.on('b', one).off('b');
  assert.equal(hear(), 'one');
  socket.removeListener('a', one);
  assert.equal(hear(), '');
  socket.on('a', one).on('b', two).removeAllListeners();
  assert.equal(hear(), '');
});

test('a listener that removes another one does not disturb the round', async () => {
  const { socket, sockets } = await connected();
  const heard = [];
  const last = () => heard.push('last');
  socket.once('a', () => socket.off('a', last)).on('a', () => heard.push('middle')).on('a', last);
  sockets[0].hear('a');
  sockets[0].hear('a');
  assert.deepEqual(heard, ['middle', 'last', 'middle']);
});

test('listeners that are added right after io() hear of the first connection', async () => {
  const { told, socket } = await connected();
  assert.deepEqual(told, ['connect']);
  assert.equal(socket.io, socket);
});

test('a lost connection: "transport close", a new one, "reconnect", "connect"', async () => {
  const { told, sockets, clock } = await connected();
  sockets[0].end();
  await clock.advance(1000);
  sockets[1].accept();
  assert.deepEqual(told, ['connect', 'disconnect transport close', 'reconnect_attempt 1', 'reconnect 1', 'connect']);
  sockets[0].hear('late');
  assert.equal(sockets[1].url, sockets[0].url);
});

test('the waits are 1, 2, 4, 5, 5 s; a success begins them anew', async () => {
  const { told, sockets, clock } = await connected();
  for (const wait of [1000, 2000, 4000, 5000, 5000]) {
    sockets.at(-1).end();
    assert.deepEqual(clock.waiting, [wait]);
    await clock.advance(wait);
  }
  sockets.at(-1).accept();
  assert.deepEqual(told.slice(-3), ['reconnect_attempt 5', 'reconnect 5', 'connect']);
  assert.equal(told.filter(what => what === 'connect_error websocket error').length, 4);
  sockets.at(-1).end();
  assert.deepEqual(clock.waiting, [1000]);
});

test('chance takes up to half of a wait away', async () => {
  const { sockets, clock } = await connected(undefined, { random: 1 });
  sockets[0].end();
  assert.deepEqual(clock.waiting, [500]);
});

test('the waits and their number can be set', async () => {
  const { told, sockets, clock } = await connected({ reconnectionDelay: 10, reconnectionDelayMax: 15, reconnectionAttempts: 2 });
  sockets[0].end();
  assert.deepEqual(clock.waiting, [10]);
  await clock.advance(10);
  sockets[1].end();
  assert.deepEqual(clock.waiting, [15]);
  await clock.advance(15);
  sockets[2].end();
  assert.deepEqual(clock.waiting, []);
  assert.equal(told.at(-1), 'connect_error websocket error');
});

test('reconnection: false means once', async () => {
  const { told, sockets, clock } = await connected({ reconnection: false });
  sockets[0].end();
  assert.deepEqual(clock.waiting, []);
  assert.deepEqual(told, ['connect', 'disconnect transport close']);
});

test('who is turned away by a rule of the server does not come back by itself', async () => {
  const { told, socket, sockets, clock } = await connected();
  sockets[0].end(1008);
  assert.deepEqual(told, ['connect', 'disconnect io server disconnect']);
  assert.deepEqual(clock.waiting, []);
  socket.connect();
  await clock.advance(0);
  sockets[1].accept();
  assert.equal(told.at(-1), 'connect');
});

test('a connection that takes 20 s is given up', async () => {
  const { clock, io, sockets } = load();
  io();
  await clock.advance(19_999);
  assert.equal(sockets[0].closed, false);
  await clock.advance(1);
  assert.equal(sockets[0].closed, true);
  const other = await connected();
  await other.clock.advance(60_000);
  assert.equal(other.sockets[0].closed, false, 'one that stands is left alone');
});

test('disconnect: at once, for good, said once; connect() brings it back', async () => {
  for (const [close, open] of [['disconnect', 'connect'], ['close', 'open']]) {
    const { told, socket, sockets, clock } = await connected();
    assert.equal(socket[close](), socket);
    assert.equal(sockets[0].closed, true);
    assert.deepEqual([socket.connected, socket.disconnected], [false, true]);
    socket[close]();
    sockets[0].end();
    sockets[0].hear('connect');
    assert.deepEqual(told, ['connect', 'disconnect io client disconnect']);
    assert.deepEqual(clock.waiting, []);
    assert.equal(socket[open](), socket);
    socket[open]();
    await clock.advance(0);
    socket[open]();
    await clock.advance(0);
    assert.equal(sockets.length, 2, 'one connection, however often it is asked for');
    sockets[1].accept();
    assert.deepEqual(told, ['connect', 'disconnect io client disconnect', 'connect']);
  }
});

test('disconnect ends an attempt, a wait, and what has not begun', async () => {
  const { clock, io, sockets } = load();
  io().disconnect();
  await clock.advance(60_000);
  assert.equal(sockets.length, 0);
  const waiting = await connected();
  waiting.sockets[0].end();
  waiting.socket.disconnect();
  await waiting.clock.advance(60_000);
  assert.equal(waiting.sockets.length, 1);
  waiting.socket.connect();
  await waiting.clock.advance(0);
  waiting.socket.disconnect();
  assert.equal(waiting.sockets[1].closed, true);
  await waiting.clock.advance(60_000);
  assert.equal(waiting.sockets.length, 2);
});

test('a listener of "disconnect" or "reconnect" may end it', async () => {
  const lost = await connected();
  lost.socket.on('disconnect', () => lost.socket.disconnect());
  lost.sockets[0].end();
  assert.deepEqual(lost.clock.waiting, []);
  const back = await connected();
  back.socket.on('reconnect', () => back.socket.disconnect());
  back.sockets[0].end();
  await back.clock.advance(1000);
  back.sockets[1].accept();
  assert.deepEqual(back.told.slice(-2), ['reconnect 1', 'disconnect io client disconnect']);
});

test('connect() during a wait does not wait', async () => {
  const { socket, sockets, clock } = await connected();
  sockets[0].end();
  socket.connect();
  await clock.advance(0);
  assert.equal(sockets.length, 2);
  sockets[1].accept();
  await clock.advance(60_000);
  assert.equal(sockets.length, 2);
});

test('autoConnect: false waits for connect()', async () => {
  const { clock, io, sockets } = load();
  const socket = io({ autoConnect: false });
  await clock.advance(60_000);
  assert.equal(sockets.length, 0);
  socket.connect();
  await clock.advance(0);
  assert.equal(sockets.length, 1);
});

test('each call is a connection of its own', async () => {
  const { clock, io, sockets } = load();
  const [first, second] = [io(), io('/', { forceNew: true })];
  await clock.advance(0);
  sockets[0].accept();
  assert.deepEqual([first.connected, second.connected], [true, false]);
});
