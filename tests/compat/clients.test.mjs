// The drop-in promise of /socket.io/: the npm clients of every generation, unchanged, over every transport.
// The same tests run against socket.io 1.7, 2.5 and 4.8, which proves the tests; where ours is meant to be
// better than Node (text of 1.x clients over polling, the bytes of arguments), the test says so.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import os from 'node:os';
import { after, before, describe, test } from 'node:test';
import { BACKENDS, connect, connectNative, keepsUnicode, settle, TRANSPORTS, upgraded } from './support/generations.mjs';
import { until } from './support/server.mjs';

const LIMIT = { timeout: 60_000 };
const text = JSON.stringify;

const TEXTS = {
    'inside the BMP': ['äöü ß', 'é', 'Ã©', 'Привет', '日本語', '€', 'e\u0301', '\u2028\u2029', '\ufeffbom', '\uffff', '\u0080\u00ff'],
    'emoji': ['😀', '👩‍👩‍👧‍👦 🏳️‍🌈', '\u{10ffff}', 'a😀b€c'],
    'lone surrogates': ['\ud800', 'a\udc00b', '\ude00\ud83d'],
    'of meaning to the protocol': ['', ' ', '2["message","x"]', '3:4ab', '\u001e', '\u0000\u001f\u007f', 'line\nbreak\\n\r\ttab', '"\\/</script>', '&=+%20?#'],
};

const VALUES = [
    0, -1, 0.1, -0.5e-300, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740991, -9007199254740993, 12345678901234567890,
    true, false, null, [], {}, [[[[]]]], { a: { b: [1, { c: null }] } }, { z: 1, a: 2, m: { y: 1, b: 2 } }, { '': 1, ' ': 2 },
    { constructor: { prototype: 1 }, toJSON: 1, length: -1 }, { _placeholder: false, num: 0 },
    Array.from({ length: 40 }).reduce((inner) => [inner], 'deep'),
    { type: 'candidate', label: 0, id: '0', candidate: 'candidate:1 1 udp 2122 10.0.0.1 9 typ host' },
];

// What no client makes of a value, but what others might send: ours keeps the bytes.
const RAW = ['12345678901234567890123', '1.0', '1E5', '-0', '1e400', '"\\u0041\\/"', '{"a":1,"a":2}', '[ 1 , 2 ]', '"\\ud83d\\ude00"', '"\\ud800"', '{"__proto__":{"x":1}}'];

const SDP = 'v=0\r\no=- 4611686018427387905 2 IN IP4 127.0.0.1\r\ns=-\r\n'
    + Array.from({ length: 700 }, (_, i) => `a=candidate:${i} 1 udp 2122260223 192.168.1.${i % 250} ${50000 + i} typ host generation 0 ufrag Eil9\r\n`).join('');
assert.ok(SDP.length > 60_000);

const bytes = (length, seed = 7) => Buffer.from(Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff));
const arrayBuffer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
const BINARY = {
    'a Buffer': bytes(300),
    'an ArrayBuffer': arrayBuffer(bytes(17)),
    'one byte, which might be a packet type': Buffer.from([4]),
    'an empty Buffer': Buffer.alloc(0),
    'several, nested': { list: [bytes(5, 1), 'between', bytes(6, 2)], deep: { er: { bytes: arrayBuffer(bytes(7, 3)) } } },
    'large': bytes(100_000),
};
/** Binary data as hex, whatever a client makes of it, and what is long by its digest, to keep failures readable. */
function comparable(value) {
    if (typeof value === 'string' && value.length > 1000) return { digest: createHash('sha1').update(value).digest('hex'), length: value.length };
    if (Buffer.isBuffer(value) || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return { hex: comparable(Buffer.from(value).toString('hex')) };
    if (Array.isArray(value)) return value.map(comparable);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]));
    return value;
}
/** As the native endpoint spells it. */
function withBase64(value) {
    if (Buffer.isBuffer(value) || value instanceof ArrayBuffer) return { _placeholder: true, base64: comparable(Buffer.from(value).toString('base64')) };
    if (typeof value === 'string') return comparable(value);
    if (Array.isArray(value)) return value.map(withBase64);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBase64(inner)]));
    return value;
}

