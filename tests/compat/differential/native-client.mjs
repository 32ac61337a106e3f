// A client of /socket: plain WebSocket, each text frame an event. Knows no binary, no acks and not its own id.
import WebSocket from 'ws';
import { Inbox } from './inbox.mjs';

export class NativeClient {
    inbox = new Inbox();
    #address;
    #socket;
    #leaving = false;

    constructor(profile, port, place, sends) {
        this.#address = `ws://127.0.0.1:${port}/socket${place === undefined ? '' : `?room=${encodeURIComponent(place)}`}`;
        this.#open(sends);
    }

    #open(sends) {
        this.#socket = new WebSocket(this.#address);
        this.#socket.on('open', () => {
            this.emit(sends);
            this.inbox.look();
        });
        this.#socket.on('message', (data) => this.inbox.push(JSON.parse(data.toString('utf8'))));
        this.#socket.on('error', (error) => this.inbox.fail(error));
        this.#socket.on('close', (code, reason) => {
            if (!this.#leaving) this.inbox.fail(new Error(`closed: ${code} ${reason}`));
            this.inbox.look();
        });
    }

    get id() { return undefined; }

    async connected() {
        await this.inbox.until(() => this.#socket.readyState === WebSocket.OPEN, 'the connection');
        this.#leaving = false;
    }

    emit(events) {
        for (const { name, args } of events) this.#socket.send(JSON.stringify([name, ...args]));
    }

    async leave() {
        this.#leaving = true;
        this.#socket.close();
        await this.inbox.until(() => this.#socket.readyState === WebSocket.CLOSED, 'the end of the connection');
    }

    async returns() {
        this.#open([]);
        await this.connected();
    }
}
