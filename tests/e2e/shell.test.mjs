// The pages as an installed program: the manifest, what remains without the server, what other programs share.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../compat/support/server.mjs';
import { look } from './support/look.mjs';
import { ADDRESS } from './support/network.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 90_000 };
const WORKER = { settings: { serviceWorkers: 'allow' } };
const PUBLIC = fileURLToPath(new URL('../../public', import.meta.url));
const folders = [];
let world;

/** The pages, which say of which revision document and module are. */
function revision(number) {
    const folder = mkdtempSync(path.join(tmpdir(), 'videochat-pages-'));
    folders.push(folder);
    cpSync(PUBLIC, folder, { recursive: true });
    for (const page of ['index.html', 'chat.html']) {
        const file = path.join(folder, page);
        writeFileSync(file, readFileSync(file, 'utf8').replace('<html ', `<html data-page-revision="${number}" `));
    }
    appendFileSync(path.join(folder, 'js/pages/support.js'), `\ndocument.documentElement.dataset.codeRevision = '${number}';\n`);
    return folder;
}

/** What document and module say, e.g. "1 1". */
const revisionOf = (person) => person.page.waitForFunction(() => {
    const { pageRevision, codeRevision } = document.documentElement.dataset;
    return codeRevision && `${pageRevision} ${codeRevision}`;
}).then((handle) => handle.jsonValue());

const isKept = (person) => until(() => person.page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('shell '));
    const current = await Promise.all(names.map(async (cacheName) => caches.match(`${location.origin}/current`, { cacheName })));
    return navigator.serviceWorker?.controller !== undefined && names.length === 1 && current[0] !== undefined;
}), 'one snapshot is kept', 20_000);

before(async () => { world = await World.create(); }, LIMIT);

/** The server has these pages from now on. */
async function serve(...args) {
    world.args = args;
    await world.startServer();
}

after(async () => {
    await world?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, LIMIT);
afterEach(() => world?.everybodyLeaves());

test('without the server the pages remain and try again; a new page is there at the first load, the old one never twice', LIMIT, async (t) => {
    await world.server.stop();
    await serve('--root', revision(1));
    const person = await world.person(WORKER);
    person.expects404 = true; // what is made for the pages inside of the server is not there then
    await person.open('/');
    await isKept(person);
    const kept = await person.page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)))).flat());
    assert.ok(kept.length > 80, `${kept.length} files`);
    const others = kept.filter((url) => !/\.(?:html|css|js|svg|png|webmanifest)$|\/$|\/current$/.test(url) || !url.startsWith(world.origin));
    assert.deepEqual(others, []);

    person.expectServerLoss();
    await world.server.stop();
    await person.open('/chat.html?room=remains');
    assert.equal(await revisionOf(person), '1 1');
    await person.sees({ state: 'lobby', media: 'ready' });
    await until(async () => /server/i.test(await person.find('[data-show="inside"]').innerText()), 'it says that the server is away');
    await look(person, 'lobby-unreachable');
    await person.join('Anna');
    await person.sees({ state: 'entering' });
    await until(async () => /server/i.test(await person.find('[data-show="entering"]').innerText()), 'and again after Join');

    const began = Date.now();
    await serve('--root', revision(2));
    await person.sees({ state: 'inside', socket: 'open' });
    t.diagnostic(`inside ${Date.now() - began} ms after the server was back`);
    assert.equal(await revisionOf(person), '1 1');

    await person.open('/chat.html?room=remains');
    assert.equal(await revisionOf(person), '2 2', 'new at the first load');
    await isKept(person);
    await world.server.stop();
    await person.open('/chat.html?room=remains');
    assert.equal(await revisionOf(person), '2 2', 'and never old again');

    await serve('--root', revision(3));
    await person.open('/');
    assert.equal(await revisionOf(person), '3 3');
    await isKept(person);
    await world.server.stop();
    await serve();
});

