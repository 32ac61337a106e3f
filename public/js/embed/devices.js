// Microphone and camera as the page around a call may switch them. It can switch off what is on, and on again
// what it has switched off itself; what the person has switched off stays off until the person switches it on.

/** @typedef {import('../call/media.js').Media} Media */
/** @typedef {import('./messages.js').DeviceName} DeviceName */

export class CommandedDevices {
  #media;
  /** What is off because a command said so. @type {Set<DeviceName>} */
  #muted = new Set();

  /** @param {Media} media */
  constructor(media) {
    this.#media = media;
    media.addEventListener('change', () => {
      for (const device of this.#muted) if (this.#wants(device)) this.#muted.delete(device); // the person was there
    });
  }

  /** @param {DeviceName} device */
  mute(device) {
    if (!this.#wants(device)) return;
    this.#set(device, false);
    this.#muted.add(device);
  }

  /** @param {DeviceName} device @returns {boolean} false: the person has switched it off, or it is not there */
  unmute(device) {
    if (this.#wants(device)) return true;
    if (!this.#muted.delete(device)) return false;
    this.#set(device, true);
    return true;
  }

  /** @param {DeviceName} device */
  #wants(device) {
    return device === 'microphone' ? this.#media.wants.mic : this.#media.wants.camera;
  }

  /** @param {DeviceName} device @param {boolean} on */
  #set(device, on) {
    if (device === 'microphone') this.#media.setMic(on);
    else this.#media.setCamera(on);
  }
}
