// <check-row>: one thing that is looked at: how it stands, one sentence, what to do, and the tools that belong to it.

import { make, setAttribute, setText } from './dom.js';
import { icon } from './icon.js';

/** @typedef {import('../check/finding.js').State} State */
/** @typedef {{ title: string, state: State, stateName: string, sentence: string, fix: string }} RowWords */

/** @type {Record<State, { icon: string, tone: string }>} */
const LOOKS = {
  waiting: { icon: 'clock', tone: 'plain' },
  running: { icon: '', tone: 'plain' },
  good: { icon: 'check', tone: '' },
  warn: { icon: 'warning', tone: 'warn' },
  bad: { icon: 'close', tone: 'danger' },
  idle: { icon: 'more', tone: 'plain' },
};

export class CheckRow extends HTMLElement {
  /** What can be pressed, in the line of the words. */
  tools = make('div', { class: 'tools' });
  /** What needs room, below the words. */
  below = make('div', { class: 'below' });

  #medal = make('span', { class: 'medal' });
  #title = make('span');
  #state = make('span', { class: 'unseen' });
  #sentence = make('p', { class: 'small quiet' });
  #fix = make('p', { class: 'small fix' });

  connectedCallback() {
    if (this.firstChild) return;
    const words = make('div', { class: 'words-of-row' }, make('h3', {}, this.#title, ' ', this.#state), this.#sentence, this.#fix);
    this.append(this.#medal, words, this.tools, this.below);
  }

  /** @param {RowWords} words */
  show({ title, state, stateName, sentence, fix }) {
    setText(this.#title, title);
    setText(this.#state, stateName);
    setText(this.#sentence, sentence);
    setText(this.#fix, fix);
    this.#fix.hidden = fix === '';
    if (this.dataset.state === state) return;
    this.dataset.state = state;
    const look = LOOKS[state];
    setAttribute(this.#medal, 'data-tone', look.tone);
    this.#medal.replaceChildren(look.icon ? icon(look.icon) : make('span', { class: 'spinner' }));
  }
}

customElements.define('check-row', CheckRow);
