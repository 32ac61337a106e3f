// Engine.IO's requests: what is checked and in which order, how refusals look, CORS, cookies, headers.
import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { ask, askRaw, decode, encode, PATH, PollingSession, query, upgradeHead, WebSocketSession } from '../support/engineio.mjs';
import { MAX_PAYLOAD, probes } from '../support/probe.mjs';

const MESSAGES = ['Transport unknown', 'Session ID unknown', 'Bad handshake method', 'Bad request', 'Forbidden', 'Unsupported protocol version'];
const FOREIGN = 'http://elsewhere.example';
const OURS = ['ours'];
const own = ({ port }) => `http://127.0.0.1:${port}`;

function assertRefused(answer, code, status = code === 4 ? 403 : 400) {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.type, /^application\/json\b/);
    assert.deepEqual(JSON.parse(answer.text), { code, message: MESSAGES[code] });
}

/** What an Upgrade that is refused gets: an answer, then the end. */
async function assertUpgradeRefused(server, path, code, headers = {}, status = '400 Bad Request') {
    const answer = await askRaw(server, upgradeHead(server, path, headers));
    const [head, body] = answer.split('\r\n\r\n');
    assert.equal(head.split('\r\n')[0], `HTTP/1.1 ${status}`, answer);
    assert.match(head, /^connection: close$/im);
    assert.match(head, /^content-type: text\/html/im);
    assert.equal(body, MESSAGES[code]);
}

