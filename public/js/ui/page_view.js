// Shows the page of a call: what comes before and after, and which of the views is to be seen. What happens
// in between is for CallView, which is loaded later.

import { setIcon } from './icon.js';
import { LobbyView } from './lobby_view.js';
import { find, showOnly, write } from './page_parts.js';

/** @typedef {import('../call/machine.js').CallState} CallState */
/** @typedef {import('../call/machine.js').EndReason} EndReason */

/**
 * @typedef {object} ViewParts
 * @property {import('../call/call.js').Call} call
 * @property {import('../call/media.js').Media} media
 * @property {import('./device_desk.js').DeviceDesk} devices
 * @property {import('../rooms/profile.js').Profile} profile
 * @property {import('../i18n/i18n.js').I18n} i18n
 * @property {(password: string) => Promise<void>} setPassword for the next time that the door is tried
 * @property {import('../rooms/room_name.js').NameProblem | null} nameProblem
 * @property {string | null} feature what this browser lacks
 * @property {import('../rooms/invitation.js').Invitation} invitation
 */

/** @type {Record<EndReason, { icon: string, again: 'rejoin' | 'call-again' | 'try-again' | 'use-here' | null }>} */
const ENDS = {
  left: { icon: 'leave', again: 'rejoin' },
  'no-room': { icon: 'link', again: null },
  declined: { icon: 'decline', again: 'call-again' },
  busy: { icon: 'people', again: 'call-again' },
  'no answer': { icon: 'clock', again: 'call-again' },
  ended: { icon: 'leave', again: 'rejoin' },
  removed: { icon: 'leave', again: null },
  elsewhere: { icon: 'copy', again: 'use-here' },
  replaced: { icon: 'copy', again: 'use-here' },
  locked: { icon: 'lock', again: 'try-again' },
  full: { icon: 'people', again: 'try-again' },
  password: { icon: 'lock', again: 'try-again' },
  expired: { icon: 'clock', again: 'rejoin' },
  rate: { icon: 'clock', again: 'try-again' },
};

/** Dispatches `camera-failed`: it could not be switched on. */
export class PageView extends EventTarget {
  #parts;
  #root = find(HTMLElement, '#call');
  #lobby;
  #phase = '';

  /** @param {ViewParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    this.#lobby = new LobbyView(parts);
  }

  start() {
    const { call, i18n } = this.#parts;
    this.#lobby.start();
    call.addEventListener('change', () => this.#render());
    i18n.addEventListener('change', () => this.#render());
    document.addEventListener('click', event => {
      const control = event.target instanceof Element ? event.target.closest('[data-do]') : null;
      if (control) this.#act(String(control.getAttribute('data-do')));
    });
  }

  /** @param {string} action */
  #act(action) {
    const { call, media } = this.#parts;
    switch (action) {
      case 'rejoin': call.dispatch({ type: 'rejoin' }); break;
      case 'retry': call.dispatch({ type: 'retry' }); break;
      case 'without-camera': call.dispatch({ type: 'withoutCamera' }); break;
      case 'mic': this.#setMic(media.state.mic !== 'on'); break;
      case 'camera': this.#switchCamera(); break;
    }
  }

  /** @param {boolean} on */
  #setMic(on) {
    const { media, profile } = this.#parts;
    media.setMic(on);
    profile.keep({ mic: on });
  }

  async #switchCamera() {
    const { media, profile } = this.#parts;
    const on = media.state.camera !== 'on';
    if (!await media.setCamera(on)) this.dispatchEvent(new Event('camera-failed'));
    profile.keep({ camera: media.wants.camera });
  }

  #render() {
    const { state } = this.#parts.call;
    this.#showState(state);
    this.#lobby.render();
    this.#showEnded(state);
    this.#moveFocus(state);
  }

  /** What style sheets, and tests, go by. @param {CallState} state */
  #showState(state) {
    const { session } = this.#parts.call;
    const peers = session?.peers.onStage ?? [];
    /** @type {Record<string, string | null | undefined>} */
    const shown = {
      state: state.phase, reason: state.reason, problem: state.problem, closed: state.closed?.reason, media: state.media,
      socket: session?.channel.state ?? 'closed',
      people: String(peers.length), connected: String(peers.filter(peer => peer.state.phase === 'connected').length),
    };
    for (const [name, value] of Object.entries(shown)) {
      if (value) this.#root.dataset[name] = value;
      else delete this.#root.dataset[name];
    }
    const isEnded = state.phase === 'ended';
    showOnly('data-view', isEnded ? 'ended' : state.phase === 'lobby' || state.phase === 'idle' ? 'lobby' : 'call');
    const { i18n } = this.#parts;
    write('room', state.room);
    if (this.#root.dataset.ring !== 'in') document.title = i18n.t('chat.title', { room: state.room || 'videochat' });
  }

  /** @param {CallState} state */
  #showEnded(state) {
    if (state.phase !== 'ended' || !state.reason) return;
    const { i18n, call, nameProblem } = this.#parts;
    const { icon, again } = ENDS[state.reason];
    const button = find(HTMLElement, '[data-do="rejoin"]');
    button.hidden = again === null;
    setIcon(find(HTMLElement, '[data-view="ended"] .medal'), icon);
    find(HTMLElement, '[data-view="ended"] [data-do="home"]').dataset.kind = again === null ? 'primary' : '';
    if (state.reason === 'no-room') {
      write('ended', i18n.t(`name.${nameProblem ?? 'empty'}`));
      write('ended-room', '');
      write('ended-time', '');
      write('ended-text', i18n.t(nameProblem && nameProblem !== 'empty' ? 'no-room.bad.text' : 'no-room.text'));
      return;
    }
    if (again) /** @type {HTMLElement} */ (button.querySelector('span')).textContent = i18n.t(`ended.${again}`);
    const reason = state.reason === 'no answer' ? 'no-answer' : state.reason === 'expired' || state.reason === 'rate' ? 'ended' : state.reason;
    write('ended', i18n.t(`ended.${reason}`));
    write('ended-room', state.room);
    write('ended-time', call.lasted >= 1000 ? i18n.duration(call.lasted) : '');
    write('ended-text', i18n.t(`ended.${reason}.text`));
  }

  /** The button that was pressed may be gone with its page; who hears the page is told where he is. @param {CallState} state */
  #moveFocus(state) {
    const stage = state.problem ? 'problem' : state.phase;
    if (stage === this.#phase) return;
    const isFirst = this.#phase === '' || this.#phase === 'idle';
    this.#phase = stage;
    if (stage === 'ended') find(HTMLElement, '[data-show="ended"]').focus();
    else if (stage === 'problem') find(HTMLElement, '#problem').focus();
    else if (stage === 'lobby' && isFirst && !this.#parts.profile.kept.name) find(HTMLElement, '#name').focus();
  }
}
