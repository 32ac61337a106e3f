// The drop-in promise of --root: a folder is served as express.static served it. The same requests go to
// both; what differs on purpose is named in the table or asserted on its own below.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startReference } from './support/reference.mjs';
import { startServer, within } from './support/server.mjs';

const LIMIT = { timeout: 20_000 };
const folder = mkdtempSync(path.join(tmpdir(), 'videochat-static-'));
const root = path.join(folder, 'www');
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHANGED = new Date('2024-05-06T07:08:09Z');
let reference, ours;

before(async () => {
    const files = {
        'www/index.html': '<!doctype html><title>home</title>',
        'www/socket.html': '<!doctype html><title>socket</title>',
        'www/letters.txt': LETTERS,
        'www/empty.txt': '',
        'www/app.js': 'export const x = 1;\n',
        'www/module.mjs': 'export const x = 1;\n',
        'www/style.css': 'body { color: red }\n',
        'www/data.json': '{"a":1}',
        'www/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
        'www/picture.png': 'png', 'www/photo.jpg': 'jpg', 'www/beep.mp3': 'mp3', 'www/clip.mp4': 'mp4', 'www/font.woff2': 'woff2', 'www/code.wasm': 'wasm',
        'www/noextension': 'x',
        'www/big.bin': Buffer.alloc(3 * 1024 * 1024, 'x'), // over the size from which files are streamed
        'www/two words.txt': 'two words',
        'www/привет.txt': 'hello',
        'www/a+b.txt': 'plus',
        'www/%41.txt': 'percent',
        'www/sub/index.html': 'sub home',
        'www/sub/page.html': 'sub page',
        'www/bare/file.txt': 'in a folder without a page',
        'www/.secret': 'secret',
        'www/.git/config': 'secret',
        'www/sub/.hidden.html': 'secret',
        'outside.txt': 'outside',
        'www-private/file.txt': 'outside',
    };
    for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
        utimesSync(file, CHANGED, CHANGED);
    }
    symlinkSync(path.join(folder, 'outside.txt'), path.join(root, 'link-out.txt'));
    ours = await startServer(['--root', root]);
    reference = await startReference({ root });
});

after(async () => {
    await Promise.all([reference?.stop(), ours?.stop()]);
    rmSync(folder, { recursive: true, force: true });
});

function ask(server, target, { method = 'GET', headers = {} } = {}) {
    return within(5_000, new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port: server.port, path: target, method, headers, agent: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString('latin1') }));
            answer.on('error', reject);
        });
        outgoing.on('error', reject);
        outgoing.end();
    }), `${method} ${target}`);
}

const both = (target, options) => Promise.all([ask(reference, target, options), ask(ours, target, options)]);

// What a client can see of an answer and both shall agree on.
const COMPARED = ['content-type', 'content-length', 'content-range', 'location', 'last-modified', 'accept-ranges'];
const seen = ({ status, headers, body }, compared = COMPARED) =>
    ({ status, body, ...Object.fromEntries(compared.map((name) => [name, headers[name]?.toLowerCase()])) });

async function same(target, options) {
    const [expected, actual] = await both(target, options);
    assert.deepEqual(seen(actual), seen(expected), `${options?.method ?? 'GET'} ${target}`);
    return actual;
}

const FILES = ['/', '/index.html', '/letters.txt', '/empty.txt', '/app.js', '/module.mjs', '/style.css', '/data.json', '/icon.svg', '/picture.png',
    '/photo.jpg', '/beep.mp3', '/clip.mp4', '/font.woff2', '/code.wasm', '/noextension', '/big.bin', '/two%20words.txt',
    '/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82.txt', '/a+b.txt', '/%2541.txt', '/sub/', '/sub/page.html', '/l%65tters.txt', '/letters.txt?x=1', '/sub/../letters.txt', '/./letters.txt'];
