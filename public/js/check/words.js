// Findings in words.

import { milliseconds, rate } from '../i18n/format.js';

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('./finding.js').Item} Item */
/** @typedef {import('./finding.js').Values} Values */
/** @typedef {Pick<import('../i18n/i18n.js').I18n, 'language' | 't' | 'has'>} Speaker */

/** @param {Speaker} i18n @param {Values[string]} value @returns {string | number} */
function written(i18n, value) {
  if (typeof value !== 'object') return value;
  if ('milliseconds' in value) return milliseconds(i18n.language, Math.max(1, Math.round(value.milliseconds)));
  if ('bits' in value) return rate(i18n.language, value.bits);
  const names = value.features.map(name => {
    const key = `check.feature.${name}`;
    return i18n.has(key) ? i18n.t(/** @type {Key} */ (key)) : name; // the name of a programming interface is the same everywhere
  });
  return new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
}

/** @param {Speaker} i18n @param {Values} [values] */
const writtenAll = (i18n, values = {}) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(i18n, value)]));

/** @param {Speaker} i18n @param {Pick<Item, 'kind'>} item */
export const titleOf = (i18n, { kind }) => i18n.t(/** @type {Key} */ (`check.${kind}.title`));

/** @param {Speaker} i18n @param {Item} item */
export function sentenceOf(i18n, { kind, finding: { say, values } }) {
  const own = `check.${kind}.${say}`;
  return i18n.t(/** @type {Key} */ (i18n.has(own) ? own : `check.any.${say}`), writtenAll(i18n, values));
}

/** '' where there is nothing to do. @param {Speaker} i18n @param {Item} item */
export function fixOf(i18n, { kind, finding: { say, values } }) {
  const key = `check.${kind}.${say}.fix`;
  return i18n.has(key) ? i18n.t(/** @type {Key} */ (key), writtenAll(i18n, values)) : '';
}

/** @param {Speaker} i18n @param {Item} item */
export const stateOf = (i18n, { finding: { state } }) => i18n.t(/** @type {Key} */ (`check.state.${state}`));
