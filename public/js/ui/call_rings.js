// Who rings here: the dialog that asks, and a notification if nobody looks at the page.

import { find, hueOf, initials } from './page_parts.js';
import { RingDialog } from './ring-dialog.js';

/** @typedef {import('../signaling/call_events.js').Person} Person */
/** @typedef {import('./call_view.js').CallParts} CallParts */

export class CallRings {
  #parts;
  #dialog = find(RingDialog, 'ring-dialog');
  /** Tells whom to ask about; null outside of a call. @type {import('./call_news.js').CallNews | null} */
  news = null;

  /** @param {CallParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#dialog.addEventListener('decline', () => this.decline('declined'));
  }

  /** The one who is asked about. @returns {Person | null} */
  get current() {
    const { state, session } = this.#parts.call;
    if (state.phase !== 'inside') return null;
    return session?.channel.gathering.rings.find(ring => this.news?.isToBeAsked(ring)) ?? null;
  }

  accept() {
    const { current } = this;
    if (current) this.#parts.call.session?.channel.accept(current.seat);
  }

  /** @param {'declined' | 'busy'} reason busy: not now, but later */
  decline(reason) {
    const { current } = this;
    if (current) this.#parts.call.session?.channel.decline(current.seat, reason);
  }

  show() {
    const { i18n, profile, call } = this.#parts;
    const { current } = this;
    if (!current) {
      this.#dialog.close();
      return;
    }
    const { name } = current;
    this.#dialog.isSilent = profile.kept.silent;
    this.#dialog.open({
      headline: name ? i18n.t('ring.headline.name', { name }) : i18n.t('ring.headline'),
      title: name ? i18n.t('ring.title.name', { name }) : i18n.t('ring.title'),
      initials: initials(name || i18n.t('chat.other')), hue: hueOf(name),
      text: i18n.t('ring.text', { room: call.state.room }),
      silence: i18n.t('ring.silence'), silenced: i18n.t('ring.silenced'),
    });
  }

  /** Whether the browser would ask: a frame is not asked for, and what was decided stays decided. */
  get canAskToNotify() {
    return typeof Notification !== 'undefined' && window === parent && Notification.permission === 'default';
  }

  /** Has to come from a press. @returns {Promise<boolean>} whether we may */
  async askToNotify() {
    return await Notification.requestPermission() === 'granted';
  }

  /** For a page that nobody looks at. @param {string} name */
  notify(name) {
    if (!document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    const { i18n } = this.#parts;
    const text = name ? i18n.t('ring.headline.name', { name }) : i18n.t('ring.headline');
    try {
      const notification = new Notification(text, { tag: 'ring' });
      notification.addEventListener('click', () => {
        window.focus();
        notification.close();
      });
    } catch { // phones want them from the service worker, which brings this tab back when it is pressed
      navigator.serviceWorker?.getRegistration().then(worker => worker?.showNotification(text, { tag: 'ring' })).catch(() => {});
    }
  }
}
