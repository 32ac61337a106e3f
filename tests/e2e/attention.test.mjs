// How a call is noticed by somebody who looks elsewhere, and what the page says aloud; and that nothing of
// anybody leaves before it should.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
const QUICK = 1_000;
let world;
before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

// Runs in the page before its own scripts: what sounds, and what the system is asked to show.
function recordAttention() {
    window.attention = { contexts: [], notifications: [] };
    window.AudioContext = class extends window.AudioContext {
        constructor(...args) {
            super(...args);
            window.attention.contexts.push(this);
        }
    };
    window.Notification = class extends window.Notification {
        constructor(title, options) {
            super(title, options);
            window.attention.notifications.push(title);
        }
        // Granted by the test, as far as the browser goes; here it counts as soon as the page has asked.
        static get permission() { return window.attention.asked ? super.permission : 'default'; }
        static async requestPermission() {
            window.attention.asked = navigator.userActivation.isActive;
            return this.permission;
        }
    };
    // A browser without a window shows every tab; this one is hidden when the test says so.
    Object.defineProperty(document, 'hidden', { get: () => window.attention.isHidden ?? false });
}

/** How many sounds could be heard now. */
const sounding = (person) => person.page.evaluate(() => window.attention.contexts.filter(({ state }) => state === 'running').length);
const notifications = (person) => person.page.evaluate(() => window.attention.notifications);
const titles = (person) => person.page.evaluate(() => document.title);
const hide = (person, isHidden) => person.page.evaluate((hidden) => { window.attention.isHidden = hidden; }, isHidden);
const focused = (person) => person.page.evaluate(() => document.activeElement?.dataset.do ?? null);

test('it rings: sound, a title that blinks, the focus, and a notification for a tab that nobody sees', LIMIT, async () => {
    const host = await world.person({
        prepare: async (context) => {
            await context.grantPermissions(['notifications']);
            await context.addInitScript(recordAttention);
        },
    });
    await host.page.emulateMedia({ reducedMotion: 'no-preference' });
    await host.open('/chat.html?room=bell');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    await host.press('notify');
    await until(() => host.page.evaluate(() => document.querySelector('status-bars').textContent.includes('You will be told')), 'it is told', QUICK);
    assert.equal(await host.find('[data-do="notify"]').isVisible(), false, 'who has decided is not asked again');
    const quiet = await sounding(host);
    await host.find('call-controls [data-do="people"]').focus();

    const guest = await world.person({}, 'both', 'second');
    await guest.open('/chat.html?room=bell');
    await guest.join('Boris');
    await host.sees({ ring: 'in' });
    await until(async () => await focused(host) === 'accept', 'the focus is on Accept', QUICK);
    await until(async () => await sounding(host) > quiet, 'it sounds', QUICK);
    assert.deepEqual(await notifications(host), [], 'whoever looks at the page needs none');
    for (const title of ['☎ Boris is calling', 'bell · videochat', '☎ Boris is calling']) await until(async () => await titles(host) === title, title, 3_000);
    await host.press('silence-ring');
    await until(async () => await sounding(host) === quiet, 'it is silent', QUICK);
    await host.press('decline');
    await host.sees({ ring: 'none' });
    await until(async () => await focused(host) === 'people', 'the focus is given back', QUICK);
    assert.equal(await titles(host), 'bell · videochat');
    await guest.sees({ state: 'ended', reason: 'declined' });

    // Nobody looks, and the caller has not told his name. The next tab rings anew, with its own sound.
    await hide(host, true);
    const nameless = await world.person({}, 'both', 'second');
    await nameless.open('/chat.html?room=bell');
    await nameless.join();
    await host.sees({ ring: 'in' });
    await until(async () => (await notifications(host)).length === 1, 'a notification', QUICK);
    assert.deepEqual(await notifications(host), ['Some user is calling you']);
    await until(async () => await titles(host) === '☎ Some user is calling', 'the title', 3_000);
    await until(async () => await sounding(host) > quiet, 'it sounds again', QUICK);
    await nameless.press('hang-up');
    await host.sees({ ring: 'none' }, QUICK);
    assert.equal(await sounding(host), quiet);
    await hide(host, false);
});

test('nothing is sent before Join, two clicks are enough; who comes and goes is said in words', LIMIT, async () => {
    const host = await world.person();
    await host.open('/chat.html?room=words');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });

    const guest = await world.person({}, 'both', 'second');
    const frames = [];
    guest.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))));
    await guest.open('/chat.html?room=words');
    await guest.sees({ state: 'lobby', media: 'ready' });
    await until(async () => /1 person is inside/.test(await guest.find('.inside').innerText()), 'who is inside is known');
    assert.deepEqual(frames.filter((frame) => frame !== '["bye"]'), [], 'one looks without a word');
    assert.equal((await guest.received()).peers, 0);
    const heard = await host.page.evaluate(() => document.querySelector('#call').dataset.people);
    assert.equal(heard, '0', 'nobody has noticed');

    await guest.press('join'); // the first click, and the only one here
    await guest.sees({ ring: 'out' });
    assert.equal((await guest.received()).peers, 0, 'no connection before Accept');
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    await host.hearsAndSees();

    // In words: seen in the bar, which is a live region
    const live = host.find('.bars[aria-live="polite"]');
    const says = (text) => until(async () => (await live.innerText()).includes(text), text, 3_000).catch(async (error) => {
        throw new Error(`${error.message}, but: ${await live.innerText()}`);
    });
    await says('Guest joined.');
    await guest.page.close({ runBeforeUnload: true });
    await says('Guest left the call.');
    const third = await world.person({}, 'both', 'second');
    await third.open('/chat.html?room=words');
    await third.join('Clara');
    await host.press('accept');
    await says('Clara joined.');

    // Who speaks is seen, and who stops is not any more
    const tile = host.find('call-stage video-tile:not([data-self])');
    await until(async () => await tile.getAttribute('data-speaking') !== null, 'Clara speaks');
    assert.match(await tile.getAttribute('aria-label'), /^Clara, speaking$/);
    await third.press('mic');
    await until(async () => await tile.getAttribute('data-speaking') === null, 'she has stopped', QUICK);
});
