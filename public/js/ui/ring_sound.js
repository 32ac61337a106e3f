// A ringing tone made of two sine waves: two short bursts, then a pause. No file to load.

const PERIOD = 3000;

export class RingSound {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {number | undefined} */
  #timer;

  start() {
    if (this.#context || typeof AudioContext === 'undefined') return;
    this.#context = new AudioContext();
    this.#context.resume().catch(() => {}); // stays silent until the page has been touched
    this.#burst();
    this.#timer = setInterval(() => this.#burst(), PERIOD);
  }

  stop() {
    clearInterval(this.#timer);
    this.#context?.close().catch(() => {});
    this.#context = null;
  }

  #burst() {
    const context = this.#context;
    if (context?.state !== 'running') return;
    for (const begin of [0, 0.45]) {
      const from = context.currentTime + begin;
      const volume = context.createGain();
      volume.connect(context.destination);
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.12, from + 0.03);
      volume.gain.setValueAtTime(0.12, from + 0.3);
      volume.gain.linearRampToValueAtTime(0, from + 0.36);
      for (const frequency of [523.25, 659.25]) {
        const wave = context.createOscillator();
        wave.frequency.value = frequency;
        wave.connect(volume);
        wave.start(from);
        wave.stop(from + 0.38);
      }
    }
  }
}
