// <invite-card>: the link of the invitation with Copy, Share and a code for phones. Dispatches `told` (detail:
// the key of what is to be said).

/** @typedef {import('../i18n/i18n.js').Key} Key */

export class InviteCard extends HTMLElement {
  #link = '';

  get #code() {
    return /** @type {HTMLElement} */ (this.querySelector('code'));
  }

  connectedCallback() {
    /** @type {HTMLElement} */ (this.querySelector('[data-do="share"]')).hidden = !('share' in navigator);
    this.addEventListener('click', event => {
      const what = event.target instanceof Element ? event.target.closest('[data-do]')?.getAttribute('data-do') : null;
      if (what === 'copy') this.#copy();
      else if (what === 'share') navigator.share({ url: this.#link }).catch(() => {});
    });
    const picture = this.querySelector('img');
    picture?.addEventListener('error', () => { picture.hidden = true; });
    picture?.addEventListener('load', () => { picture.hidden = false; });
  }

  /** @param {string} link @param {boolean} reachable whether another device comes anywhere by it */
  show(link, reachable) {
    if (link === this.#link) return;
    this.#link = link;
    this.#code.textContent = link.replace(/^https?:\/\//, '');
    const picture = this.querySelector('img');
    if (picture && reachable) picture.src = `qr?text=${encodeURIComponent(link)}`;
    else if (picture) picture.hidden = true;
  }

  async #copy() {
    /** @type {Key} */
    let told = 'waiting.copied';
    try {
      await navigator.clipboard.writeText(this.#link);
    } catch {
      // No clipboard on http: what is marked can still be copied the old way, or by hand.
      const shown = this.#code.textContent;
      this.#code.textContent = this.#link;
      getSelection()?.selectAllChildren(this.#code);
      if (document.execCommand('copy')) this.#code.textContent = shown;
      else told = 'waiting.copy-failed';
    }
    this.dispatchEvent(new CustomEvent('told', { detail: told }));
  }
}

customElements.define('invite-card', InviteCard);
