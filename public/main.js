// The entry of every page: the words and the colours first, then what the page is for.

import { I18n, isLanguage } from './js/i18n/i18n.js';
import { applyTheme, PageTools } from './js/ui/page-tools.js';
import { openStorage } from './js/ui/storage.js';

const storage = openStorage('localStorage');
const i18n = new I18n(storage, navigator.languages);

applyTheme(storage);
await i18n.load();

const showLanguage = () => {
  document.documentElement.lang = i18n.language;
  i18n.apply(document);
  document.querySelector('link[rel="manifest"]')?.setAttribute('href', i18n.t('page.manifest'));
  for (const tools of document.querySelectorAll('page-tools')) {
    if (tools instanceof PageTools) tools.language = i18n.language;
  }
};

for (const tools of document.querySelectorAll('page-tools')) {
  if (!(tools instanceof PageTools)) continue;
  tools.storage = storage;
  tools.addEventListener('language', event => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (isLanguage(detail)) i18n.choose(detail);
  });
}
i18n.addEventListener('change', showLanguage);
showLanguage();

switch (document.body.dataset.page) {
  case 'landing': (await import('./js/pages/landing.js')).startLanding({ i18n, storage }); break;
  case 'chat': (await import('./js/pages/chat.js')).startChat({ i18n, storage }); break;
  case 'check': (await import('./js/pages/check.js')).startCheck({ i18n }); break;
  case 'secure': (await import('./js/pages/secure.js')).startSecure({ i18n }); break;
}

if (document.querySelector('.page-foot') && document.body.dataset.page) {
  import('./js/ui/page_foot.js').then(({ showVersion }) => showVersion(i18n), () => {}); // the server is away
}

// Only secure pages have it. A frame leaves it alone: that belongs to the page around it.
if ('serviceWorker' in navigator && document.body.dataset.page && window === parent) {
  const keepShell = async () => (await import('./js/shell/worker.js')).keepShell();
  const later = () => keepShell().catch(() => {}); // the server is away: the next load tries again
  if (document.readyState === 'complete') later();
  else addEventListener('load', later, { once: true });
}
