// The server behind the two usual proxies, with a name of its own and under a path.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import WebSocket from 'ws';
import { startServer, until, within } from '../compat/support/server.mjs';
import { PROXIES, startProxy } from './proxies.mjs';

const LIMIT = { timeout: 30_000 };

function get(port, target, { headers = {}, localAddress } = {}) {
    return within(5_000, new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, path: target, headers, localAddress, agent: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
        });
        outgoing.on('error', reject);
        outgoing.end();
    }), `GET ${target}`);
}

/** Resolves to an open socket, or to the status that the upgrade was refused with. */
function open(port, target, options = {}) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`, options);
    socket.frames = [];
    socket.on('message', (data) => socket.frames.push(data.toString()));
    return within(5_000, new Promise((resolve, reject) => {
        socket.once('open', () => resolve(socket));
        socket.once('unexpected-response', (_, answer) => { answer.resume(); resolve(answer.statusCode); });
        socket.once('error', reject);
    }), `upgrade of ${target}`);
}

async function close(...sockets) {
    for (const socket of sockets) {
        if (socket.readyState === WebSocket.CLOSED) continue;
        socket.close();
        await within(5_000, once(socket, 'close'), 'closing');
    }
}

async function behind(kind, { basePath = '', args = [], trusted = true }, use) {
    const server = await startServer(['--host', '127.0.0.1', ...(trusted ? ['--trusted-proxy', '127.0.0.1/32'] : []),
        ...(basePath ? ['--base-path', basePath] : []), ...args]);
    let proxy;
    try {
        proxy = await startProxy(kind, server.port, basePath);
        await use({ server, port: proxy.port, base: basePath });
    } finally {
        await proxy?.stop();
        await server.stop();
    }
}

for (const kind of PROXIES) {
    for (const basePath of ['', '/call']) {
        const where = `${kind}, ${basePath ? `under ${basePath}` : 'a name of its own'}`;

        test(`${where}: pages, what they load, and our 404`, LIMIT, () => behind(kind, { basePath }, async ({ port, base }) => {
            for (const name of ['/', '/chat.html?room=x']) {
                const page = await get(port, base + name);
                assert.equal(page.status, 200, name);
                const parts = [...page.body.matchAll(/(?:src|href)="([^"#]+\.(?:js|css|svg)[^"]*)"/g)].map(([, part]) => part);
                assert.ok(parts.length >= 2, 'the page loads a script and a style');
                for (const part of parts) {
                    const { pathname } = new URL(part, `http://x${base}${name}`);
                    assert.ok(pathname.startsWith(`${base}/`), `${part} stays under the path`);
                    assert.equal((await get(port, pathname)).status, 200, pathname);
                }
            }
            const missing = await get(port, `${base}/nowhere`);
            assert.equal(missing.status, 404);
            assert.match(missing.headers['content-type'], /^text\/html/);
            assert.match(missing.body, new RegExp(`href="(\\.?/|${base}/)`), 'a way home');
            assert.doesNotMatch(missing.body, /nginx|caddy/i);
            const zipped = await get(port, `${base}/`, { headers: { 'accept-encoding': 'gzip' } });
            assert.equal(zipped.headers['content-encoding'], 'gzip');
        }));

        test(`${where}: events pass, from the page's own origin only`, LIMIT, () => behind(kind, { basePath }, async ({ port, base }) => {
            const origin = `http://127.0.0.1:${port}`;
            const a = await open(port, `${base}/socket?room=Tea%20%26%20cake`, { origin });
            const b = await open(port, `${base}/socket?room=Tea%20%26%20cake`, { origin });
            const long = 'x'.repeat(100_000);
            a.send(JSON.stringify(['message', 'hello']));
            a.send(JSON.stringify(['message', long]));
            await until(() => b.frames.length === 2, 'both messages');
            assert.deepEqual(b.frames, ['["message","hello"]', JSON.stringify(['message', long])]);
            assert.equal(await open(port, `${base}/socket`, { origin: 'http://elsewhere.example' }), 403);
            await close(a, b);
        }));
    }

    test(`${kind}: a trusted proxy's word counts: limits are per visitor`, LIMIT, () =>
        behind(kind, { args: ['--connections-per-address', '2'] }, async ({ port }) => {
            // Loopback has many addresses; a visitor is one of them.
            const visitor = (localAddress, headers = {}) => open(port, '/socket', { localAddress, headers });
            const first = [await visitor('127.0.0.2'), await visitor('127.0.0.2')];
            assert.ok(first.every((socket) => socket instanceof WebSocket));
            assert.ok([429, 503].includes(await visitor('127.0.0.2')), 'the third of one address');
            assert.ok([429, 503].includes(await visitor('127.0.0.2', { 'X-Forwarded-For': '192.0.2.1' })), 'who claims to be another');
            const other = await visitor('127.0.0.3');
            assert.ok(other instanceof WebSocket, `another address has its own count: ${other}`);
            await close(...first, other);
        }));
}

test('without --trusted-proxy nobody is believed', LIMIT, async () => {
    const server = await startServer(['--host', '127.0.0.1', '--connections-per-address', '2']);
    try {
        const claim = (address) => open(server.port, '/socket', { headers: { 'X-Forwarded-For': address } }).catch(() => 'cut');
        const sockets = [await claim('192.0.2.1'), await claim('192.0.2.2')];
        assert.ok(sockets.every((socket) => socket instanceof WebSocket));
        const third = await claim('192.0.2.3');
        assert.ok([429, 503, 'cut'].includes(third), `the third connection: ${third}`);
        await close(...sockets);
    } finally {
        await server.stop();
    }
});
