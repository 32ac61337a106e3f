// What the panels say: the words about files, numbers with their units, connection details as text.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { milliseconds, partOf, percent, rate, remaining, size } from '../../public/js/i18n/format.js';
import { languages, loadLanguage, phrase } from '../../public/js/i18n/i18n.js';
import { Receiving } from '../../public/js/files/receiving.js';
import { Pace } from '../../public/js/files/pace.js';
import { fileWords } from '../../public/js/ui/file_words.js';

await Promise.all(languages.map(loadLanguage));
const EN = { language: 'en', t: (key, values) => phrase('en', key, values) };
const RU = { language: 'ru', t: (key, values) => phrase('ru', key, values) };
const MB = 1_000_000;
const spaces = text => text.replace(/[\u00a0\u202f]/g, ' ');

/** A transfer that is as the test says; `kind` tells the panel which way it goes. */
function transfer(changes, kind = Object) {
  const values = { state: 'offered', reason: null, confirmed: 0, written: 0, name: 'Boris', isHeld: false, fits: true, limit: Infinity, blob: null, ...changes };
  return Object.create(kind.prototype, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])));
}

const sent = (...transfers) => ({ own: true, name: 'a', size: 10 * MB, pace: new Pace(), transfers: transfers.map(one => transfer(one)) });
const received = changes => {
  const transfers = [transfer(changes, Receiving)];
  return { own: false, name: 'a', size: 480 * MB, pace: new Pace(), transfers, incoming: transfers[0] };
};
const words = (file, i18n = EN) => {
  const { state, line, progress, actions } = fileWords(file, i18n, 10_000);
  return [state, spaces(line), progress, actions.join()];
};

test('a file that comes, from the offer to its end', () => {
  assert.deepEqual(words(received({})), ['offered', '480 MB from Boris', null, 'accept,decline']);
  assert.deepEqual(words(received({ fits: false, limit: 256 * MB })), ['offered', '480 MB. This browser can take files of at most 256 MB here.', null, 'decline']);
  assert.deepEqual(words(received({ state: 'moving', written: 212 * MB })), ['moving', '212 of 480 MB', 44, 'stop']);
  assert.deepEqual(words(received({ state: 'done' })), ['done', 'Received · 480 MB', null, '']);
  assert.deepEqual(words(received({ state: 'done', blob: new Blob([]) })), ['done', 'Received · 480 MB', null, 'save']);
  assert.deepEqual(words(received({ state: 'declined' })), ['declined', 'Declined · 480 MB', null, '']);
  assert.deepEqual(words(received({ state: 'failed', reason: 'damaged' })), ['failed', 'It arrived damaged. Please send it again.', null, '']);
});

test('how long it takes still, and that it waits', () => {
  const file = received({ state: 'moving', written: 212 * MB });
  file.pace.note(0, 92 * MB);
  file.pace.note(10_000, 212 * MB);
  assert.equal(words(file)[1], '212 of 480 MB · 23 sec left');
  assert.equal(words(file, RU)[1], '212 из 480 МБ · ещё 23 с');
  assert.equal(words(received({ state: 'moving', written: 0, isHeld: true }))[1], '0 of 480 MB · waits for the connection');
});

test('a file of ours: to one, to several, and what each makes of it', () => {
  const done = { state: 'done', confirmed: 10 * MB };
  assert.deepEqual(words(sent({}, {})), ['waiting', '10 MB · waiting for an answer', null, 'stop']);
  assert.deepEqual(words(sent(done)), ['done', 'Sent to Boris · 10 MB', null, '']);
  assert.deepEqual(words(sent(done, done, done)), ['done', 'Sent to 3 people · 10 MB', null, '']);
  assert.deepEqual(words(sent(done, done), RU)[1], 'Отправлено 2 участникам · 10 МБ');
  assert.deepEqual(words(sent(done, { state: 'moving', confirmed: 5 * MB }, {})), ['moving', '15 of 20 MB', 75, 'stop']);
  assert.deepEqual(words(sent(done, {})), ['waiting', '10 MB · waiting for an answer', null, 'stop']);
  assert.deepEqual(words(sent(done, { state: 'declined' })), ['done', 'Sent to Boris · 10 MB', null, '']);
  assert.deepEqual(words(sent({ state: 'declined' }, { state: 'failed', reason: 'gone', confirmed: MB })), ['failed', 'The connection ended before it was complete.', null, '']);
  assert.deepEqual(words(sent({ state: 'declined' })), ['declined', 'Declined · 10 MB', null, '']);
});

test('every reason has its words, in both languages', () => {
  for (const i18n of [EN, RU]) {
    const said = ['stopped', 'unreadable', 'damaged', 'space', 'gone'].map(reason => words(received({ state: 'failed', reason }), i18n)[1]);
    assert.equal(new Set(said).size, 5);
    for (const line of said) assert.doesNotMatch(line, /undefined|file\./);
  }
});

test('sizes and rates have the unit that fits, and never four digits', () => {
  const sizes = [0, 1, 999, 1000, 1234, 9949, 9950, 999_499, 999_500, 480 * MB, 2_100 * MB, 5e15].map(bytes => size('en', bytes));
  assert.deepEqual(sizes.map(spaces), ['0 bytes', '1 byte', '999 bytes', '1 kB', '1.2 kB', '9.9 kB', '10 kB', '999 kB', '1 MB', '480 MB', '2.1 GB', '5,000 TB']);
  assert.deepEqual([[5, 900], [0.24 * MB, 2.5 * MB], [9.99e8, 1e9]].map(([part, whole]) => partOf('en', part, whole)), ['5', '0.2', '1']);
  assert.deepEqual([0, 64_000, 1_940_000].map(bits => spaces(rate('en', bits))), ['0 kb/s', '64 kb/s', '1.9 Mb/s']);
  assert.match(spaces(rate('ru', 1_940_000)), /^1,9 Мбит\/[сc]$/);
  assert.deepEqual([milliseconds('ru', 12), remaining('ru', 99), remaining('ru', 100), percent('ru', 0.002)].map(spaces), ['12 мс', '99 с', '2 мин', '0,2 %']);
});
