// The checklist in one line.

/** @typedef {import('./finding.js').Item} Item */

/** Not to be tried here by anybody: what the server has switched off, and what only others need. */
const NOBODYS = new Set(['off', 'here']);

/**
 * @param {readonly Item[]} items
 * @returns {{ headline: 'running' | 'bad' | 'warn' | 'idle' | 'good', all: number, counts: Record<'good' | 'warn' | 'bad' | 'idle' | 'running', number> }}
 */
export function summarize(items) {
  const counts = { good: 0, warn: 0, bad: 0, idle: 0, running: 0 };
  const counted = items.filter(({ finding }) => !NOBODYS.has(finding.say));
  for (const { finding: { state } } of counted) counts[state === 'waiting' ? 'running' : state] += 1;
  const order = /** @type {const} */ (['running', 'bad', 'warn', 'idle']);
  return { headline: order.find(state => counts[state] > 0) ?? 'good', all: counted.length, counts };
}
