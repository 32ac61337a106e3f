// All that is looked at, in order, and what was found out so far.

import { WAITING } from './finding.js';

/** @typedef {import('./finding.js').Finding} Finding */
/** @typedef {import('./finding.js').Item} Item */
/** @typedef {import('./finding.js').Kind} Kind */

/** Things that this device has, and things between it and the server. @type {Readonly<Record<'device' | 'network', readonly Kind[]>>} */
export const GROUPS = Object.freeze({
  device: /** @type {Kind[]} */ (['secure', 'browser', 'camera', 'microphone', 'speaker']),
  network: /** @type {Kind[]} */ (['server', 'stun', 'turn', 'addresses', 'loopback', 'speed']),
});

/** Dispatches `change`. */
export class Checklist extends EventTarget {
  /** @type {Item[]} */
  items = Object.values(GROUPS).flat().map(kind => ({ id: kind, kind, finding: WAITING }));

  /** @param {string} id */
  find(id) {
    return this.items.find(item => item.id === id);
  }

  /** @param {string} id @param {Finding} finding */
  set(id, finding) {
    const item = this.find(id);
    if (!item) return;
    item.finding = finding;
    this.dispatchEvent(new Event('change'));
  }

  /**
   * There are so many of a kind as there are findings: one stays, if it is none.
   * @param {Kind} kind @param {Finding[]} findings
   * @returns {string[]} their ids
   */
  spread(kind, findings) {
    const items = findings.map((found, index) => ({ id: index === 0 ? kind : `${kind}-${index}`, kind, finding: found }));
    const first = this.items.findIndex(item => item.kind === kind);
    const count = this.items.filter(item => item.kind === kind).length;
    this.items.splice(first, count, ...items);
    this.dispatchEvent(new Event('change'));
    return items.map(({ id }) => id);
  }
}