// Where the two tables of types differ.
const TYPES = { '/icon.svg': /^image\/svg\+xml/, '/app.js': /^(text|application)\/javascript/, '/module.mjs': /^(text|application)\/javascript/, '/noextension': /^application\/octet-stream$/ };

test('files: status, type, length, date and body', LIMIT, async () => {
    for (const file of FILES) {
        for (const method of ['GET', 'HEAD']) {
            if (!TYPES[file]) {
                await same(file, { method });
                continue;
            }
            const [expected, actual] = await both(file, { method });
            const rest = COMPARED.filter((name) => name !== 'content-type');
            assert.deepEqual(seen(actual, rest), seen(expected, rest), `${method} ${file}`);
            assert.match(actual.headers['content-type'], TYPES[file]);
        }
    }
});

test('a folder without its slash is redirected, the query stays', LIMIT, async () => {
    for (const target of ['/sub', '/sub?room=a%20b&x=1', '/bare']) {
        const [expected, actual] = await both(target);
        assert.equal(expected.status, 301);
        assert.ok([301, 308].includes(actual.status), `${target}: ${actual.status}`);
        assert.equal(actual.headers.location, expected.headers.location);
    }
    const { headers } = await ask(ours, '//sub');
    assert.ok(!headers.location || /^\/(?!\/)/.test(headers.location), `never to another host: ${headers.location}`);
});

test('not found: no file, no page in the folder, dot files, outside', LIMIT, async () => {
    const targets = ['/missing', '/missing/', '/letters.txt/', '/bare/', '/.secret', '/.git/', '/sub/.hidden.html', '/%2esecret', '/Letters.txt',
        '/sub%2fpage.html%00', `/${'x'.repeat(300)}`];
    for (const target of targets) {
        const [expected, actual] = await both(target);
        assert.equal(expected.status, 404, target);
        assert.ok(actual.status === 404 || (target.includes('%00') && actual.status === 400), `${target}: ${actual.status}`);
        assert.doesNotMatch(actual.body, /secret/);
    }
});

test('on purpose otherwise: nothing inside a dot folder is served', LIMIT, async () => {
    const [expected, actual] = await both('/.git/config');
    assert.equal(expected.status, 200);
    assert.equal(actual.status, 404);
});

test('nothing outside the folder is served', LIMIT, async () => {
    const targets = ['/../outside.txt', '/sub/../../outside.txt', '/%2e%2e/outside.txt', '/..%2foutside.txt', '/..%5coutside.txt', '/../www-private/file.txt',
        '/sub/%2e%2e/%2e%2e/outside.txt', '//../outside.txt', '/....//outside.txt'];
    for (const target of targets) {
        const [expected, actual] = await both(target);
        assert.ok(expected.status >= 400, target);
        assert.ok([400, 404].includes(actual.status), `${target}: ${actual.status}`);
        assert.doesNotMatch(actual.body, /outside/, target);
    }
});

test('on purpose otherwise: a link that leads outside is not followed', LIMIT, async () => {
    const [expected, actual] = await both('/link-out.txt');
    assert.equal(expected.body, 'outside');
    assert.equal(actual.status, 404);
});

