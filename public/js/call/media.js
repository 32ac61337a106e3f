// Camera and microphone of this person. Whatever is started here is stopped here.

/** @typedef {import('./machine.js').Problem} Problem */
/** @typedef {import('./machine.js').Notice} Notice */
/** @typedef {import('./peer_link.js').Device} Device */

/** @typedef {{ problem: Problem } | { problem: null, notice?: Notice }} Opened */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: 'user' };

/** What the names of the errors mean. @type {Record<string, 'denied' | 'missing' | 'busy'>} */
const REASONS = {
  NotAllowedError: 'denied', SecurityError: 'denied',
  NotFoundError: 'missing', OverconstrainedError: 'missing',
  NotReadableError: 'busy', AbortError: 'busy',
};

/** @param {unknown} error */
const reasonOf = error => REASONS[error instanceof Error ? error.name : ''] ?? 'missing';

/** Dispatches `change` when a track comes, goes, or is switched. */
export class Media extends EventTarget {
  /** @type {MediaStream} */
  stream;
  /** Wishes of the person; they outlive a call. */
  wants = { mic: true, camera: true };

  #devices;
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
  }

  get audio() {
    return this.stream.getAudioTracks()[0] ?? null;
  }

  get video() {
    return this.stream.getVideoTracks()[0] ?? null;
  }

  /** @returns {{ mic: Device, camera: Device }} */
  get state() {
    return {
      mic: this.audio ? (this.audio.enabled ? 'on' : 'off') : 'none',
      camera: this.video ? 'on' : this.#hasCamera ? 'off' : 'none',
    };
  }

  /**
   * Tries camera and microphone, then the microphone alone, then the camera alone. What could be had
   * stays open even if a problem is told, so that "Join without camera" goes on with it.
   * @param {{ camera: boolean }} wish
   * @returns {Promise<Opened>}
   */
  async open({ camera }) {
    const turn = this.#begin();
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

  #begin() {
    this.#drop('audio');
    this.#drop('video');
    this.#hasCamera = false;
    this.#turn += 1;
    return this.#turn;
  }

  /** @param {number} turn @param {string[]} kinds */
  async #take(turn, kinds) {
    const stream = await /** @type {MediaDevices} */ (this.#devices).getUserMedia({
      audio: kinds.includes('audio') && AUDIO, video: kinds.includes('video') && VIDEO,
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
