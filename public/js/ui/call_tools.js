// The buttons of a call: the bar, what stands under More, and the line that tells how the connection is.

import { CallControls } from './call-controls.js';
import { MoreMenu } from './more-menu.js';
import { find, write } from './page_parts.js';

/** @typedef {import('./call_view.js').CallParts} CallParts */
/** @typedef {import('./side_panels.js').PanelName} PanelName */

/** Dispatches `talk` (detail: whether the space bar is held). */
export class CallTools extends EventTarget {
  #parts;
  #controls = find(CallControls, 'call-controls');
  #menu = find(MoreMenu, 'more-menu');

  /** @param {CallParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    this.#controls.addEventListener('talk', event => {
      this.dispatchEvent(new CustomEvent('talk', { detail: /** @type {CustomEvent<boolean>} */ (event).detail }));
    });
  }

  focus() {
    this.#controls.focus();
  }

  /** @param {HTMLElement} opener */
  toggleMenu(opener) {
    this.#menu.toggle(opener);
  }

  closeMenu() {
    this.#menu.close();
  }

  /** @param {{ panel: PanelName | null, isUnreachable: boolean }} shown */
  show({ panel, isUnreachable }) {
    const { media, i18n, call, panels } = this.#parts;
    const { mic, camera, screen } = media.state;
    const inside = call.state.phase === 'inside';
    const people = call.session?.channel.gathering.members.length ?? 0;
    const { unread } = panels;
    this.#controls.show({
      mic: { pressed: mic === 'on', disabled: mic === 'none' },
      camera: { pressed: camera === 'on', disabled: camera === 'none' },
      screen: { pressed: screen, hidden: !inside || !media.canShowScreen },
      chat: { expanded: panel === 'chat', hidden: !inside, count: unread, more: unread > 0 ? i18n.t('control.chat.count', { n: unread }) : '' },
      people: { expanded: panel === 'people', hidden: !inside, count: people, more: i18n.t('control.people.count', { n: people }) },
      invite: { hidden: !inside, disabled: isUnreachable },
      more: { hidden: !inside },
      'hang-up': { title: i18n.t(inside ? 'control.leave' : 'control.cancel') },
    });
    if (!inside) this.#menu.close();
    this.#showMenu(people);
    this.#showTitle(inside);
    this.#showQuality(inside);
  }

  /** @param {number} people */
  #showMenu(people) {
    const { media, i18n, devices, profile } = this.#parts;
    write('screen-item', i18n.t(media.state.screen ? 'control.screen.stop' : 'control.screen'));
    write('language-item', i18n.other.name);
    find(HTMLElement, '[data-show="language-item"]').lang = i18n.other.code;
    write('silence-item', i18n.t(profile.kept.silent ? 'more.sound' : 'more.silence'));
    /** @type {Record<string, boolean>} */
    const missing = {
      screen: !media.canShowScreen, flip: !devices.hasSeveralCameras,
      pip: !document.pictureInPictureEnabled || people < 2, fullscreen: !document.fullscreenEnabled,
    };
    for (const item of this.#menu.querySelectorAll('[data-do]')) item.toggleAttribute('hidden', missing[String(item.getAttribute('data-do'))] ?? false);
  }

  /** Over the pictures of a phone. @param {boolean} inside */
  #showTitle(inside) {
    const { media, devices } = this.#parts;
    const canFlip = devices.hasSeveralCameras && media.state.camera === 'on';
    for (const button of document.querySelectorAll('.call-title .phone')) {
      button.toggleAttribute('hidden', !inside || (button.getAttribute('data-do') === 'flip' && !canFlip));
    }
  }

  /** @param {boolean} inside */
  #showQuality(inside) {
    const { call, i18n } = this.#parts;
    const [peer] = (call.session?.peers.all ?? []).filter(({ measured, state }) => measured && state.phase === 'connected');
    find(HTMLElement, '.call-quality').hidden = !inside || !peer;
    if (!peer?.measured) return;
    const ms = Math.round(peer.measured.roundTrip * 1000);
    write('quality', i18n.t(peer.measured.relayed ? 'quality.relayed' : 'quality.direct', { ms }));
  }
}
