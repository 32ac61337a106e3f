// Every generation of the npm client, with one face: what it receives is kept as values and as the JSON
// text that came over the wire.
import { createRequire } from 'node:module';
import WebSocket from 'ws';
import { startReference } from './reference.mjs';
import { startServer, until, within } from './server.mjs';

const require = createRequire(import.meta.url);
// Far more than anything takes, on a machine that has other work, too.
const WAIT_MS = 15_000;

export const GENERATIONS = {
    1: require('socket.io-client-1'),
    2: require('socket.io-client-2'),
    3: require('socket.io-client-3').io,
    4: require('socket.io-client').io,
};

export const TRANSPORTS = {
    polling: ['polling'],
    websocket: ['websocket'],
    upgrade: ['polling', 'websocket'],
};

// All clients of a test file come from one address, and come quickly.
const NO_ADMISSION_LIMITS = ['--connections-per-address', '0', '--connect-rate', '0'];

/**
 * The servers that the same tests run against. `generations` are those of the clients that it serves;
 * `keepsUnicodeOf` tells where non-ASCII text of a polling client survives: clients 1.x encode such text
 * twice, and only their own generation of Node servers does the same.
 */
const ALL_BACKENDS = [
    { name: 'socket.io 1.7', generations: ['1', '2'], keepsUnicodeOf: (generation) => generation === '1', start: (port) => startReference({ version: 1, port }) },
    { name: 'socket.io 2.5', generations: ['1', '2'], keepsUnicodeOf: (generation) => generation !== '1', start: (port) => startReference({ version: 2, port }) },
    { name: 'socket.io 4.8', generations: ['1', '2', '3', '4'], keepsUnicodeOf: (generation) => generation !== '1', start: (port) => startReference({ version: 4, port }) },
    ...[['ours', []], ['ours, with several loops', ['--threads', '3']]].map(([name, more]) => ({
        name, ours: true, generations: ['1', '2', '3', '4'], keepsUnicodeOf: () => true,
        start: (port) => startServer([...NO_ADMISSION_LIMITS, ...more], { port }),
    })),
];
// COMPAT_BACKENDS=socket.io runs only those whose name contains that.
export const BACKENDS = ALL_BACKENDS.filter(({ name }) => name.includes(process.env.COMPAT_BACKENDS ?? ''));

/** Does non-ASCII text reach, and leave, such a client unharmed? */
export function keepsUnicode(backend, generation, transport) {
    return transport === 'websocket' || backend.keepsUnicodeOf(generation);
}

/** Connects a client; one that changes its transport has done so when this returns, unless `early`. */
export async function connect({ port }, generation, transport, { room, early = false, path = '', ...options } = {}) {
    const socket = GENERATIONS[generation](`http://127.0.0.1:${port}${path}`, {
        transports: TRANSPORTS[transport], forceNew: true, reconnection: false,
        query: room === undefined ? {} : { room }, ...options,
    });
    const client = {
        generation, transport, socket,
        received: [], // [event, ...arguments]
        frames: [],   // the JSON text of each
        get id() { return socket.id; },
        get engine() { return socket.io.engine; },
        get transportInUse() { return socket.io.engine.transport.name; },
        send: (...event) => { socket.emit(...event); },
        /** Sends a text that the client library would not make. */
        sendText: (text) => { socket.io.engine.write(`2${text}`); },
        events: (name) => client.received.filter(([event]) => event === name),
        until: (name, count = 1) => until(() => client.events(name).length >= count && client.events(name),
            `${count} "${name}" at client ${generation} over ${transport}, which has ${JSON.stringify(client.received).slice(0, 500)}`, WAIT_MS),
        close: () => { socket.disconnect(); },
    };
    // No public hook for all events exists in every generation; this method does.
    const { onevent } = socket;
    socket.onevent = function keep(packet) {
        client.received.push([...packet.data]);
        return onevent.call(this, packet);
    };
    const keepFrames = () => socket.io.engine.on('packet', ({ type, data }) => {
        if (type === 'message' && typeof data === 'string' && data[0] === '2') client.frames.push(data.slice(1));
    });
    if (socket.io.engine) keepFrames(); // no generation makes its first connection later
    await within(WAIT_MS, new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
        socket.once('error', reject); // what 1.x and 2.x say when the server refuses
    }), `client ${generation} connecting over ${transport}`);
    if (transport === 'upgrade' && !early) await upgraded(client);
    return client;
}

export function upgraded(client) {
    return until(() => client.transportInUse === 'websocket', `client ${client.generation} changing to a websocket`, WAIT_MS);
}

/** A client of our own endpoint, with the same face. */
export async function connectNative({ port }, { room } = {}) {
    const query = room === undefined ? '' : `?room=${encodeURIComponent(room)}`;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket${query}`);
    const client = {
        generation: 'native', transport: 'websocket', received: [], frames: [],
        send: (...event) => { socket.send(JSON.stringify(event)); },
        events: (name) => client.received.filter(([event]) => event === name),
        until: (name, count = 1) => until(() => client.events(name).length >= count && client.events(name), `${count} "${name}" at the native client`, WAIT_MS),
        close: () => { socket.close(); },
    };
    socket.on('message', (data) => {
        client.frames.push(data.toString('utf8'));
        client.received.push(JSON.parse(client.frames.at(-1)));
    });
    await within(WAIT_MS, new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
    }), 'the native client connecting');
    return client;
}

let marks = 0;

/** Once everybody has this client's chat message, they have all that it caused before. */
export async function settle(sender, everybody) {
    const mark = `mark ${++marks}`;
    sender.send('chat message', mark);
    await Promise.all(everybody.map((client) => until(() => client.events('chat message').some(([, text]) => text === mark),
        `"${mark}" at client ${client.generation} over ${client.transport}`, WAIT_MS)));
    for (const client of everybody) {
        client.received = client.received.filter(([, text]) => text !== mark);
        client.frames = client.frames.filter((text) => text !== JSON.stringify(['chat message', mark]));
    }
}
