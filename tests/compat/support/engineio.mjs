// Engine.IO and HTTP by hand, without any client library: what the raw probes are made of.
// A packet is a string ("42[...]"), or a Buffer: the data of a binary message.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import WebSocket from 'ws';
import { until, within } from './server.mjs';

export const ANSWER_MS = 5_000;

export const PATH = '/socket.io/';
export const query = (values) => `${PATH}?${Object.entries(values).map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;

/**
 * One plain request, on a connection of its own unless there is an agent. Returns a promise of the answer,
 * or of { cut: true } if the connection ended before it was whole. `sent` is when the request is on its way;
 * `abort()` ends it from here.
 */
export function ask({ port }, method, path, { headers = {}, body, agent = false, ms = ANSWER_MS } = {}) {
    let outgoing;
    let onSent;
    const sent = new Promise((resolve) => { onSent = resolve; });
    const answer = new Promise((resolve) => {
        const cut = (error) => resolve({ cut: true, error });
        outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, (incoming) => {
            const chunks = [];
            incoming.on('data', (chunk) => chunks.push(chunk));
            incoming.on('error', cut);
            incoming.on('end', () => {
                const bytes = Buffer.concat(chunks);
                resolve({ status: incoming.statusCode, headers: incoming.headers, type: incoming.headers['content-type'], bytes, text: bytes.toString('utf8'), port: outgoing.socket?.localPort });
            });
        });
        outgoing.on('error', cut);
        outgoing.on('finish', onSent);
        outgoing.end(body);
    });
    return Object.assign(within(ms, answer, `the answer to ${method} ${path}`), { sent, abort: () => outgoing.destroy() });
}

/** Writes bytes on a TCP connection, and returns all that comes until the server ends it, or it begins with `stopAt`. */
export function askRaw({ port }, bytes, { stopAt, ms = ANSWER_MS } = {}) {
    let socket;
    const answer = new Promise((resolve) => {
        const chunks = [];
        socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('data', (chunk) => {
            chunks.push(chunk);
            if (stopAt && Buffer.concat(chunks).toString('latin1').startsWith(stopAt)) socket.destroy();
        });
        socket.on('error', () => {}); // a reset is an end, too
        socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    });
    return within(ms, answer, 'the end of the connection').finally(() => socket.destroy());
}

/** The head of a WebSocket's request. */
export const upgradeHead = ({ port }, path, headers = {}) => [
    `GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', '',
].join('\r\n');

// ---- Payloads

const SEPARATOR = '\x1e';
const MESSAGE = 4;

export function encode(version, packets) {
    if (version === 4) return packets.map((packet) => (Buffer.isBuffer(packet) ? `b${packet.toString('base64')}` : packet)).join(SEPARATOR);
    return packets.map((packet) => {
        const text = Buffer.isBuffer(packet) ? `b4${packet.toString('base64')}` : packet;
        return `${text.length}:${text}`; // the length of a JavaScript string is its UTF-16 code units
    }).join('');
}

/** Engine.IO 3's other form of a payload. */
export function encodeBinary(packets) {
    return Buffer.concat(packets.flatMap((packet) => {
        const data = Buffer.isBuffer(packet) ? Buffer.concat([Buffer.from([MESSAGE]), packet]) : Buffer.from(packet);
        return [Buffer.from([Buffer.isBuffer(packet) ? 1 : 0, ...String(data.length).split('').map(Number), 0xff]), data];
    }));
}

function decodeText3(text) {
    const packets = [];
    for (let at = 0; at < text.length;) {
        const colon = text.indexOf(':', at);
        const length = Number(text.slice(at, colon));
        assert.ok(colon > at && Number.isInteger(length) && length > 0, `a length in ${JSON.stringify(text.slice(at, at + 50))}`);
        const packet = text.slice(colon + 1, colon + 1 + length);
        assert.equal(packet.length, length, 'the payload is cut');
        packets.push(packet.startsWith('b4') ? Buffer.from(packet.slice(2), 'base64') : packet);
        at = colon + 1 + length;
    }
    return packets;
}

