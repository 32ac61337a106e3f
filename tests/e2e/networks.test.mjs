// A call of two on a LAN, where a path is missing, and where a network goes away: what is said, how soon, and that
// everything comes back by itself.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { all, connected, LanCalls, says } from './support/lan_calls.mjs';

const LIMIT = { timeout: 120_000 };
const UNSTABLE = 5_000;
const GONE = 30_000;
const NO_PATH = 15_000;

let calls;
before(async () => { calls = await LanCalls.create(); }, LIMIT);
after(() => calls?.close(), LIMIT);
afterEach(() => calls?.end());

const isUnstable = (person, ms) => person.visible('video-tile .tile-note[data-kind="unstable"]').waitFor({ timeout: ms });

test('no path between two: said within 15 s, with another try and the way to the check page; a path that appears is taken', LIMIT, async (t) => {
    const [anna, boris] = calls.machines;
    anna.losePathTo(boris);
    const people = await calls.begin('nowhere');
    const began = Date.now();
    await all(people, (person) => person.visible('video-tile .tile-note').filter({ hasText: 'No path to' }).waitFor());
    t.diagnostic(`said after ${Date.now() - began} ms`);
    assert.ok(Date.now() - began < NO_PATH);
    const [host] = people;
    assert.match(await host.visible('video-tile .tile-note a').getAttribute('href'), /^check\.html/);
    anna.findPathTo(boris);
    await host.press('retry-peers');
    await connected(people);
    await all(people, (person) => person.hearsAndSees());
});

test('a network that is gone: unstable within 5 s, off the stage within 30 s, and back by itself, each in words', LIMIT, async (t) => {
    const [, machine] = calls.machines;
    const people = await calls.begin('gone');
    await connected(people);
    const [host, guest] = people;
    await all(people, (person) => person.hearsAndSees());

    let began = Date.now();
    machine.dropOff();
    await all(people, (person) => isUnstable(person, UNSTABLE));
    t.diagnostic(`unstable after ${Date.now() - began} ms`);
    await says(guest, 'Server unreachable. We keep trying.');
    machine.comeBack();
    await connected(people);
    await all(people, (person) => person.hearsAndSees());
    for (const person of people) assert.equal((await person.received()).peers, 1, 'still the first connection');

    await guest.sees({ socket: 'open' });
    began = Date.now();
    machine.dropOff();
    await says(host, 'No connection to Boris any more. We keep trying.', GONE);
    t.diagnostic(`off the stage after ${Date.now() - began} ms`);
    await host.sees({ people: 0 });
    await isUnstable(guest); // it is his own network: nobody has left
    began = Date.now();
    machine.comeBack();
    await says(host, 'The connection to Boris is back.', GONE);
    t.diagnostic(`back ${Date.now() - began} ms after the network`);
    await connected(people);
    await all(people, (person) => person.hearsAndSees());
});
