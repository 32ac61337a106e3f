// What is shared with us: an invitation by this server, or something for the chat.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { forgetText, keepShared, keptText, readShared } from '../../public/js/shell/shared.js';

const PAGE = 'https://calls.example/base/';
const arrive = (fields, origins) => readShared(`${PAGE}#${new URLSearchParams(fields)}`, origins);

test('nothing shared: nothing is said', () => {
  assert.equal(readShared(PAGE), null);
  assert.equal(readShared(`${PAGE}?text=sent+to+the+server#main`), null);
  assert.equal(arrive({ text: '  ', files: 'many' }), null);
});

test('an invitation by this server is one, wherever it stands', () => {
  const link = 'https://calls.example/base/chat.html?room=tea%20time';
  assert.equal(arrive({ url: link }).room, 'tea time');
  assert.equal(arrive({ title: 'Come', text: `Look: <${link}>, now` }).room, 'tea time');
  assert.equal(arrive({ text: 'http://10.0.0.5:3000/base/chat.html?room=x' }, ['http://10.0.0.5:3000']).room, 'x');
});

test('others\' links, and other pages of ours, are text', () => {
  for (const link of ['https://other.example/base/chat.html?room=x', 'https://calls.example/chat.html?room=x', 'https://calls.example/base/chat.html', 'https://calls.example/base/check.html?room=x', 'http://10.0.0.5/base/chat.html?room=x', 'https://[broken/chat.html?room=x']) {
    assert.deepEqual(arrive({ text: link }), { room: null, text: link, files: 0 });
  }
});

test('title, text and address become one text, each said once, not longer than a message', () => {
  assert.equal(arrive({ title: 'News', text: 'News', url: 'https://other.example/' }).text, 'News\nhttps://other.example/');
  assert.equal(arrive({ text: '😀'.repeat(5000) }).text, '😀'.repeat(4000));
});

test('files are counted, and not believed without bounds', () => {
  assert.deepEqual(arrive({ files: '3' }), { room: null, text: '', files: 3 });
  assert.equal(arrive({ files: '1e9', text: 'a' }).files, 1);
  assert.equal(arrive({ files: '99999', text: 'a' }).files, 100);
  assert.equal(arrive({ files: '-3', text: 'a' }).files, 0);
});

test('kept in the tab until it is sent', () => {
  const map = new Map();
  const storage = { getItem: key => map.get(key) ?? null, setItem: (key, value) => map.set(key, value), removeItem: key => map.delete(key) };
  keepShared(storage, { text: '', files: 0 });
  assert.equal(map.size, 0);
  keepShared(storage, { text: 'hello', files: 0 });
  assert.equal(keptText(storage), 'hello');
  forgetText(storage);
  assert.equal(map.size, 0);
  keepShared({ ...storage, setItem() { throw new DOMException('full', 'QuotaExceededError'); } }, { text: 'lost', files: 2 });
});
