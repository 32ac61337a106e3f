// Where a file that comes is put. In this order:
// - What is small is kept in memory and saved when it is whole, like any download.
// - What is large goes straight into the file that the person chooses (File System Access: Chrome, Edge).
// - Else into the private files of this page (Firefox, Safari), and from there into the downloads: the disk
//   must hold it twice for a moment.
// - Else (plain http, or an old browser) into memory, and then there is a limit, which is told before.
//
// A download that a service worker writes as it comes was considered: a browser may stop the worker in
// the middle, and with it the file.

/** @typedef {{ write(bytes: Uint8Array<ArrayBuffer>): Promise<void>, close(): Promise<Blob | null>, abort(): Promise<void> }} Sink
 * close(): what is to be saved, or null when it stands where it belongs */

/**
 * What the browser offers.
 * @typedef {object} Places
 * @property {((options: { suggestedName: string }) => Promise<{ createWritable(): Promise<Writable> }>) | null} showSaveFilePicker
 * @property {(() => Promise<PrivateFolder>) | null} getDirectory
 * @property {(() => Promise<{ quota?: number, usage?: number }>) | null} estimate
 */
/** @typedef {{ write(bytes: Uint8Array<ArrayBuffer>): Promise<void>, close(): Promise<void>, abort(): Promise<void> }} Writable */
/**
 * @typedef {object} PrivateFolder
 * @property {(name: string, options?: { create: boolean }) => Promise<{ createWritable(): Promise<Writable>, getFile(): Promise<File> }>} getFileHandle
 * @property {(name: string) => Promise<void>} removeEntry
 * @property {() => AsyncIterableIterator<string>} keys
 */

const MB = 1 << 20;
/** Up to here nobody is asked where to put it. */
export const SMALL = 32 * MB;
/** Beyond it a page on a phone may be ended by its system. */
export const MOST_IN_MEMORY = 256 * MB;
const PREFIX = 'incoming-';
/** What a browser only shows or plays. Anything else must not become a page of ours, wherever its blob is opened. */
const HARMLESS = /^(?:image\/(?!svg)|audio\/|video\/|text\/plain$|application\/pdf$)/;
/** So long a file is left to the tab that has got it. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** The person does not want to choose a place: the file is still on offer. */
export class NotChosen extends Error {}

export class Sinks {
  #places;

  /** @param {Places} places */
  constructor(places) {
    this.#places = places;
  }

  /** The largest file that can be taken here. */
  get limit() {
    const { showSaveFilePicker, getDirectory } = this.#places;
    return showSaveFilePicker || getDirectory ? Infinity : MOST_IN_MEMORY;
  }

  /**
   * To be called from the click that accepts: a browser asks where to put a file only then. Rejects with
   * NotChosen, or when there is no room.
   * @param {{ name: string, size: number, mime: string }} file
   * @returns {Promise<Sink>}
   */
  async open({ name, size, mime }) {
    const { showSaveFilePicker, getDirectory } = this.#places;
    if (size <= SMALL || (!showSaveFilePicker && !getDirectory)) return new MemorySink(mime);
    if (showSaveFilePicker) return this.#openChosen(showSaveFilePicker, name);
    try {
      return await this.#openPrivate(/** @type {NonNullable<typeof getDirectory>} */ (getDirectory), size);
    } catch (error) {
      // A private window may have the folder and give nobody anything of it.
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      if (isFull || size > MOST_IN_MEMORY) throw error;
      return new MemorySink(mime);
    }
  }

  /** Removes what earlier visits have left. @param {number} now Unix time in ms */
  async clean(now) {
    try {
      const folder = await this.#places.getDirectory?.();
      if (!folder) return;
      const names = [];
      for await (const name of folder.keys()) if (name.startsWith(PREFIX)) names.push(name);
      for (const name of names) {
        const { lastModified } = await (await folder.getFileHandle(name)).getFile();
        if (lastModified < now - KEPT_FOR) await folder.removeEntry(name);
      }
    } catch {
      // Another tab still writes there, or the browser gives private windows no folder.
    }
  }

  /** @param {NonNullable<Places['showSaveFilePicker']>} showSaveFilePicker @param {string} name @returns {Promise<Sink>} */
  async #openChosen(showSaveFilePicker, name) {
    let handle;
    try {
      handle = await showSaveFilePicker({ suggestedName: name });
    } catch (error) {
      throw error instanceof DOMException && error.name === 'AbortError' ? new NotChosen() : error;
    }
    // Written beside the file and put in its place by close(): one that is broken off changes nothing there.
    const writable = await handle.createWritable();
    return {
      write: bytes => writable.write(bytes),
      close: () => writable.close().then(() => null),
      abort: () => writable.abort(),
    };
  }

  /** @param {NonNullable<Places['getDirectory']>} getDirectory @param {number} size @returns {Promise<Sink>} */
  async #openPrivate(getDirectory, size) {
    const { quota = Infinity, usage = 0 } = await this.#places.estimate?.() ?? {};
    if (quota - usage < size) throw new DOMException('no room for the file', 'QuotaExceededError');
    const folder = await getDirectory();
    const name = PREFIX + crypto.randomUUID(); // not the id: two people may give the same one, and write over each other
    const handle = await folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    return {
      write: bytes => writable.write(bytes),
      close: () => writable.close().then(() => handle.getFile()),
      abort: () => writable.abort().then(() => folder.removeEntry(name)),
    };
  }
}

/** Pieces are joined to blobs, which the browser may move out of memory. @implements {Sink} */
class MemorySink {
  #mime;
  /** @type {Blob[]} */
  #blobs = [];

  /** @param {string} mime */
  constructor(mime) {
    this.#mime = HARMLESS.test(mime) ? mime : 'application/octet-stream';
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  async write(bytes) {
    this.#blobs.push(new Blob([bytes]));
  }

  async close() {
    return new Blob(this.#blobs.splice(0), { type: this.#mime });
  }

  async abort() {
    this.#blobs = [];
  }
}
