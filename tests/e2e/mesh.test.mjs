// Two people, then six, in one call: every pair has its connection, and the faults of networks and servers
// cost none of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meeting, sees } from './support/meeting.mjs';
import { allIsWell, gather, views } from './support/well.mjs';

const OUTAGE = 10_000;
const RESTARTED_AFTER = 4_000; // a connection that is disconnected has been restarted by then

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** All connections that exist, by who sees whom. */
const connectionsOf = (members, seen) => seen.flatMap((view, index) => view.tiles
    .map((tile) => `${members[index].name}-${tile.names}: ${tile.connection}`)).sort();

/**
 * The server dies and comes back. Until everybody is inside again, no picture stands still and no connection
 * is made anew. More than one time: it dies again as soon as somebody is back.
 */
async function restartTheServer(meeting, t, { times = 1 } = {}) {
    const { members } = meeting;
    const before = await views(members);
    for (const { person } of members) person.expectServerLoss();
    await Promise.all(members.map(({ page }) => page.evaluate(() => window.member.forgetStandstills())));
    await meeting.server.kill();
    const dead = await views(members);
    let now;
    await sees(async () => {
        now = await views(members);
        return now.every((view, index) => view.socket !== 'open' && view.tiles.length === members.length - 1
            && view.tiles.every((tile, which) => tile.time >= dead[index].tiles[which].time + 2));
    }, () => `without the server: ${JSON.stringify(now)}`);

    await meeting.startServer();
    for (let more = times - 1; more > 0; more--) {
        await sees(async () => (await views(members)).some(({ socket }) => socket === 'open'), () => 'nobody comes back');
        await meeting.server.kill();
        await meeting.startServer();
    }
    const { seen, took } = await allIsWell(members);
    assert.deepEqual(connectionsOf(members, seen), connectionsOf(members, before));
    for (const [index, view] of seen.entries()) {
        const { name } = members[index];
        assert.notEqual(view.me, before[index].me, `${name} has a new seat`);
        assert.equal(view.tilesMade, before[index].tilesMade, `${name}: no tile was made`);
        assert.equal(view.connectionsMade, before[index].connectionsMade, `${name}: no connection was made`);
    }
    const still = Math.max(...seen.flatMap((view) => view.tiles.map((tile) => tile.longestStill)));
    t.diagnostic(`server restarted, ${times} times: all inside again after ${took} ms, longest standstill of a picture ${still} ms`);
    assert.ok(still < 3000, `a picture stood still for ${still} ms`);
}

/** Runs a meeting of these people, and cleans up whatever comes of it. */
async function meet(names, act) {
    // The server notices dead paths sooner than usual, so that an outage of 10 s is one that others are told of.
    const meeting = await Meeting.create(names, { server: ['--ping-interval', '2s', '--ping-timeout', '4s'] });
    try {
        await act(meeting);
        await meeting.end();
    } finally {
        await meeting.close();
    }
}

test('two: picture and sound, a cable that is pulled, restarts of the server', { timeout: 90_000 }, async (t) => {
    await meet(['Ann', 'Bob'], async (meeting) => {
        const { members } = meeting;
        const [, bob] = members;
        const began = await gather(members, { sound: true });
        await allIsWell(members, { sound: true });
        t.diagnostic(`two: seen and heard ${Date.now() - began} ms after ringing`);

        bob.person.expectServerLoss();
        bob.machine.pullCable();
        await sees(async () => (await bob.look()).socket !== 'open', () => 'the page does not notice that the cable is out');
        bob.machine.plugCable();
        const { seen, took } = await allIsWell(members, { sound: true });
        t.diagnostic(`cable back: recovered after ${took} ms`);
        for (const view of seen) assert.equal(view.tilesMade, 1);

        await restartTheServer(meeting, t, { times: 3 });
        await allIsWell(members, { sound: true });
    });
});

test('an outage until the connection has failed: a new one on both sides, in the same tile', { timeout: 90_000 }, async (t) => {
    await meet(['Ann', 'Bob'], async ({ members }) => {
        const [ann, bob] = members;
        await gather(members, { sound: true });
        await allIsWell(members, { sound: true });
        for (const { person } of members) person.expectServerLoss();
        bob.machine.dropOff();
        // Ann, whom the server hears, gives the connection up; Bob, who cannot tell anybody, does so when he hears of it.
        await sees(async () => (await ann.look()).connectionsMade > 1, () => 'the old connection is kept', 40_000);
        bob.machine.comeBack();
        const { seen, took } = await allIsWell(members, { sound: true });
        t.diagnostic(`failed: recovered ${took} ms after the network was back`);
        for (const view of seen) assert.deepEqual([view.tilesMade, view.connectionsMade > 1], [1, true]);
    });
});

