// Three notes to listen for, made of sine waves, through a speaker of one's choice.

const NOTES = [523.25, 659.25, 783.99];
const EACH = 0.32;
const LOUDNESS = 0.2;

/** @param {string} speaker its id; '' for the system's. Resolves when they are over, rejects when they cannot be played. */
export async function playThreeNotes(speaker) {
  const context = new AudioContext();
  try {
    // An element, because more browsers can lead its sound to a chosen speaker than that of the context.
    const out = context.createMediaStreamDestination();
    const element = new Audio();
    element.srcObject = out.stream;
    if (speaker && 'setSinkId' in element) await element.setSinkId(speaker);
    await Promise.all([context.resume(), element.play()]);
    const begin = context.currentTime + 0.15;
    NOTES.forEach((frequency, index) => {
      const from = begin + index * EACH;
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.03);
      volume.gain.linearRampToValueAtTime(0, from + EACH - 0.02);
      const wave = new OscillatorNode(context, { frequency });
      wave.connect(volume).connect(out);
      wave.start(from);
      wave.stop(from + EACH);
    });
    const length = (begin - context.currentTime + NOTES.length * EACH) * 1000;
    await new Promise(resolve => { setTimeout(() => resolve(undefined), length); });
    element.srcObject = null;
  } finally {
    context.close().catch(() => {});
  }
}
