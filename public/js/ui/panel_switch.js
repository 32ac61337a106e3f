// Which panel stands beside the pictures, and where the focus goes when one opens or closes.

import { find } from './page_parts.js';

/** @typedef {import('./side_panels.js').PanelName} PanelName */
/** @typedef {import('./side_panels.js').SidePanels} SidePanels */

/** Dispatches `change` when another one is open, or none. */
export class PanelSwitch extends EventTarget {
  /** @type {PanelName | null} */
  current = null;

  #panels;

  /** @param {SidePanels} panels */
  constructor(panels) {
    super();
    this.#panels = panels;
    panels.addEventListener('details', event => {
      this.open('details');
      panels.reveal(/** @type {CustomEvent<string>} */ (event).detail);
    });
    panels.addEventListener('chat', () => this.current === 'chat' || this.open('chat'));
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) this.close();
    });
  }

  /** @param {PanelName} panel */
  toggle(panel) {
    if (this.current === panel) this.close();
    else this.open(panel);
  }

  /** @param {PanelName} panel */
  open(panel) {
    this.#set(panel);
    const shown = find(HTMLElement, `[data-panel="${panel}"]`);
    // Where a field brings up a keyboard, that covers what one wants to read.
    const field = matchMedia('(pointer: fine)').matches ? shown.querySelector('textarea') : null;
    /** @type {HTMLElement | null} */ (field ?? shown.querySelector('[data-do="close-panel"]'))?.focus();
  }

  /** The focus goes back to where it came from. */
  close() {
    const panel = this.current;
    if (!panel) return;
    const hadFocus = document.querySelector(`[data-panel="${panel}"]`)?.contains(document.activeElement);
    this.#set(null);
    if (hadFocus) find(HTMLElement, `call-controls [data-do="${panel === 'details' ? 'more' : panel}"]`).focus();
  }

  /** @param {boolean} inside there is none outside of a call */
  show(inside) {
    if (!inside) this.current = null;
    this.#panels.open(this.current);
    for (const panel of document.querySelectorAll('[data-panel]')) panel.toggleAttribute('hidden', panel.getAttribute('data-panel') !== this.current);
  }

  /** @param {PanelName | null} panel */
  #set(panel) {
    this.current = panel;
    this.dispatchEvent(new Event('change'));
  }
}
