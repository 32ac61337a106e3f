// <page-tools>: the language and the theme, in the corner of every page that scrolls.
// Dispatches `language` (detail: the language). The theme it keeps itself, for nobody else asks.

import { languages, nameOf } from '../i18n/i18n.js';
import { setIcon } from './icon.js';

const THEME_KEY = 'videochat.theme';

/**
 * Sets the theme that was chosen, if one was; else the system's holds.
 * @param {Storage} storage
 */
export function applyTheme(storage) {
  const theme = storage.getItem(THEME_KEY);
  if (theme !== 'light' && theme !== 'dark') return;
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.setAttribute('content', theme === 'dark' ? '#0e1412' : '#f5f4ef');
  }
}

const isDark = () => {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
};

export class PageTools extends HTMLElement {
  /** @type {Storage | null} set by the page */
  storage = null;
  /** @type {AbortController | null} */
  #listeners = null;

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#offerLanguages();
    this.addEventListener('click', event => {
      const button = event.target instanceof Element ? event.target.closest('button') : null;
      if (button?.dataset.do === 'theme') this.#switchTheme();
      if (button?.dataset.do === 'language') this.dispatchEvent(new CustomEvent('language', { detail: button.lang }));
    }, { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#showTheme(), { signal });
    this.#showTheme();
  }

  disconnectedCallback() {
    this.#listeners?.abort();
  }

  /** @param {string} language */
  set language(language) {
    for (const button of this.querySelectorAll('[data-do="language"]')) {
      button.setAttribute('aria-pressed', String(button.getAttribute('lang') === language));
    }
  }

  /** Those that the page does not have in its HTML. */
  #offerLanguages() {
    const choice = this.querySelector('.choice');
    for (const language of languages) {
      if (!choice || choice.querySelector(`[lang="${language}"]`)) continue;
      choice.append(Object.assign(document.createElement('button'), { type: 'button', lang: language, title: nameOf(language), textContent: language.toUpperCase() }));
      choice.lastElementChild?.setAttribute('data-do', 'language');
    }
  }

  #switchTheme() {
    const theme = isDark() ? 'light' : 'dark';
    this.storage?.setItem(THEME_KEY, theme);
    if (this.storage) applyTheme(this.storage);
    this.#showTheme();
  }

  #showTheme() {
    setIcon(this.querySelector('[data-theme-icon]'), isDark() ? 'sun' : 'moon');
  }
}

customElements.define('page-tools', PageTools);
