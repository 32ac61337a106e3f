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

/** What is handed to other programs is written down. */
const canShare = (context) => context.addInitScript(() => {
    window.shared = [];
    navigator.share = async (what) => { window.shared.push(what); };
});

before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

test('an empty name is said in place, in the original\'s words', LIMIT, async () => {
    const person = await world.person();
    await person.land();
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

test('the question for the camera stays unanswered: pointed out after 10 s; one can answer it later, or join without', LIMIT, async () => {
    const person = await world.person({ devices: 'no answer' });
    await person.page.clock.install();
    const waitsInVain = async () => {
        await person.open('/chat.html?room=silence');
        await person.sees({ state: 'lobby', media: 'asking' });
        await person.page.clock.runFor(9_000);
        assert.equal(await person.find('problem-card').isVisible(), false, 'it is not yet late');
        await person.page.clock.runFor(1_000);
        await person.sees({ problem: 'prompt' });
    };
    await waitsInVain();
    const card = person.find('problem-card');
    assert.equal(await card.locator('h2').innerText(), 'Your browser is asking you');
    assert.equal(await card.locator('p').innerText(), 'Look up, near the address, and choose Allow. We go on by ourselves.');
    assert.match(await card.locator('.medal use').getAttribute('href'), /#icon-arrow-up$/);
    await look(person, 'camera-unanswered');
    await person.page.evaluate(() => window.answer());
    await person.sees({ media: 'ready' });
    await card.waitFor({ state: 'hidden' });
    assert.equal(await person.usesDevices(), true);

    await waitsInVain();
    await person.press('without-camera');
    await person.join();
    await person.sees({ state: 'inside' });
});

test('the camera was refused and is allowed now: Retry without a reload; the invitation is handed to another program', LIMIT, async () => {
    const person = await world.person({ devices: 'refused at first', prepare: canShare });
    await person.open('/chat.html?room=allowed');
    await person.sees({ state: 'lobby', problem: 'denied' });
    assert.match(await person.find('problem-card').innerText(), /In Chrome: press the icon at the start of the address/);
    await person.page.evaluate(() => { window.isAllowed = true; }); // gone with a reload
    await person.press('retry');
    await person.find('problem-card').waitFor({ state: 'hidden' });
    await person.sees({ media: 'ready' });
    assert.equal(await person.usesDevices(), true);
    assert.equal(await person.page.evaluate(() => window.isAllowed), true, 'the same page');

    // The same person as on a phone: the invitation can be handed to another program.
    await person.join();
    await person.visible('invite-card [data-do="share"]').click();
    const [shared] = await person.page.evaluate(() => window.shared);
    assert.match(shared.url, /\/chat\.html\?room=allowed$/);
    assert.doesNotMatch(shared.url, /localhost|127\.0\.0\.1/);
});

test('a browser that is too old: which feature is missing, and no Join that leads nowhere', LIMIT, async () => {
    const person = await world.person({ prepare: (context) => context.addInitScript(() => { delete window.HTMLDialogElement; }) });
    await person.open('/');
    await person.visible('#too-old').waitFor();
    await person.open('/chat.html?room=old');
    await person.sees({ problem: 'unsupported' });
    assert.equal(await person.find('problem-card p').innerText(), 'It lacks dialog. Chrome, Edge, Firefox or Safari of the last four years will do.');
    assert.equal(await person.find('[data-do="join"]').isDisabled(), true);
    assert.equal(await person.usesDevices(), false);
});

test('the camera is in use by another program: said, with a second try', LIMIT, async () => {
    const person = await world.person({ devices: 'busy' });
    await person.open('/chat.html?room=busy');
    await person.sees({ state: 'lobby', problem: 'busy' });
    assert.equal(await person.find('problem-card h2').innerText(), 'Another program is using the camera');
    await person.visible('[data-do="retry"]').waitFor();
    await look(person, 'camera-busy');
});

test('the browser holds the sound back: said on the tile, one touch sets it free; then the connection is weak for a while', LIMIT, async () => {
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

    for (const person of [host, guest]) assert.equal(await tile(person).getAttribute('data-link'), 'good');
    world.network.run('iptables', '-w', '-A', 'INPUT', '-p', 'udp', '-m', 'statistic', '--mode', 'random', '--probability', '0.2', '-j', 'DROP');
    try {
        await host.visible('video-tile[data-link="weak"] .tile-marks').filter({ hasText: 'Weak' }).waitFor();
    } finally {
        world.network.run('iptables', '-w', '-F');
    }
    await host.visible('video-tile:not([data-self])[data-link="good"]').waitFor();
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
