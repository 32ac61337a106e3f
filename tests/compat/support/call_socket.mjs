// One socket of a call as it is on the wire, for what the pages' own channel would never do.
import { once } from 'node:events';
import WebSocket from 'ws';
import { until, within } from './server.mjs';

const WAIT_MS = 5_000;

export class CallSocket {
    frames = [];
    welcome = undefined;
    /** The closing code, once there is one. */
    code = undefined;

    /** @param {string | Record<string, string>} query   @param {object} options   of ws; `host`: where the server is */
    constructor(port, query, { host = '127.0.0.1', ...options } = {}) {
        const text = typeof query === 'string' ? query : Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
        this.socket = new WebSocket(`ws://${host}:${port}/socket?${text}`, options);
        this.socket.on('message', (data) => {
            const frame = JSON.parse(data);
            if (frame[0] === 'welcome') this.welcome = frame[1];
            this.frames.push(frame);
        });
        this.socket.on('close', (code, reason) => {
            this.code = code;
            this.reason = String(reason);
        });
        this.socket.on('error', () => {});
    }

    /** In, and welcomed or refused. */
    static async open(port, query, options) {
        const one = new CallSocket(port, query, options);
        await until(() => one.frames.length > 0 || one.code, 'the first frame');
        return one;
    }

    get seat() { return this.welcome.seat; }
    get token() { return this.welcome.token; }
    named(name) { return this.frames.filter((frame) => frame[0] === name); }
    send(...event) { this.socket.send(JSON.stringify(event)); }

    /** Waits for a frame of this name, and takes everything up to it. */
    async take(name) {
        const index = () => this.frames.findIndex((frame) => frame[0] === name);
        await until(() => index() >= 0, `${name} among ${JSON.stringify(this.frames)}`);
        return this.frames.splice(0, index() + 1).at(-1);
    }

    /** Everything that was handled before now has been told by the end of this. */
    async settle(mark = Math.random()) {
        this.send('ping', mark);
        await until(() => this.frames.some(([name, value]) => name === 'pong' && value === mark), 'the pong');
    }

    closed() { return until(() => this.code, 'the close'); }
    end() { this.socket.terminate(); }
}

/** What the server says to an upgrade that it does not make: its status and body. */
export async function refusedUpgrade(port, target) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${target}`);
    try {
        const opened = once(socket, 'open').then(() => { throw new Error(`${target} was taken`); });
        opened.catch(() => {});
        const [, response] = await within(WAIT_MS, Promise.race([once(socket, 'unexpected-response'), opened]), target);
        let body = '';
        for await (const chunk of response) body += chunk;
        return { status: response.statusCode, body };
    } finally {
        socket.on('error', () => {});
        socket.terminate();
    }
}