function decodeBinary3(bytes) {
    const packets = [];
    for (let at = 0; at < bytes.length;) {
        assert.ok(bytes[at] <= 1, 'a packet begins with 0 or 1');
        const end = bytes.indexOf(0xff, at);
        const digits = [...bytes.subarray(at + 1, end)];
        assert.ok(digits.length > 0 && digits.every((digit) => digit <= 9), 'digits');
        const data = bytes.subarray(end + 1, end + 1 + Number(digits.join('')));
        assert.equal(data.length, Number(digits.join('')), 'the payload is cut');
        if (bytes[at] === 1) assert.equal(data[0], MESSAGE);
        packets.push(bytes[at] === 1 ? Buffer.from(data.subarray(1)) : data.toString('utf8'));
        at = end + 1 + data.length;
    }
    return packets;
}

export function decode(version, { type, bytes, text }) {
    if (type === 'application/octet-stream') {
        assert.equal(version, 3);
        return decodeBinary3(bytes);
    }
    assert.match(type, /^text\/plain; charset=utf-8$/i);
    if (version === 3) return decodeText3(text);
    return text.split(SEPARATOR).map((packet) => (packet[0] === 'b' ? Buffer.from(packet.slice(1), 'base64') : packet));
}

// ---- Sessions

/** What both transports have: the handshake's facts, and events of Socket.IO. */
class Session {
    version; sid; handshake; server;
    rest = []; // packets that have come and were not asked for yet

    takeHandshake(packet) {
        assert.equal(packet[0], '0', 'the first packet opens the session');
        this.handshake = JSON.parse(packet.slice(1));
        this.sid = this.handshake.sid;
    }

    /** Joins the main namespace: by asking, or by being told. */
    async join() {
        if (this.version === 4) await this.send('40');
        const answer = await this.receive();
        assert.match(answer, this.version === 4 ? /^40\{"sid":"[\w-]{20,}"\}$/ : /^40$/);
        this.id = this.version === 4 ? JSON.parse(answer.slice(2)).sid : this.sid;
        return this;
    }

    emit(...event) { return this.send(`42${JSON.stringify(event)}`); }

    /** Receives one text packet that holds an event. */
    async event() {
        const packet = await this.receive();
        assert.match(String(packet), /^42\[/);
        return JSON.parse(packet.slice(2));
    }

    /** It can still send and receive, and nothing else had come. */
    async isAlive() {
        const mark = `alive ${Math.random()}`;
        await this.emit('chat message', mark);
        assert.deepEqual(await this.event(), ['chat message', mark]);
    }
}

export class PollingSession extends Session {
    /** `options`: further keys of the query. */
    static async open(server, version, options = {}) {
        const session = Object.assign(new PollingSession(), { server, version, options });
        const answer = await session.get({ sid: undefined });
        assert.equal(answer.status, 200, answer.text);
        session.firstAnswer = answer;
        session.rest = decode(version, answer);
        session.takeHandshake(session.rest.shift());
        return session;
    }

    path(more = {}) {
        const values = { EIO: this.version, transport: 'polling', sid: this.sid, ...this.options, ...more };
        return query(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));
    }

    get(more, options) { return ask(this.server, 'GET', this.path(more), options); }

    post(body, headers = { 'Content-Type': 'text/plain;charset=UTF-8' }) { return ask(this.server, 'POST', this.path(), { headers, body }); }

    async send(...packets) {
        const answer = await this.post(encode(this.version, packets));
        assert.deepEqual([answer.status, answer.type, answer.text], [200, 'text/html', 'ok']);
    }

    async receive() {
        if (this.rest.length === 0) this.rest = await this.poll();
        return this.rest.shift();
    }

