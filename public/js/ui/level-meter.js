// <level-meter>: how loud the microphone hears, as a bar. The track is listened to only while there is one.

const EVERY = 80;
const LOUD = 0.25; // of what a microphone can give: that is somebody who speaks up

export class LevelMeter extends HTMLElement {
  /** Whether anything was heard since the track is here. */
  heard = false;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {MediaStreamTrack | null} track */
  set track(track) {
    if (track === this.#track) return;
    this.#stop();
    this.#track = track;
    if (track && typeof AudioContext !== 'undefined') this.#listen(track);
  }

  disconnectedCallback() {
    this.track = null;
  }

  /** @param {MediaStreamTrack} track */
  #listen(track) {
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.#show(Math.min(1, Math.sqrt(power) / LOUD));
    }, EVERY);
  }

  /** @param {number} level 0..1 */
  #show(level) {
    this.style.setProperty('--level', level.toFixed(2));
    this.setAttribute('aria-valuenow', level.toFixed(2));
    if (level < 0.1 || this.heard) return;
    this.heard = true;
    this.dispatchEvent(new Event('heard'));
  }

  #stop() {
    clearInterval(this.#timer);
    this.#context?.close().catch(() => {});
    this.#context = null;
    this.heard = false;
    this.#show(0);
  }
}

customElements.define('level-meter', LevelMeter);
