// <more-menu>: a menu button's menu. The arrow keys move, Escape and a click elsewhere close it, and the
// focus goes back to the button. The items' clicks are for the page.

export class MoreMenu extends HTMLElement {
  /** @type {AbortController | null} */
  #listeners = null;
  /** @type {HTMLElement | null} */
  #opener = null;

  get #items() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role="menuitem"]')].filter(item => !item.hasAttribute('hidden')));
  }

  /** @param {HTMLElement} opener */
  toggle(opener) {
    if (this.#listeners) this.close();
    else this.#open(opener);
  }

  close() {
    if (!this.#listeners) return;
    this.#listeners.abort();
    this.#listeners = null;
    const hadFocus = this.contains(document.activeElement);
    this.hidden = true;
    this.#opener?.setAttribute('aria-expanded', 'false');
    if (hadFocus) this.#opener?.focus();
  }

  /** @param {HTMLElement} opener */
  #open(opener) {
    this.#opener = opener;
    this.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener('keydown', event => this.#key(event), { signal });
    this.addEventListener('click', event => {
      if (event.target instanceof Element && event.target.closest('[role="menuitem"]')) this.close();
    }, { signal });
    document.addEventListener('pointerdown', event => {
      if (event.target instanceof Node && !this.contains(event.target) && !opener.contains(event.target)) this.close();
    }, { signal });
    this.#items[0]?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      this.close();
      return;
    }
    const items = this.#items;
    const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const goals = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    items[(goal + items.length) % items.length]?.focus();
  }
}

customElements.define('more-menu', MoreMenu);