for (const backend of BACKENDS) {
    // A few kinds at a time: all at once would be a test of this process's patience.
    describe(backend.name, { concurrency: 4 }, () => {
        let server;
        let rooms = 0;
        before(async () => { server = await backend.start(); });
        after(() => server?.stop());

        /** Connects the clients, hands them over, and disconnects them whatever happens. */
        const together = (title, kinds, script) => test(title, LIMIT, async () => {
            const room = `room ${++rooms}`;
            const clients = [];
            try {
                // One after the other: whoever has connected has been put into its room.
                for (const [generation, transport] of kinds) {
                    clients.push(generation === 'native' ? await connectNative(server, { room }) : await connect(server, generation, transport, { room }));
                }
                await script(...clients, room);
            } finally {
                for (const client of clients) client.close();
            }
        });

        for (const generation of backend.generations) {
            for (const transport of Object.keys(TRANSPORTS)) {
                describe(`client ${generation} over ${transport}`, { concurrency: true }, () => {
                    const kind = [generation, transport];
                    const newest = [backend.generations.at(-1), 'websocket'];
                    features({ backend, kind, newest, together, server: () => server, newRoom: () => `room ${++rooms}` });
                });
            }
        }

        crowd({ backend, together });
        restart(backend);
    });
}

/** What one kind of client can do, with a second and a third of its kind, or with one of the newest kind. */
function features({ backend, kind, newest, together, server, newRoom }) {
    const [generation, transport] = kind;
    const isOld = generation < '3';

    together('its transport and its id', [kind, kind], async (a, b) => {
        assert.equal(a.transportInUse, transport === 'polling' ? 'polling' : 'websocket');
        assert.match(a.id, /^[\w-]{20,}$/);
        assert.notEqual(a.id, b.id);
        if (isOld) assert.equal(a.id, a.engine.id); // the client knows no other
        else assert.notEqual(a.id, a.engine.id);    // that one is a secret
    });

    together('every event of index.js, and nothing to a client that is elsewhere', [kind, kind], async (a, b, room) => {
        const elsewhere = await connect(server(), generation, transport, { room: `not ${room}` });
        a.send('main check', 'r');
        a.send('hard start', 'r');
        a.send('host is agreed', 'r');
        a.send('chat message', 'hello', 'a second argument');
        a.send('message', { type: 'offer' }, 'a second argument');
        a.send('bye');
        a.send('no such event', 1);
        for (const missing of ['main check', 'hard start', 'chat message', 'message']) a.send(missing);
        a.send('message', undefined);
        await settle(a, [a, b]);
        assert.deepEqual(a.received, [
            ['host agreed'], ['chat message', 'hello'],
            ['log', ['Message from server:', 'Client said: ', { type: 'offer' }]],
            ['chat message', null],
            ['log', ['Message from server:', 'Client said: ', null]], ['log', ['Message from server:', 'Client said: ', null]],
        ]);
        assert.deepEqual(b.received, [
            ['main check answer', 'r'], ['message', 'r'], ['host agreed'], ['chat message', 'hello'], ['message', { type: 'offer' }],
            ['main check answer', null], ['message', null], ['chat message', null], ['message', null], ['message', null],
        ]);
        await settle(elsewhere, [elsewhere]);
        assert.deepEqual(elsewhere.received, []);
        elsewhere.close();
    });

    together('ipaddr: every IPv4 address but the loopback one, to the sender', [kind, kind], async (a, b) => {
        const wanted = Object.values(os.networkInterfaces()).flat().filter(({ family, address }) => family === 'IPv4' && address !== '127.0.0.1');
        a.send('ipaddr');
        await settle(a, [a, b]);
        assert.deepEqual(a.received.sort(), wanted.map(({ address }) => ['ipaddr', address]).sort());
        assert.deepEqual(b.received, []);
    });

    for (const [what, list] of Object.entries(TEXTS)) {
        const isAscii = list.every((one) => /^[\0-\x7f]*$/.test(text(one)));
        if (!isAscii && !keepsUnicode(backend, generation, transport)) continue;
        together(`text ${what}, both ways`, [kind, newest], async (a, b) => {
            for (const one of list) a.send('message', one);
            await settle(a, [a, b]);
            assert.deepEqual(b.received, list.map((one) => ['message', one]));
            assert.deepEqual(a.received, list.map((one) => ['log', ['Message from server:', 'Client said: ', one]]));
            a.received = [];
            for (const one of list) b.send('message', one);
            await settle(b, [a, b]);
            assert.deepEqual(a.received, list.map((one) => ['message', one]));
        });
    }

    together('nested values and numbers, both ways', [kind, newest], async (a, b) => {
        for (const [from, to] of [[a, b], [b, a]]) {
            to.received = [];
            to.frames = [];
            for (const value of VALUES) from.send('message', value);
            await settle(from, [a, b]);
            assert.deepEqual(to.received, VALUES.map((value) => ['message', value]));
            assert.deepEqual(to.frames, VALUES.map((value) => text(['message', value]))); // and the order of keys
        }
    });

    if (backend.ours) { // Node parses and prints
        together('the bytes of an argument survive, both ways', [kind, newest], async (a, b) => {
            for (const [from, to] of [[a, b], [b, a]]) {
                to.frames = [];
                for (const value of RAW) from.sendText(`["hard start",${value}]`);
                await settle(from, [a, b]);
                assert.deepEqual(to.frames, RAW.map((value) => `["message",${value}]`));
            }
        });
    }

    together('a session description of 60 KB, both ways', [kind, newest], async (a, b) => {
        const offer = { type: 'offer', sdp: SDP };
        a.send('message', offer);
        b.send('message', offer);
        await Promise.all([a.until('message'), b.until('message'), a.until('log'), b.until('log')]);
        for (const client of [a, b]) assert.deepEqual(comparable(client.events('message')), comparable([['message', offer]]));
    });

    together('binary, both ways', [kind, newest], async (a, b) => {
        for (const [from, to] of [[a, b], [b, a]]) {
            to.received = [];
            for (const value of Object.values(BINARY)) from.send('message', value);
            await settle(from, [a, b]);
            assert.deepEqual(comparable(to.received), Object.values(BINARY).map((value) => ['message', comparable(value)]));
        }
    });

    if (keepsUnicode(backend, generation, transport)) {
        together('binary with text beside it, both ways', [kind, newest], async (a, b) => {
            const value = { 'ключ': [bytes(3), 'é€😀\ud800'] };
            for (const [from, to] of [[a, b], [b, a]]) {
                to.received = [];
                from.send('message', value);
                await settle(from, [a, b]);
                assert.deepEqual(comparable(to.received), [['message', comparable(value)]]);
            }
        });
    }

    together('binary among text: the order is kept', [kind, newest], async (a, b) => {
        const events = Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? ['message', [bytes(i + 1), i]] : ['chat message', i]));
        for (const [from, to] of [[a, b], [b, a]]) {
            to.received = [];
            for (const event of events) from.send(...event);
            await settle(from, [a, b]);
            assert.deepEqual(comparable(to.received), comparable(events));
        }
    });

    together('an acknowledgement function is never called, and never an argument', [kind, kind], async (a, b) => {
        const called = () => assert.fail('acknowledged');
        a.send('main check', called);
        a.send('message', called);
        a.send('message', 'x', called);
        a.send('message', bytes(3), called);
        a.send('host is agreed', called);
        a.send('no such event', called);
        await settle(a, [a, b]);
        assert.deepEqual(comparable(b.received), [['main check answer', null], ['message', null], ['message', 'x'], ['message', comparable(bytes(3))], ['host agreed']]);
    });

    together('create or join: created, joined and ready, full', [kind, kind, kind], async (a, b, c) => {
        const events = (client) => client.received.filter(([name]) => name !== 'log' && name !== 'chat message');
        a.send('create or join', 'r');
        await a.until('created');
        b.send('create or join', 'r');
        await Promise.all([a.until('ready'), b.until('ready')]);
        c.send('create or join', 'r');
        await c.until('full');
        assert.deepEqual(events(a), [['created', 'r', a.id], ['join', 'r'], ['ready']]);
        assert.deepEqual(events(b), [['joined', 'r', b.id], ['ready']]);
        assert.deepEqual(events(c), [['full', 'r']]);
        assert.deepEqual(b.events('log').map(([, [, line]]) => line), [
            'Received request to create or join room r', 'Room r now has 1 client(s)', `Client ID ${b.id} joined room r`,
        ]);
        // Who disconnects has left.
        b.close();
        await until(async () => {
            c.received = [];
            c.send('create or join', 'r');
            await settle(c, [c]);
            return c.events('joined').length > 0;
        }, 'the place of who has left');
        assert.deepEqual(events(c), [['joined', 'r', c.id], ['ready']]);
        await a.until('ready', 2);
        assert.deepEqual(events(a).slice(3), [['join', 'r'], ['ready']]);
    });

    test('?room= keeps rooms apart, however it is spelled', LIMIT, async () => {
        const name = `${newRoom()} ä/ü&x=1+1 комната 😀`;
        const query = `?room=${encodeURIComponent(name)}`;
        const spellings = [{ room: name }, { query: undefined, path: `/${query}` }, { query: query.slice(1) }];
        const others = [{ room: `${name}x` }, { room: name.toUpperCase() }, {}];
        const [inside, outside] = await Promise.all([spellings, others].map((list) => Promise.all(list.map((options) => connect(server(), generation, transport, options)))));
        for (const client of inside) client.send('hard start', client.id);
        for (const client of [...inside, ...outside]) client.send('hard start', 'a mark');
        await Promise.all(inside.map((client) => client.until('message', 2 * (inside.length - 1))));
        for (const client of inside) {
            const heard = client.events('message').map(([, value]) => value).filter((value) => value !== 'a mark');
            assert.deepEqual(heard.sort(), inside.map(({ id }) => id).filter((id) => id !== client.id).sort());
        }
        await settle(outside[0], [outside[0]]);
        await settle(outside[1], [outside[1]]);
        for (const client of outside.slice(0, 2)) assert.deepEqual(client.received, []);
        for (const client of [...inside, ...outside]) client.close();
    });

    // socket.io 4 sends an object to the clients before 3, as it does to the others.
    const refusal = isOld && backend.name === 'socket.io 4.8' ? { message: 'Invalid namespace' } : 'Invalid namespace';
    together('another namespace is refused, and only that', [kind, kind], async (a, b) => {
        const other = a.socket.io.socket('/other');
        const refused = new Promise((resolve) => { other.on(isOld ? 'error' : 'connect_error', resolve); });
        if (other.connect) other.connect();
        const answer = await refused;
        if (isOld) assert.deepEqual(answer, refusal);
        else assert.equal(answer.message, refusal);
        assert.equal(other.connected, false);
        a.send('message', 'still here');
        await settle(a, [a, b]);
        assert.deepEqual(b.received, [['message', 'still here']]);
    });

    together('disconnects, and comes back as somebody new', [kind, kind], async (a, b, room) => {
        const { id: firstId, engine } = a;
        a.send('create or join', 'r');
        await a.until('created');
        a.socket.disconnect();
        assert.equal(a.socket.connected, false);
        // Clients before 4 that connect again while the old connection still closes never get there, with any server.
        await until(() => engine.readyState === 'closed', 'the old connection is closed', 15_000);
        b.send('message', 'while it is away');
        await b.until('log');
        await new Promise((resolve) => {
            a.socket.once('connect', resolve);
            a.socket.connect();
        });
        if (transport === 'upgrade') await upgraded(a);
        assert.match(a.id, /^[\w-]{20,}$/);
        assert.notEqual(a.id, firstId);
        a.received = [];
        b.received = [];
        b.send('message', 'back in the room');
        await settle(b, [a, b]);
        a.send('hard start', 'r');
        a.send('create or join', `r of ${room}`);
        await settle(a, [a, b]);
        assert.deepEqual(a.received.filter(([name]) => name !== 'log'), [['message', 'back in the room'], ['created', `r of ${room}`, a.id]]);
        assert.deepEqual(b.received.filter(([name]) => name !== 'log'), [['message', 'r']]);
    });

    if (transport === 'upgrade') {
        together('while the transport changes nothing is lost, doubled or overtaken', [newest], async (b, room) => {
            const a = await connect(server(), generation, 'upgrade', { room, early: true });
            const numbers = [];
            for (let i = 0; i < 60 || a.transportInUse === 'polling'; i++) {
                numbers.push(i);
                a.send('hard start', i);
                b.send('hard start', i);
                await new Promise((resolve) => { setTimeout(resolve, 1); });
            }
            assert.equal(a.transportInUse, 'websocket');
            await Promise.all([a, b].map((client) => client.until('message', numbers.length)));
            for (const client of [a, b]) assert.deepEqual(client.events('message').map(([, i]) => i), numbers);
            a.close();
        });
    }
}