    /** One GET, as packets. */
    async poll() {
        const answer = await this.get();
        assert.equal(answer.status, 200, answer.text);
        return decode(this.version, answer);
    }

    /** The server has ended the session: a poll tells so, or it is unknown. Returns what else had come. */
    async hasEnded() {
        const heard = this.rest.splice(0);
        for (;;) {
            const answer = await this.get();
            if (answer.status === 200) {
                const packets = decode(this.version, answer);
                heard.push(...packets.filter((packet) => packet !== '1' && packet !== '6')); // Node puts a noop before a close
                if (packets.at(-1) !== '1') continue;
                // Gone with that.
                assert.deepEqual(refusalOf(await this.get()), [400, 1]);
            } else {
                assert.deepEqual(refusalOf(answer), [400, 1]);
            }
            return heard;
        }
    }
}

/** Status and code of an error's body. */
export function refusalOf({ status, text, cut }) {
    if (cut) return ['cut'];
    let code = text;
    try { ({ code } = JSON.parse(text)); } catch { /* the text tells more */ }
    return [status, code];
}

export class WebSocketSession extends Session {
    isClosed = false;

    /** A WebSocket; nothing is expected yet of the server but to accept it. */
    static async connect(server, version, options = {}, headers = {}) {
        const session = Object.assign(new WebSocketSession(), { server, version });
        const path = query({ EIO: version, transport: 'websocket', ...options });
        session.socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers, perMessageDeflate: false });
        session.socket.on('message', (data, isBinary) => {
            if (session.autoPong && !isBinary && data.toString() === '2') session.socket.send('3');
            else session.rest.push(isBinary ? session.unwrap(data) : data.toString('utf8'));
        });
        session.closed = new Promise((resolve) => {
            session.socket.on('close', (code) => {
                session.isClosed = true;
                resolve(code);
            });
        });
        session.socket.on('error', () => {}); // it closes, too
        await within(ANSWER_MS, new Promise((resolve, reject) => {
            session.socket.on('upgrade', (answer) => { session.upgradeAnswer = answer; });
            session.socket.on('open', resolve);
            session.socket.on('unexpected-response', (_, answer) => reject(new Error(`upgrade answered with ${answer.statusCode}`)));
            session.closed.then(() => reject(new Error('closed before it was open')));
        }), 'the upgrade');
        return session;
    }

    static async open(server, version, options = {}, headers = {}) {
        const session = await WebSocketSession.connect(server, version, options, headers);
        session.base64 = options.b64 !== undefined;
        session.takeHandshake(await session.receive());
        return session;
    }

    unwrap(data) {
        if (this.version === 4) return data;
        assert.equal(data[0], MESSAGE, 'a binary message of Engine.IO 3 begins with its type');
        return data.subarray(1);
    }

    send(...packets) {
        for (const packet of packets) {
            if (!Buffer.isBuffer(packet)) this.socket.send(packet);
            else if (this.version === 4) this.socket.send(packet);
            else if (this.base64) this.socket.send(`b4${packet.toString('base64')}`);
            else this.socket.send(Buffer.concat([Buffer.from([MESSAGE]), packet]));
        }
    }

    receive() {
        return until(() => {
            if (this.rest.length > 0) return { packet: this.rest.shift() };
            if (this.isClosed) throw new Error('closed instead of a packet');
            return undefined;
        }, 'a packet', ANSWER_MS).then(({ packet }) => packet);
    }

    async hasEnded() {
        await within(ANSWER_MS, this.closed, 'the close');
        const answer = await ask(this.server, 'GET', query({ EIO: this.version, transport: 'polling', sid: this.sid }));
        assert.deepEqual(refusalOf(answer), [400, 1], 'the session is gone, too');
        return this.rest.filter((packet) => packet !== '1'); // some servers say so before
    }

    close() { this.socket.terminate(); }
}

export const SESSIONS = { polling: PollingSession, websocket: WebSocketSession };
