// A call, from the first click to the last.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { look } from './support/look.mjs';
import { AUDIBLE } from './support/person.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
let world;
before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

const QUICK = 1_000;

/** Two people with a browser each; the first is inside already. */
async function hostAndGuest(room, options = {}) {
    const host = await world.person(options);
    const guest = await world.person(options, 'both', 'second');
    await host.enter(room);
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    return { host, guest };
}

/** Somebody opens the invitation, joins, and is let in. */
async function comesIn(person, room, host, name) {
    await person.open(`/chat.html?room=${encodeURIComponent(room)}`);
    await person.join(name);
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await person.sees({ state: 'inside' });
}

const connected = (others, ...people) => Promise.all(people.map((person) => person.sees({ state: 'inside', connected: others })));

async function inACall(room, options) {
    const { host, guest } = await hostAndGuest(room, options);
    await comesIn(guest, room, host, 'Boris');
    await connected(1, host, guest);
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    return { host, guest };
}

const tile = (person, name) => person.find(`call-stage video-tile:not([data-self])[aria-label^="${name}"]`);

/** Waits until an attribute of somebody's tile has a value, and says how long that took. */
async function shows(person, name, attribute, value) {
    const began = Date.now();
    await until(async () => await tile(person, name).getAttribute(attribute) === value, `${name}: ${attribute}=${value}`, 5_000);
    return Date.now() - began;
}

test('create, look, join, ring, accept: both see and hear each other; leave; rejoin', LIMIT, async (t) => {
    const room = 'Tea at five';
    const host = await world.person();
    await host.land();
    await look(host, 'landing');
    await host.find('#create-room').fill(room);
    await host.press('create');
    await host.page.waitForURL(/chat\.html/);
    assert.equal(new URL(host.page.url()).searchParams.get('room'), room);
    const cookie = (await host.context.cookies()).find(({ name }) => name === 'room');
    assert.equal(decodeURIComponent(cookie.value), room);
    await host.sees({ state: 'lobby', media: 'ready', socket: 'closed' });
    assert.match(await host.find('.inside').innerText(), /Nobody is inside yet/);
    await look(host, 'lobby');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    await host.visible('invite-card img').waitFor();
    const link = await host.visible('invite-card code').innerText();
    assert.doesNotMatch(link, /localhost|127\.0\.0\.1/);
    await look(host, 'waiting');

    const guest = await world.person({}, 'both', 'second');
    await guest.enter(room, 'call');
    await guest.sees({ state: 'lobby', media: 'ready' });
    await until(async () => /1 person is inside\s+1 of 6 places taken/.test(await guest.find('.inside').innerText()), 'how many are inside');
    await host.sees({ ring: 'none' });
    await guest.join('Boris');
    await guest.sees({ ring: 'out' });
    await host.sees({ ring: 'in' });
    assert.match(await host.find('#ring').innerText(), /Boris\s+is calling you/);
    await look(host, 'ringing-host');
    await look(guest, 'ringing-guest');
    for (const person of [host, guest]) assert.equal((await person.received()).peers, 0, 'nothing leaves before Accept');

    const accepted = Date.now();
    await host.press('accept');
    await guest.page.waitForFunction(() => document.querySelector('call-stage video-tile:not([data-self]) video')?.videoWidth > 0);
    const took = Date.now() - accepted;
    t.diagnostic(`from Accept to a picture: ${took} ms`);
    assert.ok(took < 2_000, `from Accept to a picture: ${took} ms`);
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await connected(1, host, guest);
    await look(host, 'in-call');
    assert.equal(await host.find('call-stage [data-self] video').evaluate((video) => video.muted), true);

    await host.press('hang-up');
    await host.sees({ state: 'ended', reason: 'left' });
    assert.equal(await host.usesDevices(), false, 'the camera is off after leaving');
    await guest.sees({ state: 'inside', people: 0 }, QUICK);
    assert.match(await guest.find('.bars').innerText(), /Anna left the call/);
    await look(host, 'ended-left');

    await host.press('rejoin');
    await guest.sees({ ring: 'in' });
    await guest.press('accept');
    await connected(1, host, guest);
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
});

test('the call survives the server: killed and started again, the picture moves on', LIMIT, async () => {
    const { host, guest } = await inACall('survivors');
    const { peers } = await host.received();
    for (const person of [host, guest]) person.expectServerLoss();

    await world.server.kill();
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', socket: 'closed', connected: 1 })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await host.visible('.bars .bar').filter({ hasText: 'Server unreachable, your call continues.' }).waitFor();
    await look(host, 'server-unreachable');

    await world.startServer();
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', socket: 'open', connected: 1 })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await until(async () => await host.find('.bars .bar').filter({ visible: true, hasText: 'Server unreachable' }).count() === 0, 'the bar goes away');
    for (const person of [host, guest]) assert.equal(await person.find('#ring').evaluate((dialog) => dialog.open), false, 'nobody is asked');
    assert.equal((await host.received()).peers, peers, 'still the first connection');

    await guest.press('hang-up'); // and signals pass again
    await host.sees({ people: 0 });
});

