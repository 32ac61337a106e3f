import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { COUNT, fingerprintOf, inWords, ROUNDS, safetyNumbers, safetyNumbersOf } from '../../public/js/call/safety_words.js';
import { I18n, loadLanguage } from '../../public/js/i18n/i18n.js';

const WORDS = {};
for (const language of ['en', 'ru']) {
  await loadLanguage(language);
  WORDS[language] = new I18n({ getItem: () => language }, []).safetyWords;
}

const print = byte => `sha-256 ${Array(32).fill(byte).join(':')}`;
const sdp = fingerprint => `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\na=fingerprint:${fingerprint}\r\na=setup:actpass\r\n`;
const [A, B, C] = ['AA', 'BB', 'CC'].map(print);

test('both lists have 256 different words, each one word of its language', () => {
  for (const [language, letters] of [['en', /^[a-z]+$/], ['ru', /^[а-яё]+$/]]) {
    assert.equal(WORDS[language].length, 256);
    assert.equal(new Set(WORDS[language]).size, 256);
    for (const word of WORDS[language]) assert.match(word, letters);
  }
});

test('both sides see the same words, whoever is which; everybody else sees others', () => {
  assert.deepEqual(safetyNumbers(A, B), safetyNumbers(B, A));
  assert.notDeepEqual(safetyNumbers(A, B), safetyNumbers(A, C));
  assert.notDeepEqual(safetyNumbers(A, A), safetyNumbers(A, B));
});

test('the words stay what they are: another version of the page shows the same', () => {
  const text = `videochat safety words 1\n${A}\n${B}`;
  let digest = createHash('sha256').update(text).digest();
  for (let round = 1; round < ROUNDS; ++round) digest = createHash('sha256').update(digest).update(text).digest();
  assert.deepEqual(safetyNumbers(A, B), [...digest.subarray(0, COUNT)]);
  assert.deepEqual(inWords([0, 255], WORDS.en), ['acorn', 'wolf']);
  assert.deepEqual(inWords([0, 255], WORDS.ru), ['жёлудь', 'волк']);
});

test('the fingerprint is read from a description, however it is written', () => {
  assert.equal(fingerprintOf(sdp(A)), A);
  assert.equal(fingerprintOf(sdp('SHA-256 aa:bb')), 'sha-256 AA:BB');
  assert.equal(fingerprintOf('v=0\r\n'), null);
});

test('a connection has words when both descriptions are there, and others when the other side is another', () => {
  const connection = { localDescription: { sdp: sdp(A) }, remoteDescription: null };
  assert.equal(safetyNumbersOf(null), null);
  assert.equal(safetyNumbersOf(connection), null);
  connection.remoteDescription = { sdp: sdp(B) };
  assert.deepEqual(safetyNumbersOf(connection), safetyNumbers(A, B));
  assert.equal(safetyNumbersOf(connection), safetyNumbersOf(connection), 'computed once');
  connection.remoteDescription = { sdp: sdp(C) };
  assert.deepEqual(safetyNumbersOf(connection), safetyNumbers(A, C));
});