/** Every kind of client at once in one room: each hears each. (Node: without those that would lose whole payloads.) */
function crowd({ backend, together }) {
    const kinds = backend.generations.flatMap((generation) => Object.keys(TRANSPORTS).map((transport) => [generation, transport]))
        .filter(([generation, transport]) => keepsUnicode(backend, generation, transport));
    assert.ok(!backend.ours || kinds.length === 12);
    if (backend.ours) kinds.push(['native', 'websocket']);

    together('a room of all kinds of clients', kinds, async (...all) => {
        const room = all.pop();
        const words = ['word', 'é€😀\ud800'];
        for (const sender of all) {
            for (const client of all) client.received = [];
            for (const word of words) sender.send('message', { from: [sender.generation, sender.transport], word });
            sender.send('hard start', VALUES);
            sender.send('host is agreed');
            sender.send('main check', SDP);
            const binary = sender.generation === 'native' ? [] : Object.values(BINARY);
            for (const value of binary) sender.send('message', value);
            sender.send('chat message', room);
            await Promise.all(all.map((client) => client.until('chat message')));
            for (const receiver of all) {
                if (receiver === sender) continue;
                const isNative = receiver.generation === 'native';
                const spell = isNative ? withBase64 : comparable; // the native client has received JSON
                assert.deepEqual(comparable(receiver.received), [
                    ...words.map((word) => ['message', { from: [sender.generation, sender.transport], word }]),
                    ['message', VALUES], ['host agreed'], ['main check answer', comparable(SDP)],
                    ...binary.map((value) => ['message', spell(value)]), ['chat message', room],
                ], `from ${sender.generation} over ${sender.transport} to ${receiver.generation} over ${receiver.transport}`);
            }
        }
        const [host, guest, third] = [all.at(-1), all[0], all[1]];
        for (const client of all) client.received = [];
        host.send('create or join', 'r');
        await host.until('created');
        guest.send('create or join', 'r');
        await Promise.all([host.until('ready'), guest.until('ready')]);
        third.send('create or join', 'r');
        await third.until('full');
        assert.deepEqual(guest.events('joined'), [['joined', 'r', guest.id]]);
    });
}

/** A server that ends, and another that takes its place on the same port. */
function restart(backend) {
    test('clients come back to a server that was started again', LIMIT, async () => {
        let server = await backend.start();
        const { port } = server;
        const clients = [];
        for (const generation of backend.generations) {
            for (const transport of Object.keys(TRANSPORTS)) {
                clients.push(await connect(server, generation, transport, {
                    room: 'r', reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200, randomizationFactor: 0.2,
                }));
            }
        }
        const firstIds = clients.map(({ id }) => id);
        const left = clients.map(({ socket }) => new Promise((resolve) => { socket.once('disconnect', resolve); }));
        await server.stop();
        await Promise.all(left);
        server = await backend.start(port);
        try {
            await until(() => clients.every(({ socket }) => socket.connected), 'everybody comes back', 20_000);
            clients.forEach((client, i) => assert.notEqual(client.id, firstIds[i]));
            for (const client of clients) await settle(client, clients);
        } finally {
            for (const client of clients) client.close();
            await server.stop();
        }
    });
}
