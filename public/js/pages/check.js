// /check.html: whether this device, this browser and this network are fit for calls.

import '../ui/level-meter.js';
import { Checklist, GROUPS } from '../check/checklist.js';
import { Examination } from '../check/examination.js';
import { featuresOf } from '../check/features.js';
import { writeReport } from '../check/report.js';
import { summarize } from '../check/summary.js';
import { fixOf, sentenceOf, stateOf, titleOf } from '../check/words.js';
import { secureAddress } from '../secure/next.js';
import { CheckRow } from '../ui/check-row.js';
import { arrange, make, setText } from '../ui/dom.js';
import { embedSprite } from '../ui/icon.js';
import { CaptureTools } from '../ui/check_capture.js';
import { SpeakerTools } from '../ui/check_speaker.js';

/** @typedef {import('../check/finding.js').Item} Item */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('../i18n/i18n.js').Key} Key */

/** @template {HTMLElement} [T=HTMLElement] @param {string} selector @returns {T} */
const find = selector => /** @type {T} */ (document.querySelector(selector));

/** @param {{ i18n: I18n }} parts */
export function startCheck({ i18n }) {
  new CheckPage(i18n).start();
}

class CheckPage {
  #i18n;
  #list = new Checklist();
  #examination;
  #capture;
  #speaker;
  /** @type {Map<string, { row: CheckRow, item: HTMLLIElement }>} */
  #rows = new Map();
  #toHttps = make('a', { class: 'button', 'data-size': 's', 'data-do': 'https', href: secureAddress(location.href) });
  #copied = '';

  /** @param {I18n} i18n */
  constructor(i18n) {
    this.#i18n = i18n;
    this.#capture = new CaptureTools(this.#list, i18n);
    this.#examination = new Examination(this.#list, surroundings(() => this.#capture.isUsing));
    this.#speaker = new SpeakerTools(this.#list, i18n);
  }

  start() {
    embedSprite(); // a server that goes away takes no icon along
    this.#list.addEventListener('change', () => this.#show());
    this.#i18n.addEventListener('change', () => this.#show());
    this.#capture.addEventListener('devices', () => {
      this.#speaker.look();
      this.#examination.goOn();
    });
    find('[data-do="again"]').addEventListener('click', () => this.#examination.run());
    find('[data-do="copy"]').addEventListener('click', () => this.#copy());
    find('details').addEventListener('toggle', () => this.#showReport());
    this.#show();
    this.#capture.start();
    this.#speaker.start();
    this.#examination.run();
  }

  #show() {
    const { headline, all, counts } = summarize(this.#list.items);
    setText(find('h1'), this.#i18n.t(`check.headline.${headline}`));
    const counted = /** @type {const} */ (['good', 'bad', 'warn', 'idle', 'running']).filter(state => state === 'good' || counts[state] > 0)
      .map(state => this.#i18n.t(`check.count.${state}`, { n: counts[state], all })).join(' ');
    setText(find('[data-show="counts"]'), counted);
    // Who hears the page is told once, at the end.
    if (headline !== 'running') setText(find('[data-show="told"]'), `${find('h1').textContent}. ${counted}`);

    for (const [group, kinds] of Object.entries(GROUPS)) {
      arrange(find(`[data-group="${group}"]`), this.#list.items.filter(({ kind }) => kinds.includes(kind)), item => this.#rowOf(item).item);
    }
    for (const item of this.#list.items) {
      this.#rowOf(item).row.show({
        title: titleOf(this.#i18n, item),
        state: item.finding.state,
        stateName: stateOf(this.#i18n, item),
        sentence: sentenceOf(this.#i18n, item),
        fix: fixOf(this.#i18n, item),
      });
    }
    setText(this.#toHttps, this.#i18n.t('check.secure.action'));
    this.#capture.show();
    this.#speaker.show();
    this.#showReport();
    setText(find('[data-show="copied"]'), this.#copied && this.#i18n.t(/** @type {Key} */ (this.#copied)));
  }

  /** @param {Item} item */
  #rowOf({ id }) {
    const known = this.#rows.get(id);
    if (known) return known;
    const row = new CheckRow();
    row.dataset.id = id;
    const made = { row, item: make('li', {}, row) };
    this.#rows.set(id, made);
    if (id === 'secure' && !isSecureContext) row.tools.append(this.#toHttps);
    if (id === 'camera') row.below.append(this.#capture.picture);
    if (id === 'microphone') row.tools.append(this.#capture.meter);
    if (id === 'speaker') {
      row.tools.append(...this.#speaker.buttons);
      row.below.append(this.#speaker.field);
    }
    return made;
  }

  #showReport() {
    const text = find('[data-show="report"]');
    const { version } = this.#examination;
    setText(text, writeReport(this.#i18n, this.#list.items, { now: new Date(), page: location.href, version, browser: navigator.userAgent }));
  }

  async #copy() {
    this.#showReport();
    const report = find('[data-show="report"]');
    this.#copied = 'check.copied';
    try {
      await navigator.clipboard.writeText(String(report.textContent));
    } catch {
      // No clipboard on http: what is marked can still be copied the old way, or by hand.
      /** @type {HTMLDetailsElement} */ (find('details')).open = true;
      getSelection()?.selectAllChildren(report);
      if (document.execCommand('copy')) getSelection()?.removeAllRanges();
      else this.#copied = 'check.copy-failed';
    }
    this.#show();
  }
}

/** A picture that moves and needs no camera. */
function createPicture() {
  const canvas = make('canvas', { width: '160', height: '120' });
  const context = canvas.getContext('2d');
  if (!context || !('captureStream' in canvas)) return null;
  const [track] = canvas.captureStream(15).getVideoTracks();
  if (!track) return null;
  let hue = 0;
  const timer = setInterval(() => {
    if (track.readyState === 'ended') clearInterval(timer);
    hue += 20;
    context.fillStyle = `hsl(${hue} 60% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 60);
  return track;
}

/** Noise, so that nothing on the way can make it smaller. @param {number} size */
function createBytes(size) {
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const parts = Array.from({ length: Math.ceil(size / noise.length) }, (_, index) => noise.subarray(0, Math.min(noise.length, size - index * noise.length)));
  return new Blob(parts);
}

/** @param {() => boolean} mayCapture @returns {import('../check/examination.js').Surroundings} */
function surroundings(mayCapture) {
  return {
    mayCapture,
    secure: isSecureContext,
    page: location.href,
    features: featuresOf(window),
    createConnection: configuration => new RTCPeerConnection(configuration),
    createSocket: url => new WebSocket(url),
    createPicture,
    createBytes,
    randomName: () => `check ${[...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')}`,
    fetch: fetch.bind(window),
    setTimeout: (action, milliseconds) => setTimeout(action, milliseconds),
    clearTimeout: timer => clearTimeout(timer),
    now: () => performance.now(),
  };
}
