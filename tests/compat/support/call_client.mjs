// A client of calls made of what the pages use, over real sockets.
import { randomBytes } from 'node:crypto';
import { register } from 'node:module';
import WebSocket from 'ws';
import '../../web/support/signals_that_hold.js';
import { until } from './server.mjs';

register('../../web/support/modules.js', import.meta.url);
const { CallChannel } = await import('../../../public/js/signaling/call_channel.js');
const { Mesh } = await import('../../../public/js/call/mesh.js');
const { PeerLink } = await import('../../../public/js/call/peer_link.js');
const { FakeConnection, FakeStream } = await import('../../web/support/fake_connection.js');

const EVENTS = [
    'welcome', 'refused', 'main check answer', 'ring ended', 'host agreed', 'peer joined', 'peer left', 'peer away', 'peer back',
    'message', 'chat message', 'door', 'password', 'host', 'error', 'unsent',
];

const TIMERS = { setTimeout: (action, ms) => setTimeout(action, ms), clearTimeout: (timer) => clearTimeout(timer) };

/** A WebSocket as browsers have it: an EventTarget, with listeners that a signal can remove. */
export class BrowserSocket extends EventTarget {
    constructor(url, options) {
        super();
        this.socket = new WebSocket(url, options);
        this.since = Date.now();
        this.frames = 0;
        this.sent = [];
        this.socket.on('open', () => this.dispatchEvent(new Event('open')));
        this.socket.on('message', (data) => {
            this.frames += 1;
            this.dispatchEvent(Object.assign(new Event('message'), { data: String(data) }));
        });
        this.socket.on('close', (code) => this.dispatchEvent(Object.assign(new Event('close'), { code })));
        this.socket.on('error', () => {}); // a browser tells nothing but the close that follows
    }

    send(text) {
        this.sent.push(text);
        this.socket.send(text);
    }
    close() { this.socket.close(); }
    get localPort() { return this.socket._socket.localPort; }
    /** The path is gone: nobody says goodbye. */
    cut() { this.socket.terminate(); }
}

export class CallClient {
    constructor(port, options, { host = '127.0.0.1', localAddress } = {}) {
        this.news = []; // [event, its detail, when]
        this.sockets = [];
        this.codes = new Map();
        this.network = new EventTarget();
        this.channel = new CallChannel(`http://${host}:${port}/`, options, {
            createSocket: (url) => {
                const socket = new BrowserSocket(url, { localAddress });
                socket.addEventListener('close', ({ code }) => this.codes.set(socket, code));
                this.sockets.push(socket);
                return socket;
            },
            ...TIMERS,
            random: Math.random,
            network: this.network,
        });
        for (const name of EVENTS) this.channel.on(name, (detail) => this.news.push([name, detail, performance.now()]));
        this.channel.open();
    }

    /** Connections to the others, as far as their signals go: no media flows. */
    connect() {
        this.connections = new Map(); // by key of the pair
        this.mesh = new Mesh({
            ...TIMERS,
            channel: this.channel,
            createKey: () => randomBytes(16).toString('base64url'),
            createLink: (me, send, pair) => new PeerLink(me, send, {
                ...TIMERS,
                now: () => performance.now(),
                createConnection: () => {
                    const connection = new FakeConnection();
                    this.connections.set(pair.key, [...this.connections.get(pair.key) ?? [], connection]);
                    return connection;
                },
                createStream: () => new FakeStream(),
            }, pair),
        });
        this.mesh.setMedia({ audio: { kind: 'audio' }, video: { kind: 'video' }, screen: null }, { mic: 'on', camera: 'on' });
    }

    get me() { return this.channel.gathering.me; }
    get view() { return this.channel.gathering; }
    heard(name) { return this.news.filter((one) => one[0] === name).map((one) => one[1]); }
    /** Waits for the count-th event of this name. */
    async until(name, count = 1) {
        await until(() => this.heard(name).length >= count, `${name} (${count})`);
        return this.heard(name)[count - 1];
    }
    /** The server's closing code of the newest socket. */
    code() { return until(() => this.codes.get(this.sockets.at(-1)), 'the close'); }
    leave() {
        this.mesh?.stop();
        this.channel.bye();
        this.channel.close();
    }
    cut() { this.sockets.at(-1).cut(); }
}
