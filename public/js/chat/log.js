// What stands in the chat panel, in its order: what people wrote, files, and what happened in the call.
// Bounded: the oldest goes. What was not seen yet is counted.

/** @typedef {{ kind: 'text', key: string, own: boolean, name: string, at: number, text: string, seat: string | null, page: string, n: number, waiting: boolean }} TextEntry */
/** @typedef {{ kind: 'file', key: string, own: boolean, name: string, at: number, file: import('../files/files.js').SharedFile }} FileEntry */
/** @typedef {{ kind: 'event', key: string, own: false, at: number, word: import('../i18n/i18n.js').Key, values: Record<string, string> }} EventEntry */
/** @typedef {TextEntry | FileEntry | EventEntry} Entry */

export const MOST_ENTRIES = 500;

/** Dispatches `change`. */
export class ChatLog extends EventTarget {
  /** @type {readonly Entry[]} */
  entries = [];
  /** Texts and files of others that came while the log was not looked at. */
  unread = 0;

  #looking = false;
  #made = 0;

  /** Whether somebody looks at it: then nothing is unread. @param {boolean} looking */
  set looking(looking) {
    this.#looking = looking;
    if (!looking || this.unread === 0) return;
    this.unread = 0;
    this.changed();
  }

  /**
   * At the end; what a page has said before something that is here already, before that. Nothing that is
   * here changes its order.
   * @template {Entry} E
   * @param {E} entry
   * @returns {E}
   */
  add(entry) {
    const late = entry.kind === 'text' && entry.page !== ''
      ? this.entries.findIndex(one => one.kind === 'text' && one.page === entry.page && one.n > entry.n)
      : -1;
    const place = late === -1 ? this.entries.length : late;
    this.entries = [...this.entries.slice(0, place), entry, ...this.entries.slice(place)].slice(-MOST_ENTRIES);
    if (!entry.own && entry.kind !== 'event' && !this.#looking) this.unread += 1;
    this.changed();
    return entry;
  }

  /**
   * Something that happened, in words.
   * @param {import('../i18n/i18n.js').Key} word @param {Record<string, string>} values @param {number} at
   */
  note(word, values, at) {
    return this.add({ kind: 'event', key: this.nextKey(), own: false, at, word, values });
  }

  /** Tells entries apart. */
  nextKey() {
    this.#made += 1;
    return `entry-${this.#made}`;
  }

  /** An entry shows something new. */
  changed() {
    this.dispatchEvent(new Event('change'));
  }
}
