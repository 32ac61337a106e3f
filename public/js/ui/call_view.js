// Shows a call from entering it until its end: pictures, controls, what rings, what is to be said. Loaded while
// people look at themselves before joining.

import { barFor } from './bar_for.js';
import { CallControls } from './call-controls.js';
import { CallNews } from './call_news.js';
import { CallStage } from './call-stage.js';
import { DevicePickers } from './device-pickers.js';
import { InviteCard } from './invite-card.js';
import { MoreMenu } from './more-menu.js';
import { clock, find, hueOf, initials, showOnly, write } from './page_parts.js';
import { peerWords } from './peer_words.js';
import { RingDialog } from './ring-dialog.js';
import { StatusBars } from './status-bars.js';

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('../call/machine.js').CallState} CallState */
/** @typedef {import('./page_view.js').ViewParts} ViewParts */
/** @typedef {import('./side_panels.js').PanelName} PanelName */
/** @typedef {import('./side_panels.js').SidePanels} SidePanels */
/** @typedef {import('./status-bars.js').Bar} Bar */

const TOLD_FOR = 4000;
const TOGETHER = 300;


export class CallView {
  #parts;
  #root = find(HTMLElement, '#call');
  #stage = find(CallStage, 'call-stage');
  #controls = find(CallControls, 'call-controls');
  #bars = find(StatusBars, 'status-bars');
  #ring = find(RingDialog, 'ring-dialog');
  #menu = find(MoreMenu, 'more-menu');
  #settings = find(HTMLDialogElement, '#settings');
  #invite = find(HTMLDialogElement, '#invite');
  /** Said for a moment. @type {Bar | null} */
  #told = null;
  #toldAt = 0;
  /** @type {CallNews | null} */
  #news = null;
  #blocked = false;
  #unreachable = false;
  #mutedHintSeen = false;
  #reducedSeen = false;
  #plugged = false;
  #talking = false;
  #phase = '';
  #middle = '';
  /** The panel that is open. @type {PanelName | null} */
  #panel = null;
  /** @type {WakeLockSentinel | null} */
  #awake = null;

  /** @param {ViewParts & { page: EventTarget, panels: SidePanels }} parts page: tells `camera-failed` */
  constructor(parts) {
    this.#parts = parts;
  }

