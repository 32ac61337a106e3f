// What it takes for a call to be well: everybody sees the same people, and every picture moves.
import { sees } from './meeting.mjs';
import { AUDIBLE } from './person.mjs';

const MOVED = { seconds: 1, frames: 5 }; // more than a buffer holds that was filled before

/** Everybody as they see it themselves, in the order of `members`. */
export const views = (members) => Promise.all(members.map((member) => member.look()));

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
export async function allIsWell(members, { sound = false, ms = 40_000 } = {}) {
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
export async function gather(members, media) {
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