probes('requests', {}, (probe) => {
    probe('a transport that is missing or unknown: code 0, before all else', {}, async ({ server, version }) => {
        for (const transport of [undefined, '', 'foo', 'Polling', 'constructor', '__proto__', 'flashsocket']) {
            const values = transport === undefined ? {} : { transport };
            assertRefused(await ask(server, 'GET', query({ EIO: version, ...values })), 0);
            assertRefused(await ask(server, 'POST', query({ ...values, sid: 'unknown' })), 0);
            await assertUpgradeRefused(server, query({ EIO: version, ...values }), 0);
        }
        assertRefused(await ask(server, 'GET', PATH), 0);
    });

    probe('an Origin of bytes that no header may hold: 400', {}, async ({ server, version }) => {
        const answer = await askRaw(server, `GET ${query({ EIO: version, transport: 'polling' })} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: a\x01b\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 400 /);
    });

    probe('an unknown session: code 1, whatever the method and the version', {}, async ({ server, version }) => {
        for (const sid of ['unknown', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'A'.repeat(20), '\u0000', '%']) {
            for (const method of ['GET', 'POST']) {
                assertRefused(await ask(server, method, query({ EIO: version, transport: 'polling', sid })), 1);
                assertRefused(await ask(server, method, query({ transport: 'polling', sid })), 1);
                assertRefused(await ask(server, method, query({ EIO: version, transport: 'websocket', sid })), 1);
            }
            await assertUpgradeRefused(server, query({ EIO: version, transport: 'websocket', sid }), 1);
        }
    });

    probe('a plain request whose transport is not the session\'s: code 3', {}, async ({ server, version, polling, websocket, ours }) => {
        const poller = await polling();
        for (const method of ['GET', 'POST']) {
            assertRefused(await ask(server, method, query({ EIO: version, transport: 'websocket', sid: poller.sid })), 3);
        }
        await poller.isAlive(); // and nothing of it was taken for a poll
        const socket = await websocket();
        for (const method of ['GET', 'POST']) {
            assertRefused(await ask(server, method, query({ EIO: version, transport: 'polling', sid: socket.sid })), 3);
            // Node never answers this one.
            if (ours) assertRefused(await ask(server, method, query({ EIO: version, transport: 'websocket', sid: socket.sid })), 3);
        }
        await socket.isAlive();
    });

    probe('a version other than at the handshake: code 3', { on: ['socket.io 4.8', 'ours'] }, async ({ server, version, polling }) => {
        const session = await polling();
        const EIO = 7 - version;
        assertRefused(await ask(server, 'GET', session.path({ EIO })), 3);
        assertRefused(await ask(server, 'POST', session.path({ EIO })), 3);
        await assertUpgradeRefused(server, session.path({ EIO, transport: 'websocket' }), 3);
        await session.isAlive();
    });

    probe('a handshake by another method: code 2, before the check of an upgrade', {}, async ({ server, version }) => {
        for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
            assertRefused(await ask(server, method, query({ EIO: version, transport: 'polling' })), 2);
            assertRefused(await ask(server, method, query({ EIO: version, transport: 'websocket' })), 2);
        }
        assert.equal((await ask(server, 'HEAD', query({ EIO: version, transport: 'polling' }))).status, 400);
        assertRefused(await ask(server, 'POST', query({ EIO: version, transport: 'polling' }), { body: encode(version, ['40']) }), 2);
    });

    probe('a websocket handshake without an Upgrade: code 3, before the version', {}, async ({ server, version }) => {
        assertRefused(await ask(server, 'GET', query({ EIO: version, transport: 'websocket' })), 3);
        assertRefused(await ask(server, 'GET', query({ transport: 'websocket' })), 3);
    });

    // Node takes all but "4" for 3.
    probe('a version that is missing or unknown: code 5', { versions: [4], on: OURS }, async ({ server }) => {
        for (const EIO of [undefined, '', '0', '2', '5', '33', '4x', '04', 'constructor']) {
            const values = EIO === undefined ? {} : { EIO };
            assertRefused(await ask(server, 'GET', query({ ...values, transport: 'polling' })), 5);
            await assertUpgradeRefused(server, query({ ...values, transport: 'websocket' }), 5);
            assertRefused(await ask(server, 'POST', query({ ...values, transport: 'polling' })), 2);
        }
    });

    // Node lets everybody in unless told otherwise.
    probe('a foreign Origin: code 4 with status 403, before the version', { on: OURS }, async ({ server, version, polling }) => {
        for (const Origin of [FOREIGN, 'null', `${own(server)}0`, 'https://127.0.0.1', 'http://127.0.0.1.example', 'nonsense']) {
            for (const values of [{ EIO: version, transport: 'polling' }, { transport: 'polling' }]) {
                const answer = await ask(server, 'GET', query(values), { headers: { Origin } });
                assertRefused(answer, 4);
                assert.equal(answer.headers['access-control-allow-origin'], undefined);
                assert.equal(answer.headers['access-control-allow-credentials'], undefined);
            }
            const socket = await askRaw(server, upgradeHead(server, query({ EIO: version, transport: 'websocket' }), { Origin }));
            assert.match(socket, /^HTTP\/1\.1 403 /);
            assert.doesNotMatch(socket, /access-control/i);
        }
        // Later requests of a session are none of a foreign page's either.
        const session = await polling();
        for (const method of ['GET', 'POST']) {
            const answer = await ask(server, method, session.path(), { headers: { Origin: FOREIGN }, body: method === 'POST' ? encode(version, ['42["chat message","foreign"]']) : undefined });
            assert.equal(answer.status, 403);
            assert.equal(answer.headers['access-control-allow-origin'], undefined);
        }
        await session.isAlive();
    });

    probe('the page\'s own Origin may open a websocket', {}, async ({ server, version, sockets }) => {
        sockets.push(await WebSocketSession.open(server, version, {}, { Origin: own(server) }));
    });

    probe('two Origins: 400', { on: OURS }, async ({ server, version }) => {
        const lines = `Host: 127.0.0.1:${server.port}\r\nOrigin: ${own(server)}\r\nOrigin: ${own(server)}\r\n`;
        const answer = await askRaw(server, `GET ${query({ EIO: version, transport: 'polling' })} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 400 /);
    });

    // As socket.io 1 and 2 did it; 4 sends none unless told.
    probe('CORS: every polling answer names the page\'s own Origin, or *', { on: ['socket.io 2.5', 'ours'] }, async ({ server, version }) => {
        const named = { headers: { Origin: own(server) } };
        const check = (answer, headers) => {
            assert.equal(answer.headers['access-control-allow-origin'], headers ? own(server) : '*');
            assert.equal(answer.headers['access-control-allow-credentials'], headers ? 'true' : undefined);
        };
        for (const options of [named, {}]) {
            const session = Object.assign(new PollingSession(), { server, version, options: {} });
            const handshake = await session.get({}, options);
            check(handshake, options.headers);
            const opened = JSON.parse(/0(\{.*?\})/.exec(handshake.text)[1]);
            session.sid = opened.sid;
            const post = await ask(server, 'POST', session.path(), { ...options, body: encode(version, [version === 4 ? '40' : '42["host is agreed"]']) });
            assert.equal(post.text, 'ok');
            check(post, options.headers);
            check(await session.get({}, options), options.headers);
            for (const [method, values] of [['GET', {}], ['GET', { EIO: version, transport: 'polling', sid: 'unknown' }], ['POST', { EIO: version, transport: 'polling' }]]) {
                const refused = await ask(server, method, query(values), options);
                assert.equal(refused.status, 400);
                check(refused, options.headers);
            }
        }
    });

    probe('OPTIONS: what a page asks before it sends binary', {}, async ({ server, version, polling, backend }) => {
        const session = await polling();
        const headers = { Origin: own(server), 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
        const paths = [session.path()];
        if (backend !== 'socket.io 2.5') paths.push(session.path({ sid: 'unknown' }), query({ EIO: version, transport: 'polling' }), PATH);
        for (const path of paths) {
            const answer = await ask(server, 'OPTIONS', path, { headers });
            assert.ok([200, 204].includes(answer.status), `${path}: ${answer.status}`);
            assert.equal(answer.text, '');
            assert.equal(answer.headers['access-control-allow-origin'], own(server));
            assert.equal(answer.headers['access-control-allow-credentials'], 'true');
            assert.match(answer.headers['access-control-allow-headers'], /\bcontent-type\b/i);
            if (backend !== 'socket.io 2.5') assert.match(answer.headers['access-control-allow-methods'], /\bGET\b.*\bPOST\b/);
        }
        await session.isAlive();
    });

    probe('OPTIONS: a foreign page is told nothing', { on: OURS }, async ({ server, polling }) => {
        const session = await polling();
        const answer = await ask(server, 'OPTIONS', session.path(), { headers: { Origin: FOREIGN, 'Access-Control-Request-Method': 'POST' } });
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    });

    const cookieOf = (answer) => answer.headers['set-cookie'];
    probe('cookie: the session\'s id on every polling answer', { versions: [3], on: ['socket.io 2.5', 'ours'] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        const wanted = [`io=${session.sid}; Path=/; HttpOnly; SameSite=Strict`];
        assert.deepEqual(cookieOf(session.firstAnswer), wanted);
        assert.deepEqual(cookieOf(await session.post(encode(version, ['42["chat message","x"]']))), wanted);
        assert.deepEqual(cookieOf(await session.get()), wanted);
    });
    probe('cookie: none', { versions: [4] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        assert.equal(cookieOf(session.firstAnswer), undefined);
        assert.equal(cookieOf(await session.post('40')), undefined);
        assert.equal(cookieOf(await session.get()), undefined);
    });

    probe('nothing is kept by caches', { on: ['socket.io 4.8', 'ours'] }, async ({ server, version }) => {
        const session = await PollingSession.open(server, version);
        assert.equal(session.firstAnswer.headers['cache-control'], 'no-store');
        assert.equal((await session.post(encode(version, [version === 4 ? '40' : '42["host is agreed"]']))).headers['cache-control'], 'no-store');
        assert.equal((await session.get()).headers['cache-control'], 'no-store');
    });

    probe('the open packet over polling', {}, async ({ server, version, ours, backend }) => {
        const { handshake, firstAnswer } = await PollingSession.open(server, version);
        assert.match(firstAnswer.type, /^text\/plain; charset=utf-8$/i);
        const keys = backend === 'socket.io 2.5' ? ['pingInterval', 'pingTimeout', 'sid', 'upgrades'] : ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades'];
        assert.deepEqual(Object.keys(handshake).sort(), keys);
        assert.deepEqual(handshake.upgrades, ['websocket']);
        assert.deepEqual([handshake.pingInterval, handshake.pingTimeout], [25_000, 20_000]);
        assert.match(handshake.sid, ours ? /^[\w-]{20,}$/ : /^[\w-]{20}$/);
        if (ours || backend === 'socket.io 4.8') assert.equal(handshake.maxPayload, MAX_PAYLOAD);
    });

    probe('the open packet over a websocket', {}, async ({ server, version, sockets }) => {
        const session = await WebSocketSession.open(server, version);
        sockets.push(session);
        assert.deepEqual(session.handshake.upgrades, []);
        assert.deepEqual([session.handshake.pingInterval, session.handshake.pingTimeout], [25_000, 20_000]);
        assert.match(session.handshake.sid, /^[\w-]{20,}$/);
        assert.equal(session.upgradeAnswer.headers['sec-websocket-extensions'], undefined);
    });

    probe('the first answer opens the session in one piece', {}, async ({ server, version, backend }) => {
        const session = await PollingSession.open(server, version);
        // Engine.IO 4: nothing before the client has asked to join. Engine.IO 3 joins by itself.
        if (version === 4) assert.deepEqual(session.rest, []);
        else if (backend !== 'socket.io 4.8') assert.deepEqual(session.rest, ['40']);
    });

    // Node ends its ids with a counter.
    probe('ids come from a generator', { versions: [4], on: OURS }, async ({ server, version }) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 4 });
        const sids = await Promise.all(Array.from({ length: 400 }, async () => {
            const answer = await ask(server, 'GET', query({ EIO: version, transport: 'polling' }), { agent });
            return JSON.parse(answer.text.slice(1)).sid;
        }));
        agent.destroy();
        assert.equal(new Set(sids).size, sids.length);
        // 20 characters of 6 bits. Each place has 64 values, of which 400 draws miss next to none.
        for (let place = 0; place < 20; place++) {
            const values = new Set(sids.map((sid) => sid[place]));
            assert.ok(values.size >= 48, `place ${place} has only ${values.size} values`);
        }
    });

    probe('the query is decoded, and its other keys are free', {}, async ({ server, version }) => {
        const answer = await ask(server, 'GET', `${PATH}?%45IO=${version}&t=abc&transport=%70olling&x&y=%3D%26&=&&`);
        assert.equal(answer.status, 200);
        const { sid } = JSON.parse(/0(\{.*?\})/.exec(answer.text)[1]);
        const escaped = [...sid].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
        const post = await ask(server, 'POST', `${PATH}?EIO=${version}&transport=polling&sid=${escaped}`, { body: encode(version, [version === 4 ? '40' : '42["bye"]']) });
        assert.equal(post.text, 'ok');
    });

    probe('the path is a prefix up to its slash', {}, async ({ server, version }) => {
        const handshake = (path) => ask(server, 'GET', `${path}?EIO=${version}&transport=polling`);
        assert.equal((await handshake('/socket.io/anything')).status, 200);
        assert.equal((await handshake('/socket.iox/')).status, 404);
        assert.equal((await handshake('/Socket.io/')).status, 404);
    });

    for (const [what, space] of [['%20', '%20'], ['a plus', '+']]) {
        probe(`?room= of the handshake counts, not that of later requests; ${what} is a space`, {}, async ({ server, version, websocket }) => {
            const name = `a room of ${version} with ${what}`;
            const listener = await websocket({ room: name });
            const answer = await ask(server, 'GET', `${PATH}?EIO=${version}&transport=polling&room=${encodeURIComponent(name).replaceAll('%20', space)}`);
            const session = Object.assign(new PollingSession(), { server, version, options: { room: 'another' }, rest: decode(version, answer) });
            session.takeHandshake(session.rest.shift());
            await session.join();
            await session.emit('hard start', 'found');
            assert.deepEqual(await listener.event(), ['message', 'found']);
        });
    }

    probe('a room whose name is none: 400', { on: OURS }, async ({ server, version }) => {
        for (const room of ['room=a&room=b', 'room=%zz', 'room=%', 'room=%00', 'room=%0a', 'room=%7f', 'room=%ff', `room=${'x'.repeat(65)}`]) {
            const path = `${PATH}?EIO=${version}&transport=polling&${room}`;
            assert.equal((await ask(server, 'GET', path)).status, 400, room);
            assert.match(await askRaw(server, upgradeHead(server, path.replace('polling', 'websocket'))), /^HTTP\/1\.1 400 /, room);
        }
    });

    probe('a kept connection carries poll after poll, and its end is not the session\'s', {}, async ({ server, version, polling }) => {
        const session = await polling();
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const ports = new Set();
        for (let i = 0; i < 3; i++) {
            const body = encode(version, [`42["chat message",${i}]`]);
            const post = await ask(server, 'POST', session.path(), { agent, body });
            assert.equal(post.text, 'ok');
            const get = await session.get({}, { agent });
            assert.equal(get.text, body);
            ports.add(post.port).add(get.port);
        }
        assert.equal(ports.size, 1);
        agent.destroy();
        await session.isAlive();
    });

    probe('the client\'s script is looked for before the checks', {}, async ({ server, backend }) => {
        const names = backend === 'socket.io 2.5' ? ['socket.io.js'] : ['socket.io.js', 'socket.io.min.js'];
        for (const name of names) {
            const answer = await ask(server, 'GET', `${PATH}${name}`);
            assert.equal(answer.status, 200);
            assert.match(answer.type, /^application\/javascript\b|^text\/javascript\b/);
            assert.match(answer.text, /\bio\b/);
            assert.match(answer.headers['cache-control'], /^public, max-age=0$/);
            const again = await ask(server, 'GET', `${PATH}${name}`, { headers: { 'If-None-Match': answer.headers.etag } });
            assert.deepEqual([again.status, again.text], [304, '']);
            assert.equal((await ask(server, 'GET', `${PATH}${name}?t=1`)).status, 200);
        }
    });

    probe('an Upgrade of another path is ended, by Node after a second without a word', {}, async ({ server, ours }) => {
        const missing = 'HTTP/1.1 404 ';
        const answer = await askRaw(server, upgradeHead(server, '/elsewhere'), { stopAt: missing });
        assert.ok(ours ? answer.startsWith(missing) : answer === '', answer);
    });
});

probes('requests of an allowed Origin', { on: OURS, flags: ['--allow-origin', FOREIGN] }, (probe) => {
    probe('a foreign Origin that is allowed is named, the others are not', {}, async ({ server, version }) => {
        const headers = { Origin: FOREIGN };
        const path = query({ EIO: version, transport: 'polling' });
        const answer = await ask(server, 'GET', path, { headers });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['access-control-allow-origin'], FOREIGN);
        assert.equal(answer.headers['access-control-allow-credentials'], 'true');
        const asked = await ask(server, 'OPTIONS', path, { headers });
        assert.equal(asked.headers['access-control-allow-origin'], FOREIGN);
        const socket = await WebSocketSession.open(server, version, {}, headers);
        socket.close();
        assertRefused(await ask(server, 'GET', path, { headers: { Origin: `${FOREIGN}.evil.example` } }), 4);
    });
});

