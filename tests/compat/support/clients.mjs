// Two kinds of client with one face: each keeps the JSON text of every event it receives, as it came
// over the wire, and can send any text.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import { startReference } from './reference.mjs';
import { startServer, until, within } from './server.mjs';

const CONNECT_MS = 5_000;

/** A client of the real application. */
async function connectReference(server, room) {
    const socket = io(`http://127.0.0.1:${server.port}`, {
        transports: ['websocket'], forceNew: true, reconnection: false, query: room === undefined ? {} : { room },
    });
    const client = { frames: [], closed: false };
    socket.io.engine.on('packet', ({ type, data }) => {
        // Inside an Engine.IO message, "2" marks an event of the main namespace; the rest is its JSON.
        if (type === 'message' && data[0] === '2') client.frames.push(data.slice(1));
    });
    socket.on('disconnect', () => { client.closed = true; });
    await within(CONNECT_MS, new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
    }), 'connecting to the reference');
    client.ownId = socket.id;
    client.send = (text) => socket.io.engine.write(`2${text}`);
    client.close = async () => {
        socket.disconnect();
        await until(() => !server.knows(client.ownId), 'leaving the reference');
    };
    return client;
}

/** A client of our `/socket`. */
async function connectOurs({ port, openDescriptors }, room) {
    const query = room === undefined ? '' : `?room=${encodeURIComponent(room)}`;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket${query}`);
    const client = { frames: [], closed: false };
    socket.on('message', (data, isBinary) => {
        assert.equal(isBinary, false, 'only text frames are expected');
        client.frames.push(data.toString('utf8'));
    });
    socket.on('close', () => { client.closed = true; });
    await within(CONNECT_MS, once(socket, 'open'), 'connecting to the server');
    client.send = (text) => socket.send(text);
    client.close = async () => {
        const before = openDescriptors();
        socket.close();
        await within(CONNECT_MS, once(socket, 'close'), 'closing');
        await until(() => openDescriptors() < before, 'leaving the server'); // leaving is told to nobody
    };
    return client;
}

/** What a script of the tests runs against. */
export const BACKENDS = {
    reference: { start: startReference, connect: connectReference },
    ours: { start: () => startServer(), connect: connectOurs },
    'ours, with several loops': { start: () => startServer(['--threads', '3']), connect: connectOurs },
};

/**
 * Plays a script and returns what each client received, by its name.
 *
 * A script is a list of steps:
 *   { joins: 'a', room? }            connects a client
 *   { leaves: 'a' }                  disconnects it
 *   { from: 'a', sends: [...] }      events as values, or as strings of JSON text; all are written at once
 */
export async function play(backend, script) {
    const server = await backend.start();
    const clients = new Map(); // name -> client
    const rooms = new Map();   // name -> room
    let marks = 0;

    // A chat message goes to everybody in the room. Once all of them have this one, they have everything
    // that was caused by what the same sender sent before.
    const settle = async (name) => {
        const mark = `mark ${++marks}`;
        const text = JSON.stringify(['chat message', mark]);
        clients.get(name).send(text);
        for (const [other, client] of clients) {
            if (client.closed || rooms.get(other) !== rooms.get(name)) continue;
            await until(() => client.frames.includes(text), `"${mark}" from ${name} at ${other}`);
        }
    };

    try {
        for (const step of script) {
            if (step.joins) {
                clients.set(step.joins, await backend.connect(server, step.room));
                rooms.set(step.joins, step.room);
                await settle(step.joins); // the server has put it into its room
            } else if (step.leaves) {
                await clients.get(step.leaves).close();
            } else {
                for (const event of step.sends) {
                    clients.get(step.from).send(typeof event === 'string' ? event : JSON.stringify(event));
                }
                await settle(step.from);
            }
        }
        return Object.fromEntries([...clients].map(([name, { frames }]) =>
            [name, frames.filter((text) => !/^\["chat message","mark \d+"\]$/.test(text))]));
    } finally {
        for (const client of clients.values()) if (!client.closed) await client.close().catch(() => {});
        await server.stop();
    }
}

/**
 * The ids of the two servers differ: the first one seen becomes "id-1" and so on. They are learned from
 * `created` and `joined`, whose second argument they are.
 */
export function withoutIds(received) {
    const names = new Map();
    for (const frames of Object.values(received)) {
        for (const text of frames) {
            const [event, , id] = JSON.parse(text);
            if ((event === 'created' || event === 'joined') && !names.has(id)) names.set(id, `id-${names.size + 1}`);
        }
    }
    const replace = (text) => [...names].reduce((result, [id, name]) => result.replaceAll(id, name), text);
    return Object.fromEntries(Object.entries(received).map(([name, frames]) => [name, frames.map(replace)]));
}
