// <level-meter>: how loud the microphone hears, as a bar. The track is listened to only while there is one.

import { listenTo } from './loudness.js';

const EVERY = 80;
const LOUD = 0.25; // of what a microphone can give: that is somebody who speaks up

export class LevelMeter extends HTMLElement {
  /** Whether anything was heard since the track is here. */
  heard = false;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #stopListening = () => {};

  /** @param {MediaStreamTrack | null} track */
  set track(track) {
    if (track === this.#track) return;
    this.#stop();
    this.#track = track;
    if (track) this.#stopListening = listenTo(track, EVERY, loudness => this.#show(Math.min(1, loudness / LOUD)));
  }

  disconnectedCallback() {
    this.track = null;
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
    this.#stopListening();
    this.#stopListening = () => {};
    this.heard = false;
    this.#show(0);
  }
}

customElements.define('level-meter', LevelMeter);
