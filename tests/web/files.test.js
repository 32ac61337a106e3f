import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { ChatLog } from '../../public/js/chat/log.js';
import { PIECE, readFileFrame, writePiece, writeWord } from '../../public/js/files/file_frames.js';
import { safeName } from '../../public/js/files/file_names.js';
import { MOST_IN_MEMORY, NotChosen, Sinks, SMALL } from '../../public/js/files/file_sink.js';
import { FileSource } from '../../public/js/files/file_source.js';
import { Files, moved, MOST_OFFERS } from '../../public/js/files/files.js';
import { Pace } from '../../public/js/files/pace.js';
import { MOST_WAITING } from '../../public/js/files/receiving.js';
import { HIGH, LOW, WINDOW } from '../../public/js/files/sending.js';
import { settled } from './support/clock.js';
import { FakeLinks, wire } from './support/fake_ways.js';

const MB = 1 << 20;
const ID = 'a'.repeat(22);

/** A generator of numbers in [0, 1) that a failing run can be repeated with. */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function content(size, seed = 1) {
  const random = seeded(seed);
  return Uint8Array.from({ length: size }, () => random() * 256);
}

const fileOf = (bytes, name = 'plan.pdf') => new File([bytes], name, { type: 'application/pdf' });

/** A sink that notes, and is as slow or as broken as the test wants it. */
class NotingSinks {
  limit = Infinity;
  made = [];
  opening = null;
  gate = null;
  broken = false;

  async open(file) {
    if (this.opening) await this.opening();
    const sink = {
      file, bytes: [], ended: '',
      write: async bytes => {
        if (this.gate) await (typeof this.gate === 'function' ? this.gate() : this.gate);
        if (this.broken) throw new DOMException('full', 'QuotaExceededError');
        sink.bytes.push(bytes);
      },
      close: async () => {
        sink.ended = 'closed';
        return new Blob(sink.bytes);
      },
      abort: async () => { sink.ended = 'aborted'; },
    };
    this.made.push(sink);
    return sink;
  }
}

let ids = 0;

function person(name) {
  const links = new FakeLinks();
  const log = new ChatLog();
  const sinks = new NotingSinks();
  const saved = [];
  const clock = { now: 0 };
  const files = new Files({
    links, log, sinks, saved,
    nameOf: link => link,
    save: (blob, file) => saved.push([file, blob]),
    createId: () => `${name}-${String(ids++).padStart(22, '0')}`,
    now: () => clock.now,
  });
  return {
    name, links, log, sinks, saved, files, clock,
    get shared() { return log.entries.filter(entry => entry.kind === 'file').map(entry => entry.file); },
    get incoming() { return this.shared.at(-1).incoming; },
  };
}

/** Two people and the channel between them; run() lets everything happen that can. */
function two() {
  const anna = person('anna');
  const boris = person('boris');
  const between = wire({ low: LOW });
  anna.links.set('boris', between.a);
  boris.links.set('anna', between.b);
  between.open();
  const run = async (until = () => false) => {
    for (let idle = 0; idle < 3 && !until();) {
      const busy = between.a.deliver() || between.b.deliver();
      await settled();
      idle = busy ? 0 : idle + 1;
    }
  };
  return { anna, boris, between, run };
}

test('a file is offered, accepted, arrives byte by byte, and both sides say so', async () => {
  const { anna, boris, run } = two();
  const bytes = content(3 * MB + 17);
  const [sent] = anna.files.send([fileOf(bytes)]);
  await run();
  assert.deepEqual([boris.incoming.state, boris.incoming.name, boris.shared[0].size, boris.shared[0].name], ['offered', 'anna', bytes.length, 'plan.pdf']);
  assert.equal(boris.sinks.made.length, 0, 'nothing is taken unasked');
  await boris.incoming.accept();
  await run();
  assert.deepEqual([sent.transfers[0].state, boris.incoming.state], ['done', 'done']);
  assert.deepEqual([moved(sent), moved(boris.shared[0])], [bytes.length, bytes.length]);
  assert.deepEqual([anna.files.isMoving, boris.files.isMoving], [false, false]);
  assert.equal(boris.saved[0][0], 'plan.pdf');
  assert.deepEqual(new Uint8Array(await boris.saved[0][1].arrayBuffer()), bytes);
  assert.equal(boris.sinks.made[0].ended, 'closed');
});

