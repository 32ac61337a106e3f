// Shows a call: writes its state into the elements of chat.html, and turns clicks into events.

import { VideoTile } from './video-tile.js';
import { makeMovable } from './movable.js';
import { CallControls } from './call-controls.js';
import { ProblemCard } from './problem-card.js';
import { secureAddress } from '../secure/next.js';
import { setIcon } from './icon.js';
import { RingDialog } from './ring-dialog.js';
import { StatusBars } from './status-bars.js';

/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('../call/machine.js').Problem} Problem */
/** @typedef {import('../call/machine.js').CallState} CallState */

/**
 * @typedef {object} ViewParts
 * @property {import('../call/call.js').Call} call
 * @property {import('../signaling/channel.js').SignalingChannel} channel
 * @property {import('../call/media.js').Media} media
 * @property {import('../i18n/i18n.js').I18n} i18n
 * @property {import('../rooms/room_name.js').NameProblem | null} nameProblem
 * @property {string | null} feature what this browser lacks
 * @property {string} link the invitation
 */

const COPIED_FOR = 4000;

/** @type {Record<Problem, { icon: string, tone: 'warn' | 'plain', actions: string[] }>} */
const PROBLEMS = {
  denied: { icon: 'camera-off', tone: 'warn', actions: ['retry', 'join-without-camera'] },
  prompt: { icon: 'arrow-up', tone: 'plain', actions: ['', 'join-without-camera'] },
  busy: { icon: 'camera', tone: 'warn', actions: ['retry', 'join-without-camera'] },
  missing: { icon: 'mic-off', tone: 'plain', actions: ['join-without-camera', 'retry'] },
  insecure: { icon: 'shield', tone: 'warn', actions: ['https', 'join-without-camera'] },
  unsupported: { icon: 'info', tone: 'plain', actions: ['home'] },
};

/** @type {Record<import('../call/machine.js').EndReason, string>} */
const END_ICONS = {
  left: 'leave', remote: 'leave', declined: 'decline', taken: 'people', failed: 'warning', lost: 'warning', 'no-room': 'link',
};

