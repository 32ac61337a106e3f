// How two browsers find a way to each other with the help of the server alone: STUN where a LAN keeps their
// names to itself, TURN where they cannot reach each other at all.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { lookAt, Members, seeEachOther } from './lan/members.mjs';
import { Split, withholdMulticast, withholdTcp, withholdUdp } from './support/lan_network.mjs';
import { ADDRESS } from './support/network.mjs';

const LIMIT = { timeout: 60_000 };
const NO_WAY = 8000; // in a fraction of it they see each other where there is one

const TURN_PORT = 3478; // nobody else has it in this network

let members;
afterEach(async () => {
    await members?.close();
    members = undefined;
});

/** A LAN without multicast: the names that browsers show instead of addresses, .local, say nothing to anybody. */
async function withoutNames(server, programs) {
    members = await Members.create({ server });
    for (const machine of members.machines) {
        // Without a camera, Chromium offers the address by which it would reach the internet, and no other.
        machine.ip('route', 'add', 'default', 'via', ADDRESS);
        withholdMulticast(machine);
    }
    return members.both(programs);
}

for (const other of ['chromium', 'firefox']) {
    test(`no names, no multicast, no camera: the addresses that STUN tells are the way (${other})`, LIMIT, async (t) => {
        const pages = await withoutNames([], ['chromium', other]);
        const began = Date.now();
        assert.deepEqual(await pages[0].evaluate(() => window.member.iceServers), [{ urls: ['stun:10.77.0.1:3000'] }]);
        const seen = await seeEachOther(pages);
        t.diagnostic(`seen ${Date.now() - began} ms after both were inside`);
        const found = seen.flatMap(({ candidates }) => candidates);
        for (const { type, address } of found) assert.match(address, type === 'host' ? /\.local$/ : /^10\.77\.0\.1[01]$/);
        // One is enough: Chromium looks no further as soon as there is a way.
        assert.ok(found.some(({ type }) => type === 'srflx'), JSON.stringify(found));
        for (const { way } of seen) assert.ok([way.local, way.remote].some((type) => type === 'srflx' || type === 'prflx'), JSON.stringify(way));
        await members.leave();
    });
}

test('the same without STUN: there is no way', LIMIT, async () => {
    const pages = await withoutNames(['--stun', 'off']);
    // Chromium does not say that it has failed, as it never had anything to try.
    await assert.rejects(seeEachOther(pages, NO_WAY), /not within/);
    for (const { state, signaling, heard, candidates, frames } of await Promise.all(pages.map(lookAt))) {
        assert.deepEqual([state === 'connected', signaling, frames], [false, 'stable', 0]);
        assert.ok(heard > 0, 'candidates of the other one have come');
        assert.deepEqual(candidates.filter(({ address }) => !address.endsWith('.local')), []);
    }
    await members.leave();
});

/** Two networks that only the server belongs to, and coturn beside it. */
async function apart(server = []) {
    members = await Members.create({ lan: () => new Split(), server: ['--turn', ...server], policy: 'relay' });
    await until(() => /^turn: running$/m.test(members.world.download(members.world.lan.server, 'http://127.0.0.1:3000/healthz')), 'coturn runs', 10_000);
}

test('no route between two people: the picture comes by way of coturn, over UDP', LIMIT, async () => {
    await apart();
    for (const machine of members.machines) withholdTcp(machine, TURN_PORT); // it could win
    for (const { way, errors } of await seeEachOther(await members.both())) {
        assert.deepEqual(way, { local: 'relay', relayProtocol: 'udp', remote: 'relay' });
        assert.deepEqual(errors.filter(({ errorCode }) => errorCode === 401), []);
    }
    await members.leave();
});

test('no route, and UDP withheld: over TCP', LIMIT, async () => {
    await apart();
    members.machines.forEach(withholdUdp);
    for (const { way } of await seeEachOther(await members.both(['chromium', 'firefox']))) {
        assert.deepEqual(way, { local: 'relay', relayProtocol: 'tcp', remote: 'relay' });
    }
    await members.leave();
});

test('credentials hold as long as they tell', LIMIT, async () => {
    await apart(['--turn-ttl', '2s']);
    const page = await members.join(members.machines[0]);
    const servers = await page.evaluate(() => window.member.iceServers);
    const gather = () => page.evaluate((list) => window.member.gatherRelays(list), servers);
    const fresh = await gather();
    assert.ok(fresh.found.length > 0 && fresh.found.every(({ type }) => type === 'relay'), JSON.stringify(fresh));

    const expiry = Math.max(...servers.filter(({ username }) => username).map(({ username }) => Number.parseInt(username, 10)));
    await until(() => Date.now() / 1000 > expiry + 1, 'they expire', 5000);
    const late = await gather();
    assert.deepEqual(late.found, []);
    assert.ok(late.refused.some(({ errorCode }) => errorCode === 401), JSON.stringify(late));
    await members.leave();
});
