import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LOOK_EVERY, SLEPT, watchWaking } from '../../public/js/call/waking.js';
import { Clock } from './support/clock.js';

test('a machine that has slept is noticed once, a page that was held up for a moment is not', async () => {
  const clock = new Clock();
  let slept = 0;
  let woken = 0;
  watchWaking(() => { woken += 1; }, { now: () => clock.now() + slept, setTimeout: clock.setTimeout });
  await clock.advance(60_000);
  slept += SLEPT - LOOK_EVERY;
  await clock.advance(LOOK_EVERY);
  assert.equal(woken, 0);
  slept += 3_600_000;
  await clock.advance(60_000);
  assert.equal(woken, 1);
});
