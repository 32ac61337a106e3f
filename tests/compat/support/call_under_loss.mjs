// A call whose packets get lost, whose sockets are destroyed, and whose paths go silent. A program for
// call_loss.test.mjs, to be run in a network namespace of its own: node call_under_loss.mjs SEED
// What is said when and what goes wrong when comes from the seed. Which packets get lost is the kernel's
// choice. Prints figures as one line of JSON.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallClient } from './call_client.mjs';
import { addressOf, LossyNetwork, OTHER_HOST, SERVER } from './lossy_network.mjs';
import { startServer, until } from './server.mjs';

const PEOPLE = 4;
const KINDS = ['to one', 'to all', 'chat'];
const LONG_MS = 30_000;

/** mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function random(seed) {
    let state = seed;
    return () => {
        state = (state + 0x6D2B79F5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

const seed = Number(process.argv[2]);
/** Each one who acts has a sequence of his own, so that none depends on who comes first. */
let sequences = 0;
const chances = () => {
    const next = random(seed + 1000 * ++sequences);
    return { between: (from, to) => from + next() * (to - from), one: (list) => list[Math.floor(next() * list.length)] };
};

const server = await startServer(['--threads', '3', '--seat-grace', '60s'], { prefix: OTHER_HOST });
const network = new LossyNetwork(server.pid, PEOPLE);
const clients = [];
for (let number = 0; number < PEOPLE; number += 1) {
    const place = { host: SERVER, localAddress: addressOf(number) };
    const client = new CallClient(server.port, { call: 'loss', name: `Person ${number}` }, place);
    await client.until('welcome');
    if (number === 0) client.channel.setDoor('open');
    await until(() => client.view.state === 'admitted' && client.view.door === 'open', 'the open door');
    clients.push(client);
}
await until(() => clients.every((one) => one.view.members.length === PEOPLE), 'everybody');

// What each one has to get from each: [sender][receiver], in the order of sending.
const expected = clients.map(() => clients.map(() => []));
const received = clients.map(() => clients.map(() => []));
let replayed = 0;
for (const [to, client] of clients.entries()) {
    const numberOf = (seat) => clients.findIndex((one) => one.me === seat);
    client.channel.on('message', ({ from, signal }) => received[numberOf(from)][to].push(signal));
    client.channel.on('chat message', ({ from, text, at }) => {
        received[numberOf(from)][to].push(text);
        if (at < client.sockets.at(-1).since) replayed += 1; // it was said before the socket was there
    });
}

let over = false;
async function talk(from) {
    const { between, one } = chances();
    const others = [...clients.keys()].filter((number) => number !== from);
    const { channel } = clients[from];
    const ways = {
        'to one': (text) => {
            const to = one(others);
            return [[to], () => channel.messageTo(clients[to].me, text)];
        },
        'to all': (text) => [others, () => channel.message(text)],
        chat: (text) => [[...clients.keys()], () => channel.chat(text)],
    };
    for (let count = 0; !over; count += 1) {
        const kind = one(KINDS);
        const text = `${count} of ${from}, ${kind}`;
        const [receivers, say] = ways[kind](text);
        // Too much may be kept already, in a long silence.
        await until(() => say() !== 'dropped', 'a place for what is said', LONG_MS);
        for (const to of receivers) expected[from][to].push(text);
        await sleep(between(150, 400));
    }
}

