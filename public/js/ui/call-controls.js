// <call-controls role="toolbar">: one stop for the Tab key, the arrow keys move inside, M and V work
// from everywhere on the page. The buttons' clicks are for the page.

/** @type {Record<string, string>} */
const SHORTCUTS = { m: 'mic', v: 'camera' };

/** The same keys on keyboards that write Cyrillic, by their place. @type {Record<string, string>} */
const PLACES = { KeyM: 'm', KeyV: 'v' };

export class CallControls extends HTMLElement {
  /** @type {AbortController | null} */
  #listeners = null;

  get #buttons() {
    return [...this.querySelectorAll('button')].filter(button => !button.disabled && !button.hidden);
  }

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener('keydown', event => this.#move(event), { signal });
    this.addEventListener('focusin', event => this.#keepStop(event.target), { signal });
    document.addEventListener('keydown', event => this.#shortcut(event), { signal });
    this.#keepStop(this.#buttons[0]);
  }

  disconnectedCallback() {
    this.#listeners?.abort();
  }

  /**
   * @param {{ mic: boolean, camera: boolean, micUsable: boolean, cameraUsable: boolean, leave: string }} view
   */
  show({ mic, camera, micUsable, cameraUsable, leave }) {
    this.#switch('mic', mic, micUsable);
    this.#switch('camera', camera, cameraUsable);
    const button = this.#button('hang-up');
    button.title = leave;
    /** @type {HTMLElement} */ (button.querySelector('.name')).textContent = leave;
    if (!this.#buttons.some(one => one.tabIndex === 0)) this.#keepStop(this.#buttons[0]);
  }

  /** @param {string} action */
  #button(action) {
    return /** @type {HTMLButtonElement} */ (this.querySelector(`[data-do="${action}"]`));
  }

  /** @param {string} action @param {boolean} on @param {boolean} usable */
  #switch(action, on, usable) {
    const button = this.#button(action);
    button.setAttribute('aria-pressed', String(on));
    button.disabled = !usable;
  }

  /** @param {EventTarget | null | undefined} stop */
  #keepStop(stop) {
    if (!(stop instanceof HTMLButtonElement)) return;
    for (const button of this.querySelectorAll('button')) button.tabIndex = button === stop ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const buttons = this.#buttons;
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const forward = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
    /** @type {Record<string, number>} */
    const goals = {
      ArrowRight: here + forward, ArrowLeft: here - forward, ArrowDown: here + 1, ArrowUp: here - 1,
      Home: 0, End: buttons.length - 1,
    };
    const goal = goals[event.key];
    if (goal === undefined || here === -1) return;
    event.preventDefault();
    buttons[(goal + buttons.length) % buttons.length]?.focus();
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog, [contenteditable]')) return;
    const action = SHORTCUTS[event.key.toLowerCase()] ?? SHORTCUTS[PLACES[event.code] ?? ''];
    if (!action || this.closest('[hidden]')) return;
    const button = this.#button(action);
    if (!button.disabled) button.click();
  }
}

customElements.define('call-controls', CallControls);
