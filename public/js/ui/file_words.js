// What the chat says about a file, and what can be done with it: a pure function.

import { partOf, remaining, size } from '../i18n/format.js';
import { moved } from '../files/files.js';

/** @typedef {import('../files/files.js').SharedFile} SharedFile */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {'accept' | 'decline' | 'stop' | 'save'} FileAction */

/**
 * @typedef {object} FileWords
 * @property {'offered' | 'waiting' | 'moving' | 'done' | 'declined' | 'failed'} state
 * @property {string} line
 * @property {number | null} progress 0..100; null: none to be shown
 * @property {readonly FileAction[]} actions
 */

/** @param {SharedFile} file @param {I18n} i18n @param {number} now Unix time in ms @returns {FileWords} */
export function fileWords(file, i18n, now) {
  return file.own ? sentWords(file, i18n, now) : receivedWords(file, i18n, now);
}

/** @param {SharedFile} file @param {I18n} i18n @param {number} now @returns {FileWords} */
function receivedWords(file, i18n, now) {
  const total = size(i18n.language, file.size);
  const { incoming } = file;
  switch (incoming?.state) {
    case 'moving': return moving(file, file.size, i18n, now);
    case 'done': return { state: 'done', line: i18n.t('file.received', { size: total }), progress: null, actions: incoming.blob ? ['save'] : [] };
    case 'declined': return { state: 'declined', line: i18n.t('file.declined', { size: total }), progress: null, actions: [] };
    case 'failed': return { state: 'failed', line: i18n.t(`file.failed.${incoming.reason ?? 'stopped'}`), progress: null, actions: [] };
    default:
      if (incoming?.fits === false) {
        const line = i18n.t('file.too-large', { size: total, limit: size(i18n.language, incoming.limit) });
        return { state: 'offered', line, progress: null, actions: ['decline'] };
      }
      return { state: 'offered', line: i18n.t('file.from', { size: total, name: incoming?.name ?? '' }), progress: null, actions: ['accept', 'decline'] };
  }
}

/** @param {SharedFile} file @param {I18n} i18n @param {number} now @returns {FileWords} */
function sentWords(file, i18n, now) {
  const total = size(i18n.language, file.size);
  const are = (/** @type {string} */ state) => file.transfers.filter(transfer => transfer.state === state);
  const [running, done, open, failed] = [are('moving'), are('done'), are('offered'), are('failed')];
  if (running.length > 0) return moving(file, file.size * (running.length + done.length), i18n, now);
  if (open.length > 0) return { state: 'waiting', line: i18n.t('file.waiting', { size: total }), progress: null, actions: ['stop'] };
  if (done.length === 1) return { state: 'done', line: i18n.t('file.sent.name', { name: done[0]?.name ?? '', size: total }), progress: null, actions: [] };
  if (done.length > 0) return { state: 'done', line: i18n.t('file.sent', { n: done.length, size: total }), progress: null, actions: [] };
  if (failed.length > 0) return { state: 'failed', line: i18n.t(`file.failed.${failed[0]?.reason ?? 'stopped'}`), progress: null, actions: [] };
  return { state: 'declined', line: i18n.t('file.declined', { size: total }), progress: null, actions: [] };
}

/** @param {SharedFile} file @param {number} all bytes, to everybody who takes it @param {I18n} i18n @param {number} now @returns {FileWords} */
function moving(file, all, i18n, now) {
  const there = movedOf(file);
  const values = { moved: partOf(i18n.language, there, all), size: size(i18n.language, all) };
  const seconds = file.pace.left(all - there, now);
  const isHeld = file.transfers.every(transfer => transfer.state !== 'moving' || transfer.isHeld);
  let line = i18n.t('file.progress', values);
  if (isHeld) line = i18n.t('file.held', values);
  else if (seconds !== null && seconds > 0) line = i18n.t('file.left', { ...values, time: remaining(i18n.language, seconds) });
  return { state: 'moving', line, progress: all > 0 ? Math.floor(100 * there / all) : 100, actions: ['stop'] };
}

/** Without what went to those who did not take it to the end. @param {SharedFile} file */
const movedOf = file => moved({ transfers: file.transfers.filter(({ state }) => state === 'moving' || state === 'done') });
