// The call of two people, from the first click to the last.
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

/** Two people with a browser each; the first is in the room already. */
async function hostAndGuest(room, options = {}) {
    const host = await world.person(options);
    const guest = await world.person(options, 'both', 'second');
    await host.enter(room);
    await host.sees({ state: 'waiting', socket: 'open' });
    return { host, guest };
}

async function inACall(room, options) {
    const { host, guest } = await hostAndGuest(room, options);
    await guest.enter(room, 'call');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    return { host, guest };
}

test('create, call, accept: both see and hear each other; hang up; call again', LIMIT, async () => {
    const room = 'Tea at five';
    const host = await world.person();
    await host.open('/');
    await look(host, 'landing');
    await host.find('#create-room').fill(room);
    await host.press('create');
    await host.page.waitForURL(/chat\.html/);
    assert.equal(new URL(host.page.url()).searchParams.get('room'), room);
    const cookie = (await host.context.cookies()).find(({ name }) => name === 'room');
    assert.equal(decodeURIComponent(cookie.value), room);
    await host.sees({ state: 'waiting', socket: 'open' });
    await look(host, 'waiting');

    const guest = await world.person({}, 'both', 'second');
    await guest.enter(room, 'call');
    await guest.sees({ ring: 'out' });
    await host.sees({ ring: 'in' });
    assert.match(await host.find('#ring').innerText(), /Some user is calling you/);
    await look(host, 'ringing-host');
    await look(guest, 'ringing-guest');
    for (const person of [host, guest]) { // nothing leaves before Accept
        assert.equal((await person.received()).sentPackets, 0);
    }

    const accepted = Date.now();
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    const took = Date.now() - accepted;
    assert.ok(took < 10_000, `from Accept to moving pictures and sound: ${took} ms`);
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected' })));
    await look(host, 'in-call');
    assert.equal(await host.find('#localVideo').evaluate((video) => video.muted), true);

    await host.press('hang-up');
    await host.sees({ state: 'ended', reason: 'left' });
    await guest.sees({ state: 'ended', reason: 'remote' });
    assert.equal(await host.usesDevices(), false, 'the camera is off after hanging up');
    await look(host, 'ended-left');
    await look(guest, 'ended-remote');

    await host.press('call-again');
    await guest.sees({ ring: 'in' });
    await guest.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await guest.press('hang-up');
    await guest.sees({ state: 'ended', reason: 'left' });
    await host.sees({ state: 'ended', reason: 'remote' });
});

test('the call survives the server: killed and started again, the picture moves on', LIMIT, async () => {
    const { host, guest } = await inACall('survivors');
    const { peers } = await host.received();
    for (const person of [host, guest]) person.expectServerLoss();

    await world.server.kill();
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected', socket: 'closed' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await host.visible('.bars .bar').waitFor();
    assert.match(await host.visible('.bars .bar').innerText(), /Server unreachable/);
    await look(host, 'server-unreachable');

    await world.startServer();
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected', socket: 'open' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await until(async () => await host.find('.bars .bar').filter({ visible: true, hasText: 'Server unreachable' }).count() === 0, 'the bar goes away');
    assert.equal((await host.received()).peers, peers, 'still the first connection');

    await guest.press('hang-up'); // and signals pass again
    await host.sees({ state: 'ended', reason: 'remote' });
});

test('with the keyboard alone: create, call, accept, hang up', LIMIT, async () => {
    const host = await world.person();
    await host.open('/');
    await host.reach('#create-room');
    await host.page.keyboard.press('Control+A');
    await host.page.keyboard.type('keys');
    await host.page.keyboard.press('Enter');
    await host.sees({ state: 'waiting', socket: 'open' });

    const guest = await world.person({}, 'both', 'second');
    await guest.open('/');
    await guest.reach('#call-room');
    await guest.page.keyboard.type('keys');
    await guest.page.keyboard.press('Enter');
    await host.sees({ ring: 'in' });
    assert.equal(await host.page.evaluate(() => document.querySelector('#ring').contains(document.activeElement)), true, 'the focus is in the dialog');
    await host.reach('[data-do="accept"]');
    await host.page.keyboard.press('Enter');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected' })));

    await guest.reach('[data-do="mic"]');
    await guest.page.keyboard.press('Space');
    assert.equal(await guest.visible('[data-do="mic"]').getAttribute('aria-pressed'), 'false');
    await guest.reach('[data-do="hang-up"]');
    await guest.page.keyboard.press('Enter');
    await guest.sees({ state: 'ended', reason: 'left' });
    await host.sees({ state: 'ended', reason: 'remote' });
    await guest.reach('[data-do="call-again"]');
});

test('declined: the caller is told', LIMIT, async () => {
    const { host, guest } = await hostAndGuest('no thanks');
    await guest.enter('no thanks', 'call');
    await host.sees({ ring: 'in' });
    await host.press('decline');
    await guest.sees({ state: 'ended', reason: 'declined' });
    await host.sees({ state: 'waiting' });
    await look(guest, 'ended-declined');
    assert.equal((await host.received()).sentPackets, 0);
});

test('microphone and camera can be switched off and on', LIMIT, async () => {
    const { host, guest } = await inACall('switches');
    for (const [key, what] of [['m', 'mic'], ['v', 'camera']]) {
        await host.page.keyboard.press(key);
        assert.equal(await host.visible(`[data-do="${what}"]`).getAttribute('aria-pressed'), 'false');
    }
    await look(host, 'in-call-muted');
    let earlier = await guest.received();
    await until(async () => { // a second of sound, less than a tenth of which would be heard
        const now = await guest.received();
        if (now.time < earlier.time + 1) return false;
        const silent = now.energy - earlier.energy < AUDIBLE / 10;
        earlier = now;
        return silent;
    }, 'silence at the other side', 15_000);
    await host.press('mic');
    await host.press('camera');
    await guest.hearsAndSees();
});

test('a third person is told that two others are talking, and disturbs nobody', LIMIT, async () => {
    const { host, guest } = await inACall('for two');
    const third = await world.person();
    await third.enter('for two', 'call');
    await third.sees({ state: 'ended', reason: 'taken' });
    await look(third, 'ended-taken');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected', ring: 'none' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    assert.equal((await third.received()).packets, 0);
});

test('a reload in the middle: the other one is told, and can take the call again', LIMIT, async () => {
    const { host, guest } = await inACall('reload');
    await guest.page.reload();
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'connected' })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
});

test('a closed tab ends the call at the other side', LIMIT, async () => {
    const { host, guest } = await inACall('closed tab');
    await guest.page.close({ runBeforeUnload: true });
    await host.sees({ state: 'ended', reason: 'remote' }, 5_000);
});

test('in Russian', LIMIT, async () => {
    const options = { locale: 'ru-RU' };
    const { host, guest } = await hostAndGuest('Комната', options);
    const visitor = await world.person(options);
    await visitor.open('/');
    assert.equal(await visitor.find('html').getAttribute('lang'), 'ru');
    await look(visitor, 'ru-landing');
    await look(host, 'ru-waiting');
    await guest.enter('Комната', 'call');
    await host.sees({ ring: 'in' });
    await look(host, 'ru-ringing-host');
    await look(guest, 'ru-ringing-guest');
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    await look(host, 'ru-in-call');
    await guest.press('hang-up');
    await host.sees({ state: 'ended' });
    await look(host, 'ru-ended-remote');
});
