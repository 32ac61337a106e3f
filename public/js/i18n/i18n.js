// The words of the page in the language of the person: the browser's, or the one chosen here. Each language is
// a file that is loaded when it is spoken.

/** @typedef {keyof typeof import('./en.js').words} Key */
/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Phrase */
/** @typedef {Record<Key, Phrase>} Dictionary */
/** What a language's file exports. @typedef {{ words: Dictionary, safetyWords: string }} LanguageFile */
/** @typedef {keyof typeof LANGUAGES} Language */

const STORAGE_KEY = 'videochat.language';

/** By code: what it calls itself, and its file. Another language is a file and its line here. */
const LANGUAGES = {
  en: { name: 'English', load: () => import('./en.js') },
  ru: { name: 'Русский', load: () => import('./ru.js') },
};

export const languages = /** @type {Language[]} */ (Object.keys(LANGUAGES));

/** @param {Language} language what it calls itself */
export const nameOf = language => LANGUAGES[language].name;

/** Those that are loaded. @type {Partial<Record<Language, LanguageFile>>} */
const loaded = {};

/** @param {Language} language @returns {Promise<LanguageFile>} */
export async function loadLanguage(language) {
  const file = loaded[language] ?? await LANGUAGES[language].load();
  loaded[language] = file;
  return file;
}

/** @param {unknown} value @returns {value is Language} */
export const isLanguage = value => typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

/**
 * The first language of the person that we have.
 * @param {string | null} chosen
 * @param {readonly string[]} preferred as in navigator.languages
 * @returns {Language}
 */
export function pickLanguage(chosen, preferred) {
  if (isLanguage(chosen)) return chosen;
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/**
 * @param {Language} language one that is loaded
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function phrase(language, key, values = {}) {
  const found = loaded[language]?.words[key] ?? key;
  const text = typeof found === 'string'
    ? found
    : found[new Intl.PluralRules(language).select(Number(values.n))] ?? found.other ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Its language has to be loaded. Dispatches `change` when it has been switched. */
export class I18n extends EventTarget {
  /** @type {Language} */
  language;

  #storage;

  /** @param {Storage} storage @param {readonly string[]} preferred */
  constructor(storage, preferred) {
    super();
    this.#storage = storage;
    this.language = pickLanguage(storage.getItem(STORAGE_KEY), preferred);
  }

  /** @param {Language} language */
  async choose(language) {
    this.#storage.setItem(STORAGE_KEY, language);
    try {
      await loadLanguage(language);
    } catch {
      return; // the server is away: the next page speaks it
    }
    this.language = language;
    this.dispatchEvent(new Event('change'));
  }

  /** Before anything is said. */
  async load() {
    await loadLanguage(this.language);
  }

  /** The language after this one, as it calls itself. */
  get other() {
    const code = /** @type {Language} */ (languages[(languages.indexOf(this.language) + 1) % languages.length]);
    return { code, name: nameOf(code) };
  }

  /** @param {string} key */
  has(key) {
    return Object.hasOwn(loaded[this.language]?.words ?? {}, key);
  }

  /** The words that two people compare, in their order. */
  get safetyWords() {
    return loaded[this.language]?.safetyWords.trim().split(/\s+/) ?? [];
  }

  /** @param {Key} key @param {Record<string, string | number>} [values] */
  t(key, values) {
    return phrase(this.language, key, values);
  }

  /** How long something lasted, in words. @param {number} milliseconds */
  duration(milliseconds) {
    const seconds = Math.round(milliseconds / 1000);
    const minutes = Math.floor(seconds / 60);
    const rest = this.t('time.seconds', { n: seconds % 60 });
    return minutes > 0 ? `${this.t('time.minutes', { n: minutes })} ${rest}` : rest;
  }

  /**
   * Writes the words into everything under `root` that names them:
   * data-i18n="key" for the text, data-i18n-attr="aria-label:key; title:key" for attributes.
   * @param {ParentNode} root
   */
  apply(root) {
    for (const element of root.querySelectorAll('[data-i18n]')) {
      element.textContent = this.t(/** @type {Key} */ (element.getAttribute('data-i18n')));
    }
    for (const element of root.querySelectorAll('[data-i18n-attr]')) {
      for (const pair of String(element.getAttribute('data-i18n-attr')).split(';')) {
        const [name, key] = pair.split(':').map(part => part.trim());
        element.setAttribute(String(name), this.t(/** @type {Key} */ (key)));
      }
    }
  }
}
