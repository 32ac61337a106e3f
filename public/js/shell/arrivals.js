// The landing page after something was shared with us: offers the room of an invitation, or says what is kept
// for the chat of the next call.

import { openStorage } from '../ui/storage.js';
import { forgetFiles, forgetText, keepShared, readShared } from './shared.js';

/** @typedef {import('../i18n/i18n.js').I18n} I18n */

const LONGEST_SHOWN = 120;

/** @param {{ bar: HTMLElement, i18n: I18n, enter: (room: string) => void, origins: () => Promise<string[]> }} parts */
export async function showArrivals({ bar, i18n, enter, origins }) {
  const page = location.href;
  const shared = readShared(page) && readShared(page, await origins());
  if (!shared) return;
  history.replaceState(null, '', new URL('.', page)); // a reload must not bring it again
  const { room, text, files } = shared;
  const storage = openStorage('sessionStorage');
  keepShared(storage, { text: room === null ? text : '', files });

  const said = /** @type {HTMLElement} */ (bar.querySelector('p'));
  const button = /** @type {HTMLElement} */ (bar.querySelector('button'));
  const tell = () => {
    const kept = [room === null && shortened(text), files > 0 && i18n.t('shared.files', { n: files })].filter(Boolean).join(' · ');
    said.textContent = [room !== null && i18n.t('shared.invitation', { room }), kept && `${i18n.t('shared.kept')} ${kept}`].filter(Boolean).join(' ');
    button.textContent = i18n.t(room === null ? 'shared.discard' : 'shared.enter');
  };
  i18n.addEventListener('change', tell);
  tell();
  button.addEventListener('click', () => {
    bar.hidden = true;
    if (room !== null) {
      enter(room);
      return;
    }
    forgetText(storage);
    forgetFiles(storage);
  });
  bar.hidden = false;
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text.replace(/\s+/g, ' ')];
  return letters.length > LONGEST_SHOWN ? `${letters.slice(0, LONGEST_SHOWN).join('')}…` : letters.join('');
}
