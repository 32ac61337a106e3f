// The foot of a page tells which version of the server it comes from.

import { serverConfig } from '../server_config.js';

/** @param {import('../i18n/i18n.js').I18n} i18n */
export async function showVersion(i18n) {
  const config = await serverConfig();
  if (!config) return;
  const show = () => {
    for (const place of document.querySelectorAll('.page-foot > .push')) {
      place.textContent = `${i18n.t('page.foot')} · ${i18n.t('page.version', { version: config.version })}`;
    }
  };
  i18n.addEventListener('change', show);
  show();
}
