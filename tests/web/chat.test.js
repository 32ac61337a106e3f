import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Chat, LONGEST_TEXT, PATIENCE } from '../../public/js/chat/chat.js';
import { readFrame, writeGot, writeSaid } from '../../public/js/chat/chat_frames.js';
import { segments } from '../../public/js/chat/links.js';
import { ChatLog, MOST_ENTRIES } from '../../public/js/chat/log.js';
import { BORIS, channelOnFakes, CLARA, ME, member } from './support/call_socket.js';
import { FakeLinks, wire } from './support/fake_ways.js';

const PAGES = { [ME]: 'a'.repeat(22), [BORIS]: 'b'.repeat(22), [CLARA]: 'c'.repeat(22) };
const EVERYBODY = [member(ME, 'Anna', { host: true }), member(BORIS, 'Boris'), member(CLARA, 'Clara')];

/** One page of the call, welcomed by the server. */
function person(me = ME, members = EVERYBODY) {
  const one = channelOnFakes();
  const links = new FakeLinks();
  const log = new ChatLog();
  const chat = new Chat({
    ...one.clock, channel: one.channel, links, log, createId: () => PAGES[me], now: () => 1000 + one.clock.now(),
  });
  one.enter({ seat: me, members });
  Object.assign(one, { me, links, log, chat });
  return Object.defineProperties(one, {
    texts: { get: () => log.entries.map(({ text, name }) => (name ? `${name}: ${text}` : text)) },
    chats: { get: () => one.sent.filter(([name]) => name === 'chat message') },
  });
}

/** Everybody with a channel to everybody, and a server that carries what is said to it. */
function call(seats = [ME, BORIS, CLARA]) {
  const members = EVERYBODY.filter(({ seat }) => seats.includes(seat));
  const people = seats.map(seat => person(seat, members));
  const wires = [];
  people.forEach((one, index) => people.slice(index + 1).forEach(other => {
    const between = wire();
    one.links.set(`to ${other.me}`, between.a, other.me);
    other.links.set(`to ${one.me}`, between.b, one.me);
    between.open();
    wires.push(between);
  }));
  const carried = people.map(() => 0);
  const serve = () => people.forEach((one, index) => {
    for (const [, said] of one.chats.slice(carried[index])) {
      carried[index] += 1;
      for (const to of people) if (to.channel.state === 'open') to.hear(['chat message', said, { from: one.me, at: 500 }]);
    }
  });
  const run = () => {
    do {
      wires.forEach(between => between.deliver());
      serve();
    } while (wires.some(between => between.underWay > 0));
  };
  /** Time passes for all; the server answers who asks whether it is there. */
  const pass = async (milliseconds, deliver = run) => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      for (const one of people) {
        await one.clock.advance(500);
        if (one.channel.state === 'open') one.hear(['pong', null]);
      }
      deliver();
    }
  };
  return { people, wires, run, pass };
}

test('with a channel to everybody the server hears nothing, and each has it once', async () => {
  const { people: [anna, boris, clara], run, pass } = call();
  assert.equal(anna.chat.say('  hello '), true);
  run();
  boris.chat.say('hi');
  run();
  assert.deepEqual([anna.texts, boris.texts, clara.texts], [['hello', 'Boris: hi'], ['Anna: hello', 'hi'], ['Anna: hello', 'Boris: hi']]);
  await pass(2 * PATIENCE);
  for (const one of [anna, boris, clara]) assert.deepEqual([one.chats, one.log.entries.length], [[], 2]);
  assert.equal(anna.log.entries[0].own, true);
});

test('without a channel to one of them the server carries it, and nobody has it twice', async () => {
  const { people: [anna, boris, clara], wires, run, pass } = call();
  wires[1].lose(); // anna and clara
  anna.chat.say('hello');
  run();
  assert.equal(anna.chats.length, 1);
  assert.deepEqual([anna.texts, boris.texts, clara.texts], [['hello'], ['Anna: hello'], ['Anna: hello']]);
  await pass(2 * PATIENCE);
  assert.equal(anna.chats.length, 1);
  assert.deepEqual([anna.texts, boris.texts, clara.texts], [['hello'], ['Anna: hello'], ['Anna: hello']]);
});

