// A whole call without a mouse.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { Keys } from './support/keys.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 90_000 };
let world;
before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

const control = (what) => `call-controls [data-do="${what}"]`;
const tile = (person) => person.find('call-stage video-tile:not([data-self])');
const shows = (person, attribute, value) => until(async () => await tile(person).getAttribute(attribute) === value, `${attribute}=${value}`, 3_000);

/** From the landing page to the look before joining, with the cursor in the field for the name. */
async function comesTo(person, field, room) {
    const keys = new Keys(person);
    await person.land();
    await keys.arrivesAt('#create-room');
    await keys.reach(field);
    await keys.press('Control+A');
    await keys.type(room);
    await person.page.keyboard.press('Enter');
    await person.sees({ state: 'lobby', media: 'ready' });
    await keys.arrivesAt('#name');
    return keys;
}

test('landing, create, preview, join, ring, accept, everything in the bar, leave, rejoin: keys alone', LIMIT, async () => {
    const host = await world.person();
    const anna = await comesTo(host, '#create-room', 'keys');
    await anna.use('.preview-bar [data-do="mic"]', 'Space');
    assert.equal(await host.find('.preview-bar [data-do="mic"]').getAttribute('aria-pressed'), 'false');
    await anna.press('Space');
    await anna.use('.accordion summary');
    await anna.reach('device-pickers select');
    await anna.page.keyboard.press('Shift+Tab');
    await anna.use('#name', 'Home');
    await anna.type('Anna');
    await anna.page.keyboard.press('Enter');
    await host.sees({ state: 'inside', socket: 'open' });
    await anna.seesFocus('joining');
    await anna.use('invite-card [data-do="copy"]');

    const guest = await world.person({}, 'both', 'second');
    const boris = await comesTo(guest, '#call-room', 'keys');
    await boris.type('Boris');
    await boris.page.keyboard.press('Enter');
    await guest.sees({ ring: 'out' });
    await boris.seesFocus('ringing');

    // The focus goes into the dialog, stays there, and comes back
    await anna.arrivesAt('#ring [data-do="accept"]');
    await anna.isKeptIn('#ring');
    await anna.press('Escape');
    assert.equal(await host.find('[data-do="silence-ring"]').isDisabled(), true, 'the first Escape only silences');
    await anna.use('#ring [data-do="accept"]');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    await boris.seesFocus('coming in');

    // Microphone and camera by their buttons, and by their keys from anywhere
    await boris.use(control('mic'), 'Space');
    await shows(host, 'data-mic', 'off');
    await boris.press('m');
    await shows(host, 'data-mic', 'on');
    await boris.use(control('camera'));
    await shows(host, 'data-camera', 'off');
    await boris.press('v');
    await shows(host, 'data-camera', 'on');

    // Chat: the cursor is in the field; letters that are keys elsewhere are letters there
    await boris.use(control('chat'));
    await boris.arrivesAt('chat-panel textarea');
    await boris.type('comes via msg');
    assert.equal(await guest.find(control('mic')).getAttribute('aria-pressed'), 'true');
    await boris.press('Enter');
    await boris.press('Escape');
    await boris.arrivesAt(control('chat'));
    await until(async () => await host.find(`${control('chat')} .count`).innerText() === '1', 'one unread');
    await anna.press('c');
    await host.find('chat-panel .bubble').filter({ hasText: 'comes via msg' }).waitFor();
    await anna.press('Escape');

    // People: the lock
    await anna.use(control('people'));
    await anna.arrivesAt('people-panel [data-do="close-panel"]');
    await anna.use('people-panel [role="switch"]', 'Space');
    await boris.use(control('people'));
    await guest.find('people-panel').getByText('The room is locked.').waitFor();
    await anna.press('Space');
    await guest.find('people-panel').getByText('Newcomers have to ring.').waitFor();
    await anna.use('people-panel li button[aria-expanded]');
    await anna.reach('people-panel .person-actions button');
    await anna.press('Escape');
    await anna.arrivesAt('people-panel li button[aria-expanded]');
    await anna.press('Escape');
    await anna.arrivesAt(control('people'));

    // More: a menu, and a dialog from it
    await anna.use(control('more'));
    await anna.arrivesAt('more-menu [role="menuitem"]');
    await anna.press('End');
    await anna.arrivesAt('more-menu [role="menuitem"]:last-child');
    await anna.press('Escape');
    await anna.arrivesAt(control('more'));
    await anna.press('Enter');
    await anna.use('more-menu [data-do="settings"]');
    await anna.isKeptIn('#settings');
    await anna.press('Escape');
    await anna.arrivesAt(control('more'));
    await anna.press('Enter');
    await anna.use('more-menu [data-do="details"]');
    await host.find('details-panel .words li').first().waitFor();
    await anna.press('Escape');
    await anna.arrivesAt(control('more'));

    // Invitation
    await anna.use(control('invite'));
    await anna.isKeptIn('#invite');
    await anna.press('Escape');
    await anna.arrivesAt(control('invite'));

    // The own picture is put into another corner
    await anna.reach('call-stage video-tile[data-self]');
    const corner = await host.find('call-stage video-tile[data-self]').getAttribute('data-corner');
    await anna.press('ArrowUp');
    assert.notEqual(await host.find('call-stage video-tile[data-self]').getAttribute('data-corner'), corner);

    // Leave, rejoin, and be let in again
    await boris.use(control('hang-up'));
    await guest.sees({ state: 'ended', reason: 'left' });
    await boris.arrivesAt('[data-show="ended"]');
    await boris.use('[data-do="rejoin"]');
    await anna.arrivesAt('#ring [data-do="accept"]');
    await anna.press('Enter');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    await anna.arrivesAt('call-stage video-tile[data-self]'); // where it was
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
});
