// The application that videochat-server replaces: express, socket.io and the events of index.js, as
// anybody would write them. `?room=NAME` confines a socket to a room; without it, everybody hears it.
import express from 'express';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const http = createServer(express());
const io = new Server(http);

io.on('connection', (socket) => {
  const { room } = socket.handshake.query;
  if (room) socket.join(room);
  const others = () => (room ? socket.to(room) : socket.broadcast);
  const everyone = () => (room ? io.to(room) : io);

  socket.on('main check', (a) => others().emit('main check answer', a));
  socket.on('hard start', (a) => others().emit('message', a));
  socket.on('host is agreed', () => everyone().emit('host agreed'));
  socket.on('chat message', (a) => everyone().emit('chat message', a));
  socket.on('message', (a) => {
    socket.emit('log', ['Message from server:', 'Client said: ', a]);
    others().emit('message', a);
  });
});

http.listen(port, '127.0.0.1');