test('a channel that is lost with the message: it is said again over the next one', async () => {
  const { people: [anna, boris], wires: [between], run, pass } = call([ME, BORIS]);
  anna.chat.say('one');
  anna.chat.say('two');
  between.lose();
  between.open();
  run();
  assert.deepEqual(boris.texts, ['Anna: one', 'Anna: two']);
  await pass(2 * PATIENCE);
  assert.deepEqual(anna.chats, []);
});

test('only the confirmation was lost: said again, shown once', () => {
  const { people: [anna, boris], wires: [between], run } = call([ME, BORIS]);
  anna.chat.say('one');
  between.a.deliver();
  assert.deepEqual(boris.texts, ['Anna: one']);
  between.lose();
  between.open();
  run();
  assert.deepEqual(boris.texts, ['Anna: one']);
});

test('who has confirmed is not told again', () => {
  const { people: [anna, boris, clara], wires: [toBoris, toClara] } = call();
  anna.chat.say('one');
  toBoris.deliver();
  for (const between of [toBoris, toClara]) {
    between.lose();
    between.open();
  }
  assert.deepEqual([toBoris.underWay, toClara.underWay], [0, 1]);
  toClara.deliver();
  assert.deepEqual([boris.texts, clara.texts], [['Anna: one'], ['Anna: one']]);
});

test('not confirmed for a while (the other page knows no such channel, or the path is dead): the server carries it', async () => {
  const { people: [anna, boris], wires: [between], run } = call([ME, BORIS]);
  anna.chat.say('one');
  await anna.clock.advance(PATIENCE - 1);
  assert.deepEqual(anna.chats, []);
  await anna.clock.advance(1);
  assert.deepEqual(anna.chats, [['chat message', { page: PAGES[ME], n: 1, text: 'one' }]]);
  between.lose();
  run();
  assert.deepEqual([anna.texts, boris.texts], [['one'], ['Anna: one']]);
});

test('what comes late stands where it belongs; what is there stays in its order', () => {
  const { people: [anna, boris], wires: [between], run } = call([ME, BORIS]);
  anna.chat.say('one');
  boris.chat.say('meanwhile');
  anna.chat.say('two');
  between.a.queue.shift(); // the first is still under way
  run();
  assert.deepEqual(boris.texts, ['meanwhile', 'Anna: two']);
  between.a.send(writeSaid({ page: PAGES[ME], n: 1, text: 'one' }));
  run();
  assert.deepEqual(boris.texts, ['meanwhile', 'Anna: one', 'Anna: two']);
});

test('the server is away: over the channels the chat goes on; without one it waits, and says so', () => {
  const { people: [anna, boris], wires: [between], run } = call([ME, BORIS]);
  for (const one of [anna, boris]) one.socket.drop();
  anna.chat.say('still here');
  run();
  assert.deepEqual(boris.texts, ['Anna: still here']);
  assert.equal(anna.log.entries[0].waiting, false);
  between.lose();
  anna.chat.say('later');
  assert.equal(anna.log.entries[1].waiting, true);
  for (const one of [anna, boris]) {
    one.channel.tryNow();
    one.enter({ seat: one.me, resumed: true, members: EVERYBODY.slice(0, 2) });
  }
  run();
  assert.deepEqual(boris.texts, ['Anna: still here', 'Anna: later']);
  assert.equal(anna.log.entries[1].waiting, false);
});

