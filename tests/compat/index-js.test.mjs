// The drop-in promise of /socket: what every client receives is what it received from index.js.
// Each script is played against the real application on socket.io 4 and against the server; the raw JSON
// texts that arrive must be equal, one by one, in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACKENDS, play, withoutIds } from './support/clients.mjs';

const LIMIT = { timeout: 20_000 };

async function same(script) {
    const received = await Promise.all(Object.values(BACKENDS).map(async (backend) => withoutIds(await play(backend, script))));
    const [wanted, ...others] = received;
    Object.keys(BACKENDS).slice(1).forEach((name, i) => assert.deepEqual(others[i], wanted, name));
    return wanted;
}

/** The events named in a list of JSON texts. */
const names = (frames) => frames.map((text) => JSON.parse(text)[0]);
const three = [{ joins: 'a' }, { joins: 'b' }, { joins: 'c' }];

test('main check: the others get "main check answer"', LIMIT, async () => {
    const { a, b, c } = await same([...three, { from: 'a', sends: [['main check', 'My Room']] }]);
    assert.deepEqual([a, b, c], [[], ['["main check answer","My Room"]'], ['["main check answer","My Room"]']]);
});

test('hard start: the others get "message"', LIMIT, async () => {
    const { a, b } = await same([...three, { from: 'a', sends: [['hard start', 'My Room']] }]);
    assert.deepEqual([a, b], [[], ['["message","My Room"]']]);
});

test('host is agreed: everybody gets "host agreed", without an argument', LIMIT, async () => {
    const { a, c } = await same([...three, { from: 'b', sends: [['host is agreed', 'x'], ['host is agreed']] }]);
    assert.deepEqual([a, c], [['["host agreed"]', '["host agreed"]'], ['["host agreed"]', '["host agreed"]']]);
});

test('chat message: everybody gets it', LIMIT, async () => {
    const { a, b } = await same([...three, { from: 'a', sends: [['chat message', 'hello']] }]);
    assert.deepEqual([a, b], [['["chat message","hello"]'], ['["chat message","hello"]']]);
});

test('message: the others get it, the sender a log of it', LIMIT, async () => {
    const { a, b } = await same([...three, { from: 'a', sends: [['message', 'got user media']] }]);
    assert.deepEqual(a, ['["log",["Message from server:","Client said: ","got user media"]]']);
    assert.deepEqual(b, ['["message","got user media"]']);
});

test('bye and events nobody knows: nothing is sent', LIMIT, async () => {
    const unknown = ['bye', 'log', 'joined', 'host agreed', 'constructor', '__proto__', 'toString', 'hasOwnProperty',
        'error', 'Message', 'message ', 'MESSAGE', 'mеssage', 'chat\u0000message'];
    const sends = unknown.flatMap((name) => [[name], [name, 'x'], [name, { a: 1 }]]);
    const received = await same([...three, { from: 'a', sends }]);
    assert.deepEqual(received, { a: [], b: [], c: [] });
});

test('the words that socket.io keeps for itself are events nobody knows', LIMIT, async () => {
    // A socket.io server ends the connection over them, so there is nothing to compare with.
    const sends = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].map((name) => [name, 'x']);
    const received = await play(BACKENDS.ours, [...three, { from: 'a', sends }]);
    assert.deepEqual(received, { a: [], b: [], c: [] });
});

test('a connection and a disconnection are told to nobody', LIMIT, async () => {
    const received = await same([...three, { leaves: 'b' }, { joins: 'd' }, { from: 'a', sends: [['message', 1]] }]);
    assert.deepEqual(names(received.c), ['message']);
    assert.deepEqual(received.b, []);
});

test('alone: the sender hears only what is for the sender', LIMIT, async () => {
    const { a } = await same([{ joins: 'a' }, {
        from: 'a', sends: [['main check', 1], ['hard start', 2], ['host is agreed'], ['chat message', 3], ['message', 4], ['bye']],
    }]);
    assert.deepEqual(names(a), ['host agreed', 'chat message', 'log']);
});

