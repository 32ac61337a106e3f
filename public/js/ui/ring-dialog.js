// <ring-dialog>: somebody calls. Opens a modal dialog with the focus on Accept and gives the focus back,
// rings until it is silenced, and blinks in the title of the tab. The clicks are for the page, except
// the one that silences. Dispatches `decline` when the browser closes the dialog by the Escape key.

import { RingSound } from './ring_sound.js';

const BLINK = 1000;

export class RingDialog extends HTMLElement {
  #sound = new RingSound();
  /** @type {AbortController | null} */
  #listeners = null;
  /** @type {number | undefined} */
  #timer;
  #quietTitle = '';

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'));
  }

  get #silence() {
    return /** @type {HTMLButtonElement} */ (this.querySelector('[data-do="silence-ring"]'));
  }

  /** No sound, as the person wishes: set before it rings. */
  isSilent = false;

  /** @param {{ headline: string, initials: string, hue: number, title: string, text: string, silence: string, silenced: string }} words */
  open(words) {
    /** @type {HTMLElement} */ (this.querySelector('#ring-headline')).textContent = words.headline;
    const avatar = /** @type {HTMLElement} */ (this.querySelector('.avatar'));
    avatar.textContent = words.initials;
    avatar.dataset.hue = String(words.hue);
    /** @type {HTMLElement} */ (this.querySelector('#ring-text')).textContent = words.text;
    const label = /** @type {HTMLElement} */ (this.#silence.querySelector('span'));
    if (this.#dialog.open) {
      label.textContent = this.#silence.disabled ? words.silenced : words.silence;
      return;
    }
    label.textContent = this.isSilent ? words.silenced : words.silence;
    this.#silence.disabled = this.isSilent;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const hush = () => {
      this.#sound.stop();
      this.#silence.disabled = true;
      label.textContent = words.silenced;
      /** @type {HTMLElement | null} */ (this.querySelector('[autofocus]'))?.focus();
    };
    this.#silence.addEventListener('click', hush, { signal });
    // The first Escape only takes the noise away: a call is not to be lost by a slip of the hand.
    this.#dialog.addEventListener('cancel', event => {
      if (this.#silence.disabled) return;
      event.preventDefault();
      hush();
    }, { signal });
    this.#dialog.addEventListener('close', () => this.dispatchEvent(new Event('decline')), { signal });
    this.#dialog.showModal();
    if (!this.isSilent) this.#sound.start();
    this.#blink(words.title);
  }

  close() {
    if (!this.#listeners) return;
    this.#listeners.abort();
    this.#listeners = null;
    this.#sound.stop();
    clearInterval(this.#timer);
    document.title = this.#quietTitle;
    this.#dialog.close();
  }

  disconnectedCallback() {
    this.close();
  }

  /** @param {string} title */
  #blink(title) {
    this.#quietTitle = document.title;
    document.title = title;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#timer = setInterval(() => {
      document.title = document.title === title ? this.#quietTitle : title;
    }, BLINK);
  }
}

customElements.define('ring-dialog', RingDialog);
