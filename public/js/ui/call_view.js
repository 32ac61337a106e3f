// Shows a call from entering it until its end: what stands in the middle, the clock, where the focus goes; the
// rest is for its parts. Loaded while people look at themselves before joining.

import { CallActions } from './call_actions.js';
import { CallBars } from './call_bars.js';
import { CallNews } from './call_news.js';
import { CallRings } from './call_rings.js';
import { CallTiles } from './call_tiles.js';
import { CallTools } from './call_tools.js';
import { DevicePickers } from './device-pickers.js';
import { FocusKeeper } from './focus_keeper.js';
import { InviteCard } from './invite-card.js';
import { clock, find, initials, showOnly, write } from './page_parts.js';
import { PanelSwitch } from './panel_switch.js';
import { WakeLock } from './wake_lock.js';

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('./page_view.js').ViewParts} ViewParts */
/**
 * page: tells `camera-failed`
 * @typedef {ViewParts & { page: EventTarget, panels: import('./side_panels.js').SidePanels }} CallParts
 */

export class CallView {
  #parts;
  #root = find(HTMLElement, '#call');
  #bars;
  #rings;
  #tiles;
  #tools;
  #panel;
  #actions;
  #awake = new WakeLock();
  #focus = new FocusKeeper();
  /** @type {CallNews | null} */
  #news = null;
  #unreachable = false;
  #phase = '';
  #middle = '';

  /** @param {CallParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#bars = new CallBars(parts);
    this.#rings = new CallRings(parts);
    this.#tiles = new CallTiles(parts);
    this.#tools = new CallTools(parts);
    this.#panel = new PanelSwitch(parts.panels);
    this.#actions = new CallActions({
      ...parts, bars: this.#bars, rings: this.#rings, tiles: this.#tiles, tools: this.#tools, panel: this.#panel, changed: () => this.#render(),
    });
  }

  start() {
    const { call, i18n, devices, invitation, panels } = this.#parts;
    for (const source of [call, i18n, devices, invitation, this.#bars, this.#tiles, this.#panel]) source.addEventListener('change', () => this.#render());
    panels.addEventListener('unread', () => this.#render());
    call.addEventListener('session', () => this.#watchSession());
    devices.attach(find(DevicePickers, '#settings device-pickers'));
    for (const card of document.querySelectorAll('invite-card')) {
      if (card instanceof InviteCard) card.addEventListener('told', event => this.#toldOf(/** @type {CustomEvent<Key>} */ (event).detail));
    }
    setInterval(() => this.#showClocks(), 500);
  }

  #watchSession() {
    const { call, i18n, panels } = this.#parts;
    const { session } = call;
    this.#unreachable = false;
    this.#tiles.reset();
    this.#news?.stop();
    this.#news = null;
    this.#rings.news = null;
    panels.attach(session);
    if (!session) return;
    const { channel, peers } = session;
    channel.addEventListener('state', () => {
      if (channel.state !== 'connecting') this.#unreachable = channel.state === 'closed';
      if (call.session === session) this.#render();
    });
    this.#news = new CallNews(channel, name => name || i18n.t('chat.other'), {
      tell: (word, tone, icon, values) => this.#bars.tell(word, tone, icon, values),
      note: (word, values) => panels.log.note(word, values, Date.now()),
      rings: name => {
        this.#rings.notify(name);
        this.#render();
      },
    });
    this.#rings.news = this.#news;
    for (const word of /** @type {const} */ (['lost', 'returned'])) {
      peers.addEventListener(word, event => this.#news?.connection(word, /** @type {CustomEvent<import('../call/peers.js').Peer>} */ (event).detail.name));
    }
  }

  /** @param {Key} key */
  #toldOf(key) {
    this.#bars.tell(key, key === 'waiting.copied' ? 'info' : 'warn', key === 'waiting.copied' ? 'link' : 'warning');
  }

  #render() {
    const { phase } = this.#parts.call.state;
    const ring = this.#rings.current;
    this.#root.dataset.ring = ring ? 'in' : phase === 'ringing' ? 'out' : 'none';
    this.#showMiddle();
    this.#tiles.show();
    this.#panel.show(phase === 'inside');
    this.#tools.show({ panel: this.#panel.current, isUnreachable: this.#unreachable });
    this.#bars.show(this.#unreachable);
    this.#showClocks();
    if (ring) this.#actions.closeDialogs();
    this.#rings.show();
    this.#moveFocus();
    this.#awake.wanted = phase === 'inside';
  }

  #showMiddle() {
    const { i18n, call, invitation } = this.#parts;
    const { phase, room } = call.state;
    const others = call.session?.peers.onStage.length ?? 0;
    this.#middle = phase === 'inside' ? (others === 0 ? 'alone' : '') : phase;
    showOnly('data-middle', this.#middle);
    write('entering', i18n.t(this.#unreachable ? 'bar.unreachable' : 'entering.text'));
    write('calling', i18n.t('calling.headline', { room }));
    write('initials', initials(room));
    const inside = call.session?.channel.gathering.count ?? 0;
    write('calling-inside', inside > 0 ? i18n.t('calling.inside', { n: inside }) : '');
    if (phase !== 'inside') return;
    find(HTMLElement, '[data-do="notify"]').hidden = !this.#rings.canAskToNotify;
    for (const card of document.querySelectorAll('invite-card')) if (card instanceof InviteCard) card.show(invitation.current);
  }

  #showClocks() {
    const { state, since } = this.#parts.call;
    write('clock', clock(performance.now() - since));
    find(HTMLElement, '.call-title [data-show="clock"]').hidden = state.phase !== 'inside' || this.#middle === 'alone';
  }

  #moveFocus() {
    const { phase } = this.#parts.call.state;
    const isNew = phase !== this.#phase;
    this.#phase = phase;
    if (phase !== 'inside' && phase !== 'ringing') return;
    if (this.#focus.isLost || (isNew && document.activeElement === document.body)) this.#tools.focus();
  }
}
