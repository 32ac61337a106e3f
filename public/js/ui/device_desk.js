// The choice of devices, wherever pickers stand: keeps it, and tells of devices that were plugged in.

/** @typedef {import('./device-pickers.js').DevicePickers} DevicePickers */
/** @typedef {import('./device-pickers.js').PickerKind} PickerKind */

/**
 * @typedef {object} DeskParts
 * @property {import('../call/media.js').Media} media
 * @property {import('../rooms/profile.js').Profile} profile
 * @property {import('../i18n/i18n.js').I18n} i18n
 */

/** Dispatches `failed`, `speaker`, and `plugged` (see .plugged). */
export class DeviceDesk extends EventTarget {
  /** The newest camera or microphone that was not there before. @type {MediaDeviceInfo | null} */
  plugged = null;

  #parts;
  /** @type {DevicePickers[]} */
  #pickers = [];
  /** @type {MediaDeviceInfo[]} */
  #known = [];
  #hadNames = false;
  #hasLooked = false;

  /** @param {DeskParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { media, i18n } = parts;
    media.addEventListener('plugged', () => this.#look(true));
    media.addEventListener('change', () => {
      // Names and numbers are told only after one device was allowed.
      if (!this.#hadNames && (media.audio || media.video)) this.#look(false);
    });
    i18n.addEventListener('change', () => this.#show());
    this.#look(false); // so that the first camera of all is news when it comes
  }

  get hasSeveralCameras() {
    return this.#known.filter(({ kind }) => kind === 'videoinput').length > 1;
  }

  /** @param {DevicePickers} pickers */
  attach(pickers) {
    this.#pickers.push(pickers);
    pickers.addEventListener('choose', event => {
      const { kind, id } = /** @type {CustomEvent<{ kind: PickerKind, id: string }>} */ (event).detail;
      this.choose(kind, id);
    });
    pickers.addEventListener('test', async () => (await import('./ring_sound.js')).playTestSound(this.#parts.profile.kept.speaker));
    this.#show();
  }

  /** @param {PickerKind} kind @param {string} id */
  async choose(kind, id) {
    const { media, profile } = this.#parts;
    this.plugged = null;
    if (kind === 'speaker') {
      profile.keep({ speaker: id });
      this.dispatchEvent(new Event('speaker'));
    } else if (await media.choose(kind, id)) {
      profile.keep({ [kind]: id });
    } else {
      this.dispatchEvent(new Event('failed'));
    }
    this.#show();
  }

  usePlugged() {
    if (this.plugged) this.choose(this.plugged.kind === 'videoinput' ? 'video' : 'audio', this.plugged.deviceId);
  }

  /** @param {boolean} isNews */
  async #look(isNews) {
    const before = new Set(this.#known.map(({ deviceId, kind }) => kind + deviceId));
    const hadLooked = this.#hasLooked;
    this.#known = await this.#parts.media.list();
    this.#hasLooked = true;
    this.#hadNames ||= this.#known.some(({ label }) => label !== '');
    this.#show();
    const fresh = this.#known.find(({ deviceId, kind, label }) => kind !== 'audiooutput' && label !== '' && deviceId !== 'default' && !before.has(kind + deviceId));
    if (!isNews || !fresh || !hadLooked) return;
    this.plugged = fresh;
    this.dispatchEvent(new Event('plugged'));
  }

  #show() {
    const { i18n, profile } = this.#parts;
    const { audio, video, speaker } = profile.kept;
    for (const pickers of this.#pickers) {
      pickers.show(this.#known, { audio, video, speaker }, {
        video: i18n.t('device.video'), audio: i18n.t('device.audio'), speaker: i18n.t('device.speaker'),
        test: i18n.t('device.test'), standard: i18n.t('device.standard'), unnamed: i18n.t('device.unnamed'),
      });
    }
  }
}
