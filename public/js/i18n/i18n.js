// The words of the page in the language of the person: the browser's, or the one chosen here. Each language is
// a file that is loaded when it is spoken.

/** @typedef {keyof typeof import('./en.js').en} CommonKey */
/** @typedef {keyof typeof import('./check/en.js').en} CheckKey */
/** @typedef {CommonKey | CheckKey} Key */
/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Phrase */
/** @typedef {Record<CommonKey, Phrase>} Dictionary */
/** Of /check.html alone: no call has to wait for them. @typedef {Record<CheckKey, Phrase>} CheckDictionary */
/** @typedef {'en' | 'ru'} Language */

const STORAGE_KEY = 'videochat.language';

/**
 * By code: what it calls itself, its words, and those of /check.html.
 * @type {Record<Language, { name: string, load: () => Promise<Dictionary>, loadCheck: () => Promise<CheckDictionary> }>}
 */
const LANGUAGES = {
  en: { name: 'English', load: async () => (await import('./en.js')).en, loadCheck: async () => (await import('./check/en.js')).en },
  ru: { name: 'Русский', load: async () => (await import('./ru.js')).ru, loadCheck: async () => (await import('./check/ru.js')).ru },
};

export const languages = /** @type {Language[]} */ (Object.keys(LANGUAGES));

/** Those that are loaded. @type {Partial<Record<Language, Dictionary & Partial<CheckDictionary>>>} */
export const dictionaries = {};

/** @param {Language} language @param {boolean} [withCheck] the words of /check.html too */
export async function loadLanguage(language, withCheck = false) {
  const { load, loadCheck } = LANGUAGES[language];
  dictionaries[language] ??= withCheck ? Object.assign({}, ...await Promise.all([load(), loadCheck()])) : await load();
}

/** @param {unknown} value @returns {value is Language} */
const isLanguage = value => typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

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
  const found = dictionaries[language]?.[key] ?? key;
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
  #withCheck;

  /**
   * @param {Storage} storage
   * @param {readonly string[]} preferred
   * @param {boolean} [withCheck] the words of /check.html too
   */
  constructor(storage, preferred, withCheck = false) {
    super();
    this.#storage = storage;
    this.#withCheck = withCheck;
    this.language = pickLanguage(storage.getItem(STORAGE_KEY), preferred);
  }

  /** @param {Language} language */
  async choose(language) {
    this.#storage.setItem(STORAGE_KEY, language);
    try {
      await loadLanguage(language, this.#withCheck);
    } catch {
      return; // the server is away: the next page speaks it
    }
    this.language = language;
    this.dispatchEvent(new Event('change'));
  }

  /** Before anything is said. */
  async load() {
    await loadLanguage(this.language, this.#withCheck);
  }

  /** The language after this one, as it calls itself. */
  get other() {
    const code = /** @type {Language} */ (languages[(languages.indexOf(this.language) + 1) % languages.length]);
    return { code, name: LANGUAGES[code].name };
  }

  /** @param {string} key */
  has(key) {
    return Object.hasOwn(dictionaries[this.language] ?? {}, key);
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
