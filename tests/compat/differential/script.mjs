// A random script: who connects, says what, leaves and returns.
//
// A script is { seed, number, reference, places, steps }. `places` are values of ?room= (undefined is the lobby).
// Each step ends when everybody has received what it causes:
//   { joins, profile, place, sends }    connects a client; `sends` are emitted before the connection stands
//   { from, sends }                     emits events, all at once
//   { together: [{ from, sends }] }     several clients emit at the same time
//   { leaves, sends }                   emits last words and disconnects
//   { returns }                         the client that left connects again, the same object
//   { loses }                           the connection breaks; the client connects again by itself
// An event is { name, args, ack }.
import { Random } from './random.mjs';
import { binaryValue, roomKey, sessionDescription, value } from './values.mjs';

/** The servers of Node, and the clients that each understands. */
export const REFERENCES = {
    '4.8': ['1.7', '2.5', '3.1', '4.8', 'native'],
    '2.5': ['1.7', '2.5', 'native'],
    '1.7': ['1.7', 'native'],
};

const TRANSPORTS = [['polling'], ['websocket'], ['polling', 'websocket']];
const UNKNOWN = ['log', 'joined', 'created', 'host agreed', 'Message', 'message ', 'mеssage', 'chat\u0000message', '__proto__', 'constructor',
    'toString', '😀', 'hasOwnProperty', 'main check answer', 'x'.repeat(60)];
const ROOM_NAMES = ['', ' 1', '+1', '&a=b', '%20', 'комната', '😀', '/#?'];

function profile(random, generations) {
    const generation = random.pick(generations);
    if (generation === 'native') return { generation };
    return { generation, transports: random.pick(TRANSPORTS), base64: random.chance(0.2) };
}

function event(random, { generation }, asks) {
    const name = random.weighted({
        'main check': 2, 'hard start': 1, 'host is agreed': 1, 'chat message': 3, message: 5, 'create or join': asks ? 4 : 0, bye: 0.5,
        ipaddr: asks ? 0.3 : 0, unknown: 1,
    });
    const ack = random.chance(0.1);
    if (name === 'create or join') {
        // Without an argument the room is `undefined`; with nothing but an ack function, servers differ in what they take it for.
        return random.chance(0.05) ? { name, args: [], ack: false } : { name, args: [roomKey(random)], ack };
    }
    const args = random.list(Number(random.weighted({ 0: 0.7, 1: 8, 2: 0.7, 4: 0.3 })), () => value(random));
    // The native protocol has no way to send binary; 1.x clients under Node send no ArrayBuffer.
    if (generation !== 'native' && random.chance(0.2)) {
        // `__proto__` and `_placeholder` mean something in an event with binary, hence no other values.
        const count = Number(random.weighted({ 1: 5, 2: 3, 10: 1 }));
        args.splice(0, args.length, binaryValue(random, count, generation !== '1.7'), ...(random.chance(0.1) ? ['more'] : []));
    }
    if (name !== 'unknown') return { name, args, ack };
    // A nameless event is none for the native protocol.
    return { name: random.pick(generation === 'native' ? UNKNOWN : ['', ...UNKNOWN]), args, ack };
}

/** Many small events, or more bytes than one request may have: only the latest clients then make several. */
function flood(random, { generation }) {
    const names = ['message', 'chat message', 'main check'];
    return generation === '4.8' && random.chance(0.5)
        ? random.list(10, () => ({ name: random.pick(names), args: [sessionDescription(random, 500)], ack: false }))
        : random.list(100, (i) => ({ name: random.pick(names), args: [i], ack: false }));
}

export function makeScript(seed, number) {
    const random = new Random(seed, number);
    const reference = number % 10 === 9 ? '1.7' : number % 2 === 0 ? '4.8' : '2.5';
    const own = `script ${seed}/${number}`;
    const places = [random.chance(0.15) ? undefined : own + random.pick(ROOM_NAMES)];
    if (random.chance(0.25)) places.push(`${own} also`);

    const steps = [];
    const clients = []; // { name, profile, place, here }
    const here = () => clients.filter((client) => client.here);
    const events = (client, most, asks = true) => random.list(random.between(1, most), () => event(random, client.profile, asks));

    const join = (profileOf, place) => {
        const client = { name: String.fromCharCode(97 + clients.length), profile: profileOf, place, here: true };
        clients.push(client);
        steps.push({ joins: client.name, profile: client.profile, place, sends: random.chance(0.3) ? events(client, 3) : [] });
    };
    const anyJoin = () => join(profile(random, REFERENCES[reference]), random.pick([places[0], places[0], ...places]));
    const from = (client, most, asks) => ({ from: client.name, sends: events(client, most, asks) });
    const gone = () => clients.filter((client) => !client.here);
    const canBreak = () => here().filter(({ profile: { transports } }) => transports?.includes('websocket'));

    anyJoin();
    anyJoin();
    const count = random.between(6, 18);
    while (steps.length < count) {
        const kind = random.weighted({
            sends: 8, together: here().length > 1 ? 2 : 0, joins: clients.length < 6 ? 2 : 0, leaves: here().length > 1 ? 1 : 0,
            returns: gone().length > 0 ? 2 : 0, loses: canBreak().length > 0 ? 0.5 : 0,
        });
        if (kind === 'sends') {
            const client = random.pick(here());
            steps.push(random.chance(0.05) ? { from: client.name, sends: flood(random, client.profile) } : from(client, random.pick([1, 2, 4, 10])));
        } else if (kind === 'together') {
            const several = random.shuffled(here()).slice(0, random.between(2, 4));
            steps.push({ together: several.map((client) => from(client, 4, false)) });
        } else if (kind === 'joins') {
            anyJoin();
        } else if (kind === 'leaves') {
            const client = random.pick(here());
            client.here = false;
            steps.push({ leaves: client.name, sends: random.chance(0.4) ? events(client, 3, false) : [] });
        } else if (kind === 'returns') {
            const client = random.pick(gone());
            client.here = true;
            steps.push({ returns: client.name });
        } else {
            steps.push({ loses: random.pick(canBreak()).name });
        }
    }
    return { seed, number, reference, places, steps };
}
