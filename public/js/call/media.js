// Camera and microphone of this person. Whatever is started here is stopped here.

/** @typedef {import('./machine.js').Problem} Problem */
/** @typedef {import('./machine.js').Notice} Notice */
/** @typedef {import('./peer_link.js').Device} Device */

/** @typedef {{ problem: Problem } | { problem: null, notice?: Notice }} Opened */
/** @typedef {'audio' | 'video'} Kind */
/** Which camera and microphone: their ids, '' for the browser's choice. @typedef {{ audio: string, video: string }} Choices */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const SCREEN = { video: { frameRate: { ideal: 15, max: 30 } }, audio: false };

/** What the names of the errors mean. @type {Record<string, 'denied' | 'missing' | 'busy'>} */
const REASONS = {
  NotAllowedError: 'denied', SecurityError: 'denied',
  NotFoundError: 'missing', OverconstrainedError: 'missing',
  NotReadableError: 'busy', AbortError: 'busy',
};

/** @param {unknown} error */
const reasonOf = error => REASONS[error instanceof Error ? error.name : ''] ?? 'missing';

/**
 * Dispatches `change` when a track comes, goes, or is switched, and `plugged` when the computer has got, or
 * lost, a device.
 */
export class Media extends EventTarget {
  /** @type {MediaStream} */
  stream;
  /** Wishes of the person; they outlive a call. */
  wants = { mic: true, camera: true };
  /** @type {Choices} */
  choices = { audio: '', video: '' };
  /** @type {MediaStreamTrack | null} */
  screen = null;

  #devices;
  #facing = 'user';
  #isSecure;
  #turn = 0;
  #hasCamera = false;

  /**
   * @param {MediaDevices | undefined} devices undefined where the page may not have any
   * @param {boolean} isSecure whether the page is a secure context
   * @param {MediaStream} stream an empty one
   */
  constructor(devices, isSecure, stream) {
    super();
    this.#devices = devices;
    this.#isSecure = isSecure;
    this.stream = stream;
    devices?.addEventListener?.('devicechange', () => this.dispatchEvent(new Event('plugged')));
  }

  get audio() {
    return this.stream.getAudioTracks()[0] ?? null;
  }

  get video() {
    return this.stream.getVideoTracks()[0] ?? null;
  }

  /** @returns {{ mic: Device, camera: Device, screen: boolean }} */
  get state() {
    return {
      mic: this.audio ? (this.audio.enabled ? 'on' : 'off') : 'none',
      camera: this.video ? 'on' : this.#hasCamera ? 'off' : 'none',
      screen: this.screen !== null,
    };
  }

  get canShowScreen() {
    return this.#devices !== undefined && 'getDisplayMedia' in this.#devices;
  }

