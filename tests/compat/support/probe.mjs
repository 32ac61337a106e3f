// Raw probes of the protocol against several servers: what is expected of ours is first seen at Node's.
import { after, before, describe, test } from 'node:test';
import { SESSIONS, WebSocketSession } from './engineio.mjs';
import { startReference } from './reference.mjs';
import { startServer } from './server.mjs';

const LIMIT = { timeout: 30_000 };
export const MAX_PAYLOAD = 256 * 1024;

const FLAGS = {
    pingInterval: '--engineio-ping-interval',
    pingTimeout: '--engineio-ping-timeout',
    upgradeTimeout: '--engineio-upgrade-timeout',
    connectTimeout: '--engineio-connect-timeout',
    pollCloseTimeout: '--engineio-poll-close-timeout',
};

const startOurs = (threads) => ({ flags = [], messageRate = '0', ...options }) => {
    // All clients come from one address, and some probes are quick.
    const args = ['--connections-per-address', '0', '--connect-rate', '0', '--message-rate', messageRate, '--threads', threads, ...flags];
    if (!flags.includes('--post-limit')) args.push('--post-limit', String(MAX_PAYLOAD)); // one limit for all backends
    for (const [name, value] of Object.entries(options)) args.push(FLAGS[name], `${value}ms`);
    return startServer(args);
};

const startNode = (version) => ({ flags, messageRate, pollCloseTimeout, ...options }) =>
    startReference({ version, pollCloseTimeout, options: { maxHttpBufferSize: MAX_PAYLOAD, ...options } });

const ALL_BACKENDS = [
    { name: 'socket.io 2.5', versions: [3], start: startNode(2) },
    { name: 'socket.io 4.8', versions: [3, 4], start: startNode(4) },
    { name: 'ours', versions: [3, 4], start: startOurs('1') },
    { name: 'ours', details: ', with several loops', versions: [3, 4], start: startOurs('3') },
];
// COMPAT_BACKENDS=socket.io runs only those whose name contains that.
const BACKENDS = ALL_BACKENDS.filter(({ name }) => name.includes(process.env.COMPAT_BACKENDS ?? ''));

/**
 * A set of probes that share a server, on each backend.
 *
 * @param {object} options   milliseconds by the names of FLAGS; `flags` and `messageRate`: for ours only; `on`
 *     as below
 * @param {(probe) => void} define   is handed `probe(title, {versions, on}, run)`: `versions` are those of
 *     Engine.IO, `on` a list of backends where they are not all meant to be equal. `run` gets
 *     { server, stop(), version, backend, ours, room, polling(), websocket(), open(transport), witness(),
 *     candidate(session) }; the sessions are joined ones of that version in a room of their own.
 */
export function probes(title, { on: these, ...options }, define) {
    let rooms = 0;
    for (const backend of BACKENDS.filter(({ name }) => !these || these.includes(name))) {
        describe(`${title}: ${backend.name}${backend.details ?? ''}`, { concurrency: true }, () => {
            let server, stopped;
            before(async () => { server = await backend.start(options); });
            const stop = () => { stopped ??= server.stop(); return stopped; };
            after(() => server && stop());

            const probe = (what, { versions = [3, 4], on }, run) => {
                if (on && !on.includes(backend.name)) return;
                for (const version of versions.filter((one) => backend.versions.includes(one))) {
                    test(`Engine.IO ${version}: ${what}`, LIMIT, async () => {
                        const room = `probe ${++rooms}`;
                        const sockets = [];
                        const open = async (transport, more = {}) => {
                            const session = await SESSIONS[transport].open(server, version, { room, ...more });
                            if (transport === 'websocket') sockets.push(session);
                            return session.join();
                        };
                        try {
                            await run({
                                server, version, room, open, stop,
                                backend: backend.name, ours: backend.name === 'ours', sockets,
                                polling: (more) => open('polling', more),
                                websocket: (more) => open('websocket', more),
                                /** Another one in the room, to see what arrives. */
                                witness: () => open('websocket'),
                                /** A WebSocket for a session that polls. */
                                candidate: async (session) => {
                                    const socket = await WebSocketSession.connect(server, version, { sid: session.sid });
                                    sockets.push(socket);
                                    return socket;
                                },
                            });
                        } finally {
                            for (const socket of sockets) socket.close();
                        }
                    });
                }
            };
            define(probe);
        });
    }
}

/** The same probe over both transports. */
export function overEach(probe, what, options, run) {
    for (const transport of ['polling', 'websocket']) {
        probe(`${what}, over ${transport}`, options, (context) => run({ ...context, transport, subject: (more) => context.open(transport, more) }));
    }
}
