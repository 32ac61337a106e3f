// Somebody without a mouse is never nowhere: tells when what had the focus went out of sight.

/** @param {Element} element */
const isSeen = element => element.checkVisibility?.() ?? true;

export class FocusKeeper {
  /** What had the focus last, apart from dialogs, which give it back. @type {Element | null} */
  #last = null;

  constructor() {
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof Element && !target.closest('dialog')) this.#last = target;
    });
    // Whoever presses beside everything wants no focus.
    document.addEventListener('focusout', ({ target }) => {
      if (target === this.#last && target instanceof Element && isSeen(target) && !document.querySelector('dialog[open]')) this.#last = null;
    });
  }

  get isLost() {
    const { activeElement, body } = document;
    const isNowhere = !activeElement || activeElement === body || activeElement === this.#last;
    return isNowhere && this.#last !== null && !isSeen(this.#last);
  }
}
