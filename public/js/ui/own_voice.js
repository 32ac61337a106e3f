// Whether one speaks oneself: the microphone is listened to while it is on.

const EVERY = 200;
const LOUD = 0.02; // as the others are judged
const QUIET_AFTER = 800; // pauses between words are no silence

/** Dispatches `change` when one begins to speak, or has ended. */
export class OwnVoice extends EventTarget {
  speaks = false;

  /** @type {MediaStreamTrack | null} */
  #track = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {MediaStreamTrack | null} track null: the microphone is off */
  set track(track) {
    if (track === this.#track) return;
    this.#track = track;
    clearInterval(this.#timer);
    this.#context?.close().catch(() => {});
    this.#context = null;
    this.speaks = false;
    if (track && typeof AudioContext !== 'undefined') this.#listen(track);
  }

  /** @param {MediaStreamTrack} track */
  #listen(track) {
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let quietFor = Infinity;
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      quietFor = Math.sqrt(power) > LOUD ? 0 : quietFor + EVERY;
      const speaks = quietFor < QUIET_AFTER;
      if (speaks === this.speaks) return;
      this.speaks = speaks;
      this.dispatchEvent(new Event('change'));
    }, EVERY);
  }
}
