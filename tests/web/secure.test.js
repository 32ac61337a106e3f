// The way from a plain page to https: what is believed, where it leads, and when it goes on by itself.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

import { languages, loadLanguage } from '../../public/js/i18n/i18n.js';
import { allowPlainPages, passesThrough } from '../../public/js/secure/arrival.js';
import { guessDevice } from '../../public/js/secure/device.js';
import { EVERY, LiveLight, TIMEOUT } from '../../public/js/secure/live_light.js';
import { readMarks } from '../../public/js/secure/marked_text.js';
import { covers, otherAddresses } from '../../public/js/secure/names.js';
import { basePath, placeHere, placeOverHttps, readNext, secureAddress } from '../../public/js/secure/next.js';
import { loadFacts, printLines, RETRY } from '../../public/js/secure/trust_facts.js';
import { Clock, settled } from './support/clock.js';

const page = (address = 'http://192.168.1.20:3000/secure.html') => new URL(address);
const PRINT = Array.from({ length: 32 }, (_, index) => (index + 0xa0).toString(16).toUpperCase()).join(':');

const dictionaries = {};
for (const language of languages) dictionaries[language] = (await loadLanguage(language)).words;

test('next: a path of this server, as it was asked for', () => {
  for (const next of [
    '/', '/chat.html?room=a%20b%26c', '/x/y.html', '/chat.html?next=//evil.example', '/%D0%B4?q=%2F%2F', '/@evil.example', '/:80',
    '/chat.html?room=javascript:alert(1)',
  ]) assert.equal(readNext(next, page()), next, next);
  assert.equal(readNext('/a/../chat.html#inside', page()), '/chat.html', 'what the address bar would show');
});

test('next: nothing that is, or could be taken for, another place', () => {
  for (const next of [
    null, '', 'chat.html', '?room=x', '#x', ' /chat.html', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example',
    '/\\/evil.example', '/a\\..\\evil', 'http://evil.example/', 'https:evil.example', 'https://192.168.1.20:3000/', 'javascript:alert(1)',
    'data:text/html,x', '/\t/evil.example', '/\n/evil.example', '\t//evil.example', '/x\u0000', '/\r', '/\u007f', '/\u0085',
    '/%2fevil.example', '/%2F%2Fevil.example', '/%5cevil.example', '/%5Cevil.example', '/..//evil.example', '/.//evil.example',
    '/%2e//evil.example', '/%2e%2e//evil.example', '/x/..//evil.example', '/../%5cevil.example', '/secure.html', '/secure.html?next=/x',
    '/x/../secure.html',
  ]) assert.equal(readNext(next, page()), '/', JSON.stringify(next));
});

test('next is read as browsers read the query that the server has written', () => {
  const from = page('http://h/secure.html?next=%2Fchat.html%3Froom%3Da%2520b%2526c%252Bd');
  assert.equal(readNext(from.searchParams.get('next'), from), '/chat.html?room=a%20b%26c%2Bd');
  const evil = page('http://h/secure.html?next=%2F%252Fevil.example');
  assert.equal(readNext(evil.searchParams.get('next'), evil), '/');
});

test('below a base path home is there, and so is the cookie', () => {
  const below = page('http://h:3000/call/secure.html?next=x');
  assert.equal(basePath(below), '/call/');
  assert.equal(readNext('x', below), '/call/');
  assert.equal(readNext('/call/secure.html', below), '/call/');
  assert.equal(readNext('/call/chat.html?room=r', below), '/call/chat.html?room=r');
});

