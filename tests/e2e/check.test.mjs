// /check.html: what it finds where all is well, and what it says where something is not.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { HTTP, LanWorld } from './lan/world.mjs';
import { look } from './support/look.mjs';
import { Lan } from './support/network.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 90_000 };
const SLOW = 20_000; // browsers give up a server that keeps silent after ten seconds

let world;
afterEach(async () => {
    try {
        await world?.everybodyLeaves();
    } finally {
        await world?.close();
        world = undefined;
    }
});

const row = (person, id) => person.find(`check-row[data-id="${id}"]`);

/** Waits until nothing runs any more, and gives each row's state and words. */
async function findings(person) {
    const read = () => person.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('check-row')]
        .map((one) => [one.dataset.id, { state: one.dataset.state, words: one.querySelector('p').textContent, fix: one.querySelector('.fix').textContent }])));
    await until(async () => Object.values(await read()).every(({ state }) => state && state !== 'waiting' && state !== 'running'), 'all is tried', SLOW)
        .catch(async (error) => { throw new Error(`${error.message}: ${JSON.stringify(await read())}`); });
    return read();
}

const states = (found) => Object.fromEntries(Object.entries(found).map(([id, { state }]) => [id, state]));

async function open(person) {
    await person.open('/check.html');
    await row(person, 'server').waitFor();
}

test('everything works: the relay of the server, camera, microphone, speaker; the report; a wrong password of the relay; the server is gone', LIMIT, async () => {
    world = await LanWorld.create({ lan: () => new Lan(1), server: ['--turn', '--insecure-pages'] });
    const browser = await world.chromium(world.lan.machines[0], { trusts: HTTP });
    await until(() => /^turn: running$/m.test(world.download(world.lan.server, 'http://127.0.0.1:3000/healthz')), 'coturn runs', 10_000);
    const person = await world.person(browser, HTTP);
    // This takes away all others, so it is as in a browser that was asked nothing yet; and there is no way out of this network.
    await person.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: HTTP });
    await open(person);

    const before = await findings(person);
    assert.deepEqual(states(before), {
        secure: 'good', browser: 'good', camera: 'idle', microphone: 'idle', speaker: 'idle',
        server: 'good', stun: 'good', turn: 'good', 'turn-1': 'good', addresses: 'idle', loopback: 'good', speed: 'good',
    });
    assert.equal(await person.usesDevices(), false, 'camera and microphone are not touched before a press');
    assert.match(before.stun.words, /^stun:10\.77\.0\.1:3000 answered/);
    assert.match(before.turn.words, /^turn:10\.77\.0\.1:3478\?transport=udp relays/);
    assert.match(before['turn-1'].words, /^turn:10\.77\.0\.1:3478\?transport=tcp relays/);
    assert.match(before.addresses.words, /before camera or microphone are allowed/);
    assert.match(before.speed.words, /b\/s to you, .*b\/s from you\.$/);
    assert.equal(await person.find('h1').innerText(), 'So far everything works');
    await look(person, 'check-running');

    await person.context.grantPermissions(['clipboard-read', 'clipboard-write', 'camera', 'microphone'], { origin: HTTP });
    await person.press('start');
    await row(person, 'microphone').and(person.find('[data-state="good"]')).waitFor();
    await until(async () => await person.find('check-row video').evaluate((video) => video.videoWidth) === 1280, 'the camera is shown');
    assert.match((await findings(person)).camera.words, /^fake_device_0, 1280 × 720\.$/);
    await person.press('play');
    await person.visible('[data-do="heard"]').click();
    const after = await findings(person);
    assert.deepEqual(Object.entries(after).filter(([, { state }]) => state !== 'good'), []);
    assert.equal(await person.find('h1').innerText(), 'Everything works');
    await look(person, 'check-good');

    await person.press('copy');
    await person.page.getByText('Report copied.').waitFor();
    const report = await person.page.evaluate(() => navigator.clipboard.readText());
    assert.match(report, /^videochat: check of a device\nTime: 20\d\d-.*Z\nPage: http:\/\/10\.77\.0\.1:3000\/check\.html\nVersion of the server: \d/);
    assert.equal(report.match(/^\[good\] /gm).length, 12, report);
    const ids = await person.page.evaluate(async () => (await navigator.mediaDevices.enumerateDevices()).flatMap(({ deviceId, groupId }) => [deviceId, groupId]));
    for (const secret of ids.filter((id) => id.length > 10)) assert.ok(!report.includes(secret));
    assert.doesNotMatch(report, /credential|username|\d{10}:/);

    // With a camera the browser shows its addresses, and an answer that tells nothing new is an answer.
    await person.press('again');
    const again = await findings(person);
    assert.deepEqual([again.stun.state, again.addresses.words], ['good', again.addresses.words.replace(/hidden.*/, '')]);

    await person.find('[data-do="language"][lang="ru"]').click();
    await person.page.locator('html[lang="ru"]').waitFor();
    assert.equal(await person.find('h1').innerText(), 'Всё работает');
    await look(person, 'check-good');

    const misled = await world.person(browser, HTTP);
    await misled.page.routeWebSocket(/\/socket/, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((text) => socket.send(text.replaceAll(/"credential":"[^"]+"/g, '"credential":"wrong"')));
    });
    await open(misled);
    const refused = await findings(misled);
    assert.deepEqual([refused.turn.state, refused.stun.state], ['bad', 'good']);
    for (const id of ['turn', 'turn-1']) assert.match(refused[id].words, /does not accept the password/);

    person.expectServerLoss();
    misled.expectServerLoss();
    await world.server.kill();
    await person.press('again');
    const gone = await findings(person);
    assert.deepEqual(states(gone), {
        secure: 'good', browser: 'good', camera: 'good', microphone: 'good', speaker: 'good',
        server: 'bad', stun: 'idle', turn: 'idle', addresses: 'good', loopback: 'good', speed: 'idle',
    });
    assert.equal(gone.server.words, 'Не отвечает.');
    await world.startServer();
});