test('sizes around a piece, and nothing at all', async () => {
  for (const size of [0, 1, PIECE - 1, PIECE, PIECE + 1, 8 * PIECE, 8 * PIECE + 1]) {
    const { anna, boris, run } = two();
    const bytes = content(size);
    anna.files.send([fileOf(bytes)]);
    await run();
    await boris.incoming.accept();
    await run();
    assert.equal(boris.incoming.state, 'done', String(size));
    assert.deepEqual(new Uint8Array(await boris.saved[0][1].arrayBuffer()), bytes);
  }
});

test('declined: the other side says so, and no byte is sent', async () => {
  const { anna, boris, between, run } = two();
  const [sent] = anna.files.send([fileOf(content(MB))]);
  await run();
  boris.incoming.decline();
  await run();
  assert.equal(sent.transfers[0].state, 'declined');
  assert.equal(between.a.sent, 1);
  await boris.incoming.accept();
  assert.deepEqual([boris.incoming.state, boris.sinks.made.length], ['declined', 0]);
});

for (const side of ['anna', 'boris']) {
  test(`stopped in the middle by ${side}: over on both sides, and what was written is thrown away`, async () => {
    const both = two();
    const { anna, boris, run } = both;
    const [sent] = anna.files.send([fileOf(content(4 * MB))]);
    await run();
    await boris.incoming.accept();
    await run(() => boris.incoming.written >= MB);
    both[side].shared[0].stop();
    await run();
    assert.deepEqual([sent.transfers[0].state, sent.transfers[0].reason], ['failed', 'stopped']);
    assert.deepEqual([boris.incoming.state, boris.incoming.reason], ['failed', 'stopped']);
    assert.equal(boris.sinks.made[0].ended, 'aborted');
    assert.equal(boris.saved.length, 0);
  });
}

test('little waits in the channel, and no more is on its way than the window', async () => {
  const { anna, boris, between, run } = two();
  let open;
  boris.sinks.gate = new Promise(resolve => { open = resolve; });
  const [sent] = anna.files.send([fileOf(content(WINDOW + 4 * MB))]);
  await run();
  await boris.incoming.accept();
  let most = 0;
  await run(() => {
    most = Math.max(most, between.a.buffered);
    return false;
  });
  assert.ok(most > LOW && most <= HIGH + 9 * (PIECE + 100), `${most} bytes waited`);
  const pieces = between.a.sent - 2; // offer and begin
  assert.ok(pieces * PIECE >= WINDOW && pieces * PIECE < WINDOW + 9 * PIECE, `${pieces} pieces against a disk that stands still`);
  assert.equal(sent.transfers[0].confirmed, 0);
  open();
  await run();
  assert.equal(boris.incoming.state, 'done');
});

test('after a loss it goes on where the other one is, not from the beginning', async () => {
  const { anna, boris, between, run } = two();
  const bytes = content(6 * MB);
  anna.files.send([fileOf(bytes)]);
  await run();
  await boris.incoming.accept();
  await run(() => boris.incoming.written >= 3 * MB);
  assert.deepEqual([anna.files.isMoving, boris.files.isMoving], [true, true]);
  const before = between.a.sent;
  between.lose();
  await run();
  const there = boris.incoming.written;
  assert.deepEqual([anna.shared[0].transfers[0].state, boris.incoming.state], ['moving', 'moving']);
  between.open();
  await run();
  assert.equal(boris.incoming.state, 'done');
  assert.ok((between.a.sent - before) * PIECE <= bytes.length - there + 20 * PIECE);
  assert.deepEqual(new Uint8Array(await boris.saved[0][1].arrayBuffer()), bytes);
});

