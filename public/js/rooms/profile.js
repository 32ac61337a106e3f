// How a person enters rooms: the name, what is switched on, which devices. Kept in this browser only.

/** @typedef {{ name: string, mic: boolean, camera: boolean, audio: string, video: string, speaker: string, silent: boolean }} Kept */

const KEY = 'videochat.me';
const LONGEST_NAME = 64;

/** @type {Kept} */
const AT_FIRST = { name: '', mic: true, camera: true, audio: '', video: '', speaker: '', silent: false };

/**
 * A name as the server takes it: no control characters, none that turn the direction of writing.
 * @param {string} name
 */
export const cleanName = name => [...name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu, '').trim()].slice(0, LONGEST_NAME).join('');

export class Profile {
  /** @type {Kept} */
  kept;
  #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.kept = { ...AT_FIRST };
    try {
      const found = JSON.parse(storage.getItem(KEY) ?? '{}') ?? {};
      for (const [key, value] of Object.entries(AT_FIRST)) {
        if (typeof found[key] === typeof value) Object.assign(this.kept, { [key]: found[key] });
      }
      this.kept.name = cleanName(this.kept.name);
    } catch {
      // Whatever stood there is replaced with the next change.
    }
  }

  /** @param {Partial<Kept>} change */
  keep(change) {
    Object.assign(this.kept, change);
    try {
      this.#storage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // Full or forbidden: it holds as long as the page.
    }
  }
}
