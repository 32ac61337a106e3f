// How fast something goes, from what has passed in the last seconds.

const SPAN = 5000;

export class Pace {
  /** @type {{ at: number, bytes: number }[]} */
  #marks = [];

  /** @param {number} at milliseconds @param {number} bytes passed so far */
  note(at, bytes) {
    const last = this.#marks.at(-1);
    if (last && bytes < last.bytes) this.#marks = []; // begun anew
    this.#marks.push({ at, bytes });
    const first = this.#marks.findIndex(mark => mark.at >= at - SPAN);
    this.#marks = this.#marks.slice(Math.max(0, first - 1)); // one from before the span, so that it is a whole one
  }

  /** Bytes a second; 0: nothing is known yet. @param {number} now */
  rate(now) {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (!first || !last || now <= first.at) return 0;
    return (last.bytes - first.bytes) * 1000 / (now - first.at);
  }

  /** In seconds, or null when it cannot be told. @param {number} bytes still to come @param {number} now */
  left(bytes, now) {
    const rate = this.rate(now);
    return rate > 0 ? Math.ceil(bytes / rate) : null;
  }
}
