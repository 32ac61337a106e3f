// A file that is sent, to one or to several: read block by block, and hashed on the way. Whoever is farthest
// carries the hash on, so the file is hashed once, however often its parts are sent.

import { Sha256 } from './sha256.js';

export class FileSource {
  #file;
  #hash = new Sha256();
  #hashed = 0;
  #hex = '';

  /** @param {Blob} file */
  constructor(file) {
    this.#file = file;
  }

  get size() {
    return this.#file.size;
  }

  /** How far anybody has read. */
  get readTo() {
    return this.#hashed;
  }

  /**
   * Rejects when the file cannot be read any more: it was changed or is gone.
   * @param {number} offset not after .readTo
   * @param {number} length
   */
  async read(offset, length) {
    const end = Math.min(offset + length, this.size);
    const bytes = new Uint8Array(await this.#file.slice(offset, end).arrayBuffer());
    if (bytes.length !== end - offset) throw new DOMException('the file has become shorter', 'NotReadableError');
    if (end > this.#hashed) {
      this.#hash.update(bytes.subarray(this.#hashed - offset));
      this.#hashed = end;
    }
    return bytes;
  }

  /** Of the whole file, once it has been read to its end. */
  get sha256() {
    if (this.#hex === '') this.#hex = this.#hash.hex();
    return this.#hex;
  }
}
