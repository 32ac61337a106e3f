// Rules of a polling session: one GET and one POST at a time, sizes, and how either side ends it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { ask, decode, encode, PollingSession, query, refusalOf, WebSocketSession } from '../support/engineio.mjs';
import { until, within } from '../support/server.mjs';
import { MAX_PAYLOAD, overEach, probes } from '../support/probe.mjs';

const OURS = ['ours'];
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** A poll that the server holds. */
async function waitingPoll(session) {
    const answer = session.get();
    let isAnswered = false;
    answer.then(() => { isAnswered = true; });
    await answer.sent;
    await pause(50); // nothing tells when the server has seen it
    assert.equal(isAnswered, false, 'the poll waits');
    return { answer, abort: answer.abort };
}

/** A POST of which the server has all but the last byte. */
async function heldPost(session, packets) {
    const body = encode(session.version, packets);
    const socket = connect(session.server.port, '127.0.0.1');
    socket.on('error', () => {});
    const head = `POST ${session.path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    await new Promise((resolve) => { socket.write(head + body.slice(0, -1), resolve); });
    await pause(50); // nothing tells when the server has seen it
    return { abort: () => socket.destroy() };
}

probes('polling', {}, (probe) => {
    probe('a poll waits until there is something', {}, async ({ version, polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const poll = await waitingPoll(session);
        await other.emit('hard start', 'at last');
        assert.deepEqual(decode(version, await poll.answer), ['42["message","at last"]']);
    });

    probe('a second poll ends the session: the first is told so, the second is refused', {}, async ({ version, polling, ours, backend }) => {
        const session = await polling();
        const first = await waitingPoll(session);
        const second = await session.get();
        assert.equal(second.status, backend === 'socket.io 2.5' ? 500 : 400);
        if (ours) assert.deepEqual(refusalOf(second), [400, 3]);
        const told = await first.answer;
        assert.equal(told.status, 200);
        assert.deepEqual(decode(version, told), ['1']);
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
        assert.deepEqual(refusalOf(await session.post(encode(version, ['42["bye"]']))), [400, 1]);
    });

    probe('a second POST ends the session', {}, async ({ version, polling, backend }) => {
        const session = await polling();
        const first = await heldPost(session, ['42["chat message",1]']);
        const { status } = await session.post(encode(version, ['42["chat message",2]']));
        assert.equal(status, backend === 'socket.io 2.5' ? 500 : 400);
        await session.hasEnded();
        first.abort();
    });

    probe('a POST while a poll waits is the normal thing', {}, async ({ version, polling }) => {
        const session = await polling();
        const poll = await waitingPoll(session);
        await session.emit('chat message', 'mine');
        assert.deepEqual(decode(version, await poll.answer), ['42["chat message","mine"]']);
    });

    probe('a poll that the client aborts ends the session', {}, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const poll = await waitingPoll(session);
        poll.abort();
        assert.ok((await poll.answer).cut);
        await until(async () => refusalOf(await session.post('')).join() === '400,1', 'the session is gone');
        await other.isAlive();
    });

    probe('a POST that the client aborts ends the session', {}, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const post = await heldPost(session, ['42["chat message",1]']);
        post.abort();
        await session.hasEnded();
        await other.isAlive(); // and heard nothing of the half that had come
    });

    probe('other methods of a session are no good', {}, async ({ server, polling, ours }) => {
        const session = await polling();
        for (const method of ['PUT', 'DELETE', 'PATCH']) {
            const { status } = await ask(server, method, session.path());
            assert.ok(ours ? status >= 400 && status < 500 : status === 500, `${method}: ${status}`);
        }
        await session.isAlive();
    });

    probe('a POST of the largest payload passes, one of a byte more is 413', {}, async ({ server, version, polling, witness, backend }) => {
        const [session, other] = [await polling(), await witness()];
        const around = encode(version, ['42["hard start",""]']).length + (version === 3 ? 4 : 0); // its length has six digits
        const largest = encode(version, [`42["hard start","${'x'.repeat(MAX_PAYLOAD - around)}"]`]);
        assert.equal(largest.length, MAX_PAYLOAD);
        assert.equal((await session.post(largest)).text, 'ok');
        assert.equal((await other.event())[1].length, MAX_PAYLOAD - around);
        const headers = { 'Content-Type': 'text/plain;charset=UTF-8' };
        for (const more of [{}, { 'Transfer-Encoding': 'chunked' }]) {
            const poster = await polling();
            const answer = await ask(server, 'POST', poster.path(), { headers: { ...headers, ...more }, body: `${largest}x` });
            if (backend === 'socket.io 2.5') assert.ok(answer.cut || answer.status === 413);
            else assert.equal(answer.status, 413);
        }
        await other.isAlive();
    });

    probe('a POST in chunks, and one that asks whether it may go on', {}, async ({ server, version, polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        const body = encode(version, ['42["hard start","€"]']);
        const chunked = await ask(server, 'POST', session.path(), { headers: { 'Transfer-Encoding': 'chunked' }, body });
        assert.equal(chunked.text, 'ok');
        assert.deepEqual(await other.event(), ['message', '€']);
        const head = `POST ${session.path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
        const go = 'HTTP/1.1 100 Continue\r\n\r\n';
        const answer = await new Promise((resolve) => {
            const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
            let text = '';
            socket.on('data', (chunk) => {
                if (text === '') socket.write(body);
                text += chunk;
            });
            socket.on('close', () => resolve(text));
        });
        assert.ok(answer.startsWith(go), answer);
        assert.match(answer.slice(go.length), /^HTTP\/1\.1 200 .*\r\n\r\nok$/s);
        assert.deepEqual(await other.event(), ['message', '€']);
    });

    probe('a body that is declared too large is not waited for', { on: OURS }, async ({ server, polling }) => {
        const session = await polling();
        const socket = connect(server.port, '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => { text += chunk; });
        socket.on('error', () => {});
        const closed = new Promise((resolve) => { socket.on('close', resolve); });
        socket.write(`POST ${session.path()} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${MAX_PAYLOAD + 1}\r\n\r\n`);
        await within(5_000, closed, 'the cut');
        assert.match(text, /^HTTP\/1\.1 413 /);
    });

    probe('a WebSocket message of the largest size passes, one of a byte more ends with 1009', {}, async ({ websocket, witness }) => {
        const [session, other] = [await websocket(), await witness()];
        const around = '42["hard start",""]'.length;
        await session.emit('hard start', 'x'.repeat(MAX_PAYLOAD - around));
        assert.equal((await other.event())[1].length, MAX_PAYLOAD - around);
        await session.emit('hard start', 'x'.repeat(MAX_PAYLOAD - around + 1));
        assert.equal(await within(5_000, session.closed, 'the close'), 1009);
        await session.hasEnded();
        await other.isAlive();
    });

    probe('the client closes: its poll is released with a noop, its POST is ok', {}, async ({ version, polling }) => {
        const session = await polling();
        const poll = await waitingPoll(session);
        assert.equal((await session.post(encode(version, ['1']))).text, 'ok');
        assert.deepEqual(decode(version, await poll.answer), ['6']);
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
        assert.deepEqual(refusalOf(await session.post(encode(version, ['42["bye"]']))), [400, 1]);
    });

    probe('the client closes while no poll waits', {}, async ({ version, polling }) => {
        const session = await polling();
        assert.equal((await session.post(encode(version, ['1']))).text, 'ok');
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
    });

    // Node handles events a little later, when the session is no more.
    probe('what comes before a close counts, what comes behind it does not', { on: OURS }, async ({ version, polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        assert.equal((await session.post(encode(version, ['42["hard start",1]', '1', '42["hard start",2]']))).text, 'ok');
        assert.deepEqual(await other.event(), ['message', 1]);
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
        await other.isAlive();
    });

    // Node waits for the client to end the connection.
    probe('the client closes a websocket by a packet', { on: OURS }, async ({ websocket }) => {
        const session = await websocket();
        await session.send('1');
        await session.hasEnded();
    });

    probe('a websocket that the client closes, or cuts, ends the session', {}, async ({ server, version, websocket }) => {
        for (const end of ['close', 'terminate']) {
            const session = await websocket();
            session.socket[end]();
            await session.closed;
            const path = query({ EIO: version, transport: 'polling', sid: session.sid });
            await until(async () => refusalOf(await ask(server, 'GET', path)).join() === '400,1', 'the session is gone');
        }
    });
});