test('the answer that a loss took away is given again', async () => {
  for (const answer of ['decline', 'stop', 'cancel', 'received', 'accept']) {
    const { anna, boris, between, run } = two();
    const [sent] = anna.files.send([fileOf(content(100))]);
    await run();
    if (answer === 'decline') boris.incoming.decline();
    if (answer !== 'decline') await boris.incoming.accept();
    if (answer === 'stop') boris.incoming.stop();
    if (answer === 'cancel') sent.stop();
    if (answer === 'received') await run(() => boris.incoming.state === 'done');
    between.lose();
    await run();
    between.open();
    await run();
    const ends = { decline: 'declined', stop: 'failed', cancel: 'failed', received: 'done', accept: 'done' };
    assert.deepEqual([sent.transfers[0].state, boris.incoming.state], [ends[answer], ends[answer]], answer);
  }
});

test('an offer made while the channel is lost comes when it is back', async () => {
  const { anna, boris, between, run } = two();
  between.lose();
  assert.equal(anna.files.canSend, false);
  anna.files.send([fileOf(content(10))]);
  between.open();
  await run();
  assert.equal(boris.incoming.state, 'offered');
  assert.equal(boris.shared.length, 1);
});

test('a loss while the file is being read: nothing is sent until the other one has said where to go on', async () => {
  const { anna, boris, between, run } = two();
  const bytes = content(3 * MB);
  const file = fileOf(bytes);
  const slice = file.slice.bind(file);
  let read = null;
  let held = false;
  file.slice = (from, to) => ({
    arrayBuffer: async () => {
      if (held && !read) await new Promise(resolve => { read = resolve; });
      return slice(from, to).arrayBuffer();
    },
  });
  anna.files.send([file]);
  await run();
  await boris.incoming.accept();
  await run(() => boris.incoming.written >= MB);
  held = true;
  await run(() => read !== null);
  between.lose();
  between.open();
  held = false;
  read();
  await settled();
  await settled();
  assert.deepEqual(between.a.queue.filter(data => data instanceof ArrayBuffer), []);
  read = null;
  await run(() => boris.incoming.written >= 2 * MB);
  held = true;
  await run(() => read !== null);
  between.lose();
  between.open();
  await run(); // the other one has said it, and it has begun, before the read comes to its end
  held = false;
  read();
  await run();
  assert.equal(boris.incoming.state, 'done');
  assert.deepEqual(new Uint8Array(await boris.saved[0][1].arrayBuffer()), bytes);
});

test('whoever begins at another byte than that is told again', async () => {
  const { boris, between, run } = two();
  between.a.send(writeWord({ type: 'offer', id: ID, name: 'x', size: 10, mime: '' }));
  await run();
  await boris.incoming.accept();
  await settled();
  between.b.queue.splice(0);
  between.a.send(writeWord({ type: 'begin', id: ID, stream: 1, from: 5 }));
  between.a.send(writePiece(1, 5, new Uint8Array(5)));
  while (between.a.deliver());
  await settled();
  assert.deepEqual(between.b.queue.map(word => JSON.parse(word)), [{ type: 'accept', id: ID, from: 0 }]);
  assert.equal(boris.incoming.state, 'moving');
});

test('whoever sends faster than it can be written, and does not hold back, is stopped before the memory is full', async () => {
  const { boris, between, run } = two();
  boris.sinks.gate = new Promise(() => {});
  between.a.send(writeWord({ type: 'offer', id: ID, name: 'x', size: Number.MAX_SAFE_INTEGER, mime: '' }));
  await run();
  await boris.incoming.accept();
  await settled();
  between.b.queue.splice(0); // the page at the other end knows nothing of that file
  between.a.send(writeWord({ type: 'begin', id: ID, stream: 1, from: 0 }));
  const piece = new Uint8Array(PIECE);
  for (let at = 0; at < MOST_WAITING; at += PIECE) between.a.send(writePiece(1, at, piece));
  while (between.a.deliver());
  assert.equal(boris.incoming.state, 'moving', 'so much may wait');
  between.a.send(writePiece(1, MOST_WAITING, piece));
  while (between.a.deliver());
  assert.deepEqual([boris.incoming.state, boris.incoming.reason], ['failed', 'damaged']);
});

