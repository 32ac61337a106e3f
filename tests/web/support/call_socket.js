// A call channel on sockets whose server is the test.
import { CallChannel } from '../../../public/js/signaling/call_channel.js';
import { Clock } from './clock.js';
import { FakeSocket } from './fake_socket.js';

export const ME = 'seat-of-anna';
export const BORIS = 'seat-of-boris';
export const CLARA = 'seat-of-clara';

export const member = (seat, name, { host = false, away = false } = {}) => ({ seat, name, host, away });

/** A welcome as the server writes it. */
export function welcome(changes = {}) {
  const state = changes.state ?? 'admitted';
  const inside = { members: [member(ME, 'Anna', { host: true })], door: 'knock', password: false };
  const outside = { members: [], count: 1 };
  return ['welcome', {
    seat: ME, token: 'token-1', call: 'otter', state, host: state === 'admitted', capacity: 6, iceServers: [],
    resumed: false, heard: 0, server: { version: '1.0.0' }, ...(state === 'admitted' ? inside : outside), ...changes,
  }];
}

export function channelOnFakes(options = {}, { random = 1 } = {}) {
  const clock = new Clock();
  const network = new EventTarget();
  const sockets = [];
  const news = [];
  const channel = new CallChannel('http://x/call.html', { call: 'otter', name: 'Anna', ...options }, {
    ...clock,
    createSocket: url => {
      sockets.push(new FakeSocket(url));
      return sockets.at(-1);
    },
    random: () => random,
    network,
  });
  for (const name of [
    'welcome', 'refused', 'main check answer', 'ring ended', 'host agreed', 'peer joined', 'peer left', 'peer away', 'peer back',
    'message', 'chat message', 'door', 'password', 'host', 'pong', 'error', 'unsent',
  ]) channel.on(name, detail => news.push([name, detail]));
  return {
    channel, clock, network, sockets, news,
    get socket() { return sockets.at(-1); },
    /** What the newest socket was told, pings left out. */
    get sent() { return sockets.at(-1).sent.map(text => JSON.parse(text)).filter(([name]) => name !== 'ping'); },
    get pings() { return sockets.at(-1).sent.map(text => JSON.parse(text)).filter(([name]) => name === 'ping'); },
    get query() { return Object.fromEntries(new URL(sockets.at(-1).url).searchParams); },
    hear(...frames) {
      for (const frame of frames) sockets.at(-1).hear(JSON.stringify(frame));
    },
    /** The newest socket opens and is welcomed. */
    enter(changes) {
      if (sockets.length === 0) channel.open();
      sockets.at(-1).accept();
      this.hear(welcome(changes));
    },
  };
}
