// The usual plain relay in Node: the `ws` package, rooms by the query, no checks of its own.
import { WebSocketServer, WebSocket } from 'ws';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const rooms = new Map();

const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });

server.on('connection', (socket, request) => {
  const name = new URL(request.url, 'http://localhost').searchParams.get('room');
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room);
  room.add(socket);

  socket.on('message', (data, isBinary) => {
    for (const member of room) {
      if (member !== socket && member.readyState === WebSocket.OPEN) {
        member.send(data, { binary: isBinary });
      }
    }
  });

  socket.on('close', () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(name);
  });
});
