// The server's machine gets another address: the certificate follows, and nobody who is talking notices.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { asOwnerOf, confirmWarning, HTTP, HTTPS, LanWorld, talk } from './lan/world.mjs';
import { look } from './support/look.mjs';

const LIMIT = { timeout: 60_000 };
const IN_PLACE = 10_000; // what is promised
const NEW = '10.77.0.77';
const NEXT = '10.77.0.78';
const GLOBAL = '2001:db8::77';
const LOCAL = 'fd77::77';

let world, server, trusting, confirming;
before(async () => {
    world = await LanWorld.create();
    server = world.lan.server;
    const [here] = world.lan.machines;
    const home = world.newHome();
    home.trust(world.download(here, `${HTTP}/ca.crt`));
    [trusting, confirming] = await Promise.all([home, world.newHome()]
        .map((owned, index) => world.chromium(asOwnerOf(owned, world.lan.machines[index]))));
}, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

const add = (address) => server.ip('addr', 'add', address, 'dev', 'br0', ...(address.includes(':') ? ['nodad'] : []));
const names = () => world.certificate().names;
const inTheCertificate = (address) => until(() => names().includes(`IP Address:${address}`), `${address} in the certificate`, IN_PLACE);

async function confirmed(room) {
    const guest = await world.personWhoIsWarned(confirming, HTTPS);
    await guest.open(`/chat.html?room=${room}`).catch(() => {});
    await confirmWarning(guest.page);
    await guest.page.waitForURL(`${HTTPS}/chat.html?room=${room}`);
    return guest;
}

test('another address: in the certificate within 10 s, while a call goes on; whoever confirmed the old one is offered a reload', LIMIT, async (t) => {
    const before = world.certificate();
    const host = await world.person(trusting, HTTPS);
    await host.open('/chat.html?room=moving');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    const guest = await confirmed('moving');
    await guest.join('Boris');
    await talk(host, guest);
    const people = [host, guest];
    const sockets = () => Promise.all(people.map((person) => person.page.locator('#call').getAttribute('data-socket')));
    const newSockets = [];
    for (const { page } of people) page.on('websocket', (socket) => newSockets.push(socket.url()));

    const began = Date.now();
    add(`${NEW}/24`);
    await inTheCertificate(NEW);
    t.diagnostic(`in the certificate after ${Date.now() - began} ms`);
    assert.notEqual(world.certificate().fingerprint, before.fingerprint);
    assert.deepEqual(before.names.filter((name) => !names().includes(name)), [], 'nothing has gone');

    await Promise.all(people.map((person) => person.hearsAndSees()));
    assert.deepEqual(await sockets(), ['open', 'open']);
    // What is said in the old connections still arrives.
    await guest.find('call-controls [data-do="chat"]').click();
    await guest.page.keyboard.type('Still here');
    await guest.page.keyboard.press('Enter');
    await host.find('call-controls [data-do="chat"]').click();
    await host.find('chat-panel .bubble').filter({ hasText: 'Still here' }).waitFor();
    assert.deepEqual(newSockets, [], 'still the first connections');

    // The connections are lost: who trusts the CA comes back, who confirmed the old certificate cannot.
    for (const person of people) person.expectServerLoss();
    await world.server.kill();
    await Promise.all(people.map((person) => person.sees({ socket: 'closed' })));
    await world.startServer();
    assert.ok(names().includes(`IP Address:${NEW}`), 'the certificate is kept over a restart');
    await host.sees({ socket: 'open' });
    const offer = guest.visible('.bars [data-do="reload"]');
    const lost = Date.now();
    await offer.waitFor({ timeout: 20_000 });
    t.diagnostic(`a reload is offered ${Date.now() - lost} ms after the other one is back`);
    await guest.hearsAndSees();
    await look(guest, 'certificate-changed');
    await offer.click();
    await confirmWarning(guest.page);
    await guest.page.waitForURL(`${HTTPS}/chat.html?room=moving`);
    await guest.join();
    await guest.sees({ socket: 'open' });
});

test('an address that goes changes nothing, and a global one stays out', LIMIT, async () => {
    add(`${NEXT}/24`);
    await inTheCertificate(NEXT);
    const before = world.certificate();
    server.ip('addr', 'del', `${NEXT}/24`, 'dev', 'br0');
    add(`${GLOBAL}/64`);
    await until(() => world.server.lines.some((line) => line.includes(GLOBAL)), 'it is told what is left out', IN_PLACE);
    assert.deepEqual(world.certificate(), before);

    add(`${LOCAL}/64`); // of the same kind, but one that the CA permits
    await until(() => names().some((name) => name.startsWith('IP Address:FD77:')), 'the local one in the certificate', IN_PLACE);
    assert.deepEqual(names().filter((name) => name.includes('2001:')), []);
});
