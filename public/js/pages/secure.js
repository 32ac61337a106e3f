// /secure.html: from a page without a camera to the same page over https. Says what warning comes and
// how to check it, offers the certificate authority, and goes on by itself once this device trusts the server.

import { allowPlainPages, passesThrough } from '../secure/arrival.js';
import { guessDevice } from '../secure/device.js';
import { LiveLight } from '../secure/live_light.js';
import { writeMarked } from '../secure/marked_text.js';
import { covers, otherAddresses } from '../secure/names.js';
import { basePath, placeHere, placeOverHttps, readNext } from '../secure/next.js';
import { loadFacts, printLines } from '../secure/trust_facts.js';

/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('../secure/trust_facts.js').TrustFacts} TrustFacts */

/** Long enough to be read, or heard. Who was trusted from the start sees nothing change and is not held up. */
const GREEN_FOR = 1200;

/** So long the page waits for the server's first answer before it shows what it knows without. */
const PATIENCE = 600;

/** @param {string} selector */
const find = selector => /** @type {HTMLElement} */ (document.querySelector(selector));
/** @param {string} name */
const part = name => find(`[data-part="${name}"]`);
/** @param {string} name */
const place = name => find(`[data-show="${name}"]`);

/** @param {{ i18n: I18n }} parts */
export function startSecure({ i18n }) {
  const page = new URL(location.href);
  const parameters = page.searchParams;
  const next = readNext(parameters.get('next'), page);
  const here = placeHere(page, next);
  const allow = () => allowPlainPages(document, basePath(page));
  if (passesThrough({ protocol: page.protocol, secureContext: isSecureContext, sent: parameters.has('next'), allow })) {
    location.replace(here);
    return;
  }
  new SecurePage({ i18n, page, next, here, allow }).start();
}

class SecurePage {
  #i18n;
  #page;
  #next;
  #here;
  #allow;
  #device = guessDevice(navigator);
  /** Undefined: not known yet; null: no https. @type {TrustFacts | null | undefined} */
  #facts;
  /** @type {LiveLight | null} */
  #light = null;

  /** @param {{ i18n: I18n, page: URL, next: string, here: URL, allow: () => boolean }} parts */
  constructor({ i18n, page, next, here, allow }) {
    this.#i18n = i18n;
    this.#page = page;
    this.#next = next;
    this.#here = here;
    this.#allow = allow;
  }

  async start() {
    const { store } = this.#device;
    const mine = store && document.querySelector(`details[data-store="${store}"]`);
    if (mine instanceof HTMLDetailsElement) {
      mine.open = true;
      mine.parentElement?.prepend(mine);
      /** @type {HTMLElement} */ (mine.querySelector('.badge')).hidden = false;
    }
    find('[data-do="without"]').addEventListener('click', () => this.#goWithout());
    document.addEventListener('visibilitychange', () => this.#watch());
    this.#i18n.addEventListener('change', () => this.#render());
    this.#render();

    const around = {
      fetch: fetch.bind(window),
      /** @type {(action: () => void, milliseconds: number) => number} */
      setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
      /** @type {(timer: number | undefined) => void} */
      clearTimeout: timer => clearTimeout(timer),
    };
    around.setTimeout(() => { find('main').dataset.late = ''; }, PATIENCE);
    this.#facts = await loadFacts('secure.json', around);
    // Only the twin of this very address may be asked, by the policy of the page as by the answer.
    const there = this.#there();
    if (this.#facts && !isSecureContext && there.host === this.#page.host) {
      this.#light = new LiveLight(new URL(`${basePath(this.#page)}healthz`, there).href, around);
      this.#light.addEventListener('state', () => this.#lightChanged());
      this.#watch();
    }
    this.#showQr();
    this.#render();
  }

  #there() {
    return isSecureContext ? this.#here : placeOverHttps(this.#page, this.#next, this.#facts?.httpsPort ?? 0);
  }

  #watch() {
    if (document.hidden) this.#light?.stop();
    else this.#light?.start();
  }

  #lightChanged() {
    const first = part('light').dataset.state === 'looking';
    this.#showLight();
    if (this.#light?.state === 'green') setTimeout(() => location.replace(this.#there()), first ? 0 : GREEN_FOR);
  }

  #goWithout() {
    const kept = this.#allow();
    part('no-cookies').hidden = kept;
    if (kept) location.assign(this.#here);
  }