test('offers that are taken back again and again are forgotten, with what they listened to', async () => {
  const { boris, between } = two();
  const listeners = new Set();
  const { addEventListener } = between.b;
  between.b.addEventListener = function listen(name, listener, options) {
    listeners.add(listener);
    options?.signal?.addEventListener('abort', () => listeners.delete(listener));
    addEventListener.call(this, name, listener, options);
  };
  for (let n = 0; n < 500; n++) {
    const id = `x${String(n).padStart(22, '0')}`;
    between.a.send(writeWord({ type: 'offer', id, name: 'x', size: 10, mime: '' }));
    between.a.send(writeWord({ type: 'cancel', id, reason: 'stopped' }));
    while (between.a.deliver());
  }
  assert.equal(boris.shared.length, 500);
  assert.ok(listeners.size > 0 && listeners.size < 500, `${listeners.size} listeners`);
});

test('with losses at any time, any number of times, every file arrives exactly, once', { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= 60; ++seed) {
    const random = seeded(seed);
    const { anna, boris, between } = two();
    const sizes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() * 2 * MB));
    const contents = sizes.map((size, index) => content(size, seed * 10 + index));
    for (const one of [anna, boris]) one.sinks.gate = () => (random() < 0.3 ? settled() : null); // a disk that is slow now and then
    // Both sides send at once over the same channel.
    contents.forEach((bytes, index) => (index % 2 ? boris : anna).files.send([fileOf(bytes, `${index}`)]));
    let losses = 0;
    for (let idle = 0, step = 0; idle < 5; ++step) {
      const busy = random() < 0.5 ? between.a.deliver() || between.b.deliver() : between.b.deliver() || between.a.deliver();
      if (random() < 0.3) await settled();
      for (const one of [anna, boris]) {
        for (const { incoming } of one.shared) if (incoming?.state === 'offered' && random() < 0.2) await incoming.accept();
      }
      if (losses < 12 && random() < 0.03) {
        between.lose();
        losses += 1;
        if (random() < 0.5) await settled();
      }
      if (!between.a.isAvailable && random() < 0.3) between.open();
      if (!busy && between.a.isAvailable && !anna.shared.concat(boris.shared).some(({ incoming }) => incoming?.state === 'offered')) {
        await settled();
        idle += between.underWay === 0 ? 1 : 0;
      } else {
        idle = 0;
      }
    }
    for (const [index, bytes] of contents.entries()) {
      const [from, to] = index % 2 ? [boris, anna] : [anna, boris];
      const where = `seed ${seed}, file ${index}, ${losses} losses`;
      assert.deepEqual(from.shared.filter(({ own }) => own).map(({ transfers: [one] }) => one.state), from.shared.filter(({ own }) => own).map(() => 'done'), where);
      const saved = to.saved.filter(([name]) => name === String(index));
      assert.equal(saved.length, 1, where);
      const got = Buffer.from(await saved[0][1].arrayBuffer());
      assert.ok(got.equals(Buffer.from(bytes)), where);
    }
  }
});

test('a page that was loaded anew knows nothing: it is offered the file again, and what it had sent is over', async () => {
  const { anna, boris, between, run } = two();
  anna.files.send([fileOf(content(2 * MB))]);
  boris.files.send([fileOf(content(2 * MB), 'other')]);
  await run();
  await boris.incoming.accept();
  await anna.incoming.accept();
  await run(() => boris.incoming.written > MB / 2);
  between.lose();
  boris.files.stop();
  const again = person('boris');
  again.links.set('anna', between.b);
  between.open();
  await run();
  assert.deepEqual([again.incoming.state, again.shared[0].name], ['offered', 'plan.pdf']);
  assert.deepEqual([anna.incoming.state, anna.incoming.reason], ['failed', 'gone']);
  await again.incoming.accept();
  await run();
  assert.deepEqual([again.incoming.state, again.incoming.reason], ['done', null]);
});

