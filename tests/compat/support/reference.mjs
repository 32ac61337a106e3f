// The original application, index.js, on socket.io 4 and express: the yardstick of the compat tests.
// Written from its event table, with `create or join` and `ipaddr` as they were meant (the historic file
// took the number of clients from a property that socket.io no longer has, and used an undeclared `os`).
// One thing is ours: `?room=NAME` at the connection keeps rooms apart, without it everybody is in the lobby.
import { createServer } from 'node:http';
import { once } from 'node:events';
import os from 'node:os';
import express from 'express';
import { Server } from 'socket.io';

export async function startReference({ root } = {}) {
    const app = express();
    app.set('env', 'test'); // its error pages need no copy on standard error
    if (root) app.use(express.static(root));
    const http = createServer(app);
    const io = new Server(http);
    const keyedRooms = new Map(); // per lobby or ?room=: key -> sockets that asked to `create or join` it

    io.on('connection', (socket) => {
        const place = `place:${socket.handshake.query.room ?? ''}`;
        socket.join(place);
        const others = socket.to(place);
        if (!keyedRooms.has(place)) keyedRooms.set(place, new Map());
        const rooms = keyedRooms.get(place);

        const log = (...words) => socket.emit('log', ['Message from server:', ...words]);

        socket.on('main check', (a) => others.emit('main check answer', a));
        socket.on('hard start', (a) => others.emit('message', a));
        socket.on('host is agreed', () => {
            socket.emit('host agreed');
            others.emit('host agreed');
        });
        socket.on('chat message', (a) => {
            socket.emit('chat message', a);
            others.emit('chat message', a);
        });
        socket.on('message', (a) => {
            log('Client said: ', a);
            others.emit('message', a);
        });

        socket.on('create or join', (room) => {
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

        socket.on('ipaddr', () => {
            for (const addresses of Object.values(os.networkInterfaces())) {
                for (const { family, address } of addresses) {
                    if ((family === 'IPv4' || family === 4) && address !== '127.0.0.1') socket.emit('ipaddr', address);
                }
            }
        });

        socket.on('bye', () => {});
        socket.on('disconnect', () => {
            for (const [key, members] of rooms) {
                if (members.delete(socket) && members.size === 0) rooms.delete(key);
            }
        });
    });

    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return {
        port: http.address().port,
        knows: (id) => io.sockets.sockets.has(id),
        stop: () => new Promise((resolve) => { io.close(() => resolve()); }),
    };
}
