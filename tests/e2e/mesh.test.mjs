// Two people, then six, in one call: every pair has its connection, and the faults of networks and servers
// cost none of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDIBLE } from './support/person.mjs';
import { Meeting, sees } from './support/meeting.mjs';

const OUTAGE = 10_000;
const MOVED = { seconds: 1, frames: 5 }; // more than a buffer holds that was filled before

/** Everybody as they see it themselves, in the order of `members`. */
const views = (members) => Promise.all(members.map((member) => member.look()));

/** What is not yet as it should be: all see the same members and host, and have one connection to each of the others. */
function wrongWith(members, seen) {
    const names = members.map(({ name }) => name).sort();
    const wrong = [];
    const seats = new Map(members.map(({ name }, index) => [name, seen[index].me]));
    const note = (index, what) => wrong.push(`${members[index].name}: ${what}`);
    for (const [index, view] of seen.entries()) {
        if (view.socket !== 'open' || view.state !== 'admitted') note(index, `socket ${view.socket}, ${view.state}`);
        if (view.members.map(({ name }) => name).sort().join() !== names.join()) note(index, `members ${JSON.stringify(view.members)}`);
        if (view.members.some(({ name, seat, away }) => away || seats.get(name) !== seat)) note(index, `members ${JSON.stringify(view.members)}`);
        if (view.host === null || view.host !== seen[0].host) note(index, `host ${view.host}`);
        if (view.strangers > 0) note(index, `${view.strangers} strangers`);
        const others = members.filter((member) => member !== members[index]).map(({ name }) => name);
        // One tile for each of the others, of whose connection never anybody else was at the other end.
        if (view.tiles.map((tile) => tile.names.join('+')).sort().join() !== others.sort().join()) note(index, `tiles of ${view.tiles.map((tile) => tile.names.join('+'))}`);
        for (const tile of view.tiles) {
            if (tile.seat !== seats.get(tile.names[0])) note(index, `${tile.names} under another seat`);
            if (tile.state !== 'connected') note(index, `${tile.names} ${tile.state}`);
        }
    }
    return wrong;
}

/**
 * Waits until all is well and every picture (and sound) has moved on from now, at every end. Gives what
 * everybody sees then, and how long it took.
 */
async function allIsWell(members, { sound = false, ms = 40_000 } = {}) {
    const began = Date.now();
    const firsts = new Map();
    let seen, wrong;
    const check = async () => {
        seen = await views(members);
        wrong = wrongWith(members, seen);
        for (const [index, view] of seen.entries()) {
            for (const tile of view.tiles) {
                const key = `${members[index].name} sees ${tile.names}`;
                const first = firsts.get(key);
                if (first?.connection !== tile.connection || first.time > tile.time) firsts.set(key, tile);
                const from = firsts.get(key);
                const moved = tile.width > 0 && tile.time >= from.time + MOVED.seconds && tile.frames >= from.frames + MOVED.frames
                    && (!sound || tile.energy > from.energy + AUDIBLE);
                if (!moved) wrong.push(`${key}: does not move, ${tile.state}, ${tile.frames - from.frames} frames in ${tile.time - from.time} s`);
            }
        }
        return wrong.length === 0;
    };
    await sees(check, () => wrong.join('\n'), ms);
    return { seen, took: Date.now() - began };
}

/** Everybody comes in: the first opens the call, the others ring, and he lets them in. */
async function gather(members, media) {
    const [host, ...guests] = members;
    await Promise.all(members.map((member) => member.openMedia(media)));
    await host.enter();
    const began = Date.now();
    await Promise.all(guests.map(async (guest) => {
        const { seat } = await guest.ring();
        await host.hears('main check answer', (ring) => ring.seat === seat);
        await host.do('accept', seat);
        await guest.hears('host agreed');
    }));
    return began;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** All connections that exist, by who sees whom. */
const connectionsOf = (members, seen) => seen.flatMap((view, index) => view.tiles
    .map((tile) => `${members[index].name}-${tile.names}: ${tile.connection}`)).sort();

/**
 * The server dies and comes back. Until everybody is inside again, no picture stands still and no connection
 * is made anew.
 */
async function restartTheServer(meeting, t) {
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
    const { seen, took } = await allIsWell(members);
    assert.deepEqual(connectionsOf(members, seen), connectionsOf(members, before));
    for (const [index, view] of seen.entries()) {
        const { name } = members[index];
        assert.notEqual(view.me, before[index].me, `${name} has a new seat`);
        assert.equal(view.tilesMade, before[index].tilesMade, `${name}: no tile was made`);
        assert.equal(view.connectionsMade, before[index].connectionsMade, `${name}: no connection was made`);
    }
    const still = Math.max(...seen.flatMap((view) => view.tiles.map((tile) => tile.longestStill)));
    t.diagnostic(`server restarted: all inside again after ${took} ms, longest standstill of a picture ${still} ms`);
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

test('two: picture and sound, a cable that is pulled, a restart of the server', { timeout: 90_000 }, async (t) => {
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

        await restartTheServer(meeting, t);
        await allIsWell(members, { sound: true });
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