test('to three at once: each answers for himself, the file is hashed once, and one who leaves harms nobody', async () => {
  const anna = person('anna');
  const others = ['boris', 'clara', 'dan'].map(name => {
    const one = person(name);
    const between = wire({ low: LOW });
    anna.links.set(name, between.a);
    one.links.set('anna', between.b);
    between.open();
    return Object.assign(one, { between });
  });
  const incoming = index => others[index].incoming;
  const run = async (until = () => false) => {
    for (let idle = 0; idle < 3 && !until();) {
      const busy = others.map(({ between }) => between.a.deliver() || between.b.deliver()).some(Boolean);
      await settled();
      idle = busy ? 0 : idle + 1;
    }
  };
  const bytes = content(2 * MB);
  const [sent] = anna.files.send([fileOf(bytes)]);
  await run();
  await incoming(0).accept();
  await run(() => incoming(0).written > MB);
  await incoming(1).accept();
  await run(() => incoming(1).written > MB / 2);
  anna.links.delete('clara');
  others[1].links.delete('anna');
  await run();
  await incoming(2).accept();
  await run();
  assert.deepEqual(sent.transfers.map(({ state }) => state), ['done', 'failed', 'done']);
  assert.equal(sent.transfers[1].reason, 'gone');
  assert.deepEqual([incoming(1).state, incoming(1).reason, others[1].sinks.made[0].ended], ['failed', 'gone', 'aborted']);
});

test('a byte that is wrong is found out at the end', async () => {
  const { anna, boris, between, run } = two();
  const [sent] = anna.files.send([fileOf(content(MB))]);
  await run();
  await boris.incoming.accept();
  await run(() => between.a.queue.some(data => data instanceof ArrayBuffer));
  const piece = between.a.queue.find(data => data instanceof ArrayBuffer);
  new Uint8Array(piece)[1000] ^= 1;
  await run();
  assert.deepEqual([boris.incoming.state, boris.incoming.reason, boris.saved.length], ['failed', 'damaged', 0]);
  assert.deepEqual([sent.transfers[0].state, sent.transfers[0].reason], ['failed', 'damaged']);
  assert.equal(boris.sinks.made[0].ended, 'aborted');
});

test('pieces beyond the size, out of order or unasked harm nothing', async () => {
  const { anna, boris, between, run } = two();
  between.a.send(writeWord({ type: 'offer', id: ID, name: 'x', size: 10, mime: '' }));
  between.a.send(writePiece(1, 0, new Uint8Array(10))); // nobody has said yes
  await run();
  await boris.incoming.accept();
  assert.equal(boris.incoming.written, 0);
  between.a.send(writeWord({ type: 'begin', id: ID, stream: 1, from: 0 }));
  between.a.send(writePiece(1, 0, new Uint8Array(11)));
  await run();
  assert.deepEqual([boris.incoming.state, boris.incoming.reason], ['failed', 'damaged']);
  assert.equal(anna.shared.length, 0);
});

test('somebody who claims to have what was never sent gets nothing, and spoils no digest', async () => {
  const { anna, boris, between, run } = two();
  const [sent] = anna.files.send([fileOf(content(MB))]);
  await run();
  between.b.send(writeWord({ type: 'accept', id: sent.id, from: MB }));
  await run();
  assert.equal(sent.transfers[0].state, 'offered');
  await boris.incoming.accept();
  await run();
  assert.equal(boris.incoming.state, 'done');
});

test('the disk is full: told on both sides', async () => {
  const { anna, boris, run } = two();
  const [sent] = anna.files.send([fileOf(content(MB))]);
  await run();
  boris.sinks.broken = true;
  await boris.incoming.accept();
  await run();
  assert.deepEqual([boris.incoming.reason, sent.transfers[0].reason], ['space', 'space']);
});

test('who does not choose a place can still accept; who takes the offer back meanwhile is not accepted', async () => {
  const { anna, boris, run } = two();
  anna.files.send([fileOf(content(10))]);
  await run();
  boris.sinks.opening = async () => { throw new NotChosen(); };
  await boris.incoming.accept();
  assert.equal(boris.incoming.state, 'offered');
  let answer;
  boris.sinks.opening = () => new Promise(resolve => { answer = resolve; });
  const accepting = boris.incoming.accept();
  anna.shared[0].stop();
  await run();
  answer();
  await accepting;
  assert.deepEqual([boris.incoming.state, boris.sinks.made[0].ended], ['failed', 'aborted']);
});