  /**
   * Tries camera and microphone, then the microphone alone, then the camera alone. What could be had
   * stays open even if a problem is told, so that "Join without camera" goes on with it.
   * @param {{ camera: boolean, mic?: boolean }} wish
   * @returns {Promise<Opened>}
   */
  async open({ camera, mic = true }) {
    const turn = this.#begin();
    if (!camera && !mic) return { problem: null };
    if (!this.#devices?.getUserMedia) {
      if (!camera) return { problem: null };
      return { problem: this.#isSecure ? 'unsupported' : 'insecure' };
    }
    /** @type {ReturnType<typeof reasonOf> | null} */
    let reason = null;
    for (const kinds of camera ? [['audio', 'video'], ['audio'], ['video']] : [['audio']]) {
      try {
        await this.#take(turn, kinds);
        break;
      } catch (error) {
        if (turn !== this.#turn) return { problem: null };
        // The first answer is about what was wanted; the later ones are about what is left.
        reason ??= reasonOf(error);
        if (reason === 'denied') break;
      }
    }
    if (!camera || reason === null) return { problem: null };
    if (reason !== 'missing') return { problem: reason };
    if (this.audio) return { problem: null, notice: 'no-camera' };
    return this.video ? { problem: null, notice: 'no-microphone' } : { problem: 'missing' };
  }

  /** Lets go of all devices at once; what was still being asked for is stopped as soon as it comes. */
  release() {
    this.#begin();
    this.#changed();
  }

  /** @param {boolean} on */
  setMic(on) {
    this.wants.mic = on;
    if (this.audio) this.audio.enabled = on;
    this.#changed();
  }

  /**
   * Off means off: the track is stopped and the light goes out.
   * @param {boolean} on
   * @returns {Promise<boolean>} false if the camera could not be had
   */
  async setCamera(on) {
    this.wants.camera = on;
    if (!on) {
      this.#drop('video');
      this.#changed();
      return true;
    }
    if (this.video) return true;
    try {
      await this.#take(this.#turn, ['video']);
      return true;
    } catch {
      this.wants.camera = false;
      this.#changed();
      return false;
    }
  }

  /** @returns {Promise<MediaDeviceInfo[]>} without names until one of a kind was allowed */
  async list() {
    return await this.#devices?.enumerateDevices?.() ?? [];
  }

  /**
   * Another camera or microphone, at once if one of the kind is in use.
   * @param {Kind} kind @param {string} id
   * @returns {Promise<boolean>} false if it could not be had: the one before stays
   */
  async choose(kind, id) {
    const before = this.choices[kind];
    this.choices[kind] = id;
    if (kind === 'video' ? !this.wants.camera : !this.#devices) return true;
    return await this.#again(kind, () => { this.choices[kind] = before; });
  }

  /** The camera on the other side of a phone. */
  async flip() {
    const { choices } = this;
    const before = choices.video;
    this.#facing = this.#facing === 'user' ? 'environment' : 'user';
    choices.video = '';
    return await this.#again('video', () => {
      choices.video = before;
      this.#facing = this.#facing === 'user' ? 'environment' : 'user';
    });
  }

  /** Whether the camera shows the person, who is used to a mirror. */
  get isFacing() {
    return this.video?.getSettings?.().facingMode !== 'environment';
  }

  /** @returns {Promise<boolean>} false if nothing was chosen */
  async showScreen() {
    const turn = this.#turn;
    try {
      const stream = await /** @type {MediaDevices} */ (this.#devices).getDisplayMedia(SCREEN);
      const [track] = stream.getVideoTracks();
      if (!track) return false;
      if (turn !== this.#turn) {
        track.stop();
        return false;
      }
      this.hideScreen();
      track.contentHint = 'detail';
      this.screen = track;
      track.addEventListener('ended', () => this.screen === track && this.hideScreen());
      this.#changed();
      return true;
    } catch {
      return false;
    }
  }

  hideScreen() {
    if (!this.screen) return;
    this.screen.stop();
    this.screen = null;
    this.#changed();
  }

  /** @param {Kind} kind @param {() => void} takeBack */
  async #again(kind, takeBack) {
    const turn = this.#turn;
    // Many cameras, and all on phones, can be open only once.
    if (kind === 'video') this.#drop('video');
    try {
      await this.#take(turn, [kind]);
      return true;
    } catch {
      takeBack();
      if (kind === 'video' && turn === this.#turn) await this.#take(turn, [kind]).catch(() => this.#changed());
      return false;
    }
  }

  #begin() {
    this.#drop('audio');
    this.#drop('video');
    this.screen?.stop();
    this.screen = null;
    this.#hasCamera = false;
    this.#turn += 1;
    return this.#turn;
  }

  /** @param {number} turn @param {string[]} kinds */
  async #take(turn, kinds) {
    const stream = await /** @type {MediaDevices} */ (this.#devices).getUserMedia({
      audio: kinds.includes('audio') && { ...AUDIO, ...this.#which('audio') },
      video: kinds.includes('video') && { ...VIDEO, ...this.#which('video') },
    });
    const stale = turn !== this.#turn;
    for (const track of stream.getTracks()) {
      if (stale || (track.kind === 'video' && !this.wants.camera)) {
        track.stop();
        if (!stale) this.#hasCamera = true;
        continue;
      }
      this.#drop(track.kind);
      if (track.kind === 'audio') track.enabled = this.wants.mic;
      else this.#hasCamera = true;
      this.stream.addTrack(track);
      track.addEventListener('ended', () => {
        // Pulled out, or taken away by the browser's own switch.
        this.stream.removeTrack(track);
        if (track.kind === 'video') this.wants.camera = false;
        this.#changed();
      });
    }
    if (!stale) this.#changed();
  }

  /** As a wish: a device that was unplugged must not cost the person the others. @param {Kind} kind */
  #which(kind) {
    const id = this.choices[kind];
    if (id) return { deviceId: { ideal: id } };
    return kind === 'video' ? { facingMode: this.#facing } : {};
  }

  /** @param {string} kind */
  #drop(kind) {
    for (const track of this.stream.getTracks()) {
      if (track.kind !== kind) continue;
      track.stop();
      this.stream.removeTrack(track);
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
