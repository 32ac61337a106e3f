// <invite-card>: the link of the invitation with Copy, Share and a code for phones. Dispatches `told` (detail:
// the key of what is to be said).

/** @typedef {import('../i18n/i18n.js').Key} Key */

/** As people read it. @param {string} link */
function readable(link) {
  const short = link.replace(/^https?:\/\//, '');
  try {
    return decodeURI(short);
  } catch {
    return short;
  }
}

export class InviteCard extends HTMLElement {
  #link = '';

  get #code() {
    return /** @type {HTMLElement} */ (this.querySelector('code'));
  }

  get #picture() {
    return /** @type {HTMLImageElement} */ (this.querySelector('img'));
  }

  connectedCallback() {
    /** @type {HTMLElement} */ (this.querySelector('[data-do="share"]')).hidden = !('share' in navigator);
    this.addEventListener('click', event => {
      const what = event.target instanceof Element ? event.target.closest('[data-do]')?.getAttribute('data-do') : null;
      if (what === 'copy') this.#copy();
      else if (what === 'share') navigator.share({ url: this.#link }).catch(() => {});
    });
    this.#picture.addEventListener('error', () => { this.#picture.hidden = true; });
    this.#picture.addEventListener('load', () => { this.#picture.hidden = false; });
  }

  /** @param {import('../rooms/invitation.js').InvitationLink} invitation */
  show({ link, reachable }) {
    if (link === this.#link) return;
    this.#link = link;
    this.#code.textContent = readable(link);
    if (reachable) this.#picture.src = `qr?text=${encodeURIComponent(link)}`;
    else this.#picture.hidden = true;
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