test('a file that this browser cannot take is not accepted', async () => {
  const { anna, boris, run } = two();
  boris.sinks.limit = 9;
  anna.files.send([fileOf(content(10))]);
  await run();
  assert.equal(boris.incoming.fits, false);
  await boris.incoming.accept();
  assert.equal(boris.incoming.state, 'offered');
});

test('a file that changes while it is sent is given up', async () => {
  const { anna, boris, run } = two();
  const file = fileOf(content(4 * MB));
  const slice = file.slice.bind(file);
  file.slice = (from, to) => (from > MB ? new Blob([]) : slice(from, to));
  const [sent] = anna.files.send([file]);
  await run();
  await boris.incoming.accept();
  await run();
  assert.deepEqual([sent.transfers[0].reason, boris.incoming.reason], ['unreadable', 'unreadable']);
});

test('offers are bounded: who offers more is declined', async () => {
  const { anna, boris, run } = two();
  anna.files.send(Array.from({ length: MOST_OFFERS + 1 }, () => fileOf(content(1))));
  await run();
  assert.equal(boris.shared.length, MOST_OFFERS);
  assert.equal(anna.shared.at(-1).transfers[0].state, 'declined');
});

test('words and pieces from others: only those of the right shape', () => {
  const good = [
    { type: 'offer', id: ID, name: 'a', size: 1, mime: 'text/plain' }, { type: 'begin', id: ID, stream: 1, from: 0 },
    { type: 'end', id: ID, sha256: 'a'.repeat(64) }, { type: 'cancel', id: ID, reason: 'stopped' }, { type: 'accept', id: ID, from: 5 },
    { type: 'got', id: ID, bytes: 5 }, { type: 'received', id: ID }, { type: 'decline', id: ID }, { type: 'stop', id: ID, reason: 'space' },
  ];
  for (const word of good) assert.deepEqual(readFileFrame(writeWord(word)), word);
  const bad = [
    '', 'x', 'null', '[]', '1', '{"type":"offer"}', JSON.stringify({ ...good[0], size: -1 }), JSON.stringify({ ...good[0], size: 1e300 }),
    JSON.stringify({ ...good[0], name: 5 }), JSON.stringify({ ...good[1], id: '../x' }), JSON.stringify({ ...good[2], sha256: 'x' }),
    JSON.stringify({ ...good[0], name: 'x'.repeat(4000) }), JSON.stringify({ type: 'constructor', id: ID }),
    new ArrayBuffer(12), new ArrayBuffer(13 + PIECE), new Uint8Array(20).fill(255).buffer, undefined, 7,
  ];
  for (const data of bad) assert.equal(readFileFrame(data), null, String(data).slice(0, 80));
  assert.equal(readFileFrame(JSON.stringify({ ...good[0], mime: 'text/html;x="y' })).mime, '');
  assert.equal(readFileFrame(JSON.stringify({ ...good[3], reason: 'because' })).reason, 'stopped');
  const piece = readFileFrame(writePiece(7, 2 ** 40, Uint8Array.of(1, 2)).buffer);
  assert.deepEqual([piece.stream, piece.offset, [...piece.bytes]], [7, 2 ** 40, [1, 2]]);
});

test('names: no folders, nothing invisible, no turned direction, not too long', () => {
  const cases = {
    'plan.pdf': 'plan.pdf', '../../etc/passwd': '_.._etc_passwd', 'C:\\x.exe': 'C__x.exe', 'a\u202egpj.exe': 'agpj.exe',
    'x\u0000\n.txt': 'x.txt', '': 'file', '...': 'file', ' a.txt ': 'a.txt', 'расход воды.xlsx': 'расход воды.xlsx',
  };
  for (const [name, safe] of Object.entries(cases)) assert.equal(safeName(name), safe);
  const long = safeName(`${'😀'.repeat(300)}.tar`);
  assert.equal([...long].length, 120);
  assert.ok(long.endsWith('😀.tar'));
});

test('the source: hashed once, whoever reads what', async () => {
  const bytes = content(1000);
  const source = new FileSource(new Blob([bytes]));
  await source.read(0, 400);
  await source.read(200, 100);
  await source.read(300, 400);
  await source.read(700, 400);
  assert.equal(source.readTo, 1000);
  assert.equal(source.sha256, createHash('sha256').update(bytes).digest('hex'));
  await source.read(0, 1000);
  assert.equal(source.sha256, createHash('sha256').update(bytes).digest('hex'));
});

