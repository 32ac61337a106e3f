// <problem-card>: what keeps a person from joining, in words, with the ways out.

import { setIcon } from './icon.js';

/**
 * @typedef {object} ProblemWords
 * @property {string} icon
 * @property {'warn' | 'plain'} tone
 * @property {string} headline
 * @property {string} text
 * @property {string[]} actions values of data-do, the first one is the main action
 */

export class ProblemCard extends HTMLElement {
  /** @param {ProblemWords} words */
  show({ icon, tone, headline, text, actions }) {
    const medal = /** @type {HTMLElement} */ (this.querySelector('.medal'));
    medal.dataset.tone = tone;
    setIcon(medal, icon);
    /** @type {HTMLElement} */ (this.querySelector('h2')).textContent = headline;
    /** @type {HTMLElement} */ (this.querySelector('p')).textContent = text;
    for (const control of this.querySelectorAll('[data-do]')) {
      const action = String(control.getAttribute('data-do'));
      control.toggleAttribute('hidden', !actions.includes(action));
      if (action === actions[0]) {
        control.setAttribute('data-kind', 'primary');
        control.parentElement?.prepend(control);
      } else {
        control.removeAttribute('data-kind');
      }
    }
  }
}

customElements.define('problem-card', ProblemCard);