test('ranges: 206, clipped, suffix, 416, and what is ignored', LIMIT, async () => {
    const parts = { 'bytes=0-4': 206, 'bytes=20-': 206, 'bytes=-5': 206, 'bytes=25-25': 206, 'bytes=20-99': 206, 'bytes=0-0': 206 };
    for (const range of Object.keys(parts)) {
        const { status, body } = await same('/letters.txt', { headers: { range } });
        assert.equal(status, 206);
        assert.ok(body.length > 0 && LETTERS.includes(body), range);
    }
    for (const range of ['bytes=26-', 'bytes=99-100', 'bytes=-0']) {
        const [expected, actual] = await both('/letters.txt', { headers: { range } });
        assert.equal(expected.status, 416, range);
        assert.equal(actual.status, 416, range);
        assert.equal(actual.headers['content-range'], 'bytes */26');
    }
    for (const range of ['lines=0-4', 'letters', 'bytes 0-4']) {
        const { status } = await same('/letters.txt', { headers: { range } });
        assert.equal(status, 200);
    }
    // On purpose otherwise: a suffix longer than the file is the whole file (RFC 9110, 14.1.2).
    const long = await both('/letters.txt', { headers: { range: 'bytes=-99' } });
    assert.deepEqual(long.map(({ status }) => status), [416, 206]);
    assert.equal(long[1].body, LETTERS);
    await same('/big.bin', { headers: { range: 'bytes=3000000-3000009' } });
    // On purpose otherwise: ranges are defined for GET alone (RFC 9110, 14.2).
    const head = await both('/letters.txt', { method: 'HEAD', headers: { range: 'bytes=0-4' } });
    assert.deepEqual(head.map(({ status }) => status), [206, 200]);
});

test('conditions: 304 by ETag and by date', LIMIT, async () => {
    const conditional = async (headersFor, expectedStatus) => {
        for (const server of [reference, ours]) {
            const { headers } = await ask(server, '/letters.txt');
            const answer = await ask(server, '/letters.txt', { headers: headersFor(headers) });
            assert.equal(answer.status, expectedStatus);
            assert.equal(answer.headers.etag, headers.etag);
            assert.equal(answer.body, expectedStatus === 304 ? '' : LETTERS);
        }
    };
    await conditional(({ etag }) => ({ 'if-none-match': etag }), 304);
    await conditional(({ etag }) => ({ 'if-none-match': `"other", ${etag}` }), 304);
    await conditional(({ etag }) => ({ 'if-none-match': `W/${etag.replace(/^W\//, '')}` }), 304);
    await conditional(() => ({ 'if-none-match': '*' }), 304);
    await conditional(() => ({ 'if-none-match': '"other"' }), 200);
    await conditional((headers) => ({ 'if-modified-since': headers['last-modified'] }), 304);
    await conditional(() => ({ 'if-modified-since': 'Mon, 01 Jan 2035 00:00:00 GMT' }), 304);
    await conditional(() => ({ 'if-modified-since': 'Mon, 01 Jan 2018 00:00:00 GMT' }), 200);
    await conditional(() => ({ 'if-modified-since': 'yesterday' }), 200);
    await conditional((headers) => ({ 'if-none-match': '"other"', 'if-modified-since': headers['last-modified'] }), 200);
    const head = await ask(ours, '/letters.txt', { method: 'HEAD', headers: { 'if-none-match': '*' } });
    assert.equal(head.status, 304);
});

test('If-Range: the part while unchanged, else the whole file', LIMIT, async () => {
    for (const server of [reference, ours]) {
        const { headers } = await ask(server, '/letters.txt');
        const range = 'bytes=0-4';
        const by = async (value) => (await ask(server, '/letters.txt', { headers: { range, 'if-range': value } })).status;
        assert.equal(await by(headers['last-modified']), 206);
        assert.equal(await by('"other"'), 200);
        assert.equal(await by('Mon, 01 Jan 2018 00:00:00 GMT'), 200);
    }
});