const values = {
    'strings': ['', ' ', 'a"b\\c/d', 'line\nbreak\ttab\u0000nul\u001f', '</script>', '2["message","x"]'],
    'Unicode': ['äöü ß', 'Привет', '日本語', '👩‍👩‍👧‍👦 🏳️‍🌈', 'e\u0301', '\u202eright to left', '\u2028\u2029', '\ufeffbom', '\uffff', '\u{10ffff}'],
    'numbers': [0, 1, -1, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740991, -9007199254740991],
    'other scalars': [true, false, null],
    'nested values': [[], {}, [[[[]]]], { a: { b: [1, { c: null }] } }, Array.from({ length: 40 }).reduce((inner) => [inner], 'deep')],
    'key order': [{ z: 1, a: 2, m: { y: 1, b: 2 } }, { '': 1, ' ': 2 }],
    'a session description': [{ type: 'offer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n' + 'a=candidate:1 1 udp 2122 10.0.0.1 9 typ host\r\n'.repeat(80) }],
    'a candidate': [{ type: 'candidate', label: 0, id: '0', candidate: 'candidate:1 1 udp 2122 10.0.0.1 9 typ host' }],
};
for (const [what, list] of Object.entries(values)) {
    test(`relayed as they are: ${what}`, LIMIT, async () => {
        const sends = list.flatMap((value) => ['message', 'chat message', 'main check', 'hard start'].map((name) => [name, value]));
        const { b } = await same([{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends }]);
        assert.deepEqual(b.map((text) => JSON.parse(text)[1]), sends.map(([, value]) => value));
    });
}

test('names that mean something in JavaScript are ordinary keys', LIMIT, async () => {
    const texts = ['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"toJSON":1}', '{"length":-1}',
        '{"_placeholder":false,"num":0}'].map((value) => `["message",${value}]`);
    const { b } = await same([{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends: texts }]);
    assert.deepEqual(b, texts);
});

test('a missing first argument is null', LIMIT, async () => {
    const sends = [['main check'], ['hard start'], ['chat message'], ['message'], ['host is agreed']];
    const { b } = await same([{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends }]);
    assert.deepEqual(b, ['["main check answer",null]', '["message",null]', '["chat message",null]', '["message",null]', '["host agreed"]']);
});

test('further arguments are ignored', LIMIT, async () => {
    const rest = [2, { three: 3 }, [4]];
    const sends = ['main check', 'hard start', 'chat message', 'message', 'host is agreed'].map((name) => [name, 'one', ...rest]);
    const { b } = await same([{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends: [...sends, ['create or join', 'r', ...rest]] }]);
    assert.deepEqual(b.map((text) => JSON.parse(text).length), [2, 2, 2, 2, 1]);
});

test('one sender, many events at once: everybody gets all of them in their order', LIMIT, async () => {
    const kinds = ['message', 'chat message', 'main check', 'hard start', 'host is agreed', 'bye'];
    const sends = Array.from({ length: 120 }, (_, i) => [kinds[i % kinds.length], i]);
    const { b, c } = await same([...three, { from: 'a', sends }]);
    assert.equal(b.length, 100);
    assert.deepEqual(b, c);
});

test('several senders in turn', LIMIT, async () => {
    const everything = (tag) => [['main check', tag], ['message', tag], ['host is agreed'], ['chat message', tag], ['hard start', tag]];
    await same([...three, ...['b', 'a', 'c', 'b'].map((from, i) => ({ from, sends: everything(`${from}${i}`) }))]);
});

