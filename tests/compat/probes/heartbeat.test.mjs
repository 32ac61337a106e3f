// Engine.IO 4: the server pings. Engine.IO 3: the client does. Who is silent for too long is closed.
import assert from 'node:assert/strict';
import { ask, encode, query, refusalOf } from '../support/engineio.mjs';
import { until } from '../support/server.mjs';
import { overEach, probes } from '../support/probe.mjs';

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const INTERVAL = 800;
const TIMEOUT = 800;
const EARLY = 200; // a busy machine may tell us late of the start
const LATE = 700;  // and of the end

const timer = () => {
    const start = performance.now();
    return (from, to, what) => {
        const ms = performance.now() - start;
        assert.ok(ms >= from - EARLY && ms <= to + LATE, `${what} after ${Math.round(ms)} ms, not ${from} to ${to}`);
    };
};

probes('heartbeat', { pingInterval: INTERVAL, pingTimeout: TIMEOUT }, (probe) => {
    overEach(probe, 'the facts of the handshake', {}, async ({ subject }) => {
        const { handshake } = await subject();
        assert.deepEqual([handshake.pingInterval, handshake.pingTimeout], [INTERVAL, TIMEOUT]);
    });

    overEach(probe, 'the server pings, and pings again an interval after each answer', { versions: [4] }, async ({ subject }) => {
        let passed = timer();
        const session = await subject();
        for (let i = 0; i < 3; i++) {
            assert.equal(await session.receive(), '2');
            passed(INTERVAL, INTERVAL, 'a ping');
            passed = timer();
            await session.send('3');
        }
        await session.isAlive();
    });

    overEach(probe, 'who does not answer a ping is closed', { versions: [4] }, async ({ subject, transport }) => {
        const session = await subject();
        assert.equal(await session.receive(), '2');
        const passed = timer();
        if (transport === 'polling') assert.deepEqual(await session.poll(), ['1']); // the waiting poll is told
        await session.hasEnded();
        passed(TIMEOUT, TIMEOUT, 'closed');
    });

    overEach(probe, 'any packet puts off that close, but only once', { versions: [4] }, async ({ subject, transport }) => {
        const session = await subject();
        assert.equal(await session.receive(), '2');
        const passed = timer();
        await pause(TIMEOUT / 2);
        await session.send('42["bye"]');
        await pause(TIMEOUT / 4);
        await session.send('42["bye"]');
        if (transport === 'polling') assert.deepEqual(await session.poll(), ['1']);
        await session.hasEnded();
        passed(TIMEOUT * 1.5, TIMEOUT * 1.5, 'closed');
    });

    overEach(probe, 'a ping of the client closes the session', { versions: [4] }, async ({ subject, transport, version, open, ours }) => {
        const [session, other] = [await subject(), await open('websocket')];
        if (transport === 'websocket') await session.send('2');
        else if (ours) assert.deepEqual(refusalOf(await session.post(encode(version, ['2']))), [400, 3]);
        else await session.post(encode(version, ['2']));
        await session.hasEnded();
        await other.isAlive();
    });

    overEach(probe, 'the server answers pings, and sends none', { versions: [3] }, async ({ subject }) => {
        const session = await subject();
        for (let i = 0; i < 8; i++) { // two timeouts' worth
            await session.send('2');
            assert.equal(await session.receive(), '3');
            await pause((INTERVAL + TIMEOUT) / 4);
        }
        assert.deepEqual(session.rest, []);
        await session.isAlive();
    });

    overEach(probe, 'who sends no ping is closed', { versions: [3] }, async ({ subject, transport }) => {
        const session = await subject();
        const passed = timer();
        await pause(INTERVAL / 2);
        await session.send('2');
        assert.equal(await session.receive(), '3');
        if (transport === 'polling') assert.deepEqual(await session.poll(), ['1']);
        await session.hasEnded();
        passed(INTERVAL / 2 + INTERVAL + TIMEOUT, INTERVAL / 2 + INTERVAL + TIMEOUT, 'closed');
    });

    // Before 3.0, Node did not mind.
    overEach(probe, 'a pong of the client closes the session', { versions: [3], on: ['socket.io 4.8', 'ours'] }, async ({ subject, transport, version, open, ours }) => {
        const [session, other] = [await subject(), await open('websocket')];
        if (transport === 'websocket') await session.send('3');
        else if (ours) assert.deepEqual(refusalOf(await session.post(encode(version, ['3']))), [400, 3]);
        else await session.post(encode(version, ['3']));
        await session.hasEnded();
        await other.isAlive();
    });

    probe('a half-open websocket is found', {}, async ({ server, websocket, witness, version }) => {
        const [session, other] = [await websocket(), await witness()];
        other.autoPong = true;
        session.socket.pause(); // nobody reads, nobody answers, nobody closes
        for (let i = 0; i < 8; i++) {
            if (version === 3) {
                await other.send('2');
                assert.equal(await other.receive(), '3');
            }
            await pause((INTERVAL + TIMEOUT) / 6);
        }
        const path = query({ EIO: version, transport: 'polling', sid: session.sid });
        await until(async () => refusalOf(await ask(server, 'GET', path)).join() === '400,1', 'the session is gone', LATE);
        await other.isAlive();
    });

    probe('a ping that is due during an upgrade goes out on the new transport, and the beat goes on', { versions: [4] }, async ({ polling, candidate }) => {
        const session = await polling();
        const socket = await candidate(session);
        await socket.send('2probe');
        assert.equal(await socket.receive(), '3probe');
        await pause(INTERVAL + 100); // no poll is there to take it
        await socket.send('5');
        const passed = timer();
        assert.equal(await socket.receive(), '2');
        passed(0, INTERVAL / 2, 'the ping that was due');
        await socket.send('3');
        assert.equal(await socket.receive(), '2');
        passed(INTERVAL, INTERVAL, 'the next ping');
        await socket.send('3');
        await socket.isAlive();
    });

    const silentAfterUpgrade = async ({ polling, candidate, version }) => {
        const session = await polling();
        const socket = await candidate(session);
        await socket.send('2probe');
        assert.equal(await socket.receive(), '3probe');
        await socket.send('5');
        if (version === 4) assert.equal(await socket.receive(), '2');
        await socket.closed;
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
    };
    probe('after an upgrade a client that is silent is closed', { versions: [4] }, silentAfterUpgrade);
    // Node stops its timer at the upgrade, and starts it again only when the client does ping.
    probe('after an upgrade a client that is silent is closed', { versions: [3], on: ['ours'] }, silentAfterUpgrade);
});

