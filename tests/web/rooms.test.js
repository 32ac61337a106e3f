import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

import { BITS, proposeName } from '../../public/js/rooms/proposal.js';
import { proofOf } from '../../public/js/call/proof.js';
import { Invitation } from '../../public/js/rooms/invitation.js';
import { cleanName, Profile } from '../../public/js/rooms/profile.js';
import { recentRooms, rememberRoom } from '../../public/js/rooms/recent.js';
import { checkName, readName, roomOfPage } from '../../public/js/rooms/room_name.js';
import { WORDS } from '../../public/js/rooms/words.js';

const storage = (items = {}) => ({ getItem: key => items[key] ?? null, setItem: (key, value) => { items[key] = value; } });

test('a proposed name has at least 60 bits, and no two choices give the same name', () => {
  assert.ok(BITS >= 60, `${BITS} bits`);
  assert.equal(WORDS.length, 256);
  const pairs = new Set(WORDS.flatMap(first => WORDS.map(second => first + second)));
  assert.equal(pairs.size, 256 ** 2, 'two pairs of words read the same');
  assert.ok(WORDS.every(word => /^[a-z]{2,6}$/.test(word)));
});

test('a proposed name is three words and four digits, and fits the rules', () => {
  for (let round = 0; round < 200; round += 1) {
    const name = proposeName(array => webcrypto.getRandomValues(array));
    assert.match(name, /^[a-z]+-[a-z]+-[a-z]+-\d{4}$/);
    assert.equal(checkName(name), null);
  }
});

test('the digits are equally likely: the uneven rest of the 16 bits is thrown again', () => {
  const throws = [65_535, 60_000, 59_999];
  const name = proposeName(array => array.fill(array instanceof Uint16Array ? throws.shift() : 0));
  assert.ok(name.endsWith('-9999'));
  assert.deepEqual(throws, []);
  assert.ok(proposeName(array => array.fill(0)).endsWith('-0000'));
});

test('the rules of a name are the server\'s: 1 to 64 characters, 256 bytes, nothing invisible', () => {
  assert.equal(checkName(''), 'empty');
  for (const name of ['a', 'x'.repeat(64), '🙂'.repeat(64), 'бабушкина кухня', 'a/b?c&d', 'مطبخ']) assert.equal(checkName(name), null, name);
  for (const name of ['x'.repeat(65), '🙂'.repeat(65)]) assert.equal(checkName(name), 'too-long');
  for (const name of ['a\u0000', 'a\nb', '\u007f', '\u0085', '\ud800']) assert.equal(checkName(name), 'characters');
});

test('a name or a link may be given', () => {
  for (const [text, room] of [
    ['  otter ', 'otter'], ['grandma kitchen', 'grandma kitchen'], ['', ''], ['   ', ''],
    ['http://192.168.1.20:3000/chat.html?room=otter-1', 'otter-1'],
    ['https://h/x/chat.html?a=b&room=a%20b%26c#top', 'a b&c'],
    ['192.168.1.20:3000/chat.html?room=otter', 'otter'],
    ['chat.html?room=%D0%B4%D0%BE%D0%BC', 'дом'],
    ['https://h.example/', ''], ['https://h/chat.html', ''], ['https://h/chat.html?room=', ''],
    ['what?room=x', 'what?room=x'],
  ]) assert.equal(readName(text), room, text);
});

test('the room of the page: the address first, else the cookie', () => {
  assert.equal(roomOfPage('?room=a%20b', 'room=other'), 'a b');
  assert.equal(roomOfPage('', 'x=1; room=a%20b; y=2'), 'a b');
  assert.equal(roomOfPage('?room=', 'room=r'), 'r');
  assert.equal(roomOfPage('', 'broom=r'), '');
  assert.equal(roomOfPage('', 'room=%'), '');
});

test('the last three rooms are remembered, each once, and rubbish is not believed', () => {
  const kept = storage();
  for (const room of ['a', 'b', 'c', 'b', 'd']) rememberRoom(kept, room);
  assert.deepEqual(recentRooms(kept), ['d', 'b', 'c']);
  for (const rubbish of ['{', '{}', 'null', '[1,null]']) {
    assert.deepEqual(recentRooms(storage({ 'videochat.recent': rubbish })), []);
  }
});

test('the invitation: the address of the page, or at "this computer" one that others can reach', () => {
  const lan = new Invitation('https://10.0.0.5:3000/base/chat.html?room=x#y', 'Tea & talk');
  assert.deepEqual(lan.current, { link: 'https://10.0.0.5:3000/base/chat.html?room=Tea%20%26%20talk', reachable: true });
  lan.learn(['https://10.0.0.6:3000']);
  assert.equal(new URL(lan.current.link).host, '10.0.0.5:3000');
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'a.localhost']) {
    const local = new Invitation(`http://${host}:3000/chat.html`, 'tea');
    assert.equal(local.current.reachable, false, host);
    local.learn([]);
    assert.equal(local.current.reachable, false, host);
    let told = 0;
    local.addEventListener('change', () => { told += 1; });
    local.learn(['https://192.168.1.5:3000/calls', 'https://server.lan:3000/calls']);
    assert.deepEqual([local.current, told], [{ link: 'https://192.168.1.5:3000/calls/chat.html?room=tea', reachable: true }, 1], host);
  }
});

test('a name as the server takes it', () => {
  assert.equal(cleanName('  Anna \u202e\u0007Maria '), 'Anna Maria');
  assert.equal([...cleanName('😀'.repeat(100))].length, 64);
  assert.equal(cleanName('\ud800'), '');
});

test('what was chosen is kept in this browser, and nothing strange is read back', () => {
  const items = new Map();
  const store = { getItem: key => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
  const profile = new Profile(store);
  assert.deepEqual([profile.kept.name, profile.kept.mic], ['', true]);
  profile.keep({ name: 'Anna', mic: false });
  assert.deepEqual([new Profile(store).kept.name, new Profile(store).kept.mic], ['Anna', false]);
  for (const found of ['', 'null', '[]', '{"name":5,"mic":"yes"}', '{']) {
    items.set([...items.keys()][0], found);
    assert.deepEqual([new Profile(store).kept.name, new Profile(store).kept.mic], ['', true], found);
  }
});

test('the proof of a password: the same everywhere for a room, another one elsewhere, in the server\'s letters', () => {
  assert.equal(proofOf('tea', 'kitten'), proofOf('tea', 'kitten'));
  assert.notEqual(proofOf('tea', 'kitten'), proofOf('tea', 'kittens'));
  assert.notEqual(proofOf('tea', 'kitten'), proofOf('coffee', 'kitten'));
  assert.match(proofOf('чай', 'котёнок'), /^[\w-]{43}$/);
});
