// <call-stage class="tiles">: screens that are shown, then a tile for each person, oneself last. The tiles stay
// siblings and in their order in every layout, so that no video is moved in the tree.

import { makeMovable } from './movable.js';
import { VideoTile } from './video-tile.js';

/** @typedef {import('./video-tile.js').TileWords} TileWords */
/** @typedef {{ key: object, stream: MediaStream | null, words: TileWords }} Shown */

/** Dispatches `blocked` when a tile's sound was held back. */
export class CallStage extends HTMLElement {
  /** @type {Map<object, VideoTile>} */
  #tiles = new Map();
  #speaker = '';

  get #self() {
    return /** @type {VideoTile} */ (this.querySelector('[data-self]'));
  }

  connectedCallback() {
    makeMovable(this.#self, this);
  }

  /** @param {string} id */
  set speaker(id) {
    this.#speaker = id;
    for (const tile of this.#tiles.values()) tile.speaker = id;
  }

  /** @param {Shown[]} others @param {(Omit<Shown, 'key'> & { mirrored: boolean }) | null} self */
  show(others, self) {
    const keys = new Set(others.map(({ key }) => key));
    for (const [key, tile] of this.#tiles) {
      if (keys.has(key)) continue;
      tile.stream = null;
      tile.remove();
      this.#tiles.delete(key);
    }
    for (const { key, stream, words } of others) {
      const tile = this.#tiles.get(key) ?? this.#add(key, words.screen ? this.firstChild : this.#self);
      tile.stream = stream;
      tile.show(words);
    }
    this.#self.hidden = !self;
    if (self) {
      this.#self.stream = self.stream;
      this.#self.show(self.words);
      this.#self.toggleAttribute('data-mirrored', self.mirrored);
    } else {
      this.#self.stream = null;
    }
    this.#arrange(others);
  }

  /** Starts what the browser did not start by itself; from a click. */
  play() {
    for (const tile of this.#tiles.values()) tile.play();
  }

  /** The one whom a small window would show. */
  get main() {
    return [...this.#tiles.values()].find(tile => tile.dataset.kind === 'screen') ?? [...this.#tiles.values()][0] ?? null;
  }

  /** @param {object} key @param {Node | null} next */
  #add(key, next) {
    const tile = new VideoTile();
    this.insertBefore(tile, next);
    this.#tiles.set(key, tile);
    tile.addEventListener('blocked', () => this.dispatchEvent(new Event('blocked')));
    if (this.#speaker) tile.speaker = this.#speaker;
    return tile;
  }

  /** @param {Shown[]} others */
  #arrange(others) {
    const people = others.filter(({ words }) => !words.screen).length;
    const isScreenShown = people < others.length;
    this.dataset.layout = isScreenShown ? 'share' : people === 0 ? 'alone' : people === 1 ? 'duo' : 'grid';
    this.dataset.count = String(people + 1);
    this.#self.tabIndex = people < 2 && !isScreenShown ? 0 : -1;
  }
}

customElements.define('call-stage', CallStage);