test('with the keyboard alone: create, join, call, accept, leave', LIMIT, async () => {
    const host = await world.person();
    await host.land();
    await host.reach('#create-room');
    await host.page.keyboard.press('Control+A');
    await host.page.keyboard.type('keys');
    await host.page.keyboard.press('Enter');
    await host.sees({ state: 'lobby', media: 'ready' });
    await host.reach('#name');
    await host.page.keyboard.type('Anna');
    await host.page.keyboard.press('Enter');
    await host.sees({ state: 'inside', socket: 'open' });

    const guest = await world.person({}, 'both', 'second');
    await guest.land();
    await guest.reach('#call-room');
    await guest.page.keyboard.type('keys');
    await guest.page.keyboard.press('Enter');
    await guest.sees({ state: 'lobby', media: 'ready' });
    await guest.reach('[data-do="join"]');
    await guest.page.keyboard.press('Enter');
    await host.sees({ ring: 'in' });
    assert.match(await host.find('#ring').innerText(), /Some user is calling you/);
    assert.equal(await host.page.evaluate(() => document.querySelector('#ring').contains(document.activeElement)), true, 'the focus is in the dialog');
    await host.reach('[data-do="accept"]');
    await host.page.keyboard.press('Enter');
    await connected(1, host, guest);

    await guest.reach('call-controls [data-do="mic"]');
    await guest.page.keyboard.press('Space');
    assert.equal(await guest.visible('call-controls [data-do="mic"]').getAttribute('aria-pressed'), 'false');
    await guest.reach('[data-do="more"]');
    await guest.page.keyboard.press('Enter');
    await guest.page.keyboard.press('ArrowDown');
    assert.equal(await guest.page.evaluate(() => document.activeElement.dataset.do), 'screen');
    await guest.page.keyboard.press('Escape');
    assert.equal(await guest.page.evaluate(() => document.activeElement.dataset.do), 'more', 'the focus is given back');
    await guest.reach('[data-do="hang-up"]');
    await guest.page.keyboard.press('Enter');
    await guest.sees({ state: 'ended', reason: 'left' });
    await host.sees({ people: 0 });
    await guest.reach('[data-do="rejoin"]');
});

test('microphone and camera: off in the lobby, on and off in the call, seen at the other side within a second', LIMIT, async (t) => {
    const { host, guest } = await hostAndGuest('switches');
    await guest.open('/chat.html?room=switches');
    await guest.sees({ state: 'lobby', media: 'ready' });
    for (const what of ['mic', 'camera']) await guest.press(what);
    await until(async () => !(await guest.usesDevices()) || await guest.find('.preview video-tile').getAttribute('data-camera') === 'off', 'the preview is off');
    await look(guest, 'lobby-off');
    await guest.page.reload(); // keeps the choices
    await comesIn(guest, 'switches', host, 'Boris');
    await connected(1, host, guest);
    await shows(host, 'Boris', 'data-camera', 'off');
    await shows(host, 'Boris', 'data-mic', 'off');
    assert.match(await tile(host, 'Boris').getAttribute('aria-label'), /^Boris, microphone off, camera off$/);
    await look(host, 'in-call-other-off');
    for (const [key, attribute] of [['m', 'data-mic'], ['v', 'data-camera']]) {
        for (const value of ['on', 'off', 'on']) {
            await guest.page.keyboard.press(key);
            const took = await shows(host, 'Boris', attribute, value);
            t.diagnostic(`${attribute} ${value}: seen after ${took} ms`);
            assert.ok(took < QUICK, `${attribute} ${value}: ${took} ms`);
        }
    }
    await host.hearsAndSees();

    await guest.page.keyboard.press('m');
    let earlier = await host.received();
    await until(async () => { // a second of sound, less than a tenth of which would be heard
        const now = await host.received();
        if (now.time < earlier.time + 1) return false;
        const silent = now.energy - earlier.energy < AUDIBLE / 10;
        earlier = now;
        return silent;
    }, 'silence at the other side', 15_000);
    assert.match(await guest.find('.bars').innerText(), /Hold the space bar to speak/);
    await look(guest, 'in-call-muted');
    await guest.page.evaluate(() => document.activeElement.blur());
    await guest.page.keyboard.down('Space');
    await shows(host, 'Boris', 'data-mic', 'on');
    await host.hearsAndSees({ picture: false });
    await guest.page.keyboard.up('Space');
    await shows(host, 'Boris', 'data-mic', 'off');
});