test('the server was restarted: what had not gone out goes when there is a way', () => {
  const { people: [anna, boris], wires: [between], run } = call([ME, BORIS]);
  between.lose();
  anna.socket.drop();
  anna.chat.say('hello');
  anna.channel.tryNow();
  anna.hear(['refused', 'expired']);
  anna.enter({ seat: 'seat-anna-new', token: 't2', state: 'waiting', members: [] });
  assert.deepEqual(anna.chats, [], 'who waits may not speak');
  between.open();
  run();
  assert.deepEqual(boris.texts, ['Anna: hello']);
  assert.equal(anna.log.entries[0].waiting, false);
});

test('one who left is not waited for', async () => {
  const { people: [anna], pass } = call([ME, BORIS]);
  anna.chat.say('hello');
  anna.links.delete(`to ${BORIS}`);
  anna.hear(['peer left', BORIS, 'left']);
  await pass(2 * PATIENCE);
  assert.deepEqual(anna.chats, []);
  assert.equal(anna.chat.say('alone'), true);
  assert.deepEqual([anna.texts, anna.chats], [['hello', 'alone'], []]);
});

test('a plain client speaks and is heard by way of the server', () => {
  const anna = person(ME, EVERYBODY.slice(0, 2));
  anna.hear(['chat message', 'plain', { from: BORIS, at: 5 }], ['chat message', 'plain', { from: BORIS, at: 6 }]);
  assert.deepEqual(anna.texts, ['Boris: plain', 'Boris: plain']);
  assert.equal(anna.log.entries[0].at, 5);
  anna.hear(['chat message', 'from the future', { from: BORIS, at: 1e12 }]);
  assert.equal(anna.log.entries[2].at, 1000);
});

test('a number that was made up keeps the true message from nobody', () => {
  const { people: [anna, boris, clara], run } = call();
  clara.links.ways.get(`to ${BORIS}`).send(writeSaid({ page: PAGES[ME], n: 1, text: 'forged' }));
  run();
  anna.chat.say('true');
  run();
  assert.deepEqual(boris.texts, ['Clara: forged', 'Anna: true']);
});

test('nothing to say is not said; what is too long is cut, here and there', () => {
  const { people: [anna, boris], run } = call([ME, BORIS]);
  for (const text of ['', '  \n ']) assert.equal(anna.chat.say(text), false);
  anna.chat.say('x'.repeat(LONGEST_TEXT + 5));
  run();
  boris.hear(['chat message', 'y'.repeat(LONGEST_TEXT + 5), { from: ME, at: 1 }]);
  assert.deepEqual(boris.log.entries.map(({ text }) => text.length), [LONGEST_TEXT, LONGEST_TEXT]);
  assert.equal(anna.log.entries.length, 1);
});

test('frames from others: only those of the right shape', () => {
  const said = { page: 'p'.repeat(22), n: 1, text: 'x' };
  assert.deepEqual(readFrame(writeSaid(said)), { type: 'chat', ...said });
  assert.deepEqual(readFrame(writeGot(said)), { type: 'got', page: said.page, n: 1 });
  const bad = [
    '', 'null', '[]', '{}', JSON.stringify({ type: 'chat', ...said, n: 0 }), JSON.stringify({ type: 'chat', ...said, page: 'short' }),
    JSON.stringify({ type: 'chat', ...said, text: 5 }), JSON.stringify({ type: 'chat', ...said, text: 'x'.repeat(30_000) }), new ArrayBuffer(5), undefined,
  ];
  for (const data of bad) assert.equal(readFrame(data), null, String(data).slice(0, 60));
});

