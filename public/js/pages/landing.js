// The landing page: two forms that lead into a room.

import '../ui/name-field.js';
import { proposeName } from '../rooms/proposal.js';
import { recentRooms } from '../rooms/recent.js';
import { checkName, readName } from '../rooms/room_name.js';
import { secureAddress } from '../secure/next.js';
import { offerInstalling } from '../shell/install_offer.js';
import { missingFeature } from './support.js';

/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('../ui/name-field.js').NameField} NameField */

/** @param {string} selector */
const find = selector => /** @type {HTMLElement} */ (document.querySelector(selector));

/** @param {{ i18n: I18n, storage: Storage }} parts */
export function startLanding({ i18n, storage }) {
  const create = fieldOf('#create-room');
  const call = fieldOf('#call-room');
  if (create.input.value === '') { // whoever types already goes on typing
    create.input.value = proposeName(array => crypto.getRandomValues(array));
    create.input.select();
  }

  for (const field of [create, call]) {
    /** @type {import('../rooms/room_name.js').NameProblem | null} */
    let problem = null;
    const tell = () => { field.error = problem ? i18n.t(`name.${problem}`) : ''; };
    i18n.addEventListener('change', tell);
    field.input.addEventListener('input', () => { problem = null; tell(); });
    field.closest('form')?.addEventListener('submit', event => {
      event.preventDefault();
      const room = field === call ? readName(field.input.value) : field.input.value.trim();
      problem = checkName(room);
      tell();
      if (problem) field.input.focus();
      else enter(room);
    });
  }

  find('[data-do="suggest"]').addEventListener('click', () => {
    create.input.value = proposeName(array => crypto.getRandomValues(array));
    create.input.dispatchEvent(new Event('input'));
    create.input.focus();
    create.input.select();
  });

  showRecent(recentRooms(storage));
  offerInstalling(find('[data-do="install"]'));
  showArrival(i18n, call.input);
  if (!isSecureContext) {
    const banner = find('#insecure');
    const link = /** @type {HTMLAnchorElement} */ (banner.querySelector('a'));
    link.href = secureAddress(location.href);
    banner.hidden = false;
  }
  const feature = missingFeature();
  if (feature) {
    const banner = find('#too-old');
    const tell = () => { /** @type {HTMLElement} */ (banner.querySelector('p')).textContent = i18n.t('landing.old.text', { feature }); };
    i18n.addEventListener('change', tell);
    tell();
    banner.hidden = false;
  }
}

/**
 * By a shortcut of the installed pages, or with something that another program has shared with us.
 * @param {I18n} i18n @param {HTMLInputElement} callField
 */
async function showArrival(i18n, callField) {
  if (new URLSearchParams(location.search).get('do') === 'call') callField.focus();
  if (location.hash.length <= 1) return;
  const { showArrivals } = await import('../shell/arrivals.js');
  const origins = async () => {
    try {
      const { origins: others } = await (await fetch('config.json')).json();
      return Array.isArray(others) ? others.filter(other => typeof other === 'string') : [];
    } catch {
      return []; // then only links of this very address are known as ours
    }
  };
  await showArrivals({ bar: find('#shared'), i18n, enter, origins });
}

/** @param {string} selector */
function fieldOf(selector) {
  return /** @type {NameField} */ (find(selector).closest('name-field'));
}

/** @param {string} room */
function enter(room) {
  document.cookie = `room=${encodeURIComponent(room)}; path=${new URL('.', location.href).pathname}; SameSite=Lax`;
  location.assign(`chat.html?room=${encodeURIComponent(room)}`);
}

/** @param {string[]} rooms */
function showRecent(rooms) {
  const section = find('.recent');
  for (const room of rooms) {
    const link = document.createElement('a');
    link.className = 'button';
    link.dataset.kind = 'outline';
    link.dataset.size = 's';
    link.href = `chat.html?room=${encodeURIComponent(room)}`;
    link.textContent = room;
    const item = document.createElement('li');
    item.append(link);
    section.querySelector('ul')?.append(item);
  }
  section.hidden = rooms.length === 0;
}
