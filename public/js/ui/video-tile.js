// <video-tile>: one person, or a screen that somebody shows. Shows the stream or an avatar, the name, and what is off. Fills itself when it is empty.
// Dispatches `blocked` when the browser does not play sound before the page has been touched.

import { icon, setIcon } from './icon.js';

/**
 * @typedef {object} TileWords
 * @property {string} name written on the tile
 * @property {string} label for those who hear the page: the name and every state
 * @property {string} initials
 * @property {number} hue 1..6
 * @property {boolean} mic
 * @property {boolean} picture whether there is one to see: of a camera, or of a screen
 * @property {boolean} screen
 * @property {boolean} speaks
 * @property {'good' | 'weak' | 'unstable' | 'failed'} link
 * @property {string} [mark] a few words in the corner
 * @property {string} [fullscreen] what a button is called that lets the picture fill the screen; without: no button
 * @property {{ kind: string, text: string, action?: { label: string, do: string }, link?: { label: string, href: string } } | null} [note] over the picture
 */

/** @param {string} name @param {string} className @param {...Node} children */
function make(name, className, ...children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}

export class VideoTile extends HTMLElement {
  #shown = '';
  /** @type {HTMLVideoElement | null} */
  #video = null;

  connectedCallback() {
    if (this.#video) return;
    const video = document.createElement('video');
    video.className = 'picture';
    video.autoplay = true;
    video.playsInline = true;
    video.muted = this.hasAttribute('data-self');
    video.disablePictureInPicture = this.hasAttribute('data-self');
    this.#video = video;
    const avatar = make('span', 'avatar');
    avatar.setAttribute('aria-hidden', 'true');
    const marks = make('div', 'tile-marks', make('span', '', icon('wifi-weak', 's'), document.createElement('span')));
    const note = make('div', 'tile-note', make('span', 'spinner'), document.createElement('span'));
    note.hidden = true;
    marks.hidden = true;
    this.setAttribute('role', 'group');
    this.append(video, avatar, make('div', 'tile-name', icon('mic-off'), document.createElement('span')), marks, note);
  }

  /** @param {MediaStream | null} stream */
  set stream(stream) {
    const video = this.#element;
    if (video.srcObject === stream) return;
    video.srcObject = stream;
    if (stream) this.play();
  }

  get #element() {
    return /** @type {HTMLVideoElement} */ (this.#video);
  }

  /** Where the sound comes out. @param {string} id '' for the system's choice */
  set speaker(id) {
    if ('setSinkId' in this.#element) this.#element.setSinkId(id).catch(() => {});
  }

  /** @param {TileWords} words */
  show(words) {
    const now = JSON.stringify(words);
    if (now === this.#shown) return;
    this.#shown = now;
    const { name, label, initials, hue, mic, picture, screen, speaks, link, mark = '', fullscreen = '', note = null } = words;
    Object.assign(this.dataset, { mic: mic ? 'on' : 'off', camera: picture ? 'on' : 'off', link, hue: String(hue), kind: screen ? 'screen' : 'camera' });
    this.toggleAttribute('data-speaking', speaks);
    this.setAttribute('aria-label', label);
    const write = (/** @type {string} */ selector, /** @type {string} */ text) => {
      /** @type {HTMLElement} */ (this.querySelector(selector)).textContent = text;
    };
    write('.avatar', initials);
    write('.tile-name > span', name);
    setIcon(this.querySelector('.tile-name'), screen ? 'screen' : 'mic-off');
    write('.tile-marks > span > span', mark);
    /** @type {HTMLElement} */ (this.querySelector('.tile-marks > span')).hidden = mark === '';
    this.#showFullscreen(fullscreen);
    /** @type {HTMLElement} */ (this.querySelector('.tile-marks')).hidden = mark === '' && fullscreen === '';
    this.#showNote(note);
  }

  /** @param {string} label */
  #showFullscreen(label) {
    const marks = /** @type {HTMLElement} */ (this.querySelector('.tile-marks'));
    let button = marks.querySelector('button');
    if (!button && label && document.fullscreenEnabled) {
      button = /** @type {HTMLButtonElement} */ (make('button', 'round', icon('fullscreen')));
      button.type = 'button';
      button.dataset.do = 'fullscreen-tile';
      marks.append(button);
    }
    button?.setAttribute('aria-label', label);
  }

  /** @param {TileWords['note']} note */
  #showNote(note) {
    const box = /** @type {HTMLElement} */ (this.querySelector('.tile-note'));
    box.hidden = !note;
    for (const control of box.querySelectorAll('button, a')) control.remove();
    if (!note) return;
    box.dataset.kind = note.kind;
    /** @type {HTMLElement} */ (box.querySelector(':scope > span:not(.spinner)')).textContent = note.text;
    if (!note.action) return;
    const button = /** @type {HTMLButtonElement} */ (make('button', 'button'));
    button.type = 'button';
    button.dataset.size = 's';
    button.dataset.do = note.action.do;
    button.textContent = note.action.label;
    box.append(button);
    if (!note.link) return;
    // Beside the call, not in place of it.
    box.append(Object.assign(document.createElement('a'), { href: note.link.href, target: '_blank', textContent: note.link.label }));
  }

  /** To be called again from a click when it was blocked. */
  async play() {
    const video = this.#element;
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

  /** @returns {HTMLVideoElement} */
  get video() {
    return this.#element;
  }
}

customElements.define('video-tile', VideoTile);