test('with losses at any time everybody has everything once, in the order of each one who spoke', async () => {
  for (let seed = 1; seed <= 150; ++seed) {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const { people, wires, run, pass } = call();
    const said = people.map(() => []);
    for (let step = 0; step < 120; ++step) {
      const index = Math.floor(random() * people.length);
      const between = wires[Math.floor(random() * wires.length)];
      const dice = random();
      if (dice < 0.15) {
        said[index].push(`${index} ${step}`);
        people[index].chat.say(`${index} ${step}`);
      } else if (dice < 0.6) (random() < 0.5 ? between.a : between.b).deliver();
      else if (dice < 0.68) between.lose();
      else if (dice < 0.8) between.open();
      else if (dice < 0.85) run();
      else await pass(PATIENCE / 5, () => {});
    }
    wires.forEach(between => between.open());
    await pass(2 * PATIENCE);
    people.forEach((one, listener) => said.forEach((texts, speaker) => {
      const heard = one.log.entries.map(({ text }) => text).filter(text => text.startsWith(`${speaker} `));
      assert.deepEqual(heard, texts, `seed ${seed}, ${listener} hears ${speaker}`);
    }));
  }
});

test('unread: what others say while nobody looks', () => {
  const log = new ChatLog();
  let changes = 0;
  log.addEventListener('change', () => { changes += 1; });
  const text = (n, own = false) => log.add({ kind: 'text', key: log.nextKey(), own, name: '', at: 0, text: '', seat: null, page: 'p', n, waiting: false });
  text(1);
  text(2, true);
  log.note('bar.joined', { name: 'Anna' }, 0);
  assert.equal(log.unread, 1);
  log.looking = true;
  assert.equal(log.unread, 0);
  text(3);
  log.looking = false;
  assert.equal(log.unread, 0);
  text(4);
  assert.equal(log.unread, 1);
  assert.equal(changes, 6);
});

test('the history is bounded: the oldest goes', () => {
  const log = new ChatLog();
  for (let n = 0; n < MOST_ENTRIES + 10; ++n) log.note('bar.joined', { name: String(n) }, 0);
  assert.equal(log.entries.length, MOST_ENTRIES);
  assert.equal(log.entries[0].values.name, '10');
});

test('addresses: only http and https, without what ends the sentence, and the text stays whole', () => {
  const cases = {
    'see https://wiki.lan/plan.': [['see '], ['https://wiki.lan/plan', 'https://wiki.lan/plan'], ['.']],
    'http://a.b/c?d=e#f, http://x': [['http://a.b/c?d=e#f', 'http://a.b/c?d=e#f'], [', '], ['http://x', 'http://x/']],
    '(https://a.b/x_(y)) ok': [['('], ['https://a.b/x_(y)', 'https://a.b/x_(y)'], [') ok']],
    'https://вики.lan/теплица': [['https://вики.lan/теплица', 'https://xn--b1amah.lan/%D1%82%D0%B5%D0%BF%D0%BB%D0%B8%D1%86%D0%B0']],
    'javascript:alert(1) data:text/html,x ftp://a.b file:///etc': [['javascript:alert(1) data:text/html,x ftp://a.b file:///etc']],
    'https://bank.example@evil.example/': [['https://bank.example@evil.example/']],
    'https:// http://[': [['https:// http://[']],
    'HTTPS://A.B/': [['HTTPS://A.B/', 'https://a.b/']],
    'https://a.b/[x].).': [['https://a.b/[x]', 'https://a.b/[x]'], ['.).']],
    'https://evil.example/\u202emoc.knab//:sptth': [['https://evil.example/', 'https://evil.example/'], ['\u202emoc.knab//:sptth']],
    'xhttp://a.b wiki.lan': [['xhttp://a.b wiki.lan']],
    '<a href="https://a.b">x</a>': [['<a href="'], ['https://a.b', 'https://a.b/'], ['">x</a>']],
    '': [],
  };
  for (const [text, parts] of Object.entries(cases)) {
    const found = segments(text);
    assert.deepEqual(found, parts.map(([part, href]) => (href ? { text: part, href } : { text: part })), text);
    assert.equal(found.map(segment => segment.text).join(''), text);
  }
});

test('a text that is made to take long does not', () => {
  const started = performance.now();
  const address = `https://a/${'.'.repeat(2000)}x`;
  assert.equal(segments(address + ')'.repeat(1900))[0].text, address);
  assert.ok(performance.now() - started < 1000, 'seconds, if each bracket is a look at all dots');
});
