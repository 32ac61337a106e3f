// The original application, index.js, on socket.io and express: the yardstick of the compat tests.
// Written from its event table, with `create or join` and `ipaddr` as they were meant (the historic file
// took the number of clients from a property that socket.io no longer has, and used an undeclared `os`),
// and with an acknowledgement function never taken for an argument (it ended the historic process).
// One thing is ours: `?room=NAME` at the connection keeps rooms apart, without it everybody is in the lobby.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import os from 'node:os';
import express from 'express';

const require = createRequire(import.meta.url);

// What a generation of the server needs to be told to serve its clients as index.js's server did.
const GENERATIONS = {
    1: () => [require('socket.io-1'), {}],
    2: () => [require('socket.io-2'), {}],
    4: () => [require('socket.io').Server, { allowEIO3: true, cors: { origin: true, credentials: true } }],
};

/**
 * @param {string} root      a folder to serve
 * @param {1|2|4} version    of socket.io
 * @param {object} options   further options of socket.io, such as pingInterval
 * @param {number} pollCloseTimeout   how long a polling session that was closed waits to tell so; no option of socket.io
 */
export async function startReference({ root, version = 4, port = 0, options = {}, pollCloseTimeout = 1_000 } = {}) {
    const app = express();
    app.set('env', 'test'); // its error pages need no copy on standard error
    if (root) app.use(express.static(root));
    const http = createServer(app);
    const [Server, defaults] = GENERATIONS[version]();
    const io = new Server(http, { ...defaults, ...options });
    io.engine.on('connection', ({ transport }) => { transport.closeTimeout = pollCloseTimeout; });
    const connected = new Set();
    serveIndexJs(io, connected);

    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
    return {
        port: http.address().port,
        knows: (id) => [...connected].some((socket) => socket.id === id),
        stop: () => new Promise((resolve) => {
            http.once('close', resolve);
            for (const session of Object.values(io.engine.clients)) session.writeBuffer.length = 0; // or it waits for a poll to take that
            io.close();
            // Kept connections would hold it up; the last answers are on their way.
            setTimeout(() => http.closeAllConnections(), 20);
        }),
    };
}

function serveIndexJs(io, connected) {
    const keyedRooms = new Map(); // per lobby or ?room=: key -> sockets that asked to `create or join` it

    io.on('connection', (socket) => {
        connected.add(socket);
        const place = `place:${socket.handshake.query.room ?? ''}`;
        socket.join(place);
        const tellOthers = (...event) => socket.to(place).emit(...event);
        if (!keyedRooms.has(place)) keyedRooms.set(place, new Map());
        const rooms = keyedRooms.get(place);

        const log = (...words) => socket.emit('log', ['Message from server:', ...words]);
        const on = (event, handle) => socket.on(event, (first) => handle(typeof first === 'function' ? null : first));

        on('main check', (a) => tellOthers('main check answer', a));
        on('hard start', (a) => tellOthers('message', a));
        on('host is agreed', () => {
            socket.emit('host agreed');
            tellOthers('host agreed');
        });
        on('chat message', (a) => {
            socket.emit('chat message', a);
            tellOthers('chat message', a);
        });
        on('message', (a) => {
            log('Client said: ', a);
            tellOthers('message', a);
        });

        on('create or join', (room) => {
            const members = rooms.get(room) ?? new Set();
            const tell = (...event) => members.forEach((member) => member.emit(...event));
            log('Received request to create or join room ' + room);
            log('Room ' + room + ' now has ' + members.size + ' client(s)');
            if (members.size === 0) {
                rooms.set(room, members.add(socket));
                log('Client ID ' + socket.id + ' created room ' + room);
                socket.emit('created', room, socket.id);
            } else if (members.size === 1) {
                log('Client ID ' + socket.id + ' joined room ' + room);
                tell('join', room);
                members.add(socket);
                socket.emit('joined', room, socket.id);
                tell('ready');
            } else {
                socket.emit('full', room);
            }
        });

        on('ipaddr', () => {
            for (const addresses of Object.values(os.networkInterfaces())) {
                for (const { family, address } of addresses) {
                    if ((family === 'IPv4' || family === 4) && address !== '127.0.0.1') socket.emit('ipaddr', address);
                }
            }
        });

        on('bye', () => {});
        socket.on('disconnect', () => {
            connected.delete(socket);
            for (const [key, members] of rooms) {
                if (members.delete(socket) && members.size === 0) rooms.delete(key);
            }
        });
    });
}
