// A ringing tone made of two sine waves: two short bursts, then a pause. No file to load.

const PERIOD = 3000;
const LOUDNESS = 0.12;

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
      volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.03);
      volume.gain.setValueAtTime(LOUDNESS, from + 0.3);
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

/** The same tone once, through the speaker that was chosen. @param {string} speaker '' for the system's */
export async function playTestSound(speaker) {
  const context = new AudioContext();
  if (speaker && 'setSinkId' in context) await /** @type {any} */ (context).setSinkId(speaker).catch(() => {});
  const volume = context.createGain();
  volume.gain.setValueAtTime(LOUDNESS, context.currentTime);
  volume.gain.linearRampToValueAtTime(0, context.currentTime + 0.7);
  volume.connect(context.destination);
  const wave = context.createOscillator();
  wave.frequency.value = 523.25;
  wave.connect(volume);
  wave.start();
  wave.stop(context.currentTime + 0.7);
  wave.addEventListener('ended', () => context.close());
}