test('on purpose otherwise: the ETag is strong, so it serves If-Range too', LIMIT, async () => {
    const [expected, actual] = await both('/letters.txt');
    assert.match(expected.headers.etag, /^W\/"/);
    assert.match(actual.headers.etag, /^"[^"]+"$/);
    const part = await ask(ours, '/letters.txt', { headers: { range: 'bytes=0-4', 'if-range': actual.headers.etag } });
    assert.deepEqual([part.status, part.body], [206, 'abcde']);
});

test('on purpose otherwise: a 404 is our own page, without the words of the request', LIMIT, async () => {
    const [expected, actual] = await both('/<b>nowhere</b>'.replaceAll('<', '%3C').replaceAll('>', '%3E'));
    assert.match(expected.body, /Cannot GET/);
    assert.equal(actual.status, 404);
    assert.match(actual.headers['content-type'], /^text\/html/);
    assert.doesNotMatch(actual.body, /Cannot GET|nowhere/);
    const head = await ask(ours, '/nowhere', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [404, '']);
});

test('on purpose otherwise: a page update shows at once, and the usual safety headers are there', LIMIT, async () => {
    const { headers } = await ask(ours, '/');
    assert.match(headers['cache-control'], /no-cache|max-age=0/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['content-security-policy'], /default-src 'self'/);
    assert.equal(headers['x-powered-by'], undefined);
    const style = await ask(ours, '/style.css');
    assert.deepEqual([style.status, style.headers['x-content-type-options'], style.headers['content-security-policy']], [200, 'nosniff', undefined]);
});

test('on purpose otherwise: what cannot be a path is a 400', LIMIT, async () => {
    for (const target of ['/%zz', '/%', '/a%00b', '/%ff']) {
        const [expected, actual] = await both(target);
        assert.ok(expected.status >= 400, target);
        assert.equal(actual.status, 400, target);
    }
});

test('other methods: never the file', LIMIT, async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const [expected, actual] = await both('/letters.txt', { method });
        assert.equal(expected.status, 404);
        assert.equal(actual.status, 405, method); // on purpose: it says what would work
        assert.match(actual.headers.allow, /GET, HEAD, OPTIONS/);
    }
    const options = await ask(ours, '/letters.txt', { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.match(options.headers.allow, /GET, HEAD, OPTIONS/);
});

test('gzip is given to who can read it, and is another entity', LIMIT, async () => {
    writeFileSync(path.join(root, 'long.css'), 'body { color: red }\n'.repeat(500));
    const plain = await ask(ours, '/long.css');
    const zipped = await ask(ours, '/long.css', { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.match(plain.headers.vary, /accept-encoding/i);
    assert.match(zipped.headers.vary, /accept-encoding/i);
    assert.notEqual(zipped.headers.etag, plain.headers.etag);
    assert.ok(zipped.body.length < plain.body.length / 4);
    const refused = await ask(ours, '/long.css', { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
    assert.equal(refused.headers['content-encoding'], undefined);
});

test('a changed file is noticed without a restart', LIMIT, async () => {
    const file = path.join(root, 'changing.txt');
    writeFileSync(file, 'one');
    const first = await same('/changing.txt');
    writeFileSync(file, 'two!');
    const second = await same('/changing.txt');
    assert.deepEqual([first.body, second.body], ['one', 'two!']);
    assert.notEqual(first.headers.etag, second.headers.etag);
    rmSync(file);
    assert.equal((await ask(ours, '/changing.txt')).status, 404);
});

test('several requests in one packet are answered in order', LIMIT, async () => {
    const get = (target) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;
    for (const server of [reference, ours]) {
        const text = await within(5_000, new Promise((resolve, reject) => {
            const socket = connect(server.port, '127.0.0.1', () =>
                socket.write(get('/letters.txt') + get('/missing') + get('/sub/page.html').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')));
            let received = '';
            socket.on('data', (data) => { received += data; });
            socket.on('end', () => { socket.end(); resolve(received); });
            socket.on('error', reject);
        }), 'three answers');
        assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
        assert.ok(text.indexOf(LETTERS) < text.indexOf('sub page'));
    }
});

test('--index names the page for /, as the old application had its socket.html', LIMIT, async () => {
    const server = await startServer(['--root', root, '--index', 'socket.html']);
    try {
        assert.match((await ask(server, '/')).body, /<title>socket/);
        assert.match((await ask(server, '/index.html')).body, /<title>home/);
        assert.equal((await ask(server, '/sub/page.html')).status, 200);
    } finally {
        await server.stop();
    }
});