test('the place over https: same host and port, or the port that the server names; the fragment goes along', () => {
  const over = (from, httpsPort = 0, next = '/chat.html?room=r') => placeOverHttps(page(from), next, httpsPort).href;
  assert.equal(over('http://192.168.1.20:3000/secure.html?next=x'), 'https://192.168.1.20:3000/chat.html?room=r');
  assert.equal(over('http://192.168.1.20:3000/secure.html#key=1'), 'https://192.168.1.20:3000/chat.html?room=r#key=1');
  assert.equal(over('http://h.lan/secure.html'), 'https://h.lan/chat.html?room=r');
  assert.equal(over('http://h.lan/secure.html', 8443), 'https://h.lan:8443/chat.html?room=r');
  assert.equal(over('http://h.lan/secure.html', 80), 'https://h.lan:80/chat.html?room=r');
  assert.equal(over('http://h.lan:8080/secure.html', 443), 'https://h.lan/chat.html?room=r');
  assert.equal(over('http://[fd00::20]:3000/secure.html', 3443), 'https://[fd00::20]:3443/chat.html?room=r');
  assert.equal(over('http://h.lan:3000/call/secure.html', 0, '/call/'), 'https://h.lan:3000/call/');
  assert.equal(placeHere(page('http://h:3000/secure.html?next=x#k'), '/chat.html?room=r').href, 'http://h:3000/chat.html?room=r#k');
});

test('the way to /secure.html and back keeps room, fragment and base path', () => {
  for (const from of ['http://h:3000/', 'http://h:3000/chat.html?room=a%20b%26c+d#k', 'http://[fd00::1]/call/chat.html?room=%D0%B4']) {
    const there = page(secureAddress(from));
    assert.equal(there.pathname, `${basePath(page(from))}secure.html`);
    assert.equal(placeOverHttps(there, readNext(there.searchParams.get('next'), there), 0).href, from.replace('http:', 'https:'));
  }
});

test('names: addresses as they are written, names in any case, a star for one label', () => {
  const names = ['192.168.1.5', '10.0.0.1', 'fd00::1', '::1', 'localhost', 'Tower.local', '*.calls.example'];
  for (const host of ['192.168.1.5', '[fd00::1]', '[fd00:0:0::1]', '[::1]', 'localhost', 'tower.local', 'TOWER.local.', 'a.calls.example']) {
    assert.equal(covers(host, names), true, host);
  }
  for (const host of ['192.168.1.50', '192.168.1', '[fd00::2]', 'tower', 'x.tower.local', 'calls.example', 'a.b.calls.example', '', '0.0.1']) {
    assert.equal(covers(host, names), false, host);
  }
  assert.equal(covers('10.0.0.1', ['*.0.0.1']), false, 'no stars in addresses');
  assert.equal(covers('h', ['http://h', 'h/x', 'h:80', 'a@h', '']), false, 'what is no name matches nothing');
});

test('another address: this very page, addresses before names, none that leads a phone to itself, no wildcard, each once, three at most', () => {
  const from = page('http://nas.example:3000/call/secure.html?next=%2Fx#k');
  const names = ['localhost', 'nas', 'nas.local', '127.0.0.1', '::1', 'a.localhost', 'fe80::1', '*.lan', 'fd00::5', '192.168.1.5', '192.168.1.5', '10.0.0.5'];
  const at = host => `http://${host}:3000/call/secure.html?next=%2Fx#k`;
  assert.deepEqual(otherAddresses(from, names).map(String), [at('192.168.1.5'), at('10.0.0.5'), at('[fd00::5]')]);
  assert.deepEqual(otherAddresses(from, ['nas.local', 'fd00::5']).map(String), [at('[fd00::5]'), at('nas.local')]);
  assert.deepEqual(otherAddresses(from, ['localhost', 'not a name']), []);
});

const answer = (status, body) => ({ status, ok: status === 200, json: async () => body });
const facts = { leaf: { sha256: PRINT }, ca: { sha256: PRINT }, names: ['localhost'], httpsPort: 0 };

