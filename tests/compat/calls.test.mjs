// Calls with the page's own channel over real sockets: what the server promises and what the channel
// makes of it fit together.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CallClient } from './support/call_client.mjs';
import { startServer, until } from './support/server.mjs';

const { isHost } = await import('../../public/js/signaling/gathering.js');

const GRACE_MS = 2_000;
const RING_MS = 3_000;
const OPTIONS = ['--seat-grace', `${GRACE_MS}ms`, '--ring-timeout', `${RING_MS}ms`, '--message-burst', '1000'];

/** A way to the server on which what the count-th connection says is held up until release(). */
async function latePath(port, count) {
    const sockets = [];
    const held = [];
    let connections = 0;
    const path = net.createServer({ allowHalfOpen: true }, (near) => {
        const far = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        for (const socket of [near, far]) sockets.push(socket.on('error', () => {}));
        far.pipe(near);
        if (++connections === count) held.push([near, far]);
        else near.pipe(far);
    });
    path.listen(0, '127.0.0.1');
    await once(path, 'listening');
    return {
        port: path.address().port,
        release() { for (const [near, far] of held) near.pipe(far); },
        close() {
            path.close();
            for (const socket of sockets) socket.destroy();
        },
    };
}

describe('calls: the channel of the pages against the server', () => {
    let server;
    let clients = [];
    let calls = 0;
    before(async () => { server = await startServer(OPTIONS); });
    after(() => server.stop());

    const open = (call, name, options = {}) => {
        const client = new CallClient(server.port, { call, name, ...options });
        clients.push(client);
        return client;
    };

    /** A call of a name that no other test uses, with these in it, in this order. */
    async function callOf(...names) {
        const call = `call-${++calls}`;
        const members = [];
        for (const name of names) {
            const client = open(call, name);
            await client.until('welcome');
            if (members.length > 0) {
                client.channel.ring();
                const [host] = members;
                await until(() => host.view.rings.some((ring) => ring.seat === client.me), `${name} rings`);
                host.channel.accept(client.me);
                await client.until('host agreed');
            }
            members.push(client);
            for (const one of members) await until(() => one.view.members.length === members.length, `${one.view.me} sees all`);
        }
        return { call, members };
    }

    /** All members come to see the same, but for what concerns each alone. */
    async function alike(...members) {
        const views = () => members.map((one) => ({ ...one.view, me: null, iceServers: [], rings: [], declined: [] }));
        const same = () => views().every((view) => isDeepStrictEqual(view, views()[0]));
        await until(same, 'one view').catch(() => assert.deepEqual(views(), Array(members.length).fill(views()[0])));
    }

    const scene = (name, play) => it(name, async (t) => {
        try {
            await play(t);
        } finally {
            for (const client of clients) client.leave();
            clients = [];
        }
    });

    scene('enter, ring, accept: each is told what concerns it, and all see the same', async () => {
        const { members: [anna, boris, clara] } = await callOf('Anna', 'Boris', 'Clara');
        assert.deepEqual(anna.view.members.map(({ name, host }) => [name, host]), [['Anna', true], ['Boris', false], ['Clara', false]]);
        await alike(anna, boris, clara);
        assert.deepEqual(anna.view.rings, []);
        assert.equal(boris.heard('main check answer').length, 0, 'a ring is for the host alone');
        assert.deepEqual(boris.heard('peer joined'), [{ seat: clara.me, name: 'Clara' }]);
    });

    scene('signals reach one or all others, chat everybody, with one time', async () => {
        const { members: [anna, boris, clara] } = await callOf('Anna', 'Boris', 'Clara');
        boris.channel.messageTo(clara.me, { type: 'offer', sdp: 'v=0' });
        boris.channel.message('got user media');
        boris.channel.chat('hello');
        for (const one of [anna, boris, clara]) await one.until('chat message');
        assert.deepEqual(clara.heard('message'), [{ from: boris.me, signal: { type: 'offer', sdp: 'v=0' } }, { from: boris.me, signal: 'got user media' }]);
        assert.deepEqual(anna.heard('message'), [{ from: boris.me, signal: 'got user media' }]);
        assert.deepEqual(boris.heard('message'), []);
        const chats = [anna, boris, clara].map((one) => one.heard('chat message'));
        assert.deepEqual(chats, Array(3).fill([{ from: boris.me, text: 'hello', at: chats[0][0].at }]));
    });

    scene('declined, busy, cancelled, not answered: each side is told, and it is over', async () => {
        const { call, members: [anna] } = await callOf('Anna');
        for (const reason of ['declined', 'busy', 'no answer']) {
            const guest = open(call, 'Guest');
            await guest.until('welcome');
            guest.channel.ring();
            const seat = guest.me;
            await until(() => anna.view.rings.some((ring) => ring.seat === seat), 'the ring');
            if (reason !== 'no answer') anna.channel.decline(seat, reason);
            await guest.until('refused');
            assert.deepEqual(guest.heard('refused'), [{ reason, final: true }]);
            assert.equal(guest.channel.state, 'closed');
            assert.equal(await guest.code(), 4004);
            await until(() => anna.view.rings.length === 0, 'no ring');
        }
        assert.deepEqual(anna.heard('ring ended').map(({ reason }) => reason), ['no answer'], 'who declines is not told so');
        const guest = open(call, 'Guest');
        await guest.until('welcome');
        guest.channel.ring();
        await until(() => anna.view.rings.length === 1, 'the ring');
        guest.channel.cancel();
        await anna.until('ring ended', 2);
        assert.equal(anna.heard('ring ended')[1].reason, 'cancelled');
        assert.deepEqual(anna.view.members.length, 1);
    });

    // How a ring may end, and what the host and who rings hear of it.
    const ringEnds = {
        accepted: { by: ({ anna, guest }) => anna.channel.accept(guest.me), guestHears: ['host agreed'] },
        declined: { by: ({ anna, guest }) => anna.channel.decline(guest.me), guestHears: ['refused', 'declined'] },
        busy: { by: ({ anna, guest }) => anna.channel.decline(guest.me, 'busy'), guestHears: ['refused', 'busy'] },
        cancelled: { by: ({ guest }) => guest.channel.cancel(), hostHears: 'cancelled' },
        'socket lost': { by: ({ guest }) => guest.cut(), hostHears: 'cancelled' },
        'no answer': { by: () => {}, after: RING_MS, hostHears: 'no answer', guestHears: ['refused', 'no answer'] },
        locked: { by: ({ anna }) => anna.channel.setDoor('locked'), hostHears: 'locked', guestHears: ['refused', 'locked'] },
        'door opened': { by: ({ anna }) => anna.channel.setDoor('open'), hostHears: 'accepted', guestHears: ['host agreed'] },
        'answered by another member': {
            async before({ anna, boris }) {
                anna.cut(); // so that all others may answer
                await until(() => boris.view.rings.length === 1, 'the ring');
                await anna.until('welcome', 2);
            },
            by: ({ boris, guest }) => boris.channel.accept(guest.me), hostHears: 'accepted', guestHears: ['host agreed'],
        },
        'call ended': { before: ({ boris }) => boris.channel.bye(), by: ({ anna }) => anna.channel.bye(), guestHears: ['refused', 'ended'] },
    };
    scene('however a ring ends, the other side is told within a second', async (t) => {
        const delays = await Promise.all(Object.entries(ringEnds).map(async ([how, { before, by, after: due = 0, hostHears, guestHears }]) => {
            const { call, members: [anna, boris] } = await callOf('Anna', 'Boris');
            const guest = open(call, 'Guest');
            await guest.until('welcome');
            guest.channel.ring();
            const began = performance.now();
            await anna.until('main check answer', 2);
            await before?.({ anna, boris, guest });
            const ended = due ? began + due : performance.now();
            by({ anna, boris, guest });
            const when = (client, event) => client.news.find(([name]) => name === event)[2] - ended;
            const told = [];
            if (hostHears) {
                assert.equal((await anna.until('ring ended')).reason, hostHears, how);
                told.push(when(anna, 'ring ended'));
            }
            if (guestHears) {
                const { reason } = await guest.until(guestHears[0]);
                assert.equal(reason, guestHears[1], how);
                told.push(when(guest, guestHears[0]));
            }
            return [how, Math.max(...told)];
        }));
        t.diagnostic(delays.map(([how, ms]) => `${how}: ${ms.toFixed(1)} ms`).join(', '));
        for (const [how, ms] of delays) assert.ok(ms < 1_000, `${how}: after ${ms} ms`);
    });

    scene('a dropped socket: away, then back, with exactly what was missed in both directions', async () => {
        const { members: [anna, boris, clara] } = await callOf('Anna', 'Boris', 'Clara');
        const texts = Array.from({ length: 90 }, (_, index) => `text ${index}`);
        const all = [anna, boris, clara];
        for (const [index, text] of texts.entries()) {
            if (index % 30 === 10) boris.cut();
            if (index % 30 === 20) boris.channel.tryNow();
            assert.notEqual(all[index % 3].channel.chat(text), 'dropped');
            await sleep(5);
        }
        for (const one of all) await one.until('chat message', texts.length);
        const orders = all.map((one) => one.heard('chat message').map(({ text }) => text));
        assert.deepEqual(orders[1], orders[0], 'one order for all, nothing lost, nothing twice');
        assert.deepEqual(orders[2], orders[0]);
        assert.deepEqual([...orders[0]].sort(), [...texts].sort());
        assert.ok(boris.sockets.length >= 4);
        assert.ok(boris.heard('welcome').slice(1).every(({ resumed, seat }) => resumed && seat === boris.me));
        assert.ok(anna.heard('peer away').length >= 1);
        await until(() => anna.heard('peer back').length === anna.heard('peer away').length, 'back');
        assert.deepEqual(anna.heard('peer left'), []);
        await alike(...all);
    });

    scene('too much was missed: not resumed, and the view is right all the same', async () => {
        const { members: [anna, boris, clara] } = await callOf('Anna', 'Boris', 'Clara');
        boris.channel.close();
        await anna.until('peer away');
        for (let block = 0; block < 5; block += 1) {
            for (let count = 0; count < 60; count += 1) assert.equal(anna.channel.chat('x'), 'sent');
            await clara.until('chat message', 60 * (block + 1));
        }
        anna.channel.setDoor('locked');
        await clara.until('door');
        boris.channel.open();
        await boris.until('welcome', 2);
        assert.equal(boris.heard('welcome')[1].resumed, false);
        assert.equal(boris.heard('chat message').length, 0);
        await alike(anna, boris, clara);
        boris.cut();
        await boris.until('welcome', 3);
        assert.equal(boris.heard('welcome')[2].resumed, true, 'counted from 0 again on both sides');
    });

    scene('away for longer than the grace: gone; he rings again by himself, as who he was', async () => {
        const { members: [anna, boris] } = await callOf('Anna', 'Boris');
        const old = boris.me;
        boris.channel.close();
        await anna.until('peer left');
        assert.deepEqual(anna.heard('peer left'), [{ seat: old, reason: 'lost' }]);
        boris.channel.open();
        await anna.until('main check answer', 2);
        assert.deepEqual(boris.heard('refused'), [{ reason: 'expired', final: false }]);
        assert.equal(await until(() => boris.codes.get(boris.sockets.at(-2)), 'the close'), 4007);
        assert.deepEqual(anna.heard('main check answer')[1], { seat: boris.me, name: 'Boris', was: old });
        assert.notEqual(boris.me, old);
    });

    scene('the token in another page: the first one is replaced and stays away', async () => {
        const { call, members: [anna, boris] } = await callOf('Anna', 'Boris');
        const second = open(call, 'ignored', { token: boris.channel.token });
        await boris.until('refused');
        assert.deepEqual(boris.heard('refused'), [{ reason: 'replaced', final: true }]);
        assert.equal(await boris.code(), 4006);
        await second.until('welcome');
        await sleep(1000);
        assert.equal(boris.sockets.length, 1);
        assert.equal(second.view.members.length, 2);
        await alike(anna, second);
        assert.deepEqual([anna.heard('peer away'), anna.heard('peer left')], [[], []], 'no ghost, nobody went');
        second.channel.chat('me');
        await anna.until('chat message');
        assert.equal(anna.heard('chat message')[0].from, second.me);
    });

    scene('removed: over for good; the open door closes so far that one has to ring', async () => {
        const { call, members: [anna, boris] } = await callOf('Anna', 'Boris');
        const token = boris.channel.token;
        anna.channel.setDoor('open');
        await boris.until('door');
        const seat = boris.me;
        anna.channel.remove(seat);
        await boris.until('refused');
        assert.deepEqual(boris.heard('refused'), [{ reason: 'removed', final: true }]);
        assert.equal(await boris.code(), 4005);
        await anna.until('door', 2);
        assert.deepEqual([anna.heard('peer left'), anna.heard('door')], [[{ seat, reason: 'removed' }], ['open', 'knock']]);
        const back = open(call, 'Boris', { token });
        await back.until('welcome');
        assert.deepEqual([back.heard('refused')[0].reason, back.view.state, back.view.count], ['expired', 'waiting', 1]);
        assert.equal(boris.sockets.length, 1);
    });

    scene('door: open lets in at once, locked nobody; both are told to all', async () => {
        const { call, members: [anna, boris] } = await callOf('Anna', 'Boris');
        const waiting = open(call, 'Clara');
        await waiting.until('welcome');
        waiting.channel.ring();
        await until(() => anna.view.rings.length === 1, 'the ring');
        anna.channel.setDoor('open');
        await waiting.until('host agreed');
        const direct = open(call, 'Dora');
        await direct.until('welcome');
        assert.equal(direct.view.state, 'admitted');
        await until(() => anna.view.members.length === 4 && boris.view.members.length === 4 && waiting.view.members.length === 4, 'four');
        await alike(anna, boris, waiting, direct);
        anna.channel.setDoor('locked');
        await boris.until('door', 2);
        const late = open(call, 'Emil');
        await late.until('refused');
        assert.deepEqual(late.heard('refused'), [{ reason: 'locked', final: true }]);
        assert.equal(await late.code(), 4003);
        boris.channel.setDoor('open');
        await boris.until('error');
        assert.deepEqual(boris.heard('error'), [{ event: 'door', code: 'not-host' }]);
    });

    scene('password: three wrong tries are free, then one has to wait, with the right one as well', async () => {
        const { call, members: [anna] } = await callOf('Anna');
        anna.channel.setPassword('right');
        await anna.until('password');
        const guest = open(call, 'Guest');
        await guest.until('refused');
        assert.deepEqual(guest.heard('refused'), [{ reason: 'password', final: true, wait: 0 }]);
        assert.equal(await guest.code(), 4001);
        const waits = [];
        for (let attempt = 1; attempt <= 4; attempt += 1) {
            guest.channel.key = `wrong-${attempt}`;
            guest.channel.open();
            waits.push((await guest.until('refused', attempt + 1)).wait);
        }
        assert.deepEqual(waits.slice(0, 3), [0, 0, 0]);
        assert.ok(waits[3] > 0 && waits[3] <= 1000, `${waits[3]}`);
        guest.channel.key = 'right';
        guest.channel.open();
        const held = await guest.until('refused', 6);
        assert.ok(held.wait > 0 && held.wait <= waits[3]);
        await sleep(held.wait);
        guest.channel.open();
        await guest.until('welcome');
        assert.equal(guest.view.state, 'waiting');
        anna.channel.setPassword(null);
        await anna.until('password', 2);
        assert.deepEqual(anna.heard('password'), [true, false]);
    });

    scene('the host leaves: the next one in order is host, and is told who rings', async () => {
        const { call, members: [anna, boris, clara] } = await callOf('Anna', 'Boris', 'Clara');
        const guest = open(call, 'Guest');
        await guest.until('welcome');
        guest.channel.ring();
        await until(() => anna.view.rings.length === 1, 'the ring');
        const seat = anna.me;
        anna.channel.bye();
        await until(() => boris.view.rings.length === 1, 'the new host hears it');
        assert.equal(isHost(boris.view), true);
        assert.deepEqual(clara.heard('peer left'), [{ seat, reason: 'left' }]);
        boris.channel.makeHost(clara.me);
        await until(() => isHost(clara.view) && clara.view.rings.length === 1, 'Clara is host');
        boris.channel.accept(guest.me); // once told, one may
        await guest.until('host agreed');
        await until(() => clara.view.members.length === 3 && clara.view.rings.length === 0, 'let in');
        await alike(boris, clara, guest);
    });

    scene('bye without a socket still arrives', async () => {
        const { members: [anna, boris] } = await callOf('Anna', 'Boris');
        const seat = boris.me;
        boris.cut();
        await anna.until('peer away');
        boris.channel.bye();
        await anna.until('peer left');
        assert.deepEqual(anna.heard('peer left'), [{ seat, reason: 'left' }]);
    });

    scene('full: told how many fit, also who knows the way back in', async () => {
        const { call, members: [anna] } = await callOf('Anna');
        anna.channel.setDoor('open');
        await anna.until('door');
        const others = [];
        for (let count = 1; count < anna.view.capacity; count += 1) {
            others.push(open(call, `Guest ${count}`));
            await others.at(-1).until('welcome');
        }
        const late = open(call, 'Late');
        await late.until('refused');
        assert.deepEqual(late.heard('refused'), [{ reason: 'full', final: true, capacity: 6 }]);
        assert.equal(await late.code(), 4002);
        others[0].cut();
        await others[0].until('welcome', 2);
        assert.equal(others[0].heard('welcome')[1].resumed, true, 'capacity is no matter for who comes back');
        await until(() => [anna, ...others].every((one) => one.view.members.length === 6), 'all six');
        await alike(anna, ...others);
    });

    scene('crowded: who may not even wait tries again by himself, and rings then', async () => {
        const { call, members: [anna] } = await callOf('Anna');
        const crowd = Array.from({ length: 8 }, (_, index) => open(call, `Guest ${index}`));
        for (const one of crowd) await one.until('welcome');
        const late = open(call, 'Late');
        late.channel.ring();
        const { reason, final, wait } = await late.until('refused');
        assert.deepEqual([reason, final, await late.code()], ['rate', false, 4008]);
        assert.ok(wait > 0 && wait <= 6000, `${wait}`);
        crowd[0].channel.cancel();
        await until(() => anna.view.rings.length === 1, 'the ring', 10_000);
        assert.equal(anna.view.rings[0].name, 'Late');
    });

    scene('the last member leaves: who waits is told that it has ended', async () => {
        const { call, members: [anna] } = await callOf('Anna');
        const guest = open(call, 'Guest');
        await guest.until('welcome');
        guest.channel.ring();
        await anna.until('main check answer');
        anna.channel.bye();
        await guest.until('refused');
        assert.deepEqual(guest.heard('refused'), [{ reason: 'ended', final: true }]);
    });

    scene('silence: the heartbeat is answered, the socket stays', async () => {
        const { members: [anna] } = await callOf('Anna');
        const { frames } = anna.sockets[0];
        await until(() => anna.sockets[0].frames > frames, 'a pong');
        assert.equal(anna.sockets.length, 1);
        assert.deepEqual(anna.heard('error'), []);
    });
});

