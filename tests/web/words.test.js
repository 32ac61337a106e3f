// The words of the pages: both languages whole, every key there, and the English in the HTML equal to
// the English of the dictionary (it is what is read before, and without, any script).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { languages, loadLanguage, phrase, pickLanguage } from '../../public/js/i18n/i18n.js';

const root = new URL('../../public/', import.meta.url);
const read = name => fs.readFileSync(new URL(name, root), 'utf8');
const pages = ['index.html', 'chat.html', 'secure.html', 'check.html', '404.html'];
const scripts = ['main.js', ...fs.readdirSync(root, { recursive: true }).filter(name => /^js\/.*\.js$/.test(name) && !/i18n\/(en|ru)\.js$/.test(name))];
const dictionaries = {};
for (const language of languages) dictionaries[language] = (await loadLanguage(language)).words;
const { en, ru } = dictionaries;

const placeholders = value => [...new Set(JSON.stringify(value).match(/\{\w+\}/g) ?? [])].sort();
const decode = text => text.replaceAll('&nbsp;', '\u00a0').replaceAll('&amp;', '&');

/** The elements of a page that name their words: key and English text, or attribute. */
function* wordsOf(page) {
  const html = read(page);
  for (const [, key, text] of html.matchAll(/<[^>]*\sdata-i18n="([^"]+)"[^>]*>([^<]*)</g)) yield { key, text: decode(text) };
  for (const [tag, list] of html.matchAll(/<[^>]*\sdata-i18n-attr="([^"]+)"[^>]*>/g)) {
    for (const pair of list.split(';')) {
      const [name, key] = pair.split(':').map(part => part.trim());
      yield { key, text: decode(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? `no ${name}`) };
    }
  }
}

test('both languages have the same keys, the same placeholders, and no empty words', () => {
  assert.deepEqual(Object.keys(ru), Object.keys(en));
  for (const key of Object.keys(en)) {
    assert.deepEqual(placeholders(ru[key]), placeholders(en[key]), key);
    for (const dictionary of [en, ru]) {
      for (const text of typeof dictionary[key] === 'string' ? [dictionary[key]] : Object.values(dictionary[key])) assert.ok(text.trim(), key);
    }
  }
});

test('Russian is Russian: nearly every phrase has Cyrillic letters, none has a mixed word', () => {
  for (const [key, value] of Object.entries(ru)) {
    const text = JSON.stringify(value);
    if (!['chat.title', 'check.camera.good', 'page.manifest'].includes(key)) assert.match(text, /[а-яё]/i, key);
    assert.doesNotMatch(text, /[а-яё][a-z]|[a-z][а-яё]/i, key);
  }
});

test('numbers: every plural form that the language has is there', () => {
  for (const [language, dictionary] of Object.entries(dictionaries)) {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, value] of Object.entries(dictionary)) {
      if (typeof value !== 'string') assert.deepEqual(Object.keys(value).sort(), [...categories].sort(), `${language} ${key}`);
    }
  }
  assert.deepEqual([1, 2, 5, 21].map(n => phrase('ru', 'time.minutes', { n })), ['1 минута', '2 минуты', '5 минут', '21 минута']);
  assert.deepEqual([1, 2].map(n => phrase('en', 'time.seconds', { n })), ['1 second', '2 seconds']);
});

test('values are put in as they are', () => {
  assert.equal(phrase('en', 'calling.headline', { room: '{room}$&<b>' }), 'Calling {room}$&<b>');
});

for (const page of pages) {
  test(`${page}: every key exists, and the English in it is that of the dictionary`, () => {
    const words = [...wordsOf(page)];
    assert.ok(words.length > 5);
    for (const { key, text } of words) assert.equal(text, en[key], key);
  });
}

test('every key that is used exists, and every key is used', () => {
  const used = new Set(pages.flatMap(page => [...wordsOf(page)].map(({ key }) => key)));
  const areas = new Set(Object.keys(en).map(key => key.split('.')[0]));
  const patterns = [];
  for (const script of scripts) {
    const text = read(script);
    for (const [, key] of text.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/g)) if (key in en) used.add(key);
    for (const [, key] of text.matchAll(/\bt\('([^']+)'/g)) assert.ok(key in en, `${script}: ${key}`);
    for (const [, area, rest] of text.matchAll(/`([a-z-]+)\.([^`]*\$\{[^`]*)`/g)) {
      if (!areas.has(area) || rest.startsWith('html')) continue;
      patterns.push(new RegExp(`^${area}\\.${rest.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[a-z-]+')}$`));
    }
  }
  for (const pattern of patterns) assert.ok(Object.keys(en).some(key => pattern.test(key)), String(pattern));
  const idle = Object.keys(en).filter(key => !used.has(key) && !patterns.some(pattern => pattern.test(key)));
  assert.deepEqual(idle, []);
});

test('the language: the chosen one, else the first of the browser\'s that we have, else English', () => {
  assert.equal(pickLanguage('ru', ['en-US']), 'ru');
  assert.equal(pickLanguage('xx', ['de-DE', 'ru-RU', 'en']), 'ru');
  assert.equal(pickLanguage(null, ['en-GB', 'ru']), 'en');
  assert.equal(pickLanguage('__proto__', ['constructor']), 'en');
  assert.equal(pickLanguage(null, []), 'en');
});