test('three in a call: all tiles fit, each sees and hears both; somebody leaves', LIMIT, async () => {
    const { host, guest } = await inACall('three');
    const third = await world.person();
    await comesIn(third, 'three', host, 'Clara');
    await connected(2, host, guest, third);
    for (const name of ['Anna', 'Boris']) await until(async () => await tile(third, name).locator('video').evaluate((video) => video.videoWidth > 0), name);
    const boxes = await host.find('call-stage video-tile').evaluateAll((tiles) => tiles.map((one) => one.getBoundingClientRect().toJSON()));
    assert.equal(boxes.length, 3);
    for (const { left, top, right, bottom, width } of boxes) {
        assert.ok(left >= 0 && top >= 0 && right <= 1280 && bottom <= 800 && width > 300, JSON.stringify(boxes));
    }
    await look(host, 'in-call-three');
    await third.page.close({ runBeforeUnload: true }); // a closed tab
    const closed = Date.now();
    await host.sees({ people: 1 }, QUICK + 500);
    assert.ok(Date.now() - closed < QUICK, `gone after ${Date.now() - closed} ms`);
    await until(async () => /Clara left the call/.test(await host.find('.bars').innerText()), 'it is said');
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
});

test('a screen is shown beside the camera, on a stage of its own, until it is stopped or the browser ends it', LIMIT, async () => {
    const { host, guest } = await inACall('slides');
    const screen = guest.find('call-stage video-tile[data-kind="screen"]');
    const layout = () => guest.find('call-stage').getAttribute('data-layout');
    for (const end of ['pressed', 'by the browser']) {
        await host.page.keyboard.press('s');
        await until(async () => await screen.locator('video').evaluateAll((videos) => videos[0]?.videoWidth > 0), 'the screen is seen');
        assert.deepEqual([await layout(), await screen.getAttribute('aria-label')], ['share', "Anna's screen"]);
        assert.equal(await tile(guest, 'Anna').nth(1).getAttribute('data-camera'), 'on', 'her own picture stays');
        await Promise.all([host, guest].map((person) => person.hearsAndSees()));
        await host.visible('.bars .bar').filter({ hasText: 'You are showing your screen to everyone.' }).waitFor();
        if (end === 'pressed') {
            await look(guest, 'screen');
            await look(host, 'screen-own');
            await host.visible('.bars [data-do="screen"]').click();
        } else {
            await host.page.evaluate(() => {
                const shown = window.recordedMedia.screens.at(-1);
                shown.stop();
                shown.dispatchEvent(new Event('ended'));
            });
        }
        await until(async () => await layout() === 'duo' && await screen.count() === 0, `the layout of before: ${end}`);
        assert.equal(await host.find('call-controls [data-do="screen"]').getAttribute('aria-pressed'), 'false');
    }
});

test('a reload in the middle: one rings again, and is let in', LIMIT, async () => {
    const { host, guest } = await inACall('reload');
    await guest.page.reload();
    await host.sees({ people: 0 });
    await guest.join();
    await host.sees({ ring: 'in' });
    assert.match(await host.find('#ring').innerText(), /Boris/, 'the name is kept');
    await host.press('accept');
    await connected(1, host, guest);
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
});

test('invitation and devices in dialogs, which give way when it rings', LIMIT, async () => {
    const { host, guest } = await inACall('dialogs');
    await host.visible('call-controls [data-do="invite"]').click();
    await host.visible('#invite img').waitFor();
    await look(host, 'invite');
    const third = await world.person();
    await third.open('/chat.html?room=dialogs');
    await third.join('Clara');
    await host.sees({ ring: 'in' });
    assert.equal(await host.find('dialog[open]').count(), 1, 'never two overlays at once');
    await host.press('decline');
    await third.sees({ state: 'ended', reason: 'declined' });
    await look(third, 'ended-declined');
    await host.press('more');
    await look(host, 'more');
    const language = host.visible('more-menu [data-do="next-language"]');
    assert.equal(await language.innerText(), 'Русский');
    await language.click();
    await host.visible('call-controls [data-do="hang-up"]').filter({ hasText: 'Выйти' }).waitFor();
    await host.press('more');
    await host.visible('more-menu [data-do="next-language"]').click();
    await host.press('more');
    await host.press('settings');
    await host.visible('#settings select').first().waitFor();
    await look(host, 'settings');
    await host.page.keyboard.press('Escape');
    await guest.hearsAndSees();
});

test('in Russian', LIMIT, async () => {
    const options = { locale: 'ru-RU' };
    const visitor = await world.person(options);
    await visitor.open('/');
    assert.equal(await visitor.find('html').getAttribute('lang'), 'ru');
    await look(visitor, 'landing');
    const host = await world.person(options);
    await host.enter('Комната');
    await host.sees({ state: 'lobby', media: 'ready' });
    await look(host, 'lobby');
    await host.join('Анна');
    await host.sees({ state: 'inside' });
    await look(host, 'waiting');
    const guest = await world.person(options, 'both', 'second');
    await guest.enter('Комната', 'call');
    await guest.join('Борис Иванович');
    await host.sees({ ring: 'in' });
    await look(host, 'ringing-host');
    await look(guest, 'ringing-guest');
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await look(host, 'in-call');
    await guest.press('hang-up');
    await guest.sees({ state: 'ended', reason: 'left' });
    await look(guest, 'ended-left');
});
