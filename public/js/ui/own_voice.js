// Whether one speaks oneself: the microphone is listened to while it is on.

import { listenTo } from './loudness.js';

const EVERY = 200;
const LOUD = 0.02; // as the others are judged
const QUIET_AFTER = 800; // pauses between words are no silence

/** Dispatches `change` when one begins to speak, or has ended. */
export class OwnVoice extends EventTarget {
  speaks = false;

  /** @type {MediaStreamTrack | null} */
  #track = null;
  #stopListening = () => {};

  /** @param {MediaStreamTrack | null} track null: the microphone is off */
  set track(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#stopListening();
    this.#stopListening = () => {};
    this.speaks = false;
    if (!track) return;
    let quietFor = Infinity;
    this.#stopListening = listenTo(track, EVERY, loudness => {
      quietFor = loudness > LOUD ? 0 : quietFor + EVERY;
      const speaks = quietFor < QUIET_AFTER;
      if (speaks === this.speaks) return;
      this.speaks = speaks;
      this.dispatchEvent(new Event('change'));
    });
  }
}
