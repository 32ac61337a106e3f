// What a call asks of the machine it runs on: cameras that come and turn, a screen that stays on, windows
// large and small; and a browser that lacks one of these.
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

// Runs in the page before its own scripts.
function recordMachine() {
    window.machine = { asked: [], locks: 0, extra: [] };
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (wanted) => {
        window.machine.asked.push(wanted);
        return getUserMedia(wanted);
    };
    const enumerateDevices = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => [...await enumerateDevices(), ...window.machine.extra];
    // A machine without a screen cannot be kept from switching it off.
    navigator.wakeLock.request = async () => {
        window.machine.locks += 1;
        const sentinel = new EventTarget();
        sentinel.release = async () => { window.machine.locks -= 1; };
        return sentinel;
    };
}

async function inACall(room, prepare) {
    const host = await world.person({ prepare });
    await host.open(`/chat.html?room=${room}`);
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    const guest = await world.person({}, 'both', 'second');
    await guest.open(`/chat.html?room=${room}`);
    await guest.join('Boris');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    return { host, guest };
}

const fromMenu = async (person, what) => {
    await person.press('more');
    await person.visible(`more-menu [data-do="${what}"]`).click();
};

test('a camera is plugged in and used, turned round; the screen stays on; small window, full screen', LIMIT, async () => {
    const { host, guest } = await inACall('machine', (context) => context.addInitScript(recordMachine));
    const machine = () => host.page.evaluate(() => window.machine);
    assert.equal((await machine()).locks, 1, 'the screen stays on');
    await host.press('more');
    assert.equal(await host.find('more-menu [data-do="flip"]').isVisible(), false, 'one camera cannot be turned round');
    await host.page.keyboard.press('Escape');

    await host.page.evaluate(() => {
        window.machine.extra = [{ kind: 'videoinput', deviceId: 'desk', groupId: 'desk', label: 'Desk camera' }];
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    });
    await host.visible('.bars .bar').filter({ hasText: 'New device: Desk camera.' }).waitFor();
    assert.ok(await host.find('.bars .bar .icon').evaluate((drawn) => drawn.getBBox().width) > 0, 'its icon is drawn');
    await host.press('use-plugged');
    await until(async () => (await machine()).asked.at(-1).video?.deviceId?.ideal === 'desk', 'the new camera is asked for');
    await host.visible('.bars .bar').filter({ hasText: 'New device' }).waitFor({ state: 'detached' });
    await guest.hearsAndSees();

    await fromMenu(host, 'flip');
    await until(async () => (await machine()).asked.at(-1).video?.facingMode === 'environment', 'the other side');
    await fromMenu(host, 'flip');
    await until(async () => (await machine()).asked.at(-1).video?.facingMode === 'user', 'and back');
    await guest.hearsAndSees();

    await fromMenu(host, 'pip');
    await until(() => host.page.evaluate(() => document.pictureInPictureElement?.closest('video-tile')?.dataset.self === undefined
        && document.pictureInPictureElement !== null), 'the other one in a small window');
    await host.page.evaluate(() => document.exitPictureInPicture());
    await fromMenu(host, 'fullscreen');
    await until(() => host.page.evaluate(() => document.fullscreenElement !== null), 'full screen');
    await fromMenu(host, 'fullscreen');
    await until(() => host.page.evaluate(() => document.fullscreenElement === null), 'not any more');

    const left = Date.now();
    await host.press('hang-up');
    await host.sees({ state: 'ended', reason: 'left' });
    await until(async () => !await host.usesDevices(), 'camera and microphone are off', QUICK);
    assert.ok(Date.now() - left < QUICK, `off after ${Date.now() - left} ms`);
    assert.equal((await machine()).locks, 0, 'the screen may go off');
    await host.press('rejoin');
    await guest.sees({ ring: 'in' });
    await guest.press('accept');
    await host.sees({ state: 'inside', connected: 1 });
    await until(async () => (await machine()).locks === 1, 'and on again');
    await guest.hearsAndSees();
});

test('where a screen cannot be shown there is no button for it, and its key does nothing', LIMIT, async () => {
    const { host } = await inACall('no-screen', (context) => context.addInitScript(() => {
        delete MediaDevices.prototype.getDisplayMedia;
        Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', { get: () => false });
        Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false });
    }));
    assert.equal(await host.find('call-controls [data-do="screen"]').isVisible(), false);
    await host.press('more');
    await host.visible('more-menu [data-do="silence"]').waitFor();
    for (const what of ['screen', 'pip', 'fullscreen', 'flip']) assert.equal(await host.find(`more-menu [data-do="${what}"]`).isVisible(), false, what);
    await host.page.keyboard.press('Escape');
    await host.page.keyboard.press('s');
    await host.hearsAndSees();
    assert.equal(await host.find('call-stage [data-kind="screen"]').count(), 0);
});
