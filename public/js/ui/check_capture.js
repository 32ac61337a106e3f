// Camera and microphone on /check.html: asked for by a press alone, shown while the page is open.

import { capture, judgeCamera, judgeMicrophone } from '../check/capture.js';
import { finding } from '../check/finding.js';
import { make, setText } from './dom.js';
import { LevelMeter } from './level-meter.js';

/** @typedef {import('../check/checklist.js').Checklist} Checklist */
/** @typedef {import('../check/capture.js').Captured} Captured */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */

/** So long nothing may be heard before that is said. */
const SILENT_AFTER = 8000;

/** Dispatches `devices` when they have names. */
export class CaptureTools extends EventTarget {
  picture = make('video', { class: 'preview-picture', playsinline: true, muted: true, hidden: true });
  meter = new LevelMeter();

  #list;
  #i18n;
  #button = /** @type {HTMLButtonElement} */ (document.querySelector('[data-do="start"]'));
  /** @type {MediaStreamTrack[]} */
  #tracks = [];
  #tried = false;
  #asking = false;
  /** @type {number | undefined} */
  #silence;

  /** @param {Checklist} list @param {I18n} i18n */
  constructor(list, i18n) {
    super();
    this.#list = list;
    this.#i18n = i18n;
    this.picture.muted = true; // the attribute alone counts at parsing only
    for (const [name, value] of [['role', 'meter'], ['aria-valuemin', '0'], ['aria-valuemax', '1'], ['aria-valuenow', '0']]) this.meter.setAttribute(String(name), String(value));
    this.meter.hidden = true;
  }

  get isUsing() {
    return this.#tracks.some(({ readyState }) => readyState === 'live');
  }

  start() {
    const state = navigator.mediaDevices ? 'idle' : isSecureContext ? 'missing' : 'insecure';
    for (const kind of ['camera', 'microphone']) this.#list.set(kind, finding(state === 'idle' ? 'idle' : state === 'missing' ? 'warn' : 'bad', state));
    this.#button.hidden = state !== 'idle';
    this.#button.addEventListener('click', () => this.#ask());
    this.meter.addEventListener('heard', () => this.#hear('heard'));
  }

  show() {
    setText(/** @type {Element} */ (this.#button.lastElementChild), this.#i18n.t(this.#tried ? 'check.start.again' : 'check.start'));
    this.picture.setAttribute('aria-label', this.#i18n.t('check.camera.preview'));
    this.meter.setAttribute('aria-label', this.#i18n.t('check.microphone.level'));
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    this.#button.setAttribute('aria-disabled', 'true');
    this.#release();
    for (const kind of ['camera', 'microphone']) this.#list.set(kind, finding('running', 'asking'));
    const { camera, microphone } = await capture({
      devices: navigator.mediaDevices,
      permission: async kind => (await navigator.permissions.query({ name: /** @type {PermissionName} */ (kind) })).state,
    });
    this.#asking = false;
    this.#tried = true;
    this.#button.removeAttribute('aria-disabled');
    this.#button.hidden = typeof camera !== 'string' && typeof microphone !== 'string';
    this.#useCamera(camera);
    this.#useMicrophone(microphone);
    this.dispatchEvent(new Event('devices'));
  }

  /** @param {Captured} captured */
  #useCamera(captured) {
    if (typeof captured !== 'string') {
      this.#keep('camera', captured);
      this.picture.srcObject = new MediaStream([captured]);
      this.picture.play().catch(() => {}); // the next one takes over
    }
    this.picture.hidden = typeof captured === 'string';
    this.#list.set('camera', judgeCamera(captured));
  }

  /** @param {Captured} captured */
  #useMicrophone(captured) {
    this.meter.hidden = typeof captured === 'string';
    this.#list.set('microphone', judgeMicrophone(captured));
    if (typeof captured === 'string') return;
    this.#keep('microphone', captured);
    this.meter.track = captured;
    this.#silence = setTimeout(() => this.#hear('silent'), SILENT_AFTER);
  }

  /** @param {'camera' | 'microphone'} kind @param {MediaStreamTrack} track */
  #keep(kind, track) {
    this.#tracks.push(track);
    track.addEventListener('ended', () => {
      if (!this.#tracks.includes(track)) return;
      if (kind === 'camera') this.picture.hidden = true;
      else this.#deafen();
      this.#list.set(kind, finding('bad', 'gone'));
      this.#button.hidden = false;
      this.show();
    });
  }

  /** @param {'heard' | 'silent'} what */
  #hear(what) {
    clearTimeout(this.#silence);
    const track = this.#tracks.find(({ kind }) => kind === 'audio');
    if (track) this.#list.set('microphone', judgeMicrophone(track, what));
  }

  #deafen() {
    clearTimeout(this.#silence);
    this.meter.track = null;
    this.meter.hidden = true;
  }

  #release() {
    for (const track of this.#tracks.splice(0)) track.stop();
    this.#deafen();
    this.picture.srcObject = null;
    this.picture.hidden = true;
  }
}
