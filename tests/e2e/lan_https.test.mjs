// From http://ADDRESS to a call: who comes by plain http is led to https, whether the browser trusts the
// server or its user confirms a warning; and what certificates browsers believe at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { BINARY, newStateDir, startServer } from '../compat/support/server.mjs';
import { exchange } from './lan/exchange.mjs';
import { arrives, asOwnerOf, confirmWarning, HTTP, HTTPS, LanWorld, refusal, talk } from './lan/world.mjs';
import { look } from './support/look.mjs';
import { ADDRESS } from './support/network.mjs';
import { trustedIn } from './support/nss.mjs';

const LIMIT = { timeout: 60_000 };
const LOOK = { timeout: 15_000 };
const secureCall = (room) => `${HTTPS}/chat.html?room=${room}`;

let world, here, there, ca, trusting, untrusting;
before(async () => {
    world = await LanWorld.create();
    [here, there] = world.lan.machines;
    ca = world.download(here, `${HTTP}/ca.crt`);
    const home = world.newHome();
    home.trust(ca);
    [trusting, untrusting] = await Promise.all([home, world.newHome()]
        .map((owned, index) => world.chromium(asOwnerOf(owned, world.lan.machines[index]))));
}, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

test('pages are accepted with the CA that /ca.crt gives, and refused without', LIMIT, async () => {
    assert.match(await refusal(untrusting, HTTPS), /ERR_CERT_AUTHORITY_INVALID/);
    const page = await trusting.newPage();
    await page.goto(secureCall('trust'));
    assert.deepEqual(await arrives(page, secureCall('trust')), { secure: true, camera: true });
    await page.close();
});

test('videochat-server trust: Chromium and Firefox accept the pages; --remove: no more', LIMIT, async () => {
    const home = world.newHome();
    // Somebody who is not root, whoever runs the tests: the store of this very machine stays as it is.
    const trust = (...args) => execFileSync('unshare', ['--user', BINARY, 'trust', ...args, '--state-dir', world.stateDir],
        { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: home.folder } });
    const trusted = () => [home.chromium, home.firefox].map(trustedIn);

    assert.match(trust(), /only root can change it/);
    assert.deepEqual(trusted(), [1, 1]);
    const chromium = await world.chromium(asOwnerOf(home, here));
    assert.equal(await refusal(chromium, HTTPS), 'opened');
    const firefox = await world.firefox(here, { database: home.firefox });
    const page = await firefox.newPage();
    await page.goto(secureCall('fox'));
    assert.deepEqual(await page.evaluate(() => [location.href, isSecureContext, Boolean(navigator.mediaDevices)]), [secureCall('fox'), true, true]);
    await Promise.all([chromium.close(), firefox.close()]);

    trust('--remove');
    assert.deepEqual(trusted(), [0, 0]);
    assert.match(await refusal(await world.firefox(here, { database: home.firefox }), HTTPS), /SEC_ERROR_UNKNOWN_ISSUER/);
});

test('a certificate with one address outside of the CA\'s constraints is refused, by both browsers', LIMIT, async () => {
    const home = world.newHome();
    home.trust(ca, home.firefox);
    const firefox = await world.firefox(here, { database: home.firefox });
    const served = async (port, addresses) => {
        const { certificate, key } = signedByCa(world.stateDir, addresses);
        const server = await startServer(['--tls-cert', certificate, '--tls-key', key], { prefix: world.lan.server.inside, port, stateDir: newStateDir() });
        const url = `https://${ADDRESS}:${port}/`;
        const answers = [await refusal(trusting, url), await refusal(firefox, url)];
        await server.stop();
        return answers;
    };
    assert.deepEqual(await served(3001, [ADDRESS]), ['opened', 'opened']);
    const [chromium, fox] = await served(3002, [ADDRESS, '8.8.8.8']);
    assert.match(chromium, /ERR_CERT_INVALID/);
    assert.match(fox, /SEC_ERROR_CERT_NOT_IN_NAME_SPACE/);
});

test('by http to a secure call: one browser trusts the server, one user confirms the warning', LIMIT, async (t) => {
    const began = Date.now();
    const host = await world.person(trusting, HTTP);
    await host.open('/chat.html?room=tea');
    assert.deepEqual(await arrives(host.page, secureCall('tea')), { secure: true, camera: true });
    t.diagnostic(`trusted: at https by itself after ${Date.now() - began} ms`);
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });

    const guest = await world.personWhoIsWarned(untrusting, HTTP);
    await guest.open('/chat.html?room=tea');
    await guest.page.waitForURL(`${HTTP}/secure.html?next=%2Fchat.html%3Froom%3Dtea`, LOOK);
    await guest.visible('[data-part="light"][data-state="waiting"]').waitFor(LOOK);
    await look(guest, 'secure-waiting');
    assert.equal((await guest.find('[data-show="leaf"]').innerText()).replace(/\s/g, ''), world.certificate().fingerprint);
    await guest.press('continue');
    await confirmWarning(guest.page);
    assert.deepEqual(await arrives(guest.page, secureCall('tea')), { secure: true, camera: true });
    await guest.join('Boris');
    await talk(host, guest);
    await guest.press('hang-up');
    await host.sees({ people: 0 });
});

