// What a person sees when something is not as it should be.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { look } from './support/look.mjs';
import { ADDRESS } from './support/network.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
let world;

/** Somebody opens the invitation, joins, and is let in. */
async function comesIn(person, room, host) {
    await person.open(`/chat.html?room=${room}`);
    await person.join('Boris');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, person].map((one) => one.sees({ state: 'inside', connected: 1 })));
}

const tile = (person) => person.find('call-stage video-tile:not([data-self])');

before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

test('an empty name is said in place, in the original\'s words', LIMIT, async () => {
    const person = await world.person();
    await person.open('/');
    for (const what of ['create', 'call']) {
        await person.find(`#${what}-room`).fill('');
        await person.press(what);
        await person.find(`#${what}-error`).waitFor({ state: 'visible' });
        assert.equal(await person.find(`#${what}-error`).innerText(), 'You need to enter a name for your room');
        assert.equal(await person.find(`#${what}-room`).getAttribute('aria-invalid'), 'true');
        assert.equal(new URL(person.page.url()).pathname, '/');
    }
    await look(person, 'landing-empty');
});

test('no room name: said, with a way home', LIMIT, async () => {
    const person = await world.person();
    await person.open('/chat.html');
    await person.sees({ state: 'ended', reason: 'no-room' });
    assert.equal(await person.usesDevices(), false);
    await look(person, 'no-room');
    await person.press('home');
    await person.find('#create-room').waitFor();
});

test('camera refused: where to allow it, or a call without', LIMIT, async () => {
    const person = await world.person({}, 'denied');
    await person.open('/chat.html?room=refused');
    await person.sees({ state: 'lobby', problem: 'denied' });
    await person.visible('[data-do="retry"]').waitFor();
    await look(person, 'camera-refused');
    await person.press('without-camera');
    await person.join('Vera');
    await person.sees({ state: 'inside', socket: 'open' });

    const other = await world.person({}, 'both', 'second');
    await comesIn(other, 'refused', person);
    await person.hearsAndSees();
    assert.equal(await tile(other).getAttribute('data-camera'), 'off');
    assert.match(await tile(other).getAttribute('aria-label'), /^Vera, microphone off, camera off$/);
    await look(other, 'in-call-other-without-camera');
});

test('no camera: a call with the microphone alone', LIMIT, async () => {
    const person = await world.person({}, 'no camera');
    await person.open('/chat.html?room=voice');
    await person.sees({ state: 'lobby', media: 'ready' });
    await until(async () => /No camera found/.test(await person.find('[data-show="join-hint"]').innerText()), 'it is said before joining');
    await look(person, 'lobby-no-camera');
    await person.join();
    await person.sees({ state: 'inside', socket: 'open' });
    const other = await world.person({}, 'both', 'second');
    await comesIn(other, 'voice', person);
    await person.hearsAndSees();
    await other.hearsAndSees({ picture: false });
    await until(async () => await tile(other).getAttribute('data-speaking') !== null, 'who speaks is seen');
    await look(person, 'in-call-without-own-camera');
});

test('neither camera nor microphone: said, and one joins all the same', LIMIT, async () => {
    const person = await world.person({}, 'no devices');
    await person.open('/chat.html?room=nothing');
    await person.sees({ problem: 'missing' });
    await look(person, 'no-devices');
    await person.join();
    const other = await world.person({}, 'both', 'second');
    await comesIn(other, 'nothing', person);
    await person.hearsAndSees();
});

test('the question for the camera stays unanswered: it is pointed out, and one can join without', LIMIT, async () => {
    const person = await world.person({ devices: 'no answer' });
    await person.open('/chat.html?room=silence');
    await person.sees({ state: 'lobby', problem: 'prompt' });
    await look(person, 'camera-unanswered');
    await person.press('without-camera');
    await person.join();
    await person.sees({ state: 'inside' });
});

