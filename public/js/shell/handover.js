// In a call: what was shared with us before comes to the chat. The text stands in the field, the files are
// offered above it, and the panel opens as soon as somebody is there. The person presses Send.

import { make, setText } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { find } from '../ui/page_parts.js';
import { forgetFiles, forgetText, keptFiles, keptText } from './shared.js';

/**
 * @typedef {object} HandoverParts
 * @property {import('../call/call.js').Call} call
 * @property {import('../i18n/i18n.js').I18n} i18n
 * @property {Storage} storage of the tab
 */

/** @param {HandoverParts} parts */
export async function handOver({ call, i18n, storage }) {
  const panel = find(HTMLElement, 'chat-panel');
  const text = keptText(storage);
  const files = await keptFiles(storage);
  const offer = files.length > 0 ? offerOf(files) : null;
  let isOpened = false;

  const isConnected = () => call.session?.peers.all.some(({ state }) => state.phase === 'connected') === true;
  const render = () => {
    if (call.state.phase !== 'inside') return;
    if (offer) {
      setText(offer.said, i18n.t('shared.offer', { n: files.length, names: files.map(({ name }) => name).join(', ') }));
      setText(offer.send, i18n.t('shared.send'));
      offer.discard.setAttribute('aria-label', i18n.t('shared.discard'));
      offer.send.disabled = !isConnected();
    }
    if (isOpened || !isConnected()) return;
    isOpened = true;
    const field = find(HTMLTextAreaElement, 'textarea', panel);
    if (text && field.value === '') {
      field.value = text;
      field.dispatchEvent(new Event('input'));
    }
    if (offer) find(HTMLElement, 'footer', panel).prepend(offer.bar);
    const opener = find(HTMLElement, 'call-controls [data-do="chat"]');
    if (opener.getAttribute('aria-expanded') !== 'true') opener.click();
  };

  const forget = () => {
    offer?.bar.remove();
    forgetFiles(storage);
  };
  panel.addEventListener('say', () => forgetText(storage));
  offer?.send.addEventListener('click', () => {
    panel.dispatchEvent(new CustomEvent('files', { detail: files }));
    forget();
  });
  offer?.discard.addEventListener('click', forget);
  call.addEventListener('change', render);
  i18n.addEventListener('change', render);
  render();
}

/** @param {File[]} files */
function offerOf(files) {
  const said = make('p');
  const send = make('button', { class: 'button', type: 'button', 'data-kind': 'primary', 'data-size': 's' });
  const discard = make('button', { class: 'round', type: 'button' }, icon('close'));
  return { bar: make('div', { class: 'bar', 'data-tone': 'info', 'data-count': String(files.length) }, icon('attach'), said, make('div', { class: 'row' }, send, discard)), said, send, discard };
}
