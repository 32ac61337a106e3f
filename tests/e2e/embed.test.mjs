// A call inside of another page: docs/embed-example.html of an allowed origin, and pages that are not allowed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../compat/support/server.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
const EXAMPLE = fileURLToPath(new URL('../../docs/embed-example.html', import.meta.url));
const FILE_SERVER = fileURLToPath(new URL('support/file_server.mjs', import.meta.url));
const ALLOWED = 'http://localhost:4000'; // another port is another origin
const STRANGER = 'http://localhost:5000';
let others;
let world;
before(async () => {
    world = await World.create(['--embed-origin', ALLOWED]);
    const [enter, ...inside] = [...world.network.inside, process.execPath, FILE_SERVER, EXAMPLE, '4000', '5000'];
    others = spawn(enter, inside, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(others.stdout, 'data');
}, LIMIT);
after(async () => {
    others?.kill();
    await world?.close();
}, LIMIT);

/** A window at the example page of another origin. */
async function outside(origin, room) {
    const browser = await world.browser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => {
        if (!/^Blocked autofocusing/.test(message.text())) said.push(message.text()); // a frame does not take the focus from the page
    });
    page.setDefaultTimeout(15_000);
    await page.goto(`${origin}/?server=${world.origin}&room=${room}`);
    return { page, said, close: () => context.close(), context };
}

async function inTheExample(room) {
    const { page, said, close } = await outside(ALLOWED, room);
    const events = async () => (await page.locator('#events li').allInnerTexts()).map((text) => JSON.parse(text));
    return {
        page, said, close, events, call: page.frameLocator('#call'),
        press: (name) => page.locator(`#${name}`).click(),
        /** Waits for an event with these fields; `after` counts the events that came before. */
        hears: (type, fields = {}, from = 0) => until(async () => (await events()).slice(from)
            .find((event) => event.type === type && Object.entries(fields).every(([name, value]) => JSON.stringify(event[name]) === JSON.stringify(value))),
        `${type} ${JSON.stringify(fields)}`, 15_000).catch(async (error) => { throw new Error(`${error.message}: ${JSON.stringify(await events())}`); }),
        /** As a script of the page around does. */
        send: (data) => page.evaluate(([message, origin]) => document.querySelector('#call').contentWindow.postMessage(message, origin), [data, world.origin]),
    };
}

test('an allowed page: joins, hears who comes, mutes, is not above the person, leaves; the call ends in place', LIMIT, async () => {
    const host = await inTheExample('embedded');
    const { call } = host;
    await host.hears('ready', { room: 'embedded', missing: [] });
    await host.hears('camera', { state: 'on' });
    assert.equal(await call.locator('.page-head').filter({ visible: true }).count(), 0, 'no header, and no way home in it');
    assert.equal(await call.locator('[data-do="join"]').isVisible(), true, 'one looks at oneself first');

    await host.press('join');
    await host.hears('done', { command: 'join', id: 'join' });
    await host.hears('joined', { people: [] });

    const guest = await world.person({}, 'both', 'second');
    await guest.open('/chat.html?room=embedded');
    await guest.join('Boris');
    await call.locator('#ring [data-do="accept"]').click();
    await host.hears('peer-joined', { name: 'Boris', person: 1 });
    await guest.sees({ state: 'inside', connected: 1 });
    await guest.hearsAndSees();
    const tile = guest.find('call-stage video-tile:not([data-self])');
    assert.match(await tile.getAttribute('aria-label'), /^Max/);

    await host.press('mute');
    await host.hears('microphone', { state: 'off' });
    await until(async () => await tile.getAttribute('data-mic') === 'off', 'the guest sees it');
    await host.press('mute');
    await until(async () => await tile.getAttribute('data-mic') === 'on', 'and that it is on again');

    // What the person does in the frame is told, and no command undoes it.
    await call.locator('call-controls [data-do="mic"]').click();
    await until(async () => await tile.getAttribute('data-mic') === 'off', 'muted by the person');
    await host.send({ videochat: 1, type: 'unmute', device: 'microphone', id: 7 });
    await host.hears('error', { code: 'switched-off', command: 'unmute', id: 7 });
    assert.equal(await tile.getAttribute('data-mic'), 'off');

    // Malformed, of another version, or not from the page around: as if nothing had been said.
    const count = (await host.events()).length;
    for (const data of [null, 'leave', { type: 'leave' }, { videochat: 2, type: 'leave' }, { videochat: 1, type: 'leave', id: {} }, { videochat: 1, type: 'fly' }]) await host.send(data);
    await host.page.evaluate((origin) => {
        const sibling = document.body.appendChild(document.createElement('iframe'));
        sibling.contentWindow.eval(`parent.document.querySelector('#call').contentWindow.postMessage({ videochat: 1, type: 'leave' }, '${origin}')`);
    }, world.origin);
    await host.send({ videochat: 1, type: 'state', id: 'still' });
    const state = await host.hears('state', { id: 'still' });
    assert.deepEqual(state, { videochat: 1, type: 'state', phase: 'inside', reason: null, problem: null, microphone: 'off', camera: 'on', people: [{ person: 1, name: 'Boris' }], id: 'still' });
    assert.equal((await host.events()).length, count + 1);

    await host.press('leave');
    await host.hears('left', { reason: 'left' });
    await guest.sees({ people: 0 });
    await call.locator('[data-do="rejoin"]').waitFor();
    assert.equal(await call.locator('a').filter({ visible: true }).count(), 0, 'nothing leads away');
    assert.equal(await host.page.locator('#call').evaluate((frame) => frame.contentWindow.length), 0);

    // Nobody is brought into a call that cannot be seen.
    await host.page.locator('#call').evaluate((frame) => { frame.style.cssText = 'width:200px;height:100px'; });
    await host.send({ videochat: 1, type: 'join', id: 'small' });
    await host.hears('error', { code: 'not-visible', id: 'small' });
    await host.page.locator('#call').evaluate((frame) => { frame.style.cssText = ''; });
    const before = (await host.events()).length;
    await call.locator('[data-do="rejoin"]').click();
    await host.hears('state', { phase: 'ringing' }, before);
    await guest.press('accept');
    await host.hears('joined', { people: [{ person: 2, name: 'Boris' }] }, before);
    assert.deepEqual(host.said, []);
    await host.page.goto('about:blank');
    await guest.sees({ people: 0 }); // the page around is gone, and with it the person
    await host.close();
    await world.everybodyLeaves();
});

