// The first page: names that are proposed, rooms of before, languages and colours, and what it says where
// nothing of that works; and the code that a phone reads.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import jsqr from 'jsqr';
import { ADDRESS } from './support/network.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 60_000 };
let world;
before(async () => { world = await World.create(); }, LIMIT);
after(() => world?.close(), LIMIT);
afterEach(() => world?.everybodyLeaves());

test('a room of one\'s own, from the proposed name to the code on the screen, and back to it later', LIMIT, async () => {
    const person = await world.person();
    await person.land();
    const field = person.find('#create-room');
    assert.equal(await field.evaluate((input) => document.activeElement === input && input.selectionEnd === input.value.length), true, 'it is replaced by typing');
    const proposed = await field.inputValue();
    assert.match(proposed, /^[a-z]+-[a-z]+-[a-z]+-\d+$/);
    await person.press('suggest');
    assert.notEqual(await field.inputValue(), proposed);
    assert.equal(await person.find('.recent').isVisible(), false, 'there are none yet');

    const room = 'Чай & пирог?';
    await field.fill(room);
    await person.page.keyboard.press('Enter');
    await person.page.waitForURL(/chat\.html/);
    assert.equal(new URL(person.page.url()).searchParams.get('room'), room);
    const [cookie] = (await person.context.cookies()).filter(({ name }) => name === 'room');
    assert.equal(decodeURIComponent(cookie.value), room);
    await person.join('Anna');
    await person.sees({ state: 'inside', socket: 'open' });

    // What a phone reads is what the link says
    const image = person.visible('invite-card img');
    await image.waitFor();
    const shown = await person.visible('invite-card code').innerText();
    const { data, size } = await image.evaluate(async (element) => {
        await element.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 400 });
        const context = canvas.getContext('2d');
        context.fillStyle = 'white';
        context.fillRect(0, 0, 400, 400);
        context.drawImage(element, 20, 20, 360, 360);
        return { data: [...context.getImageData(0, 0, 400, 400).data], size: 400 };
    });
    const link = new URL(jsqr(Uint8ClampedArray.from(data), size, size)?.data);
    assert.equal(link.hostname, ADDRESS, 'never localhost');
    assert.equal(link.pathname, '/chat.html');
    assert.equal(link.searchParams.get('room'), room);
    assert.ok(shown.startsWith(`${link.host}/chat.html?room=`), shown);
    await person.press('hang-up');
    await person.sees({ state: 'ended' });
    await person.press('home');
    const recent = person.find('.recent a');
    await recent.waitFor();
    assert.equal(await recent.innerText(), room);
    await recent.click();
    await person.sees({ state: 'lobby', media: 'ready' });
    assert.equal(await person.find('#name').inputValue(), 'Anna', 'the name is kept');
});

test('who types before the script has begun goes on typing', LIMIT, async () => {
    const person = await world.person();
    let begin;
    const begun = new Promise((resolve) => { begin = resolve; });
    await person.page.route('**/js/pages/landing.js', async (route) => {
        await begun;
        await route.continue();
    });
    await person.page.goto(`${person.origin}/`, { waitUntil: 'commit' });
    const field = person.find('#create-room');
    await field.focus();
    await person.page.keyboard.type('ke');
    begin();
    await person.find('.page-foot .push').filter({ hasText: 'version' }).waitFor(); // what comes after it
    await person.page.keyboard.type('ys');
    assert.equal(await field.inputValue(), 'keys');
});

test('language and colours are switched at once, and kept', LIMIT, async () => {
    const person = await world.person();
    const html = person.find('html');
    await person.open('/');
    const english = await person.find('h1').innerText();
    assert.equal(await html.getAttribute('lang'), 'en');
    await person.find('[data-do="language"][lang="ru"]').filter({ visible: true }).click();
    await person.find('html[lang="ru"]').waitFor();
    assert.notEqual(await person.find('h1').innerText(), english);
    await person.press('create');
    await person.page.waitForURL(/chat\.html/);
    await person.find('html[lang="ru"]').waitFor();
    assert.equal((await person.find('[data-do="join"]').innerText()).trim(), 'Войти');
    await person.open('/');
    const ground = () => person.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await person.press('theme');
    assert.notEqual(await ground(), light);
    await person.page.reload();
    assert.notEqual(await ground(), light, 'kept');
    assert.equal(await html.getAttribute('lang'), 'ru', 'kept');
    await person.find('[data-do="language"][lang="en"]').filter({ visible: true }).click();
    await person.find('html[lang="en"]').waitFor();
    assert.equal(await person.find('h1').innerText(), english);
});

test('without JavaScript the pages say that they need it', LIMIT, async () => {
    const person = await world.person({ script: false });
    for (const page of ['/', '/chat.html?room=plain']) {
        await person.open(page);
        const words = person.find('.page-noscript');
        assert.equal(await words.isVisible(), true, page);
        assert.match(await words.innerText(), /needs JavaScript[^]+нужен JavaScript/);
    }
});
