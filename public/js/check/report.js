// All findings as plain text, for whoever is asked for help. It holds what stands on the page and nothing else: no
// credentials, no ids of devices, no address of the visitor.

import { fixOf, sentenceOf, stateOf, titleOf } from './words.js';

/** @typedef {import('./finding.js').Item} Item */
/** @typedef {import('./words.js').Speaker} Speaker */

/**
 * @param {Speaker} i18n
 * @param {readonly Item[]} items
 * @param {{ now: Date, page: string, version: string, browser: string }} about page: an address; version: of the server, '' if unknown
 */
export function writeReport(i18n, items, { now, page, version, browser }) {
  const { origin, pathname } = new URL(page); // what stands behind them may be somebody's secret
  const head = [
    [i18n.t('check.report.time'), now.toISOString().replace(/\.\d+/, '')],
    [i18n.t('check.report.page'), origin + pathname],
    [i18n.t('check.report.version'), version || '?'],
    [i18n.t('check.report.browser'), browser],
  ];
  const lines = items.map(item => {
    const fix = item.finding.state === 'good' ? '' : fixOf(i18n, item);
    return `[${stateOf(i18n, item)}] ${titleOf(i18n, item)}: ${[sentenceOf(i18n, item), fix].filter(Boolean).join(' ')}`;
  });
  return [i18n.t('check.report.headline'), ...head.map(([name, value]) => `${name}: ${value}`), '', ...lines, ''].join('\n');
}