describe('calls: the server is restarted', () => {
    it('everybody enters again as who they were; the first is host, the others ring by themselves', async () => {
        let server = await startServer(OPTIONS);
        const { port } = server;
        const clients = [];
        try {
            const anna = new CallClient(port, { call: 'restart', name: 'Anna' });
            clients.push(anna);
            await anna.until('welcome');
            const boris = new CallClient(port, { call: 'restart', name: 'Boris' });
            clients.push(boris);
            await boris.until('welcome');
            boris.channel.ring();
            await anna.until('main check answer');
            anna.channel.accept(boris.me);
            await boris.until('host agreed');
            await anna.until('peer joined');
            const seatsBefore = new Map([[anna, anna.me], [boris, boris.me]]);

            await server.kill();
            await until(() => clients.every((one) => one.channel.state !== 'open'), 'both to notice');
            assert.equal(boris.channel.chat('into the void'), 'kept');
            server = await startServer(OPTIONS, { port });
            const host = await until(() => clients.find((one) => isHost(one.view) && one.me !== seatsBefore.get(one)), 'a host', 15_000);
            const other = clients.find((one) => one !== host);
            const ring = await until(() => host.view.rings[0], 'the other one rings', 15_000);
            assert.deepEqual(ring, { seat: other.me, name: other === anna ? 'Anna' : 'Boris', was: seatsBefore.get(other) });
            host.channel.accept(ring.seat);
            await until(() => clients.every((one) => one.view.members.length === 2), 'together again');
            for (const one of clients) {
                assert.deepEqual(one.heard('refused'), [{ reason: 'expired', final: false }]);
                assert.notEqual(one.me, seatsBefore.get(one));
            }
            assert.deepEqual(boris.heard('unsent')[0].at(-1), { name: 'chat message', args: ['into the void'] });
            assert.deepEqual(anna.heard('chat message'), []);
        } finally {
            for (const one of clients) one.leave();
            await server.stop();
        }
    });

    it('the connections of three people go on: each is let in by what they say, and nothing is negotiated anew', async () => {
        let server = await startServer(OPTIONS);
        const { port } = server;
        const clients = [];
        try {
            for (const name of ['Anna', 'Boris', 'Clara']) {
                const client = new CallClient(port, { call: 'media', name });
                clients.push(client);
                client.connect();
                await client.until('welcome');
                if (clients.length === 1) continue;
                client.channel.ring();
                await until(() => clients[0].view.rings.length === 1, 'the ring');
                clients[0].channel.accept(client.me);
                await client.until('host agreed');
            }
            const pairs = clients.flatMap((one, index) => clients.slice(index + 1).map((other) => [one, other]));
            const linkOf = (one, other) => one.mesh.links.get(other.me);
            const all = () => clients.flatMap((one) => [...one.connections.values()].flat());
            await until(() => all().length === 6 && all().every((connection) => connection.remoteDescription && connection.signalingState === 'stable'), 'negotiated');
            for (const [earlier, later] of pairs) {
                const [mine] = histories(earlier, later);
                assert.deepEqual(mine, ['remote offer', 'local answer'], 'who came later offers');
            }
            /** What both ends of a pair have negotiated. They find each other by what they were described with. */
            function histories(one, other) {
                const ours = [...one.connections.values()].flat();
                const theirs = [...other.connections.values()].flat();
                for (const a of ours) for (const b of theirs) if (a.remoteDescription.sdp === b.localDescription.sdp) return [a.history, b.history, a, b];
                throw new Error('no connection between them');
            }
            for (const [one, other] of pairs) {
                const [, , a, b] = histories(one, other);
                a.channel.send = (text) => b.channel.hear(text);
                b.channel.send = (text) => a.channel.hear(text);
                for (const end of [a, b]) end.become('connected');
                for (const end of [a, b]) end.channel.become('open');
            }
            const linksBefore = pairs.map(([one, other]) => [linkOf(one, other), linkOf(other, one)]);
            const historyBefore = all().map((connection) => [...connection.history]);
            const seats = clients.map((one) => one.me);

            await server.kill();
            await until(() => clients.every((one) => one.channel.state !== 'open'), 'all to notice');
            server = await startServer(OPTIONS, { port });
            const together = () => clients.every((one, index) => one.view.members.length === 3 && one.me !== seats[index]);
            await until(together, 'all together again, without anybody asked', 15_000);
            await until(() => pairs.every(([one, other]) => linkOf(one, other) && linkOf(other, one)), 'links by the new seats');
            assert.deepEqual(pairs.map(([one, other]) => [linkOf(one, other), linkOf(other, one)]), linksBefore);
            assert.ok(all().every((connection) => !connection.closed));
            assert.deepEqual(all().map((connection) => connection.history), historyBefore);
            for (const one of clients) assert.deepEqual([one.mesh.links.size, one.mesh.strangers.size], [2, 0]);
        } finally {
            for (const one of clients) one.leave();
            await server.stop();
        }
    });
});

describe('calls: a bad path', () => {
    it('a socket of our own that was given up while connecting, and comes late, does not cost us the seat', async () => {
        const server = await startServer();
        const path = await latePath(server.port, 2);
        const clients = [];
        const open = (port, options) => {
            clients.push(new CallClient(port, { call: 'late', ...options }));
            return clients.at(-1);
        };
        try {
            const anna = open(path.port, { name: 'Anna' });
            await anna.until('welcome');
            anna.cut();
            await until(() => anna.heard('welcome').length === 2, 'the third socket', 10_000);
            assert.equal(anna.sockets.length, 3);
            path.release(); // what the second one has asked: it replaces the third
            await anna.until('welcome', 3);
            assert.deepEqual([anna.heard('refused'), anna.heard('welcome')[2].resumed], [[], true]);

            // Another page is another matter, also for who has just been replaced by himself.
            const second = open(server.port, { token: anna.channel.token });
            assert.equal((await anna.until('refused')).reason, 'replaced');
            assert.equal(second.channel.state, 'open');
        } finally {
            for (const one of clients) one.leave();
            path.close();
            await server.stop();
        }
    });
});
