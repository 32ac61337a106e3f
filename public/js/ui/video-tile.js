// <video-tile>: one person. Shows the stream or an avatar, the name, and what is off.
// Dispatches `blocked` when the browser does not play sound before the page has been touched.

/**
 * @typedef {object} TileWords
 * @property {string} name written on the tile
 * @property {string} label for those who hear the page: the name and every state
 * @property {'on' | 'off'} mic
 * @property {'on' | 'off'} camera
 * @property {'good' | 'unstable' | 'failed'} link
 */

export class VideoTile extends HTMLElement {
  get #video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector('video'));
  }

  /** @param {MediaStream | null} stream */
  set stream(stream) {
    if (this.#video.srcObject === stream) return;
    this.#video.srcObject = stream;
    if (stream) this.play();
  }

  /** @param {TileWords} words */
  show({ name, label, mic, camera, link }) {
    this.dataset.mic = mic;
    this.dataset.camera = camera;
    this.dataset.link = link;
    this.setAttribute('aria-label', label);
    /** @type {HTMLElement} */ (this.querySelector('.tile-name > span')).textContent = name;
  }

  /** To be called again from a click when it was blocked. */
  async play() {
    const video = this.#video;
    const silent = this.hasAttribute('data-self');
    video.muted = silent;
    try {
      await video.play();
    } catch (error) {
      if (silent || !(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // The picture at least may move.
      video.muted = true;
      video.play().catch(() => {});
      this.dispatchEvent(new Event('blocked'));
    }
  }
}

customElements.define('video-tile', VideoTile);
