// Connection state recovery, as the 4.x client sees it: on socket.io 4 and on the server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { io } from 'socket.io-client';
import { startReference } from './support/reference.mjs';
import { startServer, until, within } from './support/server.mjs';

const WAIT_MS = 5_000;

const BACKENDS = {
    'socket.io 4': (on) => startReference({ options: on ? { connectionStateRecovery: {} } : {} }),
    ours: (on) => startServer(on ? ['--recovery'] : []),
    'ours, with several loops': (on) => startServer(['--threads', '3', ...(on ? ['--recovery'] : [])]),
};

/** A connected client; what its handlers are given is in `received`, without the offset. */
async function connect(server, options = {}) {
    const socket = io(`http://127.0.0.1:${server.port}`, {
        forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 50, query: { room: 'recovery' }, ...options,
    });
    const client = { socket, received: [], offsets: [] };
    socket.onAny((event, ...args) => {
        if (event === 'log') return;
        if (typeof args.at(-1) === 'string' && args.length > 1) client.offsets.push(args.pop());
        client.received.push([event, ...args]);
    });
    await within(WAIT_MS, once(socket, 'connect'), 'connecting');
    return client;
}

const has = (client, event, value) => client.received.some(([name, first]) => name === event && first === value);

for (const [name, start] of Object.entries(BACKENDS)) {
    describe(`recovery: ${name}`, () => {
        for (const transports of [['websocket'], ['polling']]) {
            it(`a lost client comes back as who it was, with what it missed, over ${transports}`, async () => {
                const server = await start(true);
                const lost = await connect(server, { transports });
                const other = await connect(server, { transports: ['websocket'] });
                try {
                    const { id } = lost.socket;
                    assert.equal(lost.socket.recovered, false);
                    other.socket.emit('main check', 1);
                    await until(() => has(lost, 'main check answer', 1), 'the event that gives an offset');

                    const disconnected = once(lost.socket, 'disconnect');
                    const connected = once(lost.socket, 'connect');
                    lost.socket.io.engine.close(); // the transport goes; no DISCONNECT is sent
                    await within(WAIT_MS, disconnected, 'losing the connection');
                    other.socket.emit('main check', 2);
                    other.socket.emit('main check', Buffer.from([3]));
                    other.socket.emit('chat message', 'over');
                    await until(() => has(other, 'chat message', 'over'), 'the other one to have sent all');
                    await within(WAIT_MS, connected, 'coming back');

                    assert.equal(lost.socket.recovered, true);
                    assert.equal(lost.socket.id, id);
                    await until(() => has(lost, 'chat message', 'over'), 'what it missed');
                    other.socket.emit('main check', 4);
                    await until(() => has(lost, 'main check answer', 4), 'what comes now');
                    assert.deepEqual(lost.received, [
                        ['main check answer', 1], ['main check answer', 2], ['main check answer', Buffer.from([3])],
                        ['chat message', 'over'], ['main check answer', 4],
                    ]);
                    assert.equal(new Set(lost.offsets).size, lost.offsets.length, 'offsets are all different');
                    lost.socket.emit('chat message', 'me'); // it is a member of its room
                    await until(() => has(other, 'chat message', 'me'), 'its word at the other one');
                } finally {
                    lost.socket.disconnect();
                    other.socket.disconnect();
                    await server.stop();
                }
            });
        }

        it('who has said goodbye comes back as somebody new', async () => {
            const server = await start(true);
            const client = await connect(server, { transports: ['websocket'] });
            try {
                const { id } = client.socket;
                client.socket.emit('chat message', 'x');
                await until(() => has(client, 'chat message', 'x'), 'an offset');
                client.socket.disconnect();
                client.socket.connect();
                await within(WAIT_MS, once(client.socket, 'connect'), 'coming back');
                assert.equal(client.socket.recovered, false);
                assert.notEqual(client.socket.id, id);
            } finally {
                client.socket.disconnect();
                await server.stop();
            }
        });

        it('without the option nobody is given an offset', async () => {
            const server = await start(false);
            const client = await connect(server, { transports: ['websocket'] });
            try {
                client.socket.emit('chat message', 'x');
                await until(() => has(client, 'chat message', 'x'), 'the event');
                assert.deepEqual(client.offsets, []);
            } finally {
                client.socket.disconnect();
                await server.stop();
            }
        });
    });
}