test('the manifest is one that browsers install from', LIMIT, async () => {
    const person = await world.person({ ...WORKER, locale: 'ru' });
    await person.open('/');
    await isKept(person);
    const session = await person.context.newCDPSession(person.page);
    const { url, errors, data } = await session.send('Page.getAppManifest');
    assert.deepEqual([new URL(url).pathname, errors, JSON.parse(data).shortcuts[1].name], ['/manifest.ru.webmanifest', [], 'Позвонить в комнату']);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);

    const button = person.find('[data-do="install"]');
    assert.equal(await button.isVisible(), false, 'no offer, no button');
    await person.page.evaluate(() => {
        window.prompted = 0;
        dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: async () => { window.prompted += 1; } }));
    });
    assert.equal(await button.innerText(), 'Установить как приложение');
    await look(person, 'landing-install');
    await button.click();
    assert.equal(await person.page.evaluate(() => window.prompted), 1);
    assert.equal(await button.isVisible(), false);

    await person.open('/?do=call');
    await until(() => person.page.evaluate(() => document.activeElement?.id === 'call-room'), 'the shortcut leads into the field');
});

test('a certificate that is not trusted: no service worker, and the pages are as ever', LIMIT, async () => {
    const person = await world.person({ origin: `https://${ADDRESS}:3000`, settings: { serviceWorkers: 'allow', ignoreHTTPSErrors: true } });
    const note = person.note.bind(person);
    person.note = (problem) => /An SSL certificate error occurred when fetching the script/.test(problem) || note(problem); // the browser's own words
    const registered = person.page.waitForRequest((request) => request.url().endsWith('/js/shell/worker.js'));
    await person.open('/chat.html?room=untrusted');
    await registered;
    await person.join('Anna');
    await person.sees({ state: 'inside', socket: 'open' });
    assert.equal(await person.page.evaluate(async () => isSecureContext && (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test('shared by another program: an invitation is offered; text and files wait for the press on Send', LIMIT, async () => {
    const host = await world.person(WORKER);
    await host.open(`/?#text=${encodeURIComponent(`Come ${world.origin}/chat.html?room=shared now`)}`);
    await host.find('#shared').waitFor({ state: 'visible' });
    assert.match(await host.find('#shared').innerText(), /invitation to the room shared\./);
    assert.equal(new URL(host.page.url()).search, '', 'a reload does not bring it again');
    await isKept(host);
    await host.press('shared');
    await host.page.waitForURL('**/chat.html?room=shared');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });

    const guest = await world.person(WORKER, 'both', 'second');
    await guest.open('/');
    await isKept(guest);
    await guest.page.reload(); // from now on the worker is in charge of the page
    await guest.page.evaluate(() => {
        const make = (name, properties) => Object.assign(document.createElement(name), properties);
        const form = make('form', { id: 'other-program', method: 'post', enctype: 'multipart/form-data', action: 'share' });
        form.append(make('input', { name: 'text', value: 'Our plan' }), make('input', { name: 'files', type: 'file', multiple: true }));
        document.body.append(form);
    });
    await guest.find('#other-program [type="file"]').setInputFiles([{ name: 'plan é.txt', mimeType: 'text/plain', buffer: Buffer.from('All of it.') }]);
    await guest.page.evaluate(() => document.querySelector('#other-program').submit());
    await guest.find('#shared').waitFor({ state: 'visible' });
    assert.match(await guest.find('#shared p').innerText(), /sent when you press Send there: Our plan · 1 file$/);
    await look(guest, 'landing-shared');

    await guest.find('#call-room').fill('shared');
    await guest.press('call');
    await guest.join('Boris');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    const field = guest.find('chat-panel textarea');
    await until(async () => await field.inputValue() === 'Our plan', 'the text stands in the field');
    assert.match(await guest.find('chat-panel footer .bar').innerText(), /plan é\.txt/);
    await host.visible('call-controls [data-do="chat"]').click();
    assert.equal(await host.find('chat-panel .bubble').count(), 0, 'nothing was sent by itself');
    await look(guest, 'chat-shared');
    await field.press('Enter');
    await guest.find('chat-panel footer .bar').getByText('Send', { exact: true }).click();
    await host.find('chat-panel .bubble').filter({ hasText: 'Our plan' }).waitFor();
    await host.find('chat-panel .bubble').filter({ hasText: 'plan é.txt' }).waitFor();
    assert.equal(await guest.find('chat-panel footer .bar').count(), 0);
    await until(() => guest.page.evaluate(async () => sessionStorage.length === 0 && !(await caches.keys()).some((name) => name.startsWith('shared '))), 'nothing is kept any more');
});