const done = { cuts: 0, holes: 0 };
const isOpen = (client) => until(() => client.channel.state === 'open' && client.sockets.at(-1), 'being back', LONG_MS);
const troubles = {
    /** The socket is gone with all that is in it. */
    async cut(client) {
        const socket = await isOpen(client);
        socket.cut();
        done.cuts += 1;
        await until(() => client.sockets.at(-1) !== socket, 'a new socket', LONG_MS);
    },
    /** The path is silent until the client has had enough; then a new path, and the server knows of nothing. */
    async hole(client, number, between) {
        const socket = await isOpen(client);
        network.forget(number, socket.localPort);
        network.cut(number);
        const began = Date.now();
        await until(() => client.channel.state !== 'open' && Date.now() - began > 6_000, 'the end of its patience', LONG_MS);
        await sleep(between(0, 1_000));
        network.mend(number);
        done.holes += 1;
    },
};
async function trouble(number, ...kinds) {
    const { between } = chances();
    for (const kind of kinds) {
        await isOpen(clients[number]);
        clients[number].network.dispatchEvent(new Event('online')); // it pings, with other words on their way
        await sleep(between(500, 3_000));
        await troubles[kind](clients[number], number, between);
    }
    await isOpen(clients[number]);
}
async function weather() {
    const { between } = chances();
    const silentAt = Date.now() + between(3_000, 8_000);
    let wasSilent = false;
    while (!over) {
        network.lose(between(0.05, 0.2));
        await sleep(between(1_000, 2_000));
        if (wasSilent || Date.now() < silentAt) continue;
        wasSilent = true;
        for (const number of clients.keys()) network.cut(number);
        await sleep(between(1_000, 3_000));
        for (const number of clients.keys()) network.mend(number);
    }
    network.lose(0);
}

const everything = [weather(), ...clients.map((_, number) => talk(number))];
await Promise.all([
    trouble(0, 'cut', 'cut', 'cut', 'cut'), // the host
    trouble(1, 'cut', 'hole', 'cut'),
    trouble(2, 'hole', 'cut', 'cut'),
    trouble(3, 'cut', 'cut', 'hole'),
]);
over = true;
await Promise.all(everything);

// The last words come after all else that was sent to anybody: what is not there by now will not come, and what
// comes twice has come twice.
for (const [from, client] of clients.entries()) {
    client.channel.chat('the end');
    for (const to of clients.keys()) expected[from][to].push('the end');
}
await until(() => received.flat().every((texts) => texts.at(-1) === 'the end'), 'the last words', LONG_MS);
assert.deepEqual(received, expected);
const chats = clients.map((client) => client.heard('chat message'));
for (const one of chats) assert.deepEqual(one, chats[0], 'one order of the chat for all');

const comebacks = clients.map((client) => client.heard('welcome').slice(1));
assert.ok(comebacks.flat().every(({ resumed }) => resumed), 'each came back without a gap');
for (const name of ['refused', 'error', 'unsent', 'peer left']) assert.deepEqual(clients.flatMap((one) => one.heard(name)), [], name);
const views = clients.map(({ view }) => view.members);
for (const view of views) assert.deepEqual(view, views[0]);
assert.ok(views[0].length === PEOPLE && views[0].every(({ away, host }, index) => !away && host === (index === 0)));

// None of that was for want of trouble.
const resumes = comebacks.flat().length;
const noticed = clients.flatMap(({ me }, number) => {
    const somebodyElse = clients[number === 0 ? 1 : 0];
    return somebodyElse.heard('peer away').filter(({ seat }) => seat === me);
});
// The server may have seen one that the client gave up while it was connecting: so this is the least.
const replaced = resumes - noticed.length;
const sent = clients.map(({ sockets }) => sockets.flatMap((socket) => socket.sent).filter((text) => !text.startsWith('["ping"')));
const repeated = sent.reduce((sum, texts) => sum + texts.length - new Set(texts).size, 0);
const figures = { ...done, lost: network.lost, resumes, replaced, replayed, repeated, said: sent.flat().length - repeated };
console.log(JSON.stringify(figures));
assert.ok(resumes >= done.cuts + done.holes && done.cuts === 10 && done.holes === 3);
assert.ok(replaced > 0, 'half-open sockets were replaced, and nobody saw their people away');
assert.ok(network.lost >= 50 && replayed > 0 && repeated > 0);
for (const client of clients) {
    client.leave();
    for (const socket of client.sockets) socket.cut(); // or it would wait for an answer that cannot come
}
await server.stop();
