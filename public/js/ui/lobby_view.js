// Before joining: looks at oneself, at who is inside, and at a door that does not open.

import { DevicePickers } from './device-pickers.js';
import { setIcon } from './icon.js';
import { LevelMeter } from './level-meter.js';
import { find, hueOf, initials, write } from './page_parts.js';
import { ProblemCard } from './problem-card.js';
import { VideoTile } from './video-tile.js';
import { cleanName } from '../rooms/profile.js';
import { secureAddress } from '../secure/next.js';

/** @typedef {import('../call/machine.js').CallState} CallState */
/** @typedef {import('../call/machine.js').Problem} Problem */
/** @typedef {import('../i18n/i18n.js').Key} Key */
/** @typedef {import('./page_view.js').ViewParts} ViewParts */

/** @type {Record<Problem, { icon: string, tone: 'warn' | 'plain', actions: string[] }>} */
const PROBLEMS = {
  denied: { icon: 'camera-off', tone: 'warn', actions: ['retry', 'without-camera'] },
  prompt: { icon: 'arrow-up', tone: 'plain', actions: ['', 'without-camera'] },
  busy: { icon: 'camera', tone: 'warn', actions: ['retry', 'without-camera'] },
  missing: { icon: 'mic-off', tone: 'plain', actions: ['', 'retry'] }, // one joins as one is
  insecure: { icon: 'shield', tone: 'warn', actions: ['https', 'without-camera'] },
  unsupported: { icon: 'info', tone: 'plain', actions: ['home'] },
};

/** @type {Partial<Record<import('../call/machine.js').EndReason, { icon: string, tone: string }>>} */
const CLOSED = {
  full: { icon: 'people', tone: 'warn' }, password: { icon: 'lock', tone: 'plain' }, locked: { icon: 'lock', tone: 'plain' },
};

