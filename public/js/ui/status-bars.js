// <status-bars>: one sentence about what has just happened, and at most one action. The newest
// replaces the one before. Its button says by data-do what it does; the page listens for clicks.

import { icon } from './icon.js';

/**
 * @typedef {object} Bar
 * @property {string} name tells bars apart: the same bar is not announced twice
 * @property {'info' | 'warn' | 'danger'} tone
 * @property {string} icon
 * @property {string} text
 * @property {{ label: string, do: string }} [action]
 * @property {string} [close] the label of a button that takes it away
 */

export class StatusBars extends HTMLElement {
  #shown = '';

  /** @param {Bar | null} bar */
  show(bar) {
    const now = bar ? JSON.stringify(bar) : '';
    if (now === this.#shown) return;
    this.#shown = now;
    if (!bar) {
      this.replaceChildren();
      return;
    }
    const box = document.createElement('div');
    box.className = 'bar';
    box.dataset.tone = bar.tone;
    box.dataset.name = bar.name;
    const text = document.createElement('p');
    text.textContent = bar.text;
    box.append(icon(bar.icon), text);
    if (bar.action) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button';
      button.dataset.size = 's';
      button.dataset.do = bar.action.do;
      button.textContent = bar.action.label;
      box.append(button);
    } else if (bar.close) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'round';
      button.dataset.do = 'dismiss';
      button.setAttribute('aria-label', bar.close);
      button.append(icon('close'));
      box.append(button);
    }
    this.replaceChildren(box);
  }
}

customElements.define('status-bars', StatusBars);
