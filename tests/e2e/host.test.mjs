// What a host can do with the door and with the role, and what the others see of it.
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

const panel = (person) => person.find('people-panel');
const says = (person, text) => person.visible('.bars .bar').filter({ hasText: text }).waitFor({ timeout: 2 * QUICK });

async function comesTo(room, name, which = 'second') {
    const person = await world.person({}, 'both', which);
    await person.open(`/chat.html?room=${room}`);
    await person.join(name);
    return person;
}

test('anyone with the link; a password that is taken away; a new host', LIMIT, async () => {
    const host = await comesTo('role', 'Anna', 'first');
    await host.sees({ state: 'inside', socket: 'open' });
    await host.find('call-controls [data-do="people"]').click();
    const open = panel(host).getByRole('switch', { name: 'Anyone with the link may enter' });
    await open.click();
    const guest = await comesTo('role', 'Boris');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    assert.equal(await host.find('#ring').evaluate((dialog) => dialog.open), false, 'nobody is asked');
    await says(host, 'Boris joined.');
    await guest.find('call-controls [data-do="people"]').click();
    await panel(guest).getByText('Anyone with the link may enter.').waitFor();
    assert.match(await panel(guest).locator('.person').filter({ hasText: 'Anna' }).innerText(), /Host/);
    await open.click();
    await panel(guest).getByText('Newcomers have to ring.').waitFor({ timeout: 2 * QUICK });

    await panel(host).getByLabel('Password').fill('kitten');
    await panel(host).getByRole('button', { name: 'Set' }).click();
    await panel(guest).getByText('Newcomers need the password.').waitFor();
    const third = await world.person();
    await third.open('/chat.html?room=role');
    await third.sees({ closed: 'password', media: 'none' });
    assert.doesNotMatch(await third.find('[data-part="closed"]').innerText(), /Anna|Boris|\d/, 'nothing about members');
    await panel(host).getByRole('button', { name: 'Remove the password' }).click();
    await panel(guest).getByText('Newcomers have to ring.').waitFor();
    await third.open('/chat.html?room=role');
    await third.sees({ state: 'lobby', media: 'ready' });

    await panel(host).getByRole('button', { name: 'More about Boris' }).click();
    await panel(host).getByRole('button', { name: 'Make host' }).click();
    await says(guest, 'You are the host now.');
    await until(async () => await panel(guest).getByRole('switch').count() === 2, 'the door is his');
    await until(async () => await panel(host).getByRole('switch').filter({ visible: true }).count() === 0, 'and not hers any more');
    await third.join('Clara');
    await guest.sees({ ring: 'in' });
    await guest.press('accept');
    await third.sees({ state: 'inside', connected: 2 });
    await Promise.all([host, guest, third].map((person) => person.hearsAndSees()));
});
