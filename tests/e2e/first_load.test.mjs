// The first visit, with nothing in the cache: little comes over the wire, something is seen soon, and what is seen stays in its place.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
const MOST_BYTES = 100_000;
const PAINTED_WITHIN = 1_000;
const SHIFT = 0.02; // what nobody sees: a number that becomes wider

let world;
before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

/** Runs in the page before its own scripts. */
function recordShifts() {
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.layoutShift += value;
    }).observe({ type: 'layout-shift', buffered: true });
}

/** What the network has brought of a page until it is first painted, and when that was. */
async function visit(person, address, isThere) {
    const { page } = person;
    const network = await person.context.newCDPSession(page);
    const asked = new Map(); // request -> when
    const received = new Map(); // request -> bytes
    let painted = Infinity;
    network.on('Network.requestWillBeSent', ({ requestId, timestamp }) => asked.set(requestId, timestamp));
    network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => received.set(requestId, encodedDataLength));
    network.on('Page.lifecycleEvent', ({ name, timestamp }) => { if (name === 'firstContentfulPaint') painted = timestamp; });
    for (const command of ['Network.enable', 'Page.enable']) await network.send(command);
    await network.send('Page.setLifecycleEventsEnabled', { enabled: true });
    await person.open(address);
    await person.visible(isThere).waitFor();
    await until(() => painted < Infinity, 'it is painted');
    const began = Math.min(...asked.values());
    const first = [...asked].filter(([, when]) => when <= painted).map(([request]) => request);
    await until(() => first.every((request) => received.has(request)), 'all of it is here');
    await network.detach();
    return {
        bytes: first.reduce((sum, request) => sum + received.get(request), 0),
        requests: first.length,
        paint: (painted - began) * 1000,
        shift: await page.evaluate(() => window.layoutShift),
    };
}

for (const [address, isThere] of [
    ['/', '#create-room'], ['/chat.html?room=first', '.preview video-tile[data-camera="on"]'], ['/secure.html', '[data-show="leaf"]'], ['/check.html', 'check-row'],
]) {
    test(`the first load of ${address}`, LIMIT, async (t) => {
        const person = await world.person({ prepare: (context) => context.addInitScript(recordShifts) });
        const { bytes, requests, paint, shift } = await visit(person, address, isThere);
        t.diagnostic(`${bytes} bytes in ${requests} requests, painted after ${Math.round(paint)} ms, layout shift ${shift.toFixed(4)}`);
        assert.ok(requests > 5, 'the page was loaded');
        assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
        assert.ok(paint < PAINTED_WITHIN, `${paint} ms`);
        assert.ok(shift < SHIFT, `layout shift ${shift}`);
    });
}