  #render() {
    const facts = this.#facts;
    const none = facts === null && !isSecureContext;
    const own = Boolean(facts?.ca);
    find('main').dataset.https = facts === undefined ? 'unknown' : isSecureContext ? 'here' : none ? 'none' : own ? 'own' : 'real';
    place('headline').textContent = this.#i18n.t(isSecureContext ? 'secure.here.headline' : none ? 'secure.none.headline' : 'secure.headline');
    place('text').textContent = this.#i18n.t(isSecureContext ? 'secure.here.text' : none ? 'secure.none.text' : 'secure.text');

    part('warning').hidden = !own || isSecureContext;
    part('none').hidden = !none;
    part('check').hidden = !own;
    part('trust').hidden = !own;
    this.#showWays(none);
    this.#showSteps();
    this.#showName();
    this.#showLight();
    if (facts?.ca) {
      this.#showPrint('leaf', facts.leaf.sha256);
      this.#showPrint('ca', facts.ca.sha256);
    }
  }

  /** @param {boolean} none */
  #showWays(none) {
    const link = /** @type {HTMLAnchorElement} */ (find('[data-do="continue"]'));
    link.href = this.#there().href;
    link.hidden = none;
    const without = find('[data-do="without"]');
    without.hidden = isSecureContext;
    without.dataset.kind = none ? 'primary' : 'plain';
  }

  #showSteps() {
    const { browser } = this.#device;
    const host = this.#page.hostname;
    writeMarked(place('look'), this.#i18n.t(`look.${browser}`));
    this.#list('warning', ['warning.continue', `warning.${browser}`, 'warning.there'], host);
    this.#list('ios', ['ios.first', 'ios.second', 'ios.third'], host);
    this.#list('android', ['android.first', 'android.second', 'android.third', 'android.fourth'], host);
    this.#list('windows', ['windows.first', 'windows.second', 'windows.third'], host);
    this.#list('macos', ['macos.first', 'macos.second', 'macos.third'], host);
    this.#list('linux', ['linux.first', 'linux.second', 'linux.third'], host);
    this.#list('firefox', ['firefox.first', 'firefox.second', 'firefox.third', 'firefox.fourth'], host);
  }

  /** @param {string} name @param {Key[]} keys @param {string} host */
  #list(name, keys, host) {
    find(`[data-steps="${name}"]`).replaceChildren(...keys.map(key => {
      const text = document.createElement('p');
      writeMarked(text, this.#i18n.t(key, { host }));
      const item = document.createElement('li');
      item.append(text);
      return item;
    }));
  }

  #showName() {
    const names = this.#facts?.names ?? [];
    const { hostname } = this.#page;
    const foreign = Boolean(this.#facts) && !isSecureContext && !covers(hostname, names);
    part('name').hidden = !foreign;
    if (!foreign) return;
    const others = otherAddresses(this.#page, names);
    place('name').textContent = this.#i18n.t('secure.name.headline', { host: hostname });
    place('name-text').textContent = this.#i18n.t(others.length > 0 ? 'secure.name.text' : 'secure.name.alone');
    place('addresses').replaceChildren(...others.map(other => {
      const link = document.createElement('a');
      link.className = 'button';
      link.dataset.size = 's';
      link.href = other.href;
      link.textContent = other.host;
      const item = document.createElement('li');
      item.append(link);
      return item;
    }));
  }

  /** A live region: written only when its words change. */
  #showLight() {
    const light = part('light');
    light.hidden = !this.#light;
    if (!this.#light) return;
    light.dataset.state = this.#light.state;
    const text = this.#i18n.t(`secure.light.${this.#light.state}`);
    if (light.textContent !== text) light.textContent = text;
  }

  /** @param {'leaf' | 'ca'} name @param {string} sha256 */
  #showPrint(name, sha256) {
    place(name).replaceChildren(...printLines(sha256).map(line => {
      const row = document.createElement('span');
      row.textContent = line;
      return row;
    }));
  }

  /** The code of this page, or of an address of it that others can reach; what stands behind # stays here. */
  #showQr() {
    const names = this.#facts?.names ?? [];
    const address = isSecureContext ? otherAddresses(this.#page, names)[0] : new URL(this.#page);
    if (!this.#facts?.ca || !address) return;
    address.hash = '';
    const image = /** @type {HTMLImageElement} */ (find('.qr'));
    image.addEventListener('error', () => { part('qr').hidden = true; });
    part('qr').hidden = false; // its room is known: nothing moves when it comes
    image.src = `qr?text=${encodeURIComponent(address.href)}`;
  }
}
