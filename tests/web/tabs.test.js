// Tabs of one browser that have the same call open.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PATIENCE, Tabs } from '../../public/js/call/tabs.js';
import { Clock, settled } from './support/clock.js';

const clock = new Clock();
let made = 0;

/** As BroadcastChannel does: everybody hears it but the one who speaks. */
class Wire extends EventTarget {
  static all = [];
  constructor() {
    super();
    Wire.all.push(this);
  }

  postMessage(data) {
    for (const wire of Wire.all) if (wire !== this) wire.dispatchEvent(Object.assign(new Event('message'), { data: structuredClone(data) }));
  }
}

const tab = ({ isInside = false, call = 'otter', seat = null, frozen = false } = {}) => new Tabs({
  call, wire: frozen ? { postMessage() {}, addEventListener() {} } : new Wire(), isInside: () => isInside, giveSeat: () => seat,
  createId: () => String(++made), setTimeout: clock.setTimeout,
});

async function answer(question) {
  let answered;
  question.then(value => { answered = value; });
  await settled();
  return answered;
}

test('a tab that is in the call says so at once, and gives its seat away', async () => {
  const seat = { token: 't', guarded: false, links: { boris: { key: 'k', generation: 2 } } };
  tab({ isInside: true, seat });
  tab();
  const fresh = tab();
  assert.equal(await answer(fresh.isOpen()), true);
  assert.deepEqual(await answer(fresh.claim()), seat);
  assert.equal(await answer(tab({ call: 'another' }).isOpen()), undefined, 'of another call it says nothing');
});

test('nobody there, nobody inside, or nobody who answers: not open, soon', async () => {
  Wire.all = [];
  tab();
  tab({ isInside: true, frozen: true });
  const open = tab().isOpen();
  assert.equal(await answer(open), undefined);
  await clock.advance(PATIENCE);
  assert.equal(await answer(open), false);
  assert.equal(await new Tabs({ call: 'x', wire: null, isInside: () => false, giveSeat: () => null, createId: () => '', setTimeout: clock.setTimeout }).isOpen(), false);
});

test('an answer that comes late is news all the same; one for another tab is none', async () => {
  Wire.all = [];
  const [asks, other] = [tab(), tab()];
  const told = [];
  asks.addEventListener('elsewhere', () => told.push('asks'));
  other.addEventListener('elsewhere', () => told.push('other'));
  asks.isOpen();
  await clock.advance(PATIENCE);
  Wire.all[0].dispatchEvent(Object.assign(new Event('message'), { data: { call: 'otter', type: 'answer', id: String(made), answer: true } }));
  assert.deepEqual(told, ['asks']);
});

test('who enters tells the others', async () => {
  Wire.all = [];
  const [one, other] = [tab(), tab()];
  let told = 0;
  for (const each of [one, other]) each.addEventListener('elsewhere', () => { told += 1; });
  one.announce();
  assert.equal(told, 1);
});