test('secure.json: asked until it is there and whole; 404 says that there is no https', async () => {
  const clock = new Clock();
  const rubbish = [
    null, {}, { ...facts, leaf: null }, { ...facts, leaf: { sha256: 'AB' } }, { ...facts, ca: undefined }, { ...facts, ca: {} },
    { ...facts, names: [1] }, { ...facts, httpsPort: '0' }, { ...facts, httpsPort: 65536 }, { ...facts, leaf: { sha256: `${PRINT}<b>` } },
  ];
  const answers = [() => { throw new TypeError('no server'); }, () => answer(503), ...rubbish.map(body => () => answer(200, body)), () => answer(200, facts)];
  const total = answers.length;
  let found;
  loadFacts('secure.json', { ...clock, fetch: async (address, { cache }) => {
    assert.deepEqual([address, cache], ['secure.json', 'no-store']);
    return answers.shift()();
  } }).then(value => { found = value; });
  await settled();
  await clock.advance(RETRY * (total - 1) - 1);
  assert.equal(found, undefined);
  await clock.advance(1);
  assert.equal(found, facts);
  const real = { ...facts, ca: null, httpsPort: 8443 };
  assert.equal(await loadFacts('secure.json', { ...clock, fetch: async () => answer(200, real) }), real);
  assert.equal(await loadFacts('secure.json', { ...clock, fetch: async () => answer(404) }), null);
});

test('a fingerprint stands in four lines of eight bytes, and loses nothing', () => {
  const lines = printLines(PRINT);
  assert.deepEqual(lines.map(line => line.length), [24, 24, 24, 23]);
  assert.equal(lines.join(''), PRINT);
});

function light() {
  const clock = new Clock();
  const asked = [];
  const states = [];
  const one = new LiveLight('https://h:3000/healthz', {
    ...clock,
    fetch: (address, options) => new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      asked.push({ address, ...options, at: clock.now(), resolve, reject });
    }),
  });
  one.addEventListener('state', () => states.push(one.state));
  const refuse = () => {
    asked.at(-1).reject(new TypeError('Failed to fetch'));
    return settled();
  };
  return { clock, asked, states, light: one, refuse };
}

test('the light asks every 2 s, from other origins and past every cache, and is green at the first answer', async () => {
  const { clock, asked, states, light: one, refuse } = light();
  one.start();
  one.start();
  assert.equal(asked.length, 1, 'once');
  assert.deepEqual([asked[0].address, asked[0].mode, asked[0].cache], ['https://h:3000/healthz', 'cors', 'no-store']);
  for (let round = 1; round < 5; round += 1) {
    await refuse();
    await clock.advance(EVERY - 1);
    assert.equal(asked.length, round);
    await clock.advance(1);
    assert.equal(asked.length, round + 1);
  }
  assert.deepEqual(states, ['waiting'], 'said once');
  asked.at(-1).resolve({ ok: true });
  await settled();
  assert.deepEqual(states, ['waiting', 'green']);
  one.start();
  await clock.advance(60_000);
  assert.equal(asked.length, 5, 'then it is done');
  assert.deepEqual(clock.waiting, []);
});

test('the light: an answer that is no good is none, and silence ends after its time', async () => {
  const { clock, asked, states, light: one } = light();
  one.start();
  asked[0].resolve({ ok: false });
  await settled();
  await clock.advance(EVERY);
  assert.deepEqual(states, ['waiting']);
  await clock.advance(TIMEOUT - 1);
  assert.equal(asked[1].signal.aborted, false);
  await clock.advance(1);
  assert.equal(asked[1].signal.aborted, true);
  await clock.advance(EVERY - 1);
  assert.equal(asked.length, 2);
  await clock.advance(1);
  assert.equal(asked.length, 3);
});

test('the light is out while nobody looks, and asks at once when somebody does again', async () => {
  const { clock, asked, states, light: one, refuse } = light();
  one.start();
  await refuse();
  await clock.advance(1000);
  one.stop();
  assert.deepEqual(clock.waiting, []);
  await clock.advance(60_000);
  assert.equal(asked.length, 1);
  one.start();
  assert.equal(asked.length, 2);
  one.stop();
  assert.equal(asked[1].signal.aborted, true);
  one.start();
  asked[1].resolve({ ok: true });
  await clock.advance(EVERY * 2);
  assert.deepEqual(states, ['waiting'], 'a late answer to a stopped question does not count');
  assert.equal(asked.length, 3, 'nor does it start a second row of questions');
});

