// The one bar over the pictures: what is said for a moment, and hints that a person may close.

import { barFor } from './bar_for.js';
import { find } from './page_parts.js';
import { StatusBars } from './status-bars.js';

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('./call_view.js').CallParts} CallParts */
/** @typedef {import('./status-bars.js').Bar} Bar */

const TOLD_FOR = 4000;
const TOGETHER = 300;

/** Dispatches `change`. */
export class CallBars extends EventTarget {
  #parts;
  #bars = find(StatusBars, 'status-bars');
  /** Said for a moment. @type {Bar | null} */
  #told = null;
  #toldAt = 0;
  #plugged = false;
  #mutedHintSeen = false;
  #reducedSeen = false;

  /** @param {CallParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { devices, page } = parts;
    page.addEventListener('camera-failed', () => this.tell('bar.camera-failed', 'warn', 'warning'));
    devices.addEventListener('failed', () => this.tell('bar.device-failed', 'warn', 'warning'));
    devices.addEventListener('plugged', () => {
      this.#plugged = true;
      this.#changed();
    });
  }

  /** @param {Key} key @param {Bar['tone']} tone @param {string} icon @param {Record<string, string>} [values] */
  tell(key, tone, icon, values = {}) {
    const { i18n } = this.#parts;
    const now = performance.now();
    // What happens together is told together.
    const before = this.#told && now - this.#toldAt < TOGETHER ? `${this.#told.text} ` : '';
    const bar = { name: key, tone, icon, text: before + i18n.t(key, values), close: i18n.t('action.close') };
    this.#told = bar;
    this.#toldAt = now;
    this.#changed();
    setTimeout(() => {
      if (this.#told === bar) this.#told = null;
      this.#changed();
    }, TOLD_FOR);
  }

  usePlugged() {
    this.#plugged = false;
    this.#parts.devices.usePlugged();
  }

  /** Takes away what is shown now. */
  dismiss() {
    const { call } = this.#parts;
    if (this.#told) this.#told = null;
    else if (this.#plugged) this.#plugged = false;
    else if (call.session?.peers.isReduced && !this.#reducedSeen) this.#reducedSeen = true;
    else if (call.state.notice) call.dispatch({ type: 'dismiss' });
    else this.#mutedHintSeen = true;
    this.#changed();
  }

  /** @param {boolean} isUnreachable whether the server is */
  show(isUnreachable) {
    const { i18n, call, media, devices } = this.#parts;
    this.#bars.show(barFor({
      state: call.state, session: call.session, media: media.state, told: this.#told, isUnreachable,
      plugged: this.#plugged ? devices.plugged?.label ?? null : null, dismissed: { reduced: this.#reducedSeen, muted: this.#mutedHintSeen },
      isTouched: matchMedia('(pointer: coarse)').matches,
    }, i18n));
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
