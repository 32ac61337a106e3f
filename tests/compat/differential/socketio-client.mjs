// A client of the npm package socket.io-client, of any generation.
import io1 from 'socket.io-client-1';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { io as io4 } from 'socket.io-client';
import { Inbox } from './inbox.mjs';

const GENERATIONS = { '1.7': io1, '2.5': io2, '3.1': io3, '4.8': io4 };

export class SocketIoClient {
    inbox = new Inbox();
    #socket;
    #leaving = false;

    /** `sends` are emitted at once, long before the connection stands. */
    constructor({ generation, transports, base64 }, port, place, sends) {
        this.#socket = GENERATIONS[generation](`http://127.0.0.1:${port}`, {
            transports, forceBase64: base64, forceNew: true, query: place === undefined ? {} : { room: place },
            reconnectionDelay: 1, reconnectionDelayMax: 20, timeout: 10_000,
        });
        // Every event, whatever its name; common to all generations.
        const onevent = this.#socket.onevent;
        this.#socket.onevent = (packet) => {
            this.inbox.push(packet.id === undefined ? [...packet.data] : ['(asks for an ack)', ...packet.data]);
            onevent.call(this.#socket, packet);
        };
        this.#socket.on('connect_error', (error) => this.inbox.fail(new Error(`cannot connect: ${error.message ?? error}`)));
        this.#socket.on('connect', () => this.inbox.look());
        this.#socket.on('disconnect', (reason) => {
            if (!this.#leaving) this.inbox.fail(new Error(`disconnected: ${reason}`));
        });
        this.emit(sends);
    }

    get id() { return this.#socket.id; }

    async connected() {
        await this.inbox.until(() => this.#socket.connected, 'the connection');
        this.#leaving = false;
    }

    emit(events) {
        for (const { name, args, ack } of events) {
            const onAnswer = (...answer) => this.inbox.push(['(an ack)', ...answer]);
            this.#socket.emit(name, ...args, ...(ack ? [onAnswer] : []));
        }
    }

    async leave() {
        const { engine } = this.#socket.io;
        engine.once('close', () => this.inbox.look());
        this.#leaving = true;
        this.#socket.disconnect();
        await this.inbox.until(() => engine.readyState === 'closed', 'the end of the connection');
    }

    async returns() {
        this.#socket.connect();
        await this.connected();
    }

    /** Cuts the connection; the client makes a new one by itself. */
    async lose() {
        const { engine } = this.#socket.io;
        engine.once('upgrade', () => this.inbox.look());
        await this.inbox.until(() => engine.transport.name === 'websocket', 'the upgrade');
        this.#socket.once('disconnect', () => this.inbox.look());
        this.#leaving = true;
        engine.transport.ws.terminate();
        await this.inbox.until(() => !this.#socket.connected, 'the loss of the connection');
        await this.connected();
    }
}