test('who has a camera already and was sent here passes through; who cannot keep the cookie is not sent in a circle', () => {
  const arrive = about => {
    let asked = 0;
    const passes = passesThrough({ protocol: 'http:', secureContext: false, sent: true, ...about, allow: () => { asked += 1; return about.keeps ?? true; } });
    return [passes, asked];
  };
  assert.deepEqual(arrive({}), [false, 0], 'a plain page');
  assert.deepEqual(arrive({ secureContext: true }), [true, 1], 'secure over http: with the cookie');
  assert.deepEqual(arrive({ secureContext: true, keeps: false }), [false, 1]);
  assert.deepEqual(arrive({ secureContext: true, sent: false }), [false, 1], 'came to read');
  assert.deepEqual(arrive({ protocol: 'https:', secureContext: true }), [true, 0]);
  assert.deepEqual(arrive({ protocol: 'https:', secureContext: true, sent: false }), [false, 0]);
});

test('the cookie: for the session, for this server\'s pages; whether it is kept is looked at', () => {
  const written = [];
  const jar = kept => ({ get cookie() { return kept; }, set cookie(text) { written.push(text); } });
  assert.equal(allowPlainPages(jar('room=x; insecure_ok=1'), '/call/'), true);
  assert.deepEqual(written, ['insecure_ok=1; path=/call/; SameSite=Lax']);
  assert.equal(allowPlainPages(jar(''), '/'), false);
  assert.equal(allowPlainPages(jar('xinsecure_ok=1; insecure_ok=10'), '/'), false);
});

test('the device is guessed, an iPad behind its Mac too; Firefox has a store of its own on computers', () => {
  const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';
  const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  for (const [userAgent, maxTouchPoints, store, browser, platform] of [
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`, 0, 'windows', 'chrome'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Edg/140.0.0.0`, 10, 'windows', 'edge'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0', 0, 'firefox', 'firefox'],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI}`, 0, 'macos', 'safari'],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI}`, 5, 'ios', 'safari'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1', 5, 'ios', 'safari'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1', 5, 'ios', 'chrome'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 Safari/605.1.15', 5, 'ios', 'other'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME}`, 5, 'android', 'chrome'],
    ['Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0', 5, 'android', 'firefox'],
    [`Mozilla/5.0 (X11; Linux x86_64) ${CHROME}`, 0, 'linux', 'chrome'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 0, 'firefox', 'firefox'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME}`, 0, 'linux', 'chrome'],
    ['Mozilla/5.0 (unheard of)', 0, null, 'other'],
    [`Mozilla/5.0 (unheard of) ${CHROME}`, 0, 'windows', 'chrome', 'Windows'],
  ]) {
    const userAgentData = platform ? { platform } : undefined;
    assert.deepEqual(guessDevice({ userAgent, maxTouchPoints, userAgentData }), { store, browser }, `${userAgent} ${maxTouchPoints}`);
  }
});

test('marks: what is named is bold, what is typed is code, and nothing is lost', () => {
  assert.deepEqual(readMarks('a *b c*, `d -e`'), [
    { tag: null, text: 'a ' }, { tag: 'b', text: 'b c' }, { tag: null, text: ', ' }, { tag: 'code', text: 'd -e' },
  ]);
  assert.deepEqual(readMarks('*'), [{ tag: null, text: '*' }]);
  assert.deepEqual(readMarks('2 * 3'), [{ tag: null, text: '2 * 3' }]);
});

test('the marks of both languages are closed, and the same in number', () => {
  const keys = Object.keys(dictionaries.en).filter(key => /[*`]/.test(JSON.stringify(dictionaries.en[key])));
  assert.ok(keys.length > 20);
  for (const key of keys) {
    const tags = Object.values(dictionaries).map(dictionary => {
      const parts = readMarks(dictionary[key]);
      for (const { text } of parts) assert.doesNotMatch(text, /[*`]/, key);
      return parts.map(({ tag }) => tag).filter(Boolean).sort();
    });
    assert.deepEqual(tags[0], tags[1], key);
  }
});

test('every store that can be guessed has its help in the page', () => {
  const html = fs.readFileSync(new URL('../../public/secure.html', import.meta.url), 'utf8');
  for (const store of ['ios', 'android', 'windows', 'macos', 'linux', 'firefox']) {
    assert.match(html, new RegExp(`<details class="accordion" data-store="${store}">`), store);
  }
});
