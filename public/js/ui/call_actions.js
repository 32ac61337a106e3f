// What people do in a call: every button with data-do, by its name.

import { find } from './page_parts.js';

/** @typedef {import('./call_view.js').CallParts} CallParts */

/**
 * @typedef {object} ActionParts
 * @property {import('./call_bars.js').CallBars} bars
 * @property {import('./call_rings.js').CallRings} rings
 * @property {import('./call_tiles.js').CallTiles} tiles
 * @property {import('./call_tools.js').CallTools} tools
 * @property {import('./panel_switch.js').PanelSwitch} panel
 */

export class CallActions {
  #parts;
  #settings = find(HTMLDialogElement, '#settings');
  #invite = find(HTMLDialogElement, '#invite');
  #talking = false;

  /** @param {CallParts & ActionParts & { changed: () => void }} parts */
  constructor(parts) {
    this.#parts = parts;
    const { tools, panels } = parts;
    document.addEventListener('click', event => {
      const control = event.target instanceof Element ? event.target.closest('[data-do]') : null;
      if (control) this.#act(String(control.getAttribute('data-do')), control);
    });
    tools.addEventListener('talk', event => this.#talk(/** @type {CustomEvent<boolean>} */ (event).detail));
    panels.addEventListener('invite', () => this.#invite.showModal());
    panels.addEventListener('copy', event => this.#copy(/** @type {CustomEvent<string>} */ (event).detail));
  }

  /** Never two overlays at once. */
  closeDialogs() {
    for (const dialog of [this.#settings, this.#invite]) if (dialog.open) dialog.close();
    this.#parts.tools.closeMenu();
  }

  /** @param {string} action @param {Element} control */
  #act(action, control) {
    const { call, i18n, media, bars, rings, tiles, tools, panel, changed } = this.#parts;
    switch (action) {
      case 'accept': rings.accept(); break;
      case 'decline': rings.decline('declined'); break;
      case 'busy': rings.decline('busy'); break;
      case 'hang-up': call.dispatch({ type: 'leave' }); break;
      case 'screen': media.screen ? media.hideScreen() : media.showScreen(); break;
      case 'flip': media.flip(); break;
      case 'chat': case 'people': case 'details': panel.toggle(action); break;
      case 'close-panel': panel.close(); break;
      case 'more': tools.toggleMenu(/** @type {HTMLElement} */ (control)); break;
      case 'settings': this.#settings.showModal(); break;
      case 'invite': this.#invite.showModal(); break;
      case 'close-dialog': control.closest('dialog')?.close(); break;
      case 'pip': tiles.showSmall(); break;
      case 'fullscreen': this.#switchFullScreen(document.documentElement); break;
      case 'fullscreen-tile': this.#switchFullScreen(control.closest('video-tile')); break;
      case 'silence': this.#switchSilence(); break;
      case 'notify': this.#askToNotify(); break;
      case 'next-language': i18n.choose(i18n.other.code); break;
      case 'try-now': call.session?.channel.tryNow(); break;
      case 'reload': location.reload(); break;
      case 'use-plugged': bars.usePlugged(); break;
      case 'dismiss': bars.dismiss(); break;
      case 'unmute-playback': tiles.unblock(); break;
      case 'retry-peers': this.#retryPeers(); break;
      case 'trust': this.#trust(); break;
      default: return;
    }
    changed();
  }

  /** As long as the space bar is held. @param {boolean} held */
  #talk(held) {
    const { media, call } = this.#parts;
    if (held === this.#talking || call.state.phase !== 'inside' || (held && media.state.mic !== 'off')) return;
    this.#talking = held;
    media.setMic(held);
  }

  /** @param {Element | null} shown */
  #switchFullScreen(shown) {
    if (document.fullscreenElement) document.exitFullscreen();
    else shown?.requestFullscreen?.().catch(() => {});
  }

  #switchSilence() {
    const { profile } = this.#parts;
    profile.keep({ silent: !profile.kept.silent });
  }

  async #askToNotify() {
    const { bars, rings, changed } = this.#parts;
    const may = await rings.askToNotify();
    bars.tell(may ? 'waiting.notify.on' : 'waiting.notify.off', may ? 'info' : 'warn', may ? 'bell' : 'warning');
    changed();
  }

  #retryPeers() {
    const peers = this.#parts.call.session?.peers;
    for (const { seat, state } of peers?.all ?? []) if (state.phase === 'no-path') peers?.retry(seat);
  }

  #trust() {
    const { session } = this.#parts.call;
    for (const { seat, isStranger } of session?.peers.all ?? []) if (isStranger) session?.mesh.trust(seat);
  }

  /** @param {string} text */
  async #copy(text) {
    const { bars } = this.#parts;
    try {
      await navigator.clipboard.writeText(text);
      bars.tell('bar.copied', 'info', 'copy');
    } catch {
      bars.tell('bar.copy-failed', 'warn', 'warning');
    }
  }
}