test('no devices, nothing set up and measuring switched off: each in its words, with what to do', LIMIT, async () => {
    world = await World.create(['--stun', 'off', '--no-bandwidth-test', '--turn-url', 'turn:10.77.0.99:3478?transport=udp', '--turn-secret', 'not of any relay']);
    world.network.ip('route', 'add', 'default', 'dev', 'eth0'); // as there usually is: browsers then tell an address at once
    const poor = await world.person({}, 'no devices');
    await open(poor);
    await poor.press('start');
    const found = await findings(poor);
    assert.deepEqual([found.camera, found.microphone].map(({ state, fix }) => [state, fix]), Array(2).fill(['warn', 'Plug one in, then ask again.']));
    assert.deepEqual([found.stun.state, found.stun.fix], ['warn', 'Ask the operator to switch --stun on.']);
    assert.match(found.addresses.words, /^The browser offers \d/);
    assert.match(found.turn.words, /^turn:10\.77\.0\.99:3478\?transport=udp cannot be reached\.$/);
    assert.deepEqual([found.speed.state, found.speed.words], ['idle', 'Measuring is switched off on this server.']);
    await look(poor, 'check-bad');

    const refused = await world.person({}, 'denied');
    await open(refused);
    await refused.press('start');
    await row(refused, 'camera').and(refused.find('[data-state="bad"]')).waitFor();
    assert.match(await row(refused, 'camera').innerText(), /It is blocked for this page\.\s+Open the permissions/);
    assert.match(await row(refused, 'microphone').innerText(), /It is blocked for this page\./);
    assert.equal(await refused.visible('[data-do="start"]').innerText(), 'Ask again');

    const plain = await world.person({ origin: world.insecureOrigin });
    await plain.context.addCookies([{ name: 'insecure_ok', value: '1', url: world.insecureOrigin }]);
    await open(plain);
    await row(plain, 'server').and(plain.find('[data-state="good"]')).waitFor();
    for (const id of ['secure', 'camera', 'microphone']) {
        assert.equal(await row(plain, id).getAttribute('data-state'), 'bad');
        assert.equal(await row(plain, id).locator('.fix').innerText(), 'Open this page over https.');
    }
    assert.equal(await plain.visible('[data-do="https"]').getAttribute('href'), `${world.insecureOrigin}/secure.html?next=%2Fcheck.html`);
    assert.equal(await plain.find('[data-do="start"]').isVisible(), false, 'nothing to ask for');
    await look(plain, 'check-insecure');
    await plain.press('copy'); // there is no clipboard here
    await plain.page.getByText('Report copied.').waitFor();
    assert.ok(await plain.find('details[open] pre').isVisible(), 'the report can be copied by hand too');
});