test('the call of two pages, word by word', LIMIT, async () => {
    await same([
        { joins: 'host' }, { from: 'host', sends: [['main check', 'Room']] },
        { joins: 'guest' }, { from: 'guest', sends: [['main check', 'Room']] },
        { from: 'host', sends: [['host is agreed', 'Room']] },
        { from: 'guest', sends: [['message', 'got user media']] },
        { from: 'host', sends: [['message', 'got user media'], ['message', { type: 'offer', sdp: 'v=0\r\n' }]] },
        { from: 'guest', sends: [['message', { type: 'answer', sdp: 'v=0\r\n' }], ['message', { type: 'candidate', label: 0, id: '0', candidate: 'c' }]] },
        { from: 'host', sends: [['message', 'bye'], ['bye']] },
        { leaves: 'host' },
    ]);
});

test('?room= keeps rooms apart, and from the lobby', LIMIT, async () => {
    const everything = [['main check', 1], ['hard start', 1], ['host is agreed'], ['chat message', 1], ['message', 1]];
    const received = await same([
        { joins: 'lobby' }, { joins: 'a', room: 'x' }, { joins: 'b', room: 'x' }, { joins: 'upper', room: 'X' }, { joins: 'other', room: 'комната 1' },
        { from: 'a', sends: everything }, { from: 'lobby', sends: everything }, { from: 'other', sends: everything },
    ]);
    assert.equal(received.b.length, 5);
    assert.deepEqual(received.upper, []);
});

const ask = (from, room) => ({ from, sends: [['create or join', room]] });

test('create or join: created, joined with ready for both, full', LIMIT, async () => {
    const { a, b, c } = await same([...three, ask('a', 'r'), ask('b', 'r'), ask('c', 'r'), ask('c', 'r')]);
    assert.deepEqual(names(a), ['log', 'log', 'log', 'created', 'join', 'ready']);
    assert.deepEqual(names(b), ['log', 'log', 'log', 'joined', 'ready']);
    assert.deepEqual(names(c), ['log', 'log', 'full', 'log', 'log', 'full']);
    assert.equal(a[1], '["log",["Message from server:","Room r now has 0 client(s)"]]');
    assert.equal(a[2], '["log",["Message from server:","Client ID id-1 created room r"]]');
    assert.deepEqual(b.slice(1, 4), ['["log",["Message from server:","Room r now has 1 client(s)"]]',
        '["log",["Message from server:","Client ID id-2 joined room r"]]', '["joined","r","id-2"]']);
});

test('create or join: the same socket twice', LIMIT, async () => {
    const { a } = await same([{ joins: 'a' }, { joins: 'b' }, ask('a', 'r'), ask('a', 'r'), ask('b', 'r')]);
    assert.deepEqual(names(a).filter((name) => name !== 'log'), ['created', 'join', 'joined', 'ready', 'join', 'ready']);
    assert.equal(JSON.parse(a.find((text) => text.startsWith('["joined"')))[2], 'id-1');
});

test('create or join: a disconnection leaves the room', LIMIT, async () => {
    const { c, d } = await same([...three, ask('a', 'r'), ask('b', 'r'), { leaves: 'a' }, ask('c', 'r'),
        { leaves: 'b' }, { leaves: 'c' }, { joins: 'd' }, ask('d', 'r')]);
    assert.deepEqual(names(c).slice(-2), ['joined', 'ready']);
    assert.deepEqual(names(d).at(-1), 'created');
});

test('create or join: one socket in several rooms', LIMIT, async () => {
    await same([{ joins: 'a' }, { joins: 'b' }, ask('a', 'r1'), ask('a', 'r2'), ask('b', 'r2'), ask('b', 'r1')]);
});

test('create or join: members still hear the lobby, and only the lobby', LIMIT, async () => {
    await same([...three, ask('a', 'r'), ask('b', 'r'), { from: 'a', sends: [['message', 'to all'], ['main check', 'r']] }]);
});

