// Every way in which a call is not answered, or ends otherwise than by leaving: each in its own words, within a
// second, and never with a camera that was switched on for nothing.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { look } from './support/look.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
const RING_MS = 4_000;
const QUICK = 1_000;
let world;
before(async () => { world = await World.create(['--ring-timeout', `${RING_MS}ms`, '--call-capacity', '2']); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

async function hostOf(room) {
    const host = await world.person();
    await host.open(`/chat.html?room=${room}`);
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    return host;
}

async function ringsAt(host, room) {
    const guest = await world.person({}, 'both', 'second');
    await guest.open(`/chat.html?room=${room}`);
    await guest.join('Boris');
    await Promise.all([host.sees({ ring: 'in' }), guest.sees({ ring: 'out' })]);
    return guest;
}

async function inACall(room) {
    const host = await hostOf(room);
    const guest = await ringsAt(host, room);
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    return { host, guest };
}

const headline = (person) => person.find('[data-show="ended"]').innerText();
const advice = (person) => person.find('[data-show="ended-text"]').innerText();
const says = (person, text) => person.visible('.bars .bar').filter({ hasText: text }).waitFor();

/** What is said where the door does not open. */
const door = (person) => person.visible('#closed');

test('declined, or not now: each in its own words', LIMIT, async () => {
    const host = await hostOf('declined');
    const guest = await ringsAt(host, 'declined');
    await host.press('decline');
    await guest.sees({ state: 'ended', reason: 'declined' }, QUICK);
    assert.equal(await headline(guest), 'The call was declined');
    assert.equal(await advice(guest), 'You can call again later.');
    assert.equal(await guest.usesDevices(), false);
    assert.equal((await host.received()).peers, 0);
    await host.sees({ state: 'inside', ring: 'none' });

    await guest.press('rejoin');
    await host.sees({ ring: 'in' });
    await host.find('#ring').getByRole('button', { name: 'Not now' }).click();
    await guest.sees({ state: 'ended', reason: 'busy' }, QUICK);
    assert.equal(await headline(guest), 'They cannot talk right now');
    assert.equal(await advice(guest), 'They are there, but busy. Call again a little later.');
    assert.match(await guest.visible('.page-foot .push').innerText(), /^Runs on your own server · version \d+\.\d+\.\d+$/);
});

test('the caller gives up, or closes the tab', LIMIT, async () => {
    const host = await hostOf('cancelled');
    const guest = await ringsAt(host, 'cancelled');
    await guest.press('hang-up');
    await host.sees({ ring: 'none' }, QUICK);
    await says(host, 'Boris stopped calling.');
    await guest.sees({ state: 'ended', reason: 'left' });
    await guest.press('rejoin');
    await host.sees({ ring: 'in' });
    await guest.page.close({ runBeforeUnload: true });
    await host.sees({ ring: 'none' }, QUICK);
});

test('nobody answers', LIMIT, async () => {
    const host = await hostOf('unheard');
    const guest = await ringsAt(host, 'unheard');
    await guest.sees({ state: 'ended', reason: 'no answer' }, RING_MS + QUICK);
    await host.sees({ ring: 'none' }, QUICK);
    assert.equal(await headline(guest), 'Nobody answered');
    await says(host, 'Boris rang and was not answered.');
    await look(guest, 'ended-no-answer');
});

test('everybody inside leaves while it rings', LIMIT, async () => {
    const host = await hostOf('left');
    const guest = await ringsAt(host, 'left');
    await guest.page.waitForFunction(() => Number(document.querySelector('.middle [data-show="clock"]').textContent.split(':')[1]) >= 3);
    await host.page.close({ runBeforeUnload: true });
    await guest.sees({ state: 'ended', reason: 'ended' }, QUICK);
    assert.equal(await headline(guest), 'Everybody has left');
});

test('full: said before the camera is asked for, with the number; tried again when there is a place', LIMIT, async () => {
    const { guest } = await inACall('full');
    const third = await world.person();
    await third.open('/chat.html?room=full');
    await third.sees({ state: 'lobby', closed: 'full', media: 'none' });
    assert.equal(await door(third).innerText(), 'The room is full');
    assert.match(await third.find('[data-show="closed-text"]').innerText(), /^All 2 places are taken\. Your camera was not switched on\.$/);
    assert.equal(await third.usesDevices(), false);
    await look(third, 'closed-full');
    await guest.press('hang-up');
    await guest.sees({ state: 'ended' });
    await third.visible('[data-show="closed-action"]').click();
    await third.sees({ state: 'lobby', media: 'ready' });
});

test('somebody rings at a full room: the host is told that there is no place', LIMIT, async () => {
    const host = await hostOf('crowd');
    const third = await world.person();
    await third.open('/chat.html?room=crowd');
    await third.sees({ state: 'lobby', media: 'ready' });
    const guest = await ringsAt(host, 'crowd');
    await host.press('accept');
    await guest.sees({ state: 'inside' });
    await third.join('Clara');
    await third.sees({ state: 'lobby', closed: 'full' });
});

test('a second tab: says that the call is open; takes the seat over, and nobody else notices', LIMIT, async () => {
    const { host, guest } = await inACall('tabs');
    const first = guest.page;
    await host.page.evaluate(() => {
        window.said = [];
        new MutationObserver(() => window.said.push(document.querySelector('.bars').innerText)).observe(document.querySelector('.bars'), { childList: true, subtree: true });
    });
    guest.page = await guest.context.newPage();
    await guest.open('/chat.html?room=tabs');
    await guest.sees({ state: 'ended', reason: 'elsewhere' });
    assert.equal(await headline(guest), 'This call is open in another tab');
    assert.equal(await guest.usesDevices(), false);
    await guest.press('rejoin');
    await guest.sees({ state: 'inside', connected: 1 });
    await guest.hearsAndSees();
    await host.hearsAndSees();
    await first.waitForSelector('#call[data-state="ended"][data-reason="replaced"]', { state: 'attached' });
    assert.equal(await first.locator('[data-show="ended"]').innerText(), 'The call has moved to another tab');
    assert.equal(await first.evaluate(() => window.recordedMedia.tracks.some((track) => track.readyState === 'live')), false);
    await host.sees({ people: 1, connected: 1, ring: 'none' });
    assert.deepEqual(await host.page.evaluate(() => window.said.filter((text) => /left|lost|calling|connection/i.test(text))), []);
});

test('the server stops answering: a page that comes now says so, and the camera waits no longer than it must', LIMIT, async () => {
    const person = await world.person();
    await person.context.routeWebSocket(/\/socket/, () => {}); // taken, and never answered
    await person.open('/chat.html?room=mute');
    await person.sees({ state: 'lobby', media: 'ready' }, 5_000);
    assert.match(await person.find('.inside').innerText(), /Server unreachable/);
    await look(person, 'lobby-unreachable');
});