test('the camera is in use by another program: said, with a second try', LIMIT, async () => {
    const person = await world.person({ devices: 'busy' });
    await person.open('/chat.html?room=busy');
    await person.sees({ state: 'lobby', problem: 'busy' });
    await person.visible('[data-do="retry"]').waitFor();
    await look(person, 'camera-busy');
});

test('the browser holds the sound back: said on the tile, one touch sets it free', LIMIT, async () => {
    const host = await world.person();
    await host.open('/chat.html?room=held');
    await host.join('Anna');
    const guest = await world.person({ devices: 'held sound' }, 'both', 'second');
    await comesIn(guest, 'held', host);
    const hear = guest.visible('video-tile [data-do="unmute-playback"]');
    await hear.waitFor();
    assert.equal(await tile(guest).locator('video').evaluate((video) => video.muted), true);
    await look(guest, 'sound-held-back');
    await hear.click();
    await hear.waitFor({ state: 'detached' });
    assert.equal(await tile(guest).locator('video').evaluate((video) => video.muted), false);
    await guest.hearsAndSees();
});

test('no path between two: within 15 s the reason, and another try', LIMIT, async (t) => {
    const host = await world.person();
    await host.open('/chat.html?room=nowhere');
    await host.join('Anna');
    const guest = await world.person({ devices: 'no path' }, 'both', 'second');
    await guest.open('/chat.html?room=nowhere');
    await guest.join('Boris');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    const began = Date.now();
    for (const [person, name] of [[host, 'Boris'], [guest, 'Anna']]) {
        await person.visible('video-tile .tile-note').filter({ hasText: `No path to ${name}.` }).waitFor({ timeout: 15_000 });
    }
    t.diagnostic(`said after ${Date.now() - began} ms`);
    assert.ok(Date.now() - began < 15_000);
    await look(host, 'no-path');
    await host.press('retry-peers');
    await host.visible('video-tile .tile-note').filter({ hasText: 'Connecting' }).waitFor();
});

test('plain http at an address: named before any click, with the way to https', LIMIT, async () => {
    const person = await world.person({ origin: world.insecureOrigin });
    // Somebody who has chosen to go on without camera: else the server leads to /secure.html at once.
    await person.context.addCookies([{ name: 'insecure_ok', value: '1', url: world.insecureOrigin }]);
    const way = (next) => `${world.insecureOrigin}/secure.html?next=${encodeURIComponent(next)}`;
    await person.open('/');
    await person.find('#insecure').waitFor({ state: 'visible' });
    assert.equal(await person.find('#insecure a[data-do="https"]').getAttribute('href'), way('/'));
    await look(person, 'landing-insecure');
    await person.open('/chat.html?room=insecure');
    await person.sees({ problem: 'insecure' });
    assert.equal(await person.find('problem-card a[data-do="https"]').getAttribute('href'), way('/chat.html?room=insecure'));
    await look(person, 'insecure');
});

test('an unknown address: our own 404 with a way home', LIMIT, async () => {
    const person = await world.person();
    person.expects404 = true;
    await person.open('/nowhere/at/all');
    await look(person, 'not-found');
    await person.press('home');
    await person.find('#create-room').waitFor();
});

test('in a secure context nothing is said about it', LIMIT, async () => {
    const person = await world.person();
    await person.open('/');
    await person.find('#create-room').waitFor();
    assert.equal(await person.find('#insecure').isVisible(), false);
});

test('ipaddr answers with the address of the network, from the page\'s own origin', LIMIT, async () => {
    const person = await world.person();
    await person.open('/');
    const answer = await person.page.evaluate(() => new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/socket`);
        socket.onopen = () => socket.send('["ipaddr"]');
        socket.onmessage = ({ data }) => { socket.close(); resolve(data); };
        socket.onerror = reject;
        setTimeout(reject, 5_000, new Error('no answer'));
    }));
    assert.equal(answer, JSON.stringify(['ipaddr', ADDRESS]));
});
