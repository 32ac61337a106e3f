// Promises of calls that only show on the wire: upgrades, closes, addresses, credentials, neighbours.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import { CallSocket, refusedUpgrade } from './support/call_socket.mjs';
import { startServer, until } from './support/server.mjs';

const TURN_SECRET = 'a secret that only the relay knows';
const TURN_TTL_S = 90;
const ICE = ['stun:stun.example:3478', 'turn:turn.example?transport=udp', 'turns:turn.example'];
const RING_MS = 2_000;
const OPTIONS = [
    '--ring-timeout', `${RING_MS}ms`, '--threads', '3', '--trusted-proxy', '127.0.0.1', '--seat-grace', '20s', '--ping-interval', '1s', '--ping-timeout', '3s',
    ...ICE.flatMap((url) => ['--ice-server', url]), '--turn-secret', TURN_SECRET, '--turn-ttl', `${TURN_TTL_S}s`,
];

describe('calls on the wire', () => {
    let server;
    let calls = 0;
    let opened = [];
    before(async () => { server = await startServer(OPTIONS); });
    after(() => server.stop());
    afterEach(() => {
        for (const one of opened) one.end();
        opened = [];
    });

    const enter = async (query, options) => {
        const one = await CallSocket.open(server.port, query, options);
        opened.push(one);
        return one;
    };
    /** A host and somebody who was let in by ringing. Nothing untaken. */
    async function two(options) {
        const call = `wire ${++calls}`;
        const host = await enter({ call, name: 'Host' });
        const guest = await enter({ call, name: 'Guest' }, options);
        guest.send('main check', call);
        await host.take('main check answer');
        host.send('host is agreed', call, { to: guest.seat });
        await host.take('peer joined');
        await until(() => guest.named('host agreed').length === 1, 'host agreed');
        return { call, host, guest };
    }

    it('the upgrade gets 400 for a query against the rules, and says nothing of it', async () => {
        const name = 'Sesame-4711';
        const queries = [
            `call=${name}&room=r`, `room=r&call=${name}`, `call=${name}&call=${name}`, 'call=', `call=${name}%00`, `call=${name}%E2%80%AE`,
            `call=${'a'.repeat(65)}`, `call=${name}&name=${'a'.repeat(65)}`, `call=${name}&name=%E2%81%A6`, `call=${name}&name=a%0Ab`,
            `call=${name}&seen=`, `call=${name}&token=t&seen=1x`, `call=${name}&token=t&seen=1234567890123456`, `call=${name}&key=`,
            `call=${name}&key=a.b`, `call=${name}&key=${'a'.repeat(129)}`, `call=${name}&was=short`, `call=${name}&was=${'a'.repeat(33)}`,
            `call=${name}&peek=`, `call=${name}&peek=0`, `call=${name}&peek=1&peek=1`, `call=${name}&name=a&name=a`, `call=${name}&token=t&token=t`, `call=${name}%zz`,
        ];
        for (const query of queries) {
            const { status, body } = await refusedUpgrade(server.port, `/socket?${query}`);
            assert.equal(status, 400, query);
            assert.ok(!body.includes(name), body);
        }
        const fits = await enter(`call=${name}&name=&other=1&other=2`);
        assert.equal(fits.welcome.state, 'admitted');
    });

    it('a look from outside: one frame and the close, no seat, and nobody notices', async () => {
        const look = async (query) => {
            const one = await enter({ peek: '1', ...query });
            return [await one.closed(), one.frames, one.reason];
        };
        const shown = (count, password) => [1000, [['peek', { count, capacity: 6, door: 'knock', password }]], ''];
        const metric = async (name) => Number(new RegExp(`^videochat_${name}\\S* (\\d+)$`, 'm')
            .exec(await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text())[1]);
        // Names that live on several loops: whoever takes the connection, it is shown its call.
        for (let count = 0; count < 6; count += 1) assert.deepEqual(await look({ call: `nobody ${count}` }), shown(0, false));
        const { call, host, guest } = await two();
        assert.deepEqual(await look({ call, name: 'Eve', was: guest.seat, token: guest.token, seen: '1' }), shown(2, false));
        host.send('password', 'right');
        await host.take('password');
        const refused = await metric('refused_calls');
        assert.deepEqual(await look({ call, key: 'right' }), shown(2, true));
        assert.deepEqual(await look({ call }), [4001, [['refused', 'password', 0]], '']);
        assert.deepEqual(await look({ call, key: 'wrong' }), [4001, [['refused', 'password', 0]], '']);
        assert.equal(await metric('refused_calls'), refused + 2);
        await guest.take('password');
        for (const one of [host, guest]) {
            await one.settle();
            assert.deepEqual(one.frames.filter(([name]) => !['pong', 'welcome', 'host agreed'].includes(name)), []);
        }
    });

    it('Socket.IO has no calls: a handshake with one gets 400, and never the lobby', async () => {
        const lobby = io(`http://127.0.0.1:${server.port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
        try {
            await until(() => lobby.connected, 'the lobby');
            const heard = [];
            lobby.onAny((...event) => heard.push(event));
            for (const version of [3, 4]) {
                for (const query of ['call=x', 'call=', 'call=x&room=y']) {
                    const polling = await fetch(`http://127.0.0.1:${server.port}/socket.io/?EIO=${version}&transport=polling&${query}`);
                    assert.equal(polling.status, 400, `${version}, ${query}`);
                    const { status } = await refusedUpgrade(server.port, `/socket.io/?EIO=${version}&transport=websocket&${query}`);
                    assert.equal(status, 400, `${version}, ${query}`);
                }
            }
            assert.deepEqual(heard, []);
        } finally {
            lobby.close();
        }
    });

    it('a room and a call of one name never hear each other, over /socket and Socket.IO', async () => {
        const { call, host, guest } = await two();
        const native = new WebSocket(`ws://127.0.0.1:${server.port}/socket?room=${encodeURIComponent(call)}`);
        const classic = io(`http://127.0.0.1:${server.port}`, { transports: ['websocket'], forceNew: true, reconnection: false, query: { room: call } });
        try {
            const heard = [];
            native.on('message', (data) => heard.push(JSON.parse(data)));
            classic.onAny((...event) => heard.push(event));
            await until(() => native.readyState === WebSocket.OPEN && classic.connected, 'the room');
            guest.frames = [];
            const events = [
                ['main check', call], ['host is agreed', call], ['message', 'm'], ['message', 'm', { to: host.seat }], ['chat message', 'c'],
                ['remove', guest.seat], ['door', 'open'], ['host', guest.seat], ['bye'],
            ];
            for (const event of events) {
                native.send(JSON.stringify(event));
                classic.emit(...event);
            }
            native.send('["chat message","the end"]');
            classic.emit('chat message', 'the end');
            const ends = () => heard.filter(([name, text]) => name === 'chat message' && text === 'the end').length;
            await until(() => ends() === 4, 'the end of the room');
            await host.settle();
            await guest.settle();
            assert.deepEqual([...host.frames, ...guest.frames].filter(([name]) => name !== 'pong'), []);

            heard.length = 0;
            guest.send('message', 'from the call');
            guest.send('chat message', 'from the call');
            guest.send('bye');
            await host.take('peer left');
            native.send('["chat message","the end"]');
            await until(() => ends() === 2, 'the end of the room');
            assert.deepEqual(heard.filter(([name]) => name !== 'log'), Array(2).fill(['chat message', 'the end']));
        } finally {
            native.terminate();
            classic.close();
        }
    });

    it('seats and tokens have their form, and none comes twice', async () => {
        const all = [];
        for (let count = 0; count < 100; count += 1) {
            const one = await enter({ call: `form ${count}` });
            assert.match(one.seat, /^[A-Za-z0-9_-]{11,32}$/);
            assert.match(one.token, /^[A-Za-z0-9._-]{22,128}$/);
            assert.ok(!one.token.includes(one.seat), 'a token is told to nobody else; its seat is');
            all.push(one.seat, one.token);
        }
        assert.equal(new Set(all).size, 200);
        // Chance in every place: each of the 20 of a seat, and of the 40 of a token, is seen with many values.
        for (const [first, length] of [[0, 20], [1, 40]]) {
            const texts = all.filter((_, index) => index % 2 === first);
            for (let place = 0; place < length; place += 1) assert.ok(new Set(texts.map((text) => text[place])).size > 32, `${place}`);
        }
    });

    it('ICE servers: none while waiting; then credentials of this seat, which end, and new ones on coming back', async () => {
        const call = `wire ${++calls}`;
        const host = await enter({ call });
        const now = () => Math.floor(Date.now() / 1000);
        const check = (iceServers, seat) => {
            const expected = [`stun:{host}:${server.port}`, ...ICE];
            assert.deepEqual(iceServers.map(({ urls }) => urls), expected.map((url) => [url]), 'our own, then as configured, in that order');
            for (const stun of iceServers.slice(0, 2)) assert.deepEqual(Object.keys(stun), ['urls'], 'no credentials for STUN');
            for (const { username, credential } of iceServers.slice(2)) {
                const [, expiry, name] = /^(\d+):(.+)$/.exec(username);
                assert.equal(name, seat);
                assert.ok(Math.abs(Number(expiry) - now() - TURN_TTL_S) <= 2, `${expiry} at ${now()}`);
                assert.equal(credential, createHmac('sha1', TURN_SECRET).update(username).digest('base64'));
            }
            return iceServers[2].username;
        };
        check(host.welcome.iceServers, host.seat);
        const guest = await enter({ call });
        assert.deepEqual(guest.welcome.iceServers, []);
        const again = await enter({ call, token: guest.token, seen: 0 });
        assert.deepEqual([again.welcome.state, again.welcome.iceServers], ['waiting', []]);
        again.send('main check', call);
        again.send('message', 'x');
        await again.take('error');
        assert.ok(!JSON.stringify([guest.frames, again.frames]).includes('turn'));
        host.send('host is agreed', call, { to: guest.seat });
        const [, inside] = await again.take('host agreed');
        const before = check(inside.iceServers, guest.seat);
        await sleep(1_100);
        const back = await enter({ call, token: guest.token, seen: 2 });
        assert.equal(back.welcome.resumed, true);
        assert.notEqual(check(back.welcome.iceServers, guest.seat), before);
    });

    it('what is due comes by itself, one after the other, though nobody says a word', async () => {
        const call = `wire ${++calls}`;
        const host = await enter({ call });
        const guests = [];
        const rang = [];
        for (const pause of [0, 300, 300]) {
            await sleep(pause);
            const guest = await enter({ call });
            guest.send('main check', call);
            rang.push(performance.now());
            guests.push(guest);
        }
        for (const [index, guest] of guests.entries()) {
            await guest.closed();
            const late = performance.now() - rang[index] - RING_MS;
            assert.deepEqual(guest.frames.at(-1), ['refused', 'no answer']);
            assert.ok(late > -50 && late < 1_000, `${late} ms late`);
        }
        await until(() => host.named('ring ended').length === 3, 'the end of each ring');
    });

    it('chat has the time of day', async () => {
        const { host, guest } = await two();
        const before = Date.now();
        guest.send('chat message', 'now');
        const [, , { from, at }] = await host.take('chat message');
        assert.equal(from, guest.seat);
        assert.ok(at >= before - 1 && at <= Date.now() + 1, `${at}`);
    });

    it('wrong proofs count for an address, which is a /64 of IPv6, and at one call', async () => {
        const from = (address) => ({ headers: { 'X-Forwarded-For': address } });
        const call = `wire ${++calls}`;
        const host = await enter({ call }, from('192.0.2.1'));
        const other = await enter({ call: `${call}, too` }, from('192.0.2.1'));
        for (const one of [host, other]) one.send('password', 'right');
        await host.take('password');
        await other.take('password');
        const wait = async (query, address) => {
            const one = await enter(query, from(address));
            if (one.welcome) return 'in';
            assert.deepEqual([one.frames.length, one.frames[0].slice(0, 2), await one.closed()], [1, ['refused', 'password'], 4001]);
            return one.frames[0][2];
        };
        for (const [one, same, neighbour] of [
            ['2001:db8::1', '2001:db8::ffff:1', '2001:db8:0:1::1'], ['198.51.100.1', '198.51.100.1', '198.51.100.2'],
        ]) {
            for (let count = 1; count <= 3; count += 1) assert.equal(await wait({ call, key: `wrong${count}` }, one), 0);
            const started = await wait({ call, key: 'wrong4' }, one);
            assert.ok(started > 900 && started <= 1000, `${started}`);
            const held = await wait({ call, key: 'right' }, same);
            assert.ok(held > 0 && held <= started, `${held}`);
            assert.equal(await wait({ call, key: 'right' }, neighbour), 'in');
            assert.equal(await wait({ call: `${call}, too`, key: 'right' }, one), 'in');
        }
        assert.deepEqual(host.frames.filter(([name]) => name !== 'welcome'), [], 'nobody inside notices');
    });

    it('a second socket with the token: nothing more is handled from the first, though it sends on', async () => {
        const { call, host, guest } = await two();
        const second = await enter({ call, token: guest.token, seen: 1 });
        guest.send('chat message', 'of the first');
        second.send('chat message', 'of the second');
        assert.equal((await host.take('chat message'))[1], 'of the second');
        assert.deepEqual(guest.frames.at(-1), ['refused', 'replaced']);
        assert.equal(await guest.closed(), 4006);
        await second.settle();
        await host.settle();
        assert.deepEqual(host.frames.filter(([name]) => name !== 'pong'), []);
        assert.deepEqual(second.named('chat message').map(([, text]) => text), ['of the second']);
    });

    // How a socket can end, and what the others are told of its seat.
    const away = {
        'closed as done': (guest) => guest.socket.close(1000),
        'closed as going away': (guest) => guest.socket.close(1001),
        'closed without a code': (guest) => guest.socket.close(),
        'closed with a code of its own': (guest) => guest.socket.close(4000),
        'a FIN without a word': (guest) => guest.socket._socket.end(),
        'a reset': (guest) => guest.socket._socket.resetAndDestroy(),
        'a path that is silent': (guest) => {
            guest.socket._socket.pause(); // no ping is answered
        },
    };
    for (const [how, end] of Object.entries(away)) {
        it(`losing the socket is not leaving: ${how}`, async () => {
            const { call, host, guest } = await two();
            const { seat, token } = guest;
            end(guest);
            await until(() => host.frames.length > 0, 'a word');
            assert.deepEqual(host.frames.filter(([name]) => name !== 'pong'), [['peer away', seat]]);
            const back = await enter({ call, token, seen: 1 });
            assert.equal(back.welcome.resumed, true);
            assert.deepEqual(await host.take('peer back'), ['peer back', seat]);
        });
    }

    it('losing the socket is not leaving: too slow to read', async () => {
        const { call, host, guest } = await two();
        const { seat, token } = guest;
        const keepAlive = setInterval(() => guest.socket.ping(), 100); // it is there, but does not read
        guest.socket._socket.pause();
        try {
            const block = 'x'.repeat(200_000);
            for (let count = 0; count < 200 && !host.frames.some(([name]) => name === 'peer away'); count += 1) {
                host.send('message', block, { to: seat });
                await host.settle(count);
            }
        } finally {
            clearInterval(keepAlive);
        }
        assert.deepEqual(await host.take('peer away'), ['peer away', seat]);
        const back = await enter({ call, token, seen: 1 });
        assert.equal(back.welcome.resumed, false, 'that was more than is kept');
        assert.deepEqual(await host.take('peer back'), ['peer back', seat]);
    });

    const breaches = {
        1002: (guest) => guest.socket._socket.write(Buffer.from([0x81, 0x02, 0x5b, 0x5d])), // not masked
        1003: (guest) => guest.socket.send(Buffer.from([1])),
        1007: (guest) => guest.socket.send('["chat message"'),
        1008: (guest) => guest.socket.send('{"chat":"message"}'),
        1009: (guest) => guest.send('message', 'x'.repeat(300_000)),
    };
    for (const [code, breach] of Object.entries(breaches)) {
        it(`who breaks a rule is out at once: ${code}`, async () => {
            const { call, host, guest } = await two();
            const { seat, token } = guest;
            breach(guest);
            await until(() => host.frames.length > 0, 'a word');
            assert.deepEqual(host.frames[0], ['peer left', seat, 'lost']);
            assert.equal(await guest.closed(), Number(code));
            const back = await enter({ call, token, seen: 1 });
            assert.deepEqual([back.frames, await back.closed()], [[['refused', 'expired']], 4007]);
            await host.settle();
            assert.equal(host.frames.filter(([name]) => name !== 'pong').length, 1);
        });
    }

    it('frames that are counted: what a client was told is what it must say it has seen', async () => {
        const { call, host, guest } = await two();
        host.send('message', 1, { to: guest.seat });
        host.send('chat message', 2);
        guest.send('ping', 3);
        guest.send('message'); // bad-request
        await guest.settle();
        assert.deepEqual(guest.frames.map(([name]) => name), ['welcome', 'host agreed', 'message', 'chat message', 'pong', 'error', 'pong']);
        guest.end();
        await host.take('peer away');
        const back = await enter({ call, token: guest.token, seen: 4 });
        await back.settle();
        assert.deepEqual([back.welcome.resumed, back.welcome.heard], [true, 2], '`main check` and the bad one');
        assert.deepEqual(back.frames.map(([name]) => name), ['welcome', 'pong']);
        const more = await enter({ call, token: guest.token, seen: 5 });
        assert.equal(more.welcome.resumed, false);
    });
});
