// <device-pickers>: which camera, microphone and speaker; and a sound to test the speaker with.
// Dispatches `choose` (detail: { kind, id }; kind is 'audio', 'video' or 'speaker').

import { icon } from './icon.js';

/** @typedef {'video' | 'audio' | 'speaker'} PickerKind */
/** @typedef {Record<PickerKind | 'test' | 'standard' | 'unnamed', string>} PickerWords */

/** @type {Record<PickerKind, { device: MediaDeviceKind, icon: string }>} */
const KINDS = {
  video: { device: 'videoinput', icon: 'camera' },
  audio: { device: 'audioinput', icon: 'mic' },
  speaker: { device: 'audiooutput', icon: 'speaker' },
};

let made = 0;

export class DevicePickers extends HTMLElement {
  /** @type {Map<PickerKind, { label: HTMLLabelElement, select: HTMLSelectElement, field: HTMLElement }>} */
  #fields = new Map();
  /** @type {HTMLButtonElement | null} */
  #test = null;

  connectedCallback() {
    if (this.#test) return;
    for (const kind of /** @type {PickerKind[]} */ (Object.keys(KINDS))) this.#addField(kind);
    this.#test = document.createElement('button');
    this.#test.type = 'button';
    this.#test.className = 'button';
    this.#test.dataset.size = 's';
    this.#test.append(icon('speaker'), document.createElement('span'));
    this.#test.addEventListener('click', () => this.dispatchEvent(new Event('test')));
    this.append(this.#test);
  }

  /**
   * @param {MediaDeviceInfo[]} devices
   * @param {Record<PickerKind, string>} chosen ids; '' for the standard one
   * @param {PickerWords} words
   */
  show(devices, chosen, words) {
    for (const [kind, { label, select, field }] of this.#fields) {
      label.textContent = words[kind];
      const found = devices.filter(device => device.kind === KINDS[kind].device && device.deviceId !== '' && device.deviceId !== 'default');
      field.hidden = kind === 'speaker' && (found.length === 0 || !('setSinkId' in HTMLMediaElement.prototype));
      const options = [new Option(words.standard, '')];
      for (const [index, device] of found.entries()) {
        options.push(new Option(device.label || `${words.unnamed} ${index + 1}`, device.deviceId));
      }
      select.replaceChildren(...options);
      select.value = found.some(({ deviceId }) => deviceId === chosen[kind]) ? chosen[kind] : '';
      select.disabled = found.length === 0;
    }
    const test = this.#test?.querySelector('span');
    if (test) test.textContent = words.test;
  }

  /** @param {PickerKind} kind */
  #addField(kind) {
    made += 1;
    const field = document.createElement('div');
    field.className = 'field';
    const label = document.createElement('label');
    const select = document.createElement('select');
    select.className = 'input';
    select.id = `device-${made}`;
    label.htmlFor = select.id;
    const box = document.createElement('div');
    box.className = 'with-icon';
    const turn = icon('chevron');
    turn.classList.add('chevron');
    box.append(icon(KINDS[kind].icon), select, turn);
    field.append(label, box);
    this.append(field);
    select.addEventListener('change', () => this.dispatchEvent(new CustomEvent('choose', { detail: { kind, id: select.value } })));
    this.#fields.set(kind, { label, select, field });
  }
}

customElements.define('device-pickers', DevicePickers);