test('a stranger enters first after a restart: two go on seeing each other, he sees only who trusts him', { timeout: 90_000 }, async () => {
    await meet(['Ann', 'Bob', 'Mallory'], async (meeting) => {
        const [ann, bob, mallory] = meeting.members;
        const friends = [ann, bob];
        await gather(friends, { sound: false });
        const { seen: before } = await allIsWell(friends);
        await mallory.openMedia({ sound: false });

        for (const { person, machine } of friends) {
            person.expectServerLoss();
            machine.loseServer();
        }
        await meeting.server.kill();
        await meeting.startServer();
        await mallory.enter();
        for (const { machine } of friends) machine.findServer();
        for (const [index, friend] of friends.entries()) {
            const { detail } = await mallory.hears('main check answer', ({ was }) => was === before[index].me);
            await mallory.do('accept', detail.seat);
            await friend.hears('host agreed');
        }

        let now;
        const hostIsStrange = (view) => view.host === 'Mallory' && view.strangers === 1;
        await sees(async () => (now = await views(friends)).every(hostIsStrange), () => JSON.stringify(now));
        await seesMore(ann, 'Bob');
        await seesMore(bob, 'Ann');
        now = await views(friends);
        assert.deepEqual(now.map(({ connectionsMade }) => connectionsMade), [1, 1], 'none with the stranger');
        for (const [index, other] of ['Bob', 'Ann'].entries()) assert.equal(tileOf(now[index], other).connection, 1, 'the old one');
        const { tiles } = await mallory.look();
        assert.deepEqual(tiles.map(({ frames, state }) => [frames, state]), [[0, 'new'], [0, 'new']]);

        await ann.trust((await mallory.look()).me);
        await seesMore(ann, 'Mallory');
        await seesMore(mallory, 'Ann');
        assert.equal(tileOf(await mallory.look(), 'Bob').frames, 0);
        assert.equal((await bob.look()).connectionsMade, 1);
    });
});

const tileOf = (view, name) => view.tiles.find(({ names }) => names.join() === name);

/** Waits until somebody sees more of another one than he has seen by now. */
async function seesMore(member, name) {
    const before = tileOf(await member.look(), name)?.frames ?? 0;
    await sees(async () => tileOf(await member.look(), name)?.frames >= before + 5,
        async () => `${member.name} does not see ${name}: ${JSON.stringify((await member.look()).tiles)}`);
}

test('two without a path to each other meet again after a restart: in the end one connection', { timeout: 90_000 }, async (t) => {
    await meet(['Ann', 'Bob', 'Cleo'], async (meeting) => {
        const { members } = meeting;
        const [ann, bob, cleo] = members;
        await gather(members, { sound: false });
        await allIsWell(members);
        for (const { person } of members) person.expectServerLoss();
        bob.machine.losePathTo(cleo.machine);
        for (const { machine } of [bob, cleo]) machine.loseServer(); // Ann shall be host: she has a path to both
        await ann.clear();
        await meeting.server.kill();
        await meeting.startServer();
        await ann.hears('welcome', ({ host, members: inside }) => host && inside.length === 1);
        for (const { machine } of [bob, cleo]) machine.findServer();
        let now;
        const takesTheOtherForNew = ({ members: inside, tilesMade, tiles }) => inside.length === 3 && tilesMade === 3
            && tiles.some(({ state }) => state === 'disconnected');
        await sees(async () => (now = await views([bob, cleo])).every(takesTheOtherForNew), () => JSON.stringify(now));
        await pause(RESTARTED_AFTER);
        bob.machine.findPathTo(cleo.machine);
        const { took } = await allIsWell(members);
        t.diagnostic(`path back: recovered after ${took} ms`);
    });
});

test('six: fifteen pairs, an outage of 10 s, another address, a restart of the server', { timeout: 150_000 }, async (t) => {
    await meet(['Ann', 'Bob', 'Cleo', 'Dan', 'Eve', 'Finn'], async (meeting) => {
        const { members } = meeting;
        const began = await gather(members, { sound: false });
        await allIsWell(members);
        t.diagnostic(`six: all pairs moving ${Date.now() - began} ms after ringing`);

        const [, , cleo, dan] = members;
        const others = members.filter((member) => member !== cleo);
        await Promise.all(members.map((member) => member.clear()));
        for (const { person } of members) person.expectServerLoss();
        const { me } = await cleo.look();
        cleo.machine.dropOff();
        await pause(OUTAGE);
        cleo.machine.comeBack();
        const outage = await allIsWell(members);
        t.diagnostic(`outage of ${OUTAGE} ms: recovered after ${outage.took} ms`);
        for (const other of others) {
            const told = (await other.events()).map(({ name, detail }) => `${name} ${detail.seat === me}`);
            assert.deepEqual(told, ['peer away true', 'peer back true'], other.name);
        }

        const address = '10.77.0.200';
        dan.machine.moveTo(address);
        const moved = await allIsWell(members);
        const { tiles } = moved.seen[members.indexOf(dan)];
        assert.deepEqual(tiles.map((tile) => tile.address), Array(5).fill(address));
        t.diagnostic(`another address: recovered after ${moved.took} ms`);
        for (const view of moved.seen) assert.equal(view.tilesMade, 5);

        await restartTheServer(meeting, t);
        await allIsWell(members);
    });
});