/** Where this browser hides the switch. @returns {Key} */
function deniedText() {
  const { userAgent } = navigator;
  if (/firefox\//i.test(userAgent)) return 'problem.denied.firefox';
  if (/chrom(e|ium)\//i.test(userAgent)) return 'problem.denied.chrome';
  if (/safari\//i.test(userAgent)) return 'problem.denied.safari';
  return 'problem.denied.other';
}

/** @template {Element} T @param {new () => T} type @param {string} selector @returns {T} */
function find(type, selector) {
  const element = document.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page lacks ${selector}`);
  return element;
}

/** @param {number} milliseconds */
function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The first letters of the words of a name. @param {string} name */
function initials(name) {
  const words = name.split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean);
  return words.slice(0, 2).map(word => [...word][0]).join('').toUpperCase() || '#';
}

export class CallView {
  #parts;
  #root = find(HTMLElement, '#call');
  #remote = find(VideoTile, 'video-tile:not([data-self])');
  #self = find(VideoTile, 'video-tile[data-self]');
  #controls = find(CallControls, 'call-controls');
  #bars = find(StatusBars, 'status-bars');
  #problem = find(ProblemCard, 'problem-card');
  #ring = find(RingDialog, 'ring-dialog');

  /** A bar of the page itself. @type {Key | null} */
  #own = null;
  #blocked = false;
  #unreachable = false;
  #phase = '';
  #panel = '';

  /** @param {ViewParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  start() {
    const { call, channel, i18n, link } = this.#parts;
    call.addEventListener('change', () => this.#render());
    i18n.addEventListener('change', () => this.#render());
    channel.addEventListener('state', () => {
      if (channel.state !== 'connecting') this.#unreachable = channel.state === 'closed';
      this.#render();
    });
    channel.addEventListener('stale', () => this.#render());
    document.addEventListener('click', event => {
      const control = event.target instanceof Element ? event.target.closest('[data-do]') : null;
      if (control) this.#act(String(control.getAttribute('data-do')));
    });
    this.#ring.addEventListener('decline', () => call.dispatch({ type: 'decline' }));
    this.#remote.addEventListener('blocked', () => {
      this.#blocked = true;
      this.#render();
    });
    makeMovable(this.#self, find(HTMLElement, '.stage'));
    find(HTMLElement, '#invitation').textContent = link;
    find(HTMLElement, '[data-do="share"]').hidden = !('share' in navigator);
    const https = find(HTMLAnchorElement, 'problem-card [data-do="https"]');
    https.href = secureAddress(location.href);
    setInterval(() => this.#showClocks(), 500);
  }

  /** @param {string} action */
  #act(action) {
    const { call, channel, media } = this.#parts;
    switch (action) {
      case 'accept': call.dispatch({ type: 'accept' }); break;
      case 'decline': call.dispatch({ type: 'decline' }); break;
      case 'hang-up': call.dispatch({ type: 'hangUp' }); break;
      case 'call-again': case 'call-back': call.dispatch({ type: 'callAgain' }); break;
      case 'retry': call.dispatch({ type: 'retry' }); break;
      case 'join-without-camera': call.dispatch({ type: 'joinWithoutCamera' }); break;
      case 'mic': media.setMic(!this.#mediaOn().mic); break;
      case 'camera': this.#switchCamera(); break;
      case 'copy': this.#copy(); break;
      case 'share': navigator.share({ url: this.#parts.link }).catch(() => {}); break;
      case 'try-now': channel.tryNow(); break;
      case 'reload': location.reload(); break;
      case 'dismiss':
        this.#own = null;
        call.dispatch({ type: 'dismiss' });
        break;
      case 'unmute-playback':
        this.#blocked = false;
        this.#remote.play();
        this.#render();
        break;
    }
  }

  async #switchCamera() {
    if (!await this.#parts.media.setCamera(!this.#mediaOn().camera)) this.#tell('bar.camera-failed');
  }

  async #copy() {
    const code = find(HTMLElement, '#invitation');
    try {
      await navigator.clipboard.writeText(this.#parts.link);
      this.#tell('waiting.copied');
    } catch {
      // No clipboard on http: what is marked can still be copied the old way, or by hand.
      getSelection()?.selectAllChildren(code);
      this.#tell(document.execCommand('copy') ? 'waiting.copied' : 'waiting.copy-failed');
    }
  }

  /** Says something that is gone after a moment. @param {Key} key */
  #tell(key) {
    this.#own = key;
    this.#render();
    setTimeout(() => {
      if (this.#own === key) this.#own = null;
      this.#render();
    }, COPIED_FOR);
  }

  #mediaOn() {
    const { mic, camera } = this.#parts.media.state;
    return { mic: mic === 'on', camera: camera === 'on' };
  }

  #render() {
    const { state } = this.#parts.call;
    this.#showState(state);
    this.#showPanels(state);
    this.#showTiles(state);
    this.#showControls(state);
    this.#showBar(state);
    this.#showEnded(state);
    this.#showClocks();
    this.#showRing(state);
    this.#moveFocus(state);
  }

  /** What style sheets, and tests, go by. @param {CallState} state */
  #showState(state) {
    const { dataset } = this.#root;
    dataset.state = state.phase;
    dataset.ring = this.#isRinging(state) ? 'in' : state.phase === 'waiting' && state.calling ? 'out' : 'none';
    dataset.socket = this.#parts.channel.state;
    if (state.reason) dataset.reason = state.reason;
    else delete dataset.reason;
    if (state.problem) dataset.problem = state.problem;
    else delete dataset.problem;
  }

  /** @param {CallState} state */
  #isRinging(state) {
    return state.incoming && (state.phase === 'waiting' || state.phase === 'ended');
  }

  /** @param {CallState} state */
  #showPanels(state) {
    const { i18n } = this.#parts;
    const ended = state.phase === 'ended';
    for (const view of document.querySelectorAll('[data-view]')) {
      view.toggleAttribute('hidden', view.getAttribute('data-view') !== (ended ? 'ended' : 'call'));
    }
    /** @type {string} */
    let panel = state.phase;
    if (state.problem) panel = 'problem';
    else if (panel === 'waiting' && state.calling && !state.quiet) panel = 'calling';
    this.#panel = panel;
    for (const one of document.querySelectorAll('[data-panel]')) {
      one.toggleAttribute('hidden', one.getAttribute('data-panel') !== panel);
    }
    if (state.problem) this.#showProblem(state.problem);
    this.#write('room', state.room);
    this.#write('calling', i18n.t('calling.headline', { room: state.room }));
    this.#write('initials', initials(state.room));
    const title = i18n.t('chat.title', { room: state.room || 'videochat' });
    if (!this.#isRinging(state)) document.title = title;
  }

  /** @param {Problem} problem */
  #showProblem(problem) {
    const { i18n, media, feature } = this.#parts;
    /** @type {Key} */
    let text = problem === 'denied' ? deniedText() : `problem.${problem}.text`;
    if (problem === 'busy' && media.audio) text = 'problem.busy.sound';
    this.#problem.show({
      ...PROBLEMS[problem],
      headline: i18n.t(`problem.${problem}.headline`),
      text: i18n.t(text, { feature: feature ?? 'getUserMedia' }),
    });
    const join = find(HTMLElement, 'problem-card [data-do="join-without-camera"]');
    join.textContent = i18n.t(problem === 'missing' ? 'problem.anyway' : 'problem.without-camera');
  }

  /** @param {CallState} state */
  #showTiles(state) {
    const { call, media, i18n } = this.#parts;
    const { link } = call;
    const own = this.#mediaOn();
    this.#self.stream = media.audio || media.video ? media.stream : null;
    this.#self.hidden = state.phase === 'ended' || state.problem !== null || (state.phase === 'preparing' && !media.video);
    this.#self.show({
      name: i18n.t('chat.you'),
      label: this.#label('chat.you.place', own.mic, own.camera, true),
      mic: own.mic ? 'on' : 'off', camera: own.camera ? 'on' : 'off', link: 'good',
    });

    const talking = state.phase === 'connected' && link !== null;
    this.#remote.hidden = !talking;
    if (!talking) {
      this.#remote.stream = null;
      this.#blocked = false;
      return;
    }
    this.#remote.stream = link.remoteStream;
    const { mic, camera } = link.remoteDevices;
    this.#remote.show({
      name: i18n.t('chat.other'),
      label: this.#label('chat.other', mic === 'on', camera === 'on', state.steady),
      mic: mic === 'on' ? 'on' : 'off', camera: camera === 'on' ? 'on' : 'off',
      link: state.steady ? 'good' : 'unstable',
    });
    const note = /** @type {HTMLElement} */ (this.#remote.querySelector('.tile-note'));
    note.hidden = state.steady && !this.#blocked;
    note.dataset.kind = state.steady ? 'blocked' : 'unstable';
    /** @type {HTMLElement} */ (note.querySelector(':scope > span:not(.spinner)')).textContent = i18n.t(state.steady ? 'note.blocked' : 'note.unstable');
  }

  /** @param {Key} name @param {boolean} mic @param {boolean} camera @param {boolean} steady */
  #label(name, mic, camera, steady) {
    const { i18n } = this.#parts;
    return [
      i18n.t(name), !mic && i18n.t('tile.mic-off'), !camera && i18n.t('tile.camera-off'), !steady && i18n.t('tile.unstable'),
    ].filter(Boolean).join(', ');
  }

  /** @param {CallState} state */
  #showControls(state) {
    const { media, i18n } = this.#parts;
    const own = this.#mediaOn();
    const talking = state.phase === 'connecting' || state.phase === 'connected';
    this.#controls.show({
      mic: own.mic, camera: own.camera,
      micUsable: media.state.mic !== 'none', cameraUsable: media.state.camera !== 'none',
      leave: i18n.t(talking || this.#panel === 'waiting' ? 'control.leave' : 'control.cancel'),
    });
  }

  /** @param {CallState} state */
  #showBar(state) {
    const { i18n } = this.#parts;
    const close = i18n.t('action.close');
    if (this.#own) {
      this.#bars.show({ name: this.#own, tone: this.#own === 'waiting.copied' ? 'info' : 'warn', icon: this.#own === 'waiting.copied' ? 'link' : 'warning', text: i18n.t(this.#own), close });
    } else if (this.#unreachable && state.phase !== 'preparing') {
      const { stale } = this.#parts.channel;
      const name = stale ? 'stale' : 'unreachable';
      const text = i18n.t(state.phase === 'connected' ? `bar.${name}.call` : `bar.${name}`);
      const action = stale ? { label: i18n.t('bar.reload'), do: 'reload' } : { label: i18n.t('bar.try'), do: 'try-now' };
      this.#bars.show({ name, tone: 'warn', icon: 'warning', text, action });
    } else if (state.notice === 'no-answer' || state.notice === 'stopped-calling') {
      const label = i18n.t(state.notice === 'no-answer' ? 'ended.call-again' : 'bar.call-back');
      this.#bars.show({ name: state.notice, tone: 'info', icon: 'clock', text: i18n.t(`bar.${state.notice}`), action: { label, do: 'call-back' } });
    } else if (state.notice) {
      const icon = state.notice === 'no-camera' ? 'camera-off' : state.notice === 'no-microphone' ? 'mic-off' : 'people';
      this.#bars.show({ name: state.notice, tone: 'info', icon, text: i18n.t(`bar.${state.notice}`), close });
    } else {
      this.#bars.show(null);
    }
  }

  /** @param {CallState} state */
  #showEnded(state) {
    if (state.phase !== 'ended' || !state.reason) return;
    const { i18n, call, nameProblem } = this.#parts;
    const again = find(HTMLElement, '[data-do="call-again"]');
    again.hidden = state.reason === 'no-room';
    setIcon(find(HTMLElement, '[data-view="ended"] .medal'), END_ICONS[state.reason]);
    find(HTMLElement, '[data-view="ended"] [data-do="home"]').dataset.kind = again.hidden ? 'primary' : '';
    if (state.reason === 'no-room') {
      this.#write('ended', i18n.t(`name.${nameProblem ?? 'empty'}`));
      this.#write('ended-room', '');
      this.#write('ended-text', i18n.t(nameProblem && nameProblem !== 'empty' ? 'no-room.bad.text' : 'no-room.text'));
      return;
    }
    /** @type {HTMLElement} */ (again.querySelector('span')).textContent = i18n.t(state.reason === 'left' ? 'ended.rejoin' : 'ended.call-again');
    this.#write('ended', i18n.t(`ended.${state.reason}`));
    this.#write('ended-room', state.room);
    this.#write('ended-time', call.lasted > 0 ? i18n.duration(call.lasted) : '');
    this.#write('ended-text', i18n.t(`ended.${state.reason}.text`));
  }

  /** @param {CallState} state */
  #showRing(state) {
    const { i18n } = this.#parts;
    if (!this.#isRinging(state)) {
      this.#ring.close();
      return;
    }
    this.#ring.open({
      title: i18n.t('chat.title.ringing'), text: i18n.t('ring.text', { room: state.room }),
      silence: i18n.t('ring.silence'), silenced: i18n.t('ring.silenced'),
    });
  }

  #showClocks() {
    const { state, since } = this.#parts.call;
    const text = clock(performance.now() - since);
    for (const element of document.querySelectorAll('[data-show="clock"]')) {
      if (element.textContent !== text) element.textContent = text;
      if (element.closest('header')) element.toggleAttribute('hidden', state.phase !== 'connected');
    }
  }

  /** The button that was pressed may be gone with its page; who hears the page is told where he is. @param {CallState} state */
  #moveFocus(state) {
    const stage = state.problem ? 'problem' : state.phase;
    if (stage === this.#phase) return;
    this.#phase = stage;
    this.#write('news', state.phase === 'connected' ? this.#parts.i18n.t('connected.news') : '');
    if (stage === 'ended') find(HTMLElement, '[data-show="ended"]').focus();
    if (stage === 'problem') find(HTMLElement, '#problem').focus();
  }

  /** @param {string} place @param {string} text */
  #write(place, text) {
    for (const element of document.querySelectorAll(`[data-show="${place}"]`)) {
      if (element.textContent !== text) element.textContent = text;
    }
  }
}