test('where a file goes: small ones nowhere in particular, large ones into a chosen file, else private ones, else a limit', async () => {
  const made = [];
  const writable = { write: async () => {}, close: async () => { made.push('closed'); }, abort: async () => { made.push('aborted'); } };
  const picker = async options => {
    made.push(options.suggestedName);
    return { createWritable: async () => writable };
  };
  const folder = {
    getFileHandle: async name => {
      made.push(name);
      return { createWritable: async () => writable, getFile: async () => new File(['whole'], name, { lastModified: name === 'incoming-old' ? 0 : 1000 }) };
    },
    removeEntry: async name => { made.push(`removed ${name}`); },
    async* keys() { yield* ['incoming-old', 'incoming-new', 'else']; },
  };
  const file = (size, mime = '') => ({ name: 'n', size, mime });
  const chosen = new Sinks({ showSaveFilePicker: picker, getDirectory: async () => folder, estimate: null });
  const small = await chosen.open(file(SMALL));
  assert.deepEqual(made, []);
  await small.write(Uint8Array.of(104, 105));
  assert.equal(await (await small.close()).text(), 'hi');
  const types = { 'image/png': 'image/png', 'application/pdf': 'application/pdf', 'text/html': 'application/octet-stream', 'image/svg+xml': 'application/octet-stream', '': 'application/octet-stream' };
  for (const [said, type] of Object.entries(types)) assert.equal((await (await chosen.open(file(1, said))).close()).type, type, said);
  assert.equal(await (await chosen.open(file(SMALL + 1))).close(), null);
  assert.deepEqual(made.splice(0), ['n', 'closed']);

  const space = { quota: 100 * MB, usage: 10 * MB };
  const hidden = new Sinks({ showSaveFilePicker: null, getDirectory: async () => folder, estimate: async () => space });
  assert.equal(await (await (await hidden.open(file(90 * MB))).close()).text(), 'whole');
  await (await hidden.open(file(90 * MB))).abort();
  const [first, , second] = made;
  assert.deepEqual(made.splice(0), [first, 'closed', second, 'aborted', `removed ${second}`]);
  assert.match(first, /^incoming-[\w-]{36}$/);
  assert.notEqual(first, second, 'no two write into the same one, whatever the others call their files');
  await assert.rejects(hidden.open(file(91 * MB)), { name: 'QuotaExceededError' });
  await hidden.clean(24 * 60 * 60 * 1000 + 1);
  assert.deepEqual(made.splice(0), ['incoming-old', 'removed incoming-old', 'incoming-new']);

  const locked = new Sinks({ showSaveFilePicker: null, getDirectory: async () => { throw new DOMException('', 'SecurityError'); }, estimate: null });
  assert.equal((await (await locked.open(file(MOST_IN_MEMORY))).close()).size, 0);
  await assert.rejects(locked.open(file(MOST_IN_MEMORY + 1)), { name: 'SecurityError' });

  const none = new Sinks({ showSaveFilePicker: null, getDirectory: null, estimate: null });
  assert.deepEqual([chosen.limit, hidden.limit, none.limit], [Infinity, Infinity, MOST_IN_MEMORY]);
  const refused = new Sinks({ showSaveFilePicker: async () => { throw new DOMException('', 'AbortError'); }, getDirectory: null, estimate: null });
  await assert.rejects(refused.open(file(SMALL + 1)), NotChosen);
});

test('how long it will take: from the last seconds, not from the beginning', () => {
  const pace = new Pace();
  assert.deepEqual([pace.rate(0), pace.left(10, 0)], [0, null]);
  for (let second = 0; second <= 60; ++second) pace.note(second * 1000, second <= 30 ? second * 100 : 3000 + (second - 30) * 10);
  assert.equal(pace.rate(60_000), 10);
  assert.equal(pace.left(95, 60_000), 10);
  pace.note(61_000, 0);
  assert.equal(pace.left(95, 61_000), null);
});
