// <name-field>: an input for the name of a room, with the error in place.

import { icon } from './icon.js';

export class NameField extends HTMLElement {
  get input() {
    return /** @type {HTMLInputElement} */ (this.querySelector('input'));
  }

  /** @param {string} sentence '' takes it away */
  set error(sentence) {
    const error = /** @type {HTMLElement} */ (this.querySelector('.error'));
    const hint = /** @type {HTMLElement | null} */ (this.querySelector('.hint'));
    error.replaceChildren();
    if (sentence) {
      const text = document.createElement('span');
      text.textContent = sentence;
      error.append(icon('warning', 's'), text);
      this.input.setAttribute('aria-invalid', 'true');
    } else {
      this.input.removeAttribute('aria-invalid');
    }
    error.hidden = !sentence;
    if (hint) hint.hidden = Boolean(sentence);
  }
}

customElements.define('name-field', NameField);
