// <call-controls role="toolbar">: one stop for the Tab key, the arrow keys move inside, M V S C, and P F of the
// menu, work from everywhere on the page. The buttons' clicks are for the page. Holding the space bar is told as `talk`
// (detail: whether it is held).

/** @type {Record<string, string>} */
const SHORTCUTS = { m: 'mic', v: 'camera', s: 'screen', c: 'chat', p: 'pip', f: 'fullscreen' };

/** The same keys on keyboards that write Cyrillic, by their place. @type {Record<string, string>} */
const PLACES = { KeyM: 'm', KeyV: 'v', KeyS: 's', KeyC: 'c', KeyP: 'p', KeyF: 'f' };

/** Where keys belong to what is focused. */
const TYPING = 'input, textarea, select, dialog, [contenteditable], [role="menu"]';

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
    for (const type of /** @type {const} */ (['keydown', 'keyup'])) document.addEventListener(type, event => this.#hold(event), { signal });
    window.addEventListener('blur', () => this.#talk(false), { signal }); // its end would go unheard
    this.#keepStop(this.#buttons[0]);
  }

  disconnectedCallback() {
    this.#listeners?.abort();
  }

  /**
   * @typedef {object} ControlView
   * @property {boolean} [pressed]
   * @property {boolean} [expanded]
   * @property {boolean} [disabled]
   * @property {boolean} [hidden]
   * @property {number} [count] shown on the icon if it is not 0
   * @property {string} [more] after its name, for those who hear the page
   * @property {string} [title]
   */

  /** @param {Record<string, ControlView>} views by data-do */
  show(views) {
    for (const [action, view] of Object.entries(views)) {
      const button = this.#button(action);
      if (view.pressed !== undefined) button.setAttribute('aria-pressed', String(view.pressed));
      if (view.expanded !== undefined) button.setAttribute('aria-expanded', String(view.expanded));
      if (view.more !== undefined) /** @type {HTMLElement} */ (button.querySelector('.unseen')).textContent = view.more;
      if (view.title !== undefined) {
        button.title = view.title;
        /** @type {HTMLElement} */ (button.querySelector('.name')).textContent = view.title;
      }
      button.disabled = view.disabled ?? false;
      button.hidden = view.hidden ?? false;
      const count = /** @type {HTMLElement | null} */ (button.querySelector('.count'));
      if (!count) continue;
      count.textContent = String(view.count ?? 0);
      count.hidden = !view.count;
    }
    if (!this.#buttons.some(one => one.tabIndex === 0)) this.#keepStop(this.#buttons[0]);
  }

  /** On its first button. @override */
  focus() {
    const [first] = this.#buttons;
    this.#keepStop(first);
    first?.focus();
  }

  /** @param {string} action */
  #button(action) {
    return /** @type {HTMLButtonElement} */ (this.querySelector(`[data-do="${action}"]`));
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
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const action = SHORTCUTS[event.key.toLowerCase()] ?? SHORTCUTS[PLACES[event.code] ?? ''];
    if (!action || this.closest('[hidden]')) return;
    const button = this.#button(action) ?? document.querySelector(`more-menu [data-do="${action}"]`);
    if (button.disabled || button.hidden) return;
    event.preventDefault(); // it may bring up a field, which must not get the letter
    button.click();
  }

  /** On a button the space bar presses it. @param {KeyboardEvent} event */
  #hold(event) {
    if (event.code !== 'Space' || this.closest('[hidden]')) return;
    const held = event.type === 'keydown';
    if (held && event.target instanceof Element && event.target.closest(`${TYPING}, button, a, summary`)) return;
    if (held && event.target === document.body) event.preventDefault();
    if (!event.repeat) this.#talk(held);
  }

  /** @param {boolean} held */
  #talk(held) {
    this.dispatchEvent(new CustomEvent('talk', { detail: held }));
  }
}

customElements.define('call-controls', CallControls);