test('create or join: a room key is a value, not a text', LIMIT, async () => {
    const { b } = await same([{ joins: 'a' }, { joins: 'b' }, ask('a', 7), ask('b', '7'), ask('b', 7), ask('a', true), ask('b', 'true')]);
    assert.deepEqual(b.filter((text) => !text.startsWith('["log"')), ['["created","7","id-2"]', '["joined",7,"id-2"]', '["ready"]', '["created","true","id-2"]']);
});

test('create or join: null, false, the empty text and no argument at all', LIMIT, async () => {
    await same([{ joins: 'a' }, { joins: 'b' }, ...['a', 'b'].flatMap((from) =>
        [ask(from, null), ask(from, false), ask(from, ''), { from, sends: [['create or join']] }])]);
});

test('create or join: two objects, or two arrays, are never the same room', LIMIT, async () => {
    const { b } = await same([{ joins: 'a' }, { joins: 'b' }, ...['a', 'b'].flatMap((from) => [ask(from, {}), ask(from, [1, 2]), ask(from, { a: 1 })])]);
    assert.deepEqual(names(b).filter((name) => name !== 'log'), ['created', 'created', 'created']);
});

test('create or join: the texts convert a room as JavaScript does', LIMIT, async () => {
    const odd = ['', 'комната', 'a"b', 7, -0.5, 1e21, 1.5e-7, 123456789012345680000, 0.1, true, false, null, {}, { a: 1 }, [], [1, 2], [null], [[1, [2, 'x']], {}, null, true]];
    const script = [], frames = [];
    for (const name of 'abcd') { // the number of rooms of one connection is limited, so several ask
        script.push({ joins: name }, { from: name, sends: odd.splice(0, 6).map((room) => ['create or join', room]) }, { leaves: name });
    }
    for (const received of Object.values(await same(script))) frames.push(...received);
    assert.ok(frames.includes('["log",["Message from server:","Received request to create or join room 1,2,x,[object Object],,true"]]'));
    assert.ok(frames.includes('["log",["Message from server:","Received request to create or join room 1.5e-7"]]'));
});

test('create or join: ids differ between clients and are kept by one', LIMIT, async () => {
    for (const backend of Object.values(BACKENDS)) {
        const { a, b } = await play(backend, [{ joins: 'a' }, { joins: 'b' }, ask('a', 'r'), ask('a', 's'), ask('b', 't')]);
        const ids = (frames) => frames.map((text) => JSON.parse(text)).filter(([name]) => name === 'created').map(([, , id]) => id);
        assert.equal(ids(a)[0], ids(a)[1]);
        assert.notEqual(ids(a)[0], ids(b)[0]);
        assert.match(ids(a)[0], /^[\w-]{16,}$/);
    }
});

test('ipaddr: every IPv4 address but the loopback one, to the sender only', LIMIT, async () => {
    const script = [{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends: [['ipaddr']] }];
    const [expected, actual] = await Promise.all([play(BACKENDS.reference, script), play(BACKENDS.ours, script)]);
    assert.deepEqual(actual.a.sort(), expected.a.sort());
    assert.deepEqual(actual.b, []);
});

// What Node could not keep, because it parses and prints: here equal as values, and kept to the byte by us.
test('the sender\'s bytes survive: big numbers, escapes, duplicate keys', LIMIT, async () => {
    const texts = ['12345678901234567890123', '1.0', '1E5', '-0', '"\\u0041\\/"', '{"a":1,"a":2}', '[ 1 , 2 ]', '"\\ud83d\\ude00"'];
    const script = [{ joins: 'a' }, { joins: 'b' }, { from: 'a', sends: texts.map((value) => `["message",${value}]`) }];
    const [expected, actual] = await Promise.all([play(BACKENDS.reference, script), play(BACKENDS.ours, script)]);
    assert.deepEqual(actual.b.map((text) => JSON.stringify(JSON.parse(text))), expected.b);
    assert.deepEqual(actual.b, texts.map((value) => `["message",${value}]`));
    assert.deepEqual(actual.a, texts.map((value) => `["log",["Message from server:","Client said: ",${value}]]`));
});
