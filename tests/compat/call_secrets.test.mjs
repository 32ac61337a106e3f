// Names of calls, proofs, tokens and what people say stand in no log, no metric and no error, however
// talkative the server is told to be and whatever goes wrong.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { CallSocket, refusedUpgrade } from './support/call_socket.mjs';
import { startServer, until, within } from './support/server.mjs';

const NAME = 'Nightingale 4711';
const RIGHT = 'Rosebud-1941';
const WRONG = 'Xanadu-wrong';
const TURN_SECRET = 'Kane-turn-secret';
const TOKEN = `Forged.${'t0ken'.repeat(5)}`;
const PERSON = 'Orson-the-guest';
const WORDS = 'What-was-said-inside';

/** What the server answers to these bytes, until it ends the connection. */
async function answerTo(port, text) {
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (data) => { answer += data; });
    socket.end(text);
    await within(5_000, new Promise((resolve) => { socket.on('close', resolve).on('error', resolve); }), text.slice(0, 60));
    return answer;
}

test('no secret of a call leaves it by a log, a metric or an error', async (t) => {
    const server = await startServer([
        '--log-level', 'trace', '--seat-grace', '1s', '--ring-timeout', '1s', '--request-line-limit', '1KiB',
        '--ice-server', 'turn:turn.example', '--turn-secret', TURN_SECRET,
    ]);
    t.after(() => server.kill());
    const { port } = server;
    const secrets = new Set([NAME, encodeURIComponent(NAME), RIGHT, WRONG, TURN_SECRET, TOKEN, PERSON, WORDS, 'key=', 'token=', 'call=']);
    const told = []; // what must not hold a secret
    const sockets = [];
    const enter = async (query) => {
        const one = await CallSocket.open(port, { call: NAME, name: PERSON, ...query });
        sockets.push(one);
        if (one.welcome) secrets.add(one.token);
        return one;
    };
    const letIn = async (guest) => {
        guest.send('main check', NAME);
        await host.take('main check answer');
        host.send('host is agreed', NAME, { to: guest.seat });
        await guest.take('host agreed');
    };

    // All that can happen to people.
    const host = await enter();
    host.send('password', RIGHT);
    for (const key of [WRONG, WRONG, WRONG, WRONG, RIGHT]) await (await enter({ key })).closed();
    host.send('password', null);
    for (const token of [TOKEN, `${host.token}x`, host.seat]) await (await enter({ token })).closed();
    const declined = await enter();
    declined.send('main check', NAME);
    await host.take('main check answer');
    host.send('host declined', NAME, { to: declined.seat, reason: 'busy' });
    await declined.closed();
    const late = await enter();
    late.send('main check', NAME);
    late.send('chat message', WORDS); // not-admitted
    await late.closed();
    const breaches = [
        (one) => one.socket.send(`["chat message","${WORDS}"`), (one) => one.socket.send(JSON.stringify({ [WORDS]: RIGHT })),
        (one) => one.socket.send(Buffer.from(WORDS)), (one) => one.send('x'.repeat(65), WORDS), (one) => one.send('message', WORDS.repeat(20_000)),
        (one) => one.socket._socket.write(Buffer.concat([Buffer.from([0x81, WORDS.length]), Buffer.from(WORDS)])),
    ];
    for (const breach of breaches) {
        const one = await enter();
        one.send('door', WORDS);
        breach(one);
        await one.closed();
    }
    const guest = await enter();
    await letIn(guest);
    guest.send('chat message', WORDS);
    guest.send('message', WORDS, { to: host.seat });
    guest.send('message', WORDS, { to: WORDS });
    guest.send('password', RIGHT);
    guest.send(WORDS, WORDS); // an unknown event
    await guest.settle();
    const again = await enter({ token: guest.token, seen: 1 });
    assert.equal(again.welcome.resumed, true);
    again.send('host is agreed', WORDS, { to: WORDS });
    again.end();
    await host.take('peer left');
    await (await enter({ token: guest.token })).closed();
    host.send('door', 'locked');
    await host.take('door');
    await (await enter()).closed();
    const errors = sockets.flatMap((one) => one.named('error'));
    assert.ok(errors.length >= 5);
    told.push(...errors.map((frame) => JSON.stringify(frame)));

    // All that can be wrong with a request.
    const query = `call=${encodeURIComponent(NAME)}&name=${PERSON}&key=${RIGHT}&token=${TOKEN}`;
    for (const target of [`/socket?${query}&room=x`, `/socket?${query}&seen=x`, `/socket.io/?EIO=4&transport=websocket&${query}`, `/nothing?${query}`]) {
        const { body } = await refusedUpgrade(port, target);
        told.push(body);
    }
    const lines = [
        `GET /socket?${query} HTTP/1.1`, `GET /?${query} HTTP/1.1`, `GET /nothing?${query} HTTP/1.1`, `GET /../?${query} HTTP/1.1`, `GET /%zz?${query} HTTP/1.1`,
        `POST /socket?${query} HTTP/1.1`, `BREW /socket?${query} HTTP/1.1`, `GET /socket?${query} HTTP/9.9`, `GET /socket?${query}${'x'.repeat(2_000)} HTTP/1.1`,
        `GET /socket?${query}\x01 HTTP/1.1`, `GET http://${NAME}/socket?${query} HTTP/1.1`, `GET /socket.io/?EIO=4&transport=polling&${query} HTTP/1.1`,
    ];
    for (const line of lines) told.push(await answerTo(port, `${line}\r\nHost: 127.0.0.1\r\nConnection: close\r\nReferer: http://127.0.0.1/?${query}\r\n\r\n`));
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', `Origin: http://${RIGHT}.example`];
    told.push(await answerTo(port, `GET /socket?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade.join('\r\n')}\r\n\r\n`)); // 403
    assert.ok(told.filter((text) => / (400|403|404|405|414|426|50\d) /.test(text)).length >= 10, 'errors were made');
    for (const path of ['/metrics', '/healthz']) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}?${query}`);
        assert.equal(answer.status, 200);
        told.push(await answer.text());
    }

    process.kill(server.pid, 'SIGHUP');
    for (const one of sockets) one.end();
    await server.stop();
    const log = server.lines.join('\n');
    for (const wanted of ['websocket closed by us', '"code":1008', '"code":4001', 'request refused']) assert.ok(log.includes(wanted), `${wanted} in the log:\n${log}`);
    await until(() => sockets.every(({ code }) => code), 'all closes');
    told.push(...sockets.map(({ reason }) => reason));
    t.diagnostic(`${server.lines.length} lines of log, ${told.length} answers, ${secrets.size} secrets`);
    for (const secret of secrets) {
        for (const text of [log, ...told]) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
});
