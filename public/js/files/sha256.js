// SHA-256 (FIPS 180-4) that takes its input piece by piece.
//
// Why not crypto.subtle: it wants all bytes at once, and does not exist on a page without https, where
// files can be sent all the same. Digests of blocks would need it too, and would not be the number that
// `sha256sum` prints for the file.

const K = Uint32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

const BLOCK = 64;

export class Sha256 {
  #state = Uint32Array.of(
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  );

  #words = new Uint32Array(64);
  #rest = new Uint8Array(BLOCK);
  #length = 0;

  /** How many bytes it has taken. */
  get length() {
    return this.#length;
  }

  /** @param {Uint8Array} bytes */
  update(bytes) {
    const filled = this.#length % BLOCK;
    this.#length += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK - filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), filled);
      if (filled + at < BLOCK) return this;
      this.#take(this.#rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.#take(bytes, at);
    this.#rest.set(bytes.subarray(at));
    return this;
  }

  /** Of all that was taken. Nothing can be added any more. */
  digest() {
    const bits = this.#length * 8;
    const filled = this.#length % BLOCK;
    const end = new Uint8Array(filled < BLOCK - 8 ? BLOCK - filled : 2 * BLOCK - filled);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    this.update(end);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, index) => digest.setUint32(4 * index, word));
    return new Uint8Array(digest.buffer);
  }

  /** digest() as `sha256sum` writes it. */
  hex() {
    return [...this.digest()].map(byte => byte.toString(16).padStart(2, '0')).join('');
  }

  /** @param {Uint8Array} bytes @param {number} at where a block begins */
  #take(bytes, at) {
    const w = this.#words;
    for (let i = 0; i < 16; ++i) {
      const p = at + 4 * i;
      w[i] = (get(bytes, p) << 24) | (get(bytes, p + 1) << 16) | (get(bytes, p + 2) << 8) | get(bytes, p + 3);
    }
    for (let i = 16; i < 64; ++i) {
      const x = get(w, i - 15);
      const y = get(w, i - 2);
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (get(w, i - 16) + s0 + get(w, i - 7) + s1) | 0;
    }
    const h = this.#state;
    let a = get(h, 0) | 0, b = get(h, 1) | 0, c = get(h, 2) | 0, d = get(h, 3) | 0;
    let e = get(h, 4) | 0, f = get(h, 5) | 0, g = get(h, 6) | 0, k = get(h, 7) | 0;
    for (let i = 0; i < 64; ++i) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (k + s1 + ((e & f) ^ (~e & g)) + get(K, i) + get(w, i)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, k].forEach((word, index) => { h[index] = get(h, index) + word; });
  }
}

/** What is there for sure; the compiler cannot know. @param {Uint8Array | Uint32Array} array @param {number} index */
const get = (array, index) => /** @type {number} */ (array[index]);