probes('a server that ends', {}, (probe) => {
    // As it goes, all are told; so this is one probe.
    probe('a waiting poll and a websocket are told', { versions: [4] }, async ({ version, polling, websocket, stop, ours }) => {
        const [poller, socket] = [await polling(), await websocket()];
        const poll = await waitingPoll(poller);
        const stopped = stop();
        // Socket.IO's own goodbye may come first.
        assert.equal(decode(version, await poll.answer).at(-1), '1');
        const code = await within(5_000, socket.closed, 'the close');
        assert.ok(ours ? code === 1001 : [1000, 1001, 1005].includes(code), `${code}`);
        await stopped;
    });
});

// A session that opens no namespace is closed; the server says so if it can. Only Engine.IO 4 has to ask.
probes('sessions that do not join', { connectTimeout: 600, pollCloseTimeout: 600 }, (probe) => {
    probe('over polling: the waiting poll is told', { versions: [4] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        assert.deepEqual(await session.poll(), ['1']);
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
    });

    probe('over polling: the next poll is told', { versions: [4] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        await pause(900);
        assert.deepEqual((await session.poll()).filter((packet) => packet !== '6'), ['1']); // Node puts a noop before it
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
    });

    probe('over polling: who polls too late finds nothing', { versions: [4] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        await pause(1_700);
        assert.deepEqual(refusalOf(await session.get()), [400, 1]);
    });

    probe('over a websocket', { versions: [4] }, async ({ server, version, sockets }) => {
        const session = await WebSocketSession.open(server, version);
        sockets.push(session);
        await session.hasEnded();
    });

    overEach(probe, 'being refused by a namespace is not joining', { versions: [4] }, async ({ server, version, transport, sockets }) => {
        const session = await (transport === 'polling' ? PollingSession : WebSocketSession).open(server, version);
        if (transport === 'websocket') sockets.push(session);
        await session.send('40/other,');
        assert.equal(await session.receive(), '44/other,{"message":"Invalid namespace"}');
        await session.hasEnded();
    });

    overEach(probe, 'who has joined stays', {}, async ({ subject }) => {
        const session = await subject();
        await pause(900);
        await session.isAlive();
    });
});