  start() {
    const { call, i18n, devices, profile, invitation, page, panels } = this.#parts;
    page.addEventListener('camera-failed', () => this.#tell('bar.camera-failed', 'warn', 'warning'));
    invitation.addEventListener('change', () => this.#render());
    call.addEventListener('change', () => this.#render());
    call.addEventListener('session', () => this.#watchSession());
    i18n.addEventListener('change', () => this.#render());
    devices.addEventListener('failed', () => this.#tell('bar.device-failed', 'warn', 'warning'));
    devices.addEventListener('speaker', () => { this.#stage.speaker = profile.kept.speaker; });
    devices.addEventListener('plugged', () => {
      this.#plugged = true;
      this.#render();
    });
    panels.addEventListener('unread', () => this.#render());
    panels.addEventListener('invite', () => this.#invite.showModal());
    panels.addEventListener('details', event => {
      this.#openPanel('details');
      panels.reveal(/** @type {CustomEvent<string>} */ (event).detail);
    });
    panels.addEventListener('copy', event => this.#copy(/** @type {CustomEvent<string>} */ (event).detail));
    this.#stage.speaker = profile.kept.speaker;
    devices.attach(find(DevicePickers, 'device-pickers', this.#settings));
    document.addEventListener('click', event => {
      const control = event.target instanceof Element ? event.target.closest('[data-do]') : null;
      if (control) this.#act(String(control.getAttribute('data-do')), control);
    });
    this.#ring.addEventListener('decline', () => this.#decline());
    this.#controls.addEventListener('talk', event => this.#talk(/** @type {CustomEvent<boolean>} */ (event).detail));
    this.#stage.addEventListener('blocked', () => {
      this.#blocked = true;
      this.#render();
    });
    for (const card of document.querySelectorAll('invite-card')) {
      if (card instanceof InviteCard) card.addEventListener('told', event => this.#toldOf(/** @type {CustomEvent<Key>} */ (event).detail));
    }
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) this.#closePanel();
    });
    document.addEventListener('visibilitychange', () => this.#keepAwake());
    setInterval(() => this.#showClocks(), 500);
  }

  // What people do

  /** @param {string} action @param {Element} control */
  #act(action, control) {
    const { call, media, profile, devices } = this.#parts;
    switch (action) {
      case 'accept': this.#accept(); break;
      case 'decline': this.#decline(); break;
      case 'hang-up': call.dispatch({ type: 'leave' }); break;
      case 'screen': this.#switchScreen(); break;
      case 'flip': media.flip(); break;
      case 'chat': case 'people': case 'details': this.#toggle(action); break;
      case 'close-panel': this.#closePanel(); break;
      case 'more': this.#menu.toggle(/** @type {HTMLElement} */ (control)); break;
      case 'settings': this.#settings.showModal(); break;
      case 'invite': this.#invite.showModal(); break;
      case 'close-dialog': control.closest('dialog')?.close(); break;
      case 'pip': this.#stage.main?.video.requestPictureInPicture().catch(() => {}); break;
      case 'fullscreen': this.#switchFullScreen(); break;
      case 'silence':
        profile.keep({ silent: !profile.kept.silent });
        this.#render();
        break;
      case 'try-now': call.session?.channel.tryNow(); break;
      case 'reload': location.reload(); break;
      case 'use-plugged':
        this.#plugged = false;
        devices.usePlugged();
        break;
      case 'dismiss': this.#dismiss(); break;
      case 'unmute-playback':
        this.#blocked = false;
        this.#stage.play();
        this.#render();
        break;
      case 'retry-peers':
        for (const { seat, state } of call.session?.peers.all ?? []) if (state.phase === 'no-path') call.session?.peers.retry(seat);
        break;
      case 'trust':
        for (const { seat, isStranger } of call.session?.peers.all ?? []) if (isStranger) call.session?.mesh.trust(seat);
        break;
    }
  }

  /** What is open is closed first: never two overlays at once. */
  #accept() {
    const ring = this.#ringing();
    if (ring) this.#parts.call.session?.channel.accept(ring.seat);
  }

  #decline() {
    const ring = this.#ringing();
    if (ring) this.#parts.call.session?.channel.decline(ring.seat);
  }

  #ringing() {
    const { state, session } = this.#parts.call;
    if (state.phase !== 'inside') return null;
    return session?.channel.gathering.rings.find(ring => this.#news?.isToBeAsked(ring)) ?? null;
  }

  /** As long as the space bar is held. @param {boolean} held */
  #talk(held) {
    const { media, call } = this.#parts;
    if (held === this.#talking || call.state.phase !== 'inside' || (held && media.state.mic !== 'off')) return;
    this.#talking = held;
    media.setMic(held);
  }

  #switchScreen() {
    const { media } = this.#parts;
    if (media.screen) media.hideScreen();
    else media.showScreen();
  }

  #switchFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  /** @param {PanelName} panel */
  #toggle(panel) {
    if (this.#panel === panel) this.#closePanel();
    else this.#openPanel(panel);
  }

  /** @param {PanelName} panel */
  #openPanel(panel) {
    this.#panel = panel;
    this.#render();
    const shown = find(HTMLElement, `[data-panel="${panel}"]`);
    // Where a field brings up a keyboard, that covers what one wants to read.
    const field = matchMedia('(pointer: fine)').matches ? shown.querySelector('textarea') : null;
    /** @type {HTMLElement | null} */ (field ?? shown.querySelector('[data-do="close-panel"]'))?.focus();
  }

  /** The focus goes back to where it came from. */
  #closePanel() {
    const panel = this.#panel;
    if (!panel) return;
    const hadFocus = document.querySelector(`[data-panel="${panel}"]`)?.contains(document.activeElement);
    this.#panel = null;
    this.#render();
    if (hadFocus) /** @type {HTMLElement | null} */ (this.#controls.querySelector(`[data-do="${panel === 'details' ? 'more' : panel}"]`))?.focus();
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell('bar.copied', 'info', 'copy');
    } catch {
      this.#tell('bar.copy-failed', 'warn', 'warning');
    }
  }

  #dismiss() {
    const { session, state } = this.#parts.call;
    if (this.#told) this.#told = null;
    else if (this.#plugged) this.#plugged = false;
    else if (session?.peers.isReduced && !this.#reducedSeen) this.#reducedSeen = true;
    else if (state.notice) this.#parts.call.dispatch({ type: 'dismiss' });
    else this.#mutedHintSeen = true;
    this.#render();
  }

  // What happens

  #watchSession() {
    const { call, i18n, panels } = this.#parts;
    const { session } = call;
    this.#unreachable = false;
    this.#blocked = false;
    this.#news?.stop();
    this.#news = null;
    panels.attach(session);
    if (!session) return;
    const { channel } = session;
    channel.addEventListener('state', () => {
      if (channel.state !== 'connecting') this.#unreachable = channel.state === 'closed';
      if (call.session === session) this.#render();
    });
    this.#news = new CallNews(channel, name => name || i18n.t('chat.other'), {
      tell: (word, tone, icon, values) => this.#tell(word, tone, icon, values),
      note: (word, values) => panels.log.note(word, values, Date.now()),
      rings: name => {
        this.#notify(name);
        this.#render();
      },
    });
  }

  /** Somebody whose browser gave no name. @param {string} name */
  #named(name) {
    return name || this.#parts.i18n.t('chat.other');
  }

  /** A page that nobody looks at. @param {string} name */
  #notify(name) {
    if (!document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    const { i18n } = this.#parts;
    const notification = new Notification(name ? i18n.t('ring.headline.name', { name }) : i18n.t('ring.headline'), { tag: 'ring' });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  }

  /** @param {Key} key @param {Bar['tone']} tone @param {string} icon @param {Record<string, string>} [values] */
  #tell(key, tone, icon, values = {}) {
    const { i18n } = this.#parts;
    const now = performance.now();
    // What happens together is told together.
    const before = this.#told && now - this.#toldAt < TOGETHER ? `${this.#told.text} ` : '';
    const bar = { name: key, tone, icon, text: before + i18n.t(key, values), close: i18n.t('action.close') };
    this.#told = bar;
    this.#toldAt = now;
    this.#render();
    setTimeout(() => {
      if (this.#told === bar) this.#told = null;
      this.#render();
    }, TOLD_FOR);
  }

  /** @param {Key} key */
  #toldOf(key) {
    this.#tell(key, key === 'waiting.copied' ? 'info' : 'warn', key === 'waiting.copied' ? 'link' : 'warning');
  }

  get #own() {
    const { mic, camera, screen } = this.#parts.media.state;
    return { mic: mic === 'on', camera: camera === 'on', screen };
  }

  // What is seen

  #render() {
    const { state } = this.#parts.call;
    this.#root.dataset.ring = this.#ringing() ? 'in' : state.phase === 'ringing' ? 'out' : 'none';
    this.#showMiddle(state);
    this.#showTiles(state);
    this.#showControls(state);
    this.#showPanels(state);
    this.#showBar(state);
    this.#showClocks();
    this.#showRing(state);
    this.#moveFocus(state);
    this.#keepAwake();
  }

