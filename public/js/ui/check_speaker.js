// The speaker on /check.html: three notes, and the question whether they were heard.

import { finding } from '../check/finding.js';
import { make, setText } from './dom.js';
import { icon } from './icon.js';
import { playThreeNotes } from './three_notes.js';

/** @typedef {import('../check/checklist.js').Checklist} Checklist */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */

export class SpeakerTools {
  #list;
  #i18n;
  #play = make('button', { type: 'button', class: 'button', 'data-size': 's', 'data-do': 'play' }, icon('speaker'), make('span'));
  #yes = make('button', { type: 'button', class: 'button', 'data-size': 's', 'data-do': 'heard', 'data-kind': 'primary' });
  #no = make('button', { type: 'button', class: 'button', 'data-size': 's', 'data-do': 'not-heard' });
  #select = make('select', { class: 'input', id: 'speaker' });
  #label = make('label', { for: 'speaker', class: 'unseen' });
  field = make('div', { class: 'with-icon' }, this.#label, icon('speaker'), this.#select, icon('chevron'));
  /** @type {MediaDeviceInfo[]} */
  #speakers = [];
  #played = false;

  /** @param {Checklist} list @param {I18n} i18n */
  constructor(list, i18n) {
    this.#list = list;
    this.#i18n = i18n;
    this.field.lastElementChild?.classList.add('chevron');
    this.field.hidden = true;
  }

  get buttons() {
    return [this.#play, this.#yes, this.#no];
  }

  start() {
    this.#list.set('speaker', 'AudioContext' in window ? finding('idle', 'idle') : finding('idle', 'unable'));
    this.#play.addEventListener('click', () => this.#sound());
    this.#yes.addEventListener('click', () => this.#answer(finding('good', 'good')));
    this.#no.addEventListener('click', () => this.#answer(finding('bad', 'silent')));
  }

  /** Where there are several to choose from. Their names are told only after a device was allowed. */
  async look() {
    if (!('setSinkId' in HTMLMediaElement.prototype)) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.#speakers = devices.filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '' && deviceId !== 'default');
    this.field.hidden = this.#speakers.length === 0;
    this.show();
  }

  show() {
    const say = this.#list.find('speaker')?.finding.say;
    setText(/** @type {Element} */ (this.#play.lastElementChild), this.#i18n.t(this.#played ? 'check.speaker.again' : 'check.speaker.play'));
    setText(this.#yes, this.#i18n.t('check.speaker.yes'));
    setText(this.#no, this.#i18n.t('check.speaker.no'));
    this.#play.hidden = say === 'unable';
    this.#yes.hidden = say !== 'asking';
    this.#no.hidden = say !== 'asking';
    setText(this.#label, this.#i18n.t('check.speaker.device'));
    const chosen = this.#select.value;
    const options = [new Option(this.#i18n.t('check.speaker.standard'), '')];
    for (const [index, { label, deviceId }] of this.#speakers.entries()) {
      options.push(new Option(label || this.#i18n.t('check.speaker.unnamed', { n: index + 1 }), deviceId));
    }
    if (options.map(({ text, value }) => text + value).join() === [...this.#select.options].map(({ text, value }) => text + value).join()) return;
    this.#select.replaceChildren(...options);
    this.#select.value = this.#speakers.some(({ deviceId }) => deviceId === chosen) ? chosen : '';
  }

  async #sound() {
    this.#played = true;
    this.#list.set('speaker', finding('running', 'asking'));
    try {
      await playThreeNotes(this.#select.value);
    } catch {
      this.#list.set('speaker', finding('bad', 'failed'));
    }
  }

  /** @param {import('../check/finding.js').Finding} answer */
  #answer(answer) {
    this.#list.set('speaker', answer);
    this.#play.focus(); // what was pressed is gone
  }
}