test('Firefox and Chromium over https, whoever calls', LIMIT, async () => {
    const home = world.newHome();
    home.trust(ca, home.firefox);
    // To a page whose camera is not a real one Firefox shows only the address that leads to the server; if a
    // service worker has given it the page, it knows no server, and takes the way to the internet.
    there.routeToNowhere();
    const firefox = await world.firefox(there, { database: home.firefox });
    for (const [room, order] of [['chromium first', ['chromium', 'firefox']], ['firefox first', ['firefox', 'chromium']]]) {
        const people = {
            chromium: await world.person(trusting, HTTPS),
            firefox: await world.firefoxPerson(firefox, HTTPS),
        };
        const [host, guest] = order.map((name) => people[name]);
        await host.open(`/chat.html?room=${room}`);
        await host.join('Anna');
        await host.sees({ state: 'inside', socket: 'open' });
        await guest.open(`/chat.html?room=${room}`);
        await guest.join('Boris');
        await talk(host, guest);
        await exchange(guest, host);
        await guest.press('hang-up');
        await host.sees({ people: 0 });
        await world.everybodyLeaves();
    }
});

test('the light turns green when a warning is confirmed in another tab', LIMIT, async () => {
    const waiting = await world.personWhoIsWarned(untrusting, HTTP);
    await waiting.open('/chat.html?room=light');
    await waiting.visible('[data-part="light"][data-state="waiting"]').waitFor(LOOK);
    const other = await waiting.context.newPage();
    await other.goto(HTTPS).catch(() => {});
    await confirmWarning(other);
    await other.waitForURL(`${HTTPS}/`, LOOK);
    await other.close();
    assert.deepEqual(await arrives(waiting.page, secureCall('light')), { secure: true, camera: true });
});

test('the light turns green when the CA is imported meanwhile', LIMIT, async (t) => {
    // Firefox looks anew each time; Chromium remembers refusals for as long as the profile is open, so
    // that another one goes on which begins afterwards.
    const home = world.newHome();
    const firefox = await world.firefox(here);
    const page = await firefox.newPage();
    await page.goto(`${HTTP}/chat.html?room=import`);
    await page.waitForSelector('[data-part="light"][data-state="waiting"]', LOOK);
    home.trust(ca, firefox.profile);
    const began = Date.now();
    await page.waitForFunction(() => location.protocol === 'https:' && document.querySelector('#call'), LOOK);
    t.diagnostic(`Firefox: green ${Date.now() - began} ms after the import`);
    assert.equal(await page.evaluate(() => location.href), secureCall('import')); // the driver's page.url() comes later

    const chromium = await world.chromium(asOwnerOf(home, here));
    const before = await world.personWhoIsWarned(chromium, HTTP);
    await before.open('/chat.html?room=import');
    await before.visible('[data-part="light"][data-state="waiting"]').waitFor(LOOK);
    home.trust(ca);
    const afterwards = await world.person(chromium, HTTP);
    await afterwards.open('/chat.html?room=import');
    assert.deepEqual(await arrives(afterwards.page, secureCall('import')), { secure: true, camera: true });
});

test('who goes on without camera stays at http, and is told so there; nothing loops', LIMIT, async () => {
    const person = await world.personWhoIsWarned(untrusting, HTTP);
    await person.open('/chat.html?room=without');
    await person.visible('[data-part="light"][data-state="waiting"]').waitFor(LOOK);
    const loads = [];
    person.page.on('framenavigated', (frame) => loads.push(frame.url()));
    await person.press('without');
    await person.sees({ problem: 'insecure' });
    assert.deepEqual(loads, [`${HTTP}/chat.html?room=without`]);
    assert.deepEqual((await person.context.cookies()).filter(({ name }) => name === 'insecure_ok').map(({ value, expires }) => [value, expires]), [['1', -1]]);
    await person.open('/chat.html?room=again');
    await person.sees({ problem: 'insecure' });
    assert.equal(person.page.url(), `${HTTP}/chat.html?room=again`);
});

test('a page that is secure over http already goes on by itself', LIMIT, async () => {
    const chromium = await world.chromium(there, { trusts: HTTP });
    const person = await world.person(chromium, HTTP);
    await person.open('/chat.html?room=flag');
    assert.deepEqual(await arrives(person.page, `${HTTP}/chat.html?room=flag`), { secure: true, camera: true });
    await person.join();
    await person.sees({ state: 'inside', socket: 'open' });
});

/** A certificate that only the owner of the server's own CA can make. */
function signedByCa(stateDir, addresses) {
    const folder = newStateDir();
    const file = (name) => path.join(folder, name);
    const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    writeFileSync(file('extensions'), 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n'
        + `subjectAltName=${addresses.map((address) => `IP:${address}`).join(',')}\n`);
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key'), '-out', file('request'), '-subj', '/CN=test');
    openssl('x509', '-req', '-in', file('request'), '-CA', path.join(stateDir, 'ca.crt'), '-CAkey', path.join(stateDir, 'ca.key'),
        '-CAserial', file('serial'), '-CAcreateserial', '-days', '30', '-extfile', file('extensions'), '-out', file('certificate'));
    return { certificate: file('certificate'), key: file('key') };
}