test('join with a preview, and with the devices off: the person presses Join', LIMIT, async () => {
    const host = await inTheExample('preview');
    await host.hears('ready');
    await host.send({ videochat: 1, type: 'join', name: '  Vera ', microphone: false, camera: false, preview: true, id: 1 });
    await host.hears('done', { command: 'join', id: 1 });
    assert.equal(await host.call.locator('#name').inputValue(), 'Vera');
    for (const device of ['microphone', 'camera']) await host.hears(device, { state: 'off' });
    await host.send({ videochat: 1, type: 'state', id: 2 });
    assert.deepEqual((({ phase, camera, microphone }) => [phase, microphone, camera])(await host.hears('state', { id: 2 })), ['preview', 'off', 'off']);
    await host.call.locator('[data-do="join"]').click();
    await host.hears('joined');
    await host.send({ videochat: 1, type: 'unmute', device: 'camera' });
    await host.hears('camera', { state: 'on' });
    await host.close();
});

test('pages that are not allowed: the frame stays empty; a window of its own takes no commands', LIMIT, async () => {
    const { page, context, said } = await outside(STRANGER, 'stranger');
    const isRefused = (list) => list.some((text) => text.includes(`frame-ancestors 'self' ${ALLOWED}`));
    await until(() => isRefused(said), 'the browser refuses the frame');
    assert.match(page.frames()[1].url(), /^chrome-error:/);
    assert.equal(await page.locator('#events li').count(), 0);
    assert.equal(await page.locator('#join').isDisabled(), true);

    // The same page in a window of its own, opened by the stranger, who talks to it and listens.
    const opening = context.waitForEvent('page');
    await page.evaluate((address) => {
        window.heard = [];
        addEventListener('message', ({ data }) => window.heard.push(data));
        window.call = window.open(address);
    }, `${world.origin}/chat.html?room=stranger&embed=1`);
    const call = await opening;
    await call.locator('#call[data-state="lobby"][data-media="ready"]').waitFor();
    assert.equal(await call.locator('.page-head').first().isVisible(), true, 'it is the page as ever');
    await page.evaluate((origin) => {
        for (const type of ['state', 'join', 'leave']) window.call.postMessage({ videochat: 1, type, id: type }, origin);
    }, world.origin);
    await call.evaluate(() => new Promise((resolve) => { // what was posted before this is handled by then
        addEventListener('message', resolve, { once: true });
        postMessage('handled', '*');
    }));
    assert.equal(await call.locator('#call').getAttribute('data-state'), 'lobby');
    assert.deepEqual(await page.evaluate(() => window.heard), []);
    await context.close();

    // Only chat.html may be shown, even where it may.
    const other = await outside(ALLOWED, 'other');
    await other.page.evaluate((address) => { document.querySelector('#call').src = address; }, `${world.origin}/index.html`);
    await until(() => other.said.some((text) => /frame-ancestors 'self'"/.test(text)), 'the browser refuses other pages');
    await other.close();
});