  /** @param {CallState} state */
  #showMiddle(state) {
    const { i18n, call, invitation } = this.#parts;
    const others = call.session?.peers.all.length ?? 0;
    this.#middle = state.phase === 'inside' ? (others === 0 ? 'alone' : '') : state.phase;
    showOnly('data-middle', this.#middle);
    write('entering', i18n.t(this.#unreachable ? 'bar.unreachable' : 'entering.text'));
    write('calling', i18n.t('calling.headline', { room: state.room }));
    write('initials', initials(state.room));
    const inside = call.session?.channel.gathering.count ?? 0;
    write('calling-inside', inside > 0 ? i18n.t('calling.inside', { n: inside }) : '');
    if (state.phase === 'inside') {
      for (const card of document.querySelectorAll('invite-card')) if (card instanceof InviteCard) card.show(invitation.current);
    }
  }

  /** @param {CallState} state */
  #showTiles(state) {
    const { call, media, i18n, profile } = this.#parts;
    const inCall = state.phase === 'entering' || state.phase === 'ringing' || state.phase === 'inside';
    const peers = state.phase === 'inside' ? call.session?.peers.all ?? [] : [];
    const own = this.#own;
    this.#stage.show(
      peers.map(peer => ({ key: peer.link, stream: peer.link.remoteStream, words: peerWords(peer, i18n, this.#blocked) })),
      inCall ? {
        stream: media.video ? media.stream : null, mirrored: media.isFacing,
        words: {
          name: i18n.t('chat.you'), initials: initials(profile.kept.name || i18n.t('chat.you')), hue: hueOf(profile.kept.name),
          label: [i18n.t('chat.you.place'), !own.mic && i18n.t('tile.mic-off'), !own.camera && i18n.t('tile.camera-off')].filter(Boolean).join(', '),
          mic: own.mic, picture: own.camera, screen: false, speaks: false, link: 'good',
        },
      } : null,
    );
  }

  /** @param {CallState} state */
  #showControls(state) {
    const { media, i18n, call, devices } = this.#parts;
    const own = this.#own;
    const inside = state.phase === 'inside';
    const people = call.session?.channel.gathering.members.length ?? 0;
    const { unread } = this.#parts.panels;
    const screen = i18n.t(own.screen ? 'control.screen.stop' : 'control.screen');
    this.#controls.show({
      mic: { pressed: own.mic, disabled: media.state.mic === 'none' },
      camera: { pressed: own.camera, disabled: media.state.camera === 'none' },
      screen: { pressed: own.screen, hidden: !inside || !media.canShowScreen },
      chat: { expanded: this.#panel === 'chat', hidden: !inside, count: unread, more: unread > 0 ? i18n.t('control.chat.count', { n: unread }) : '' },
      people: { expanded: this.#panel === 'people', hidden: !inside, count: people, more: i18n.t('control.people.count', { n: people }) },
      invite: { hidden: !inside, disabled: this.#unreachable },
      more: { hidden: !inside },
      'hang-up': { title: i18n.t(inside ? 'control.leave' : 'control.cancel') },
    });
    if (!inside) this.#menu.close();
    write('screen-item', screen);
    write('silence-item', i18n.t(this.#parts.profile.kept.silent ? 'more.sound' : 'more.silence'));
    for (const item of this.#menu.querySelectorAll('[data-do]')) {
      const action = item.getAttribute('data-do');
      const missing = action === 'screen' ? !media.canShowScreen
        : action === 'flip' ? !devices.hasSeveralCameras
          : action === 'pip' ? !document.pictureInPictureEnabled || people < 2
            : action === 'fullscreen' && !document.fullscreenEnabled;
      item.toggleAttribute('hidden', missing);
    }
    for (const button of document.querySelectorAll('.call-title .phone')) {
      button.toggleAttribute('hidden', !inside || (button.getAttribute('data-do') === 'flip' && !(devices.hasSeveralCameras && own.camera)));
    }
    this.#showQuality(inside);
  }

  /** @param {boolean} shown */
  #showQuality(shown) {
    const { call, i18n } = this.#parts;
    const [peer] = (call.session?.peers.all ?? []).filter(({ measured, state }) => measured && state.phase === 'connected');
    find(HTMLElement, '.call-quality').hidden = !shown || !peer;
    if (!peer?.measured) return;
    const ms = Math.round(peer.measured.roundTrip * 1000);
    write('quality', i18n.t(peer.measured.relayed ? 'quality.relayed' : 'quality.direct', { ms }));
  }

  /** @param {CallState} state */
  #showPanels(state) {
    if (state.phase !== 'inside') this.#panel = null;
    this.#parts.panels.open(this.#panel);
    for (const panel of document.querySelectorAll('[data-panel]')) panel.toggleAttribute('hidden', panel.getAttribute('data-panel') !== this.#panel);
  }

  /** @param {CallState} state */
  #showBar(state) {
    const { i18n, call, media, devices } = this.#parts;
    this.#bars.show(barFor({
      state, session: call.session, media: media.state, told: this.#told, isUnreachable: this.#unreachable,
      plugged: this.#plugged ? devices.plugged?.label ?? null : null, dismissed: { reduced: this.#reducedSeen, muted: this.#mutedHintSeen },
    }, i18n));
  }

  /** @param {CallState} state */
  #showRing(state) {
    const { i18n, profile } = this.#parts;
    const ring = this.#ringing();
    if (!ring) {
      this.#ring.close();
      return;
    }
    for (const dialog of [this.#settings, this.#invite]) if (dialog.open) dialog.close(); // never two overlays at once
    this.#menu.close();
    const { name } = ring;
    this.#ring.isSilent = profile.kept.silent;
    this.#ring.open({
      headline: name ? i18n.t('ring.headline.name', { name }) : i18n.t('ring.headline'),
      title: name ? i18n.t('ring.title.name', { name }) : i18n.t('ring.title'),
      initials: initials(this.#named(name)), hue: hueOf(name),
      text: i18n.t('ring.text', { room: state.room }),
      silence: i18n.t('ring.silence'), silenced: i18n.t('ring.silenced'),
    });
  }

  #showClocks() {
    const { state, since } = this.#parts.call;
    write('clock', clock(performance.now() - since));
    find(HTMLElement, '.call-title [data-show="clock"]').hidden = state.phase !== 'inside' || this.#middle === 'alone';
  }

  /** @param {CallState} state */
  #moveFocus({ phase }) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    if ((phase === 'inside' || phase === 'ringing') && !document.activeElement?.checkVisibility?.()) this.#controls.focus();
  }

  /** A call is looked at without a touch. */
  async #keepAwake() {
    const wanted = this.#parts.call.state.phase === 'inside' && !document.hidden;
    if (!wanted) {
      this.#awake?.release().catch(() => {});
      this.#awake = null;
    } else if (!this.#awake && 'wakeLock' in navigator) {
      try {
        this.#awake = await navigator.wakeLock.request('screen');
        this.#awake.addEventListener('release', () => { this.#awake = null; });
      } catch {
        this.#awake = null; // the battery is low, or the policy forbids it
      }
    }
  }
}
