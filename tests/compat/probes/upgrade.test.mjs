// The change from polling to a websocket, in all the ways it can go.
import assert from 'node:assert/strict';
import { ask, askRaw, decode, encode, refusalOf, upgradeHead, WebSocketSession } from '../support/engineio.mjs';
import { until, within } from '../support/server.mjs';
import { probes } from '../support/probe.mjs';

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const SOON = 1_000; // Node looks every 100 ms
const closed = (socket) => within(3_000, socket.closed, 'the close');

async function probed(session, candidate) {
    const socket = await candidate(session);
    await socket.send('2probe');
    assert.equal(await socket.receive(), '3probe');
    return socket;
}

async function upgraded(session, candidate) {
    const socket = await probed(session, candidate);
    await socket.send('5');
    await socket.isAlive();
    return socket;
}

/** It still polls, hears and is heard. */
async function stillPolls(session, other) {
    await session.isAlive();
    assert.match(await other.receive(), /^42\["chat message","alive/);
    await other.isAlive();
    assert.match(await session.receive(), /^42\["chat message","alive/);
}

probes('upgrade', {}, (probe) => {
    probe('probe and answer, then messages go there, both ways', {}, async ({ polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await upgraded(session, candidate);
        assert.match(await other.receive(), /^42\["chat message","alive/);
        await other.emit('hard start', 1);
        assert.deepEqual(await socket.event(), ['message', 1]);
        await socket.emit('hard start', 2);
        assert.deepEqual(await other.event(), ['message', 2]);
        // It is who it was.
        await socket.emit('create or join', 'r');
        assert.equal(await until(async () => {
            const [name, , id] = await socket.event();
            return name === 'created' && id;
        }, 'created'), session.id);
    });

    probe('every poll, waiting or new, is released with a noop until 5', {}, async ({ version, polling, candidate }) => {
        const session = await polling();
        const waiting = session.get();
        await pause(50);
        const socket = await probed(session, candidate);
        for (const poll of [waiting, undefined, undefined, undefined]) {
            const answer = await within(SOON, poll ?? session.get(), 'a released poll');
            assert.deepEqual(decode(version, answer), ['6']);
            assert.match(answer.type, /^text\/plain/); // also to one that takes binary
        }
        await socket.send('5');
        await socket.isAlive();
    });

    probe('before the probe, polls wait and messages go out as ever', {}, async ({ version, polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await candidate(session);
        const poll = session.get();
        await pause(150);
        await other.emit('hard start', 1);
        assert.deepEqual(decode(version, await poll), ['42["message",1]']);
        assert.deepEqual(socket.rest, []);
        await stillPolls(session, other);
    });

    probe('between probe and 5, a poll takes what is there; the rest goes to the websocket, in order', {}, async ({ polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await probed(session, candidate);
        await other.emit('hard start', 1);
        await other.isAlive();
        const [first] = await session.poll();
        assert.equal(first, '42["message",1]');
        for (const i of [2, 3, 4]) await other.emit('hard start', i);
        await other.isAlive();
        assert.deepEqual(socket.rest, []); // nothing goes there yet
        await socket.send('5');
        const heard = [];
        while (heard.length < 3) {
            const [name, value] = await socket.event();
            if (name === 'message') heard.push(value);
        }
        assert.deepEqual(heard, [2, 3, 4]);
    });

    probe('binary that waited goes to the websocket in its frames', {}, async ({ polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await probed(session, candidate);
        await other.send('451-["hard start",{"_placeholder":true,"num":0}]', Buffer.from([1, 2, 3]));
        await other.emit('hard start', 'next');
        await other.isAlive();
        await socket.send('5');
        assert.equal(await socket.receive(), '451-["message",{"_placeholder":true,"num":0}]');
        assert.deepEqual(await socket.receive(), Buffer.from([1, 2, 3]));
        assert.deepEqual(await socket.event(), ['message', 'next']);
    });

    probe('what was posted before 5 comes before what is sent behind it', {}, async ({ version, polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await probed(session, candidate);
        assert.equal((await session.post(encode(version, ['42["hard start",1]', '42["hard start",2]']))).text, 'ok');
        await socket.send('5', '42["hard start",3]');
        for (const i of [1, 2, 3]) assert.deepEqual(await other.event(), ['message', i]);
    });

    probe('a poll that waits at 5 is released', {}, async ({ version, polling, candidate }) => {
        const session = await polling();
        const socket = await probed(session, candidate);
        const poll = session.get();
        await socket.send('5');
        const answer = await within(SOON, poll, 'the poll');
        assert.ok(answer.status === 400 || decode(version, answer).every((packet) => packet === '6'), answer.text);
        await socket.isAlive();
    });

    for (const [what, packet] of [['a message', '42["chat message","too early"]'], ['another ping', '2other'], ['a ping without a word', '2'], ['no packet', 'x'], ['binary', Buffer.from([1])]]) {
        probe(`on the candidate anything else closes it, and it only: ${what}`, {}, async ({ polling, candidate, witness }) => {
            for (const hasProbed of [false, true]) {
                const [session, other] = [await polling(), await witness()];
                const socket = hasProbed ? await probed(session, candidate) : await candidate(session);
                if (Buffer.isBuffer(packet)) socket.socket.send(packet);
                else await socket.send(packet);
                await closed(socket);
                await stillPolls(session, other);
                other.close();
                // Nothing is left of it: the next one succeeds.
                await upgraded(session, candidate);
            }
        });
    }

    probe('a candidate that goes away before 5 changes nothing', {}, async ({ polling, candidate, witness }) => {
        for (const end of ['close', 'terminate']) {
            for (const hasProbed of [false, true]) {
                const [session, other] = [await polling(), await witness()];
                const socket = hasProbed ? await probed(session, candidate) : await candidate(session);
                socket.socket[end]();
                await closed(socket);
                await stillPolls(session, other);
                other.close();
                // The server may see the end a little later than we do.
                const next = await until(async () => {
                    const again = await candidate(session);
                    await again.send('2probe');
                    return Promise.race([again.receive().then((packet) => packet === '3probe' && again), again.closed.then(() => false)]).catch(() => false);
                }, 'another candidate');
                await next.send('5');
                await next.isAlive();
            }
        }
    });

    probe('after a candidate has gone, polls wait again', {}, async ({ version, polling, candidate, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await probed(session, candidate);
        socket.close();
        await socket.closed;
        const poll = await until(async () => {
            const answer = session.get();
            const isQuick = await Promise.race([answer.then(() => true), pause(250).then(() => false)]);
            return isQuick ? undefined : { answer };
        }, 'a poll that waits');
        await other.emit('hard start', 1);
        assert.deepEqual(decode(version, await poll.answer), ['42["message",1]']);
    });

    probe('a second candidate is accepted and closed, the first goes on', {}, async ({ polling, candidate }) => {
        for (const hasProbed of [false, true]) {
            const session = await polling();
            const first = await candidate(session);
            if (hasProbed) {
                await first.send('2probe');
                assert.equal(await first.receive(), '3probe');
            }
            const second = await candidate(session);
            await closed(second);
            assert.deepEqual(second.rest, []);
            if (!hasProbed) {
                await first.send('2probe');
                assert.equal(await first.receive(), '3probe');
            }
            await first.send('5');
            await first.isAlive();
        }
    });

    probe('after the change: plain requests are code 3, another websocket is accepted and closed', {}, async ({ version, polling, candidate }) => {
        const session = await polling();
        const socket = await upgraded(session, candidate);
        for (let i = 0; i < 2; i++) {
            assert.deepEqual(refusalOf(await session.get()), [400, 3]);
            assert.deepEqual(refusalOf(await session.post(encode(version, ['42["chat message","x"]']))), [400, 3]);
            const another = await candidate(session);
            await closed(another);
            assert.deepEqual(another.rest, []);
        }
        await socket.isAlive();
        socket.close();
        await until(async () => refusalOf(await session.get()).join() === '400,1', 'the session goes with its websocket');
    });

    probe('an Upgrade that a proxy has stripped is refused, and eats nothing', {}, async ({ server, polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        await other.emit('hard start', 1);
        await other.isAlive();
        assert.deepEqual(refusalOf(await ask(server, 'GET', session.path({ transport: 'websocket' }))), [400, 3]);
        assert.deepEqual((await session.poll())[0], '42["message",1]');
    });

    probe('an Upgrade that is none is refused, and the session goes on', {}, async ({ server, polling }) => {
        const session = await polling();
        for (const headers of [{ 'Sec-WebSocket-Version': '12' }, { 'Sec-WebSocket-Key': 'short' }]) {
            const name = Object.keys(headers)[0];
            const head = upgradeHead(server, session.path({ transport: 'websocket' })).replace(new RegExp(`${name}: .*`), `${name}: ${headers[name]}`);
            const answer = await askRaw(server, head, { stopAt: 'HTTP/1.1 4' });
            assert.match(answer, /^HTTP\/1\.1 4\d\d /);
        }
        await session.isAlive();
    });

    probe('a session that ends takes its candidate with it', {}, async ({ version, polling, candidate }) => {
        for (const hasProbed of [false, true]) {
            const session = await polling();
            const socket = hasProbed ? await probed(session, candidate) : await candidate(session);
            assert.equal((await session.post(encode(version, ['1']))).text, 'ok');
            await closed(socket);
            assert.deepEqual(refusalOf(await session.get()), [400, 1]);
        }
    });

    probe('EIO and room of the websocket\'s query are those of the handshake', {}, async ({ server, version, room, polling, witness, sockets }) => {
        const [session, other] = [await polling(), await witness()];
        const socket = await WebSocketSession.connect(server, version, { sid: session.sid, room: `not ${room}` });
        sockets.push(socket);
        await socket.send('2probe');
        assert.equal(await socket.receive(), '3probe');
        await socket.send('5', '42["hard start","still here"]');
        assert.deepEqual(await other.event(), ['message', 'still here']);
    });
});

probes('upgrades that do not end', { upgradeTimeout: 500 }, (probe) => {
    for (const hasProbed of [false, true]) {
        probe(`${hasProbed ? 'no 5' : 'no probe'} in time: the candidate is closed, the session polls on`, {}, async ({ polling, candidate, witness }) => {
            const [session, other] = [await polling(), await witness()];
            const socket = hasProbed ? await probed(session, candidate) : await candidate(session);
            const start = performance.now();
            await closed(socket);
            assert.ok(performance.now() - start > 300);
            await stillPolls(session, other);
            const next = await probed(session, candidate);
            await next.send('5');
            await next.isAlive();
            // And the time of the first does not count for the second.
            await pause(700);
            await next.isAlive();
        });
    }
});