/** Where this browser hides the switch. @returns {Key} */
function deniedText() {
  const { userAgent } = navigator;
  if (/firefox\//i.test(userAgent)) return 'problem.denied.firefox';
  if (/chrom(e|ium)\//i.test(userAgent)) return 'problem.denied.chrome';
  if (/safari\//i.test(userAgent)) return 'problem.denied.safari';
  return 'problem.denied.other';
}

export class LobbyView {
  #parts;
  #root = find(HTMLElement, '[data-view="lobby"]');
  #tile = find(VideoTile, 'video-tile', this.#root);
  #problem = find(ProblemCard, 'problem-card');
  #meter = find(LevelMeter, 'level-meter');
  #pickers = find(DevicePickers, 'device-pickers', this.#root);
  #name = find(HTMLInputElement, '#name');
  #password = find(HTMLInputElement, '#password');
  #submit = find(HTMLButtonElement, '[data-show="closed-action"]');
  /** When another password may be tried. */
  #waitUntil = 0;
  /** @type {unknown} */
  #closed = null;

  /** @param {ViewParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  start() {
    const { call, profile } = this.#parts;
    this.#name.value = profile.kept.name;
    this.#name.addEventListener('input', () => {
      profile.keep({ name: cleanName(this.#name.value) });
      this.#showTile();
    });
    find(HTMLFormElement, '#join').addEventListener('submit', event => {
      event.preventDefault();
      call.dispatch({ type: 'join' });
    });
    find(HTMLFormElement, '#door').addEventListener('submit', event => {
      event.preventDefault();
      this.#knock();
    });
    this.#meter.addEventListener('heard', () => this.render());
    this.#parts.devices.attach(this.#pickers);
    find(HTMLAnchorElement, '[data-do="https"]', this.#problem).href = secureAddress(location.href);
    setInterval(() => this.#waitUntil > 0 && this.#showWait(), 500);
  }

  async #knock() {
    const { call, setPassword } = this.#parts;
    if (call.state.closed?.reason !== 'password') {
      call.dispatch({ type: 'retry' });
      return;
    }
    if (this.#password.value === '') {
      this.#password.focus();
      return;
    }
    await setPassword(this.#password.value);
    call.dispatch({ type: 'password' });
  }

  render() {
    const { call, media } = this.#parts;
    const { state } = call;
    const isHere = state.phase === 'lobby';
    this.#meter.track = isHere && media.audio?.enabled ? media.audio : null;
    if (!isHere) {
      this.#tile.stream = null;
      return;
    }
    for (const part of this.#root.querySelectorAll('main')) part.hidden = part.dataset.part !== (state.closed ? 'closed' : 'preview');
    if (state.closed) this.#showClosed(state);
    else this.#closed = null;
    this.#showTile();
    this.#showProblem(state);
    this.#showInside(state);
  }

  #showTile() {
    const { i18n, media, profile } = this.#parts;
    const own = media.state;
    this.#tile.stream = media.video ? media.stream : null;
    this.#tile.toggleAttribute('data-mirrored', media.isFacing);
    this.#tile.show({
      name: i18n.t('chat.you.preview'), label: i18n.t('chat.you.preview'), initials: initials(profile.kept.name || i18n.t('chat.you')), hue: hueOf(profile.kept.name),
      mic: own.mic === 'on', picture: own.camera === 'on', screen: false, speaks: false, link: 'good',
    });
    for (const [action, device] of /** @type {const} */ ([['mic', own.mic], ['camera', own.camera]])) {
      const button = find(HTMLButtonElement, `.preview-bar [data-do="${action}"]`);
      button.setAttribute('aria-pressed', String(device === 'on'));
      button.disabled = device === 'none';
    }
    /** @type {Key} */
    let heard = 'lobby.no-microphone';
    if (own.mic === 'off') heard = 'lobby.muted';
    else if (own.mic === 'on') heard = this.#meter.heard ? 'lobby.heard' : 'lobby.silent';
    write('heard', i18n.t(heard));
  }

  /** @param {CallState} state */
  #showProblem({ problem, media, notice, joining }) {
    const { i18n, feature } = this.#parts;
    this.#problem.hidden = !problem;
    const join = find(HTMLButtonElement, '[data-do="join"]');
    join.disabled = problem === 'unsupported';
    join.setAttribute('aria-busy', String(joining));
    join.dataset.kind = problem && problem !== 'missing' ? '' : 'primary'; // the way out comes first
    /** @type {Key} */
    let hint = 'lobby.hint';
    if (problem) hint = 'lobby.hint.problem';
    else if (media === 'asking') hint = 'lobby.hint.asking';
    else if (notice === 'no-camera' || notice === 'no-microphone') hint = `lobby.hint.${notice}`;
    write('join-hint', problem === 'unsupported' ? '' : i18n.t(hint));
    if (!problem) return;
    /** @type {Key} */
    let text = problem === 'denied' ? deniedText() : `problem.${problem}.text`;
    if (problem === 'busy' && this.#parts.media.audio) text = 'problem.busy.sound';
    this.#problem.show({
      ...PROBLEMS[problem],
      headline: i18n.t(`problem.${problem}.headline`),
      text: i18n.t(text, { feature: feature ?? 'getUserMedia' }),
    });
  }

  /** @param {CallState} state */
  #showInside({ seats, media }) {
    const { i18n } = this.#parts;
    if (!seats) {
      write('inside', i18n.t(media === 'none' ? 'lobby.asking' : 'lobby.unreachable'));
      write('places', '');
    } else if (seats.count === 0) {
      write('inside', i18n.t('lobby.nobody'));
      write('places', i18n.t('lobby.first', { n: seats.capacity }));
    } else {
      write('inside', i18n.t('lobby.inside', { n: seats.count }));
      write('places', i18n.t('lobby.places', { n: seats.count, all: seats.capacity }));
    }
  }

  /** @param {CallState} state */
  #showClosed({ closed, tried, media }) {
    if (!closed) return;
    const { i18n } = this.#parts;
    const reason = /** @type {'full' | 'password' | 'locked'} */ (closed.reason);
    const medal = find(HTMLElement, '#door .medal');
    setIcon(medal, CLOSED[reason]?.icon ?? 'lock');
    medal.dataset.tone = CLOSED[reason]?.tone ?? 'plain';
    write('closed-action', i18n.t(`closed.${reason}.action`));
    find(HTMLElement, '#closed').textContent = i18n.t(`closed.${reason}.headline`);
    const text = i18n.t(`closed.${reason}.text`, { n: closed.capacity ?? 0 });
    write('closed-text', reason === 'full' && media === 'none' ? `${text} ${i18n.t('closed.camera-off')}` : text);
    find(HTMLElement, '[data-part="password"]').hidden = reason !== 'password';
    if (closed === this.#closed) return;
    this.#closed = closed;
    const wrong = reason === 'password' && tried;
    this.#waitUntil = wrong ? performance.now() + (closed.wait ?? 0) : 0;
    if (wrong) this.#password.setAttribute('aria-invalid', 'true');
    else this.#password.removeAttribute('aria-invalid');
    find(HTMLElement, '#password-error').hidden = !wrong;
    this.#showWait();
    (reason === 'password' ? this.#password : find(HTMLElement, '#closed')).focus();
  }

  #showWait() {
    const { i18n } = this.#parts;
    const seconds = Math.ceil((this.#waitUntil - performance.now()) / 1000);
    this.#submit.disabled = seconds > 0;
    if (seconds > 0) write('password-error', i18n.t('closed.password.wait', { n: seconds }));
    else write('password-error', i18n.t('closed.password.wrong'));
    if (seconds <= 0) this.#waitUntil = 0;
  }
}
