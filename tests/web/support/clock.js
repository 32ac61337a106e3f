// A clock that moves when it is told to.
export class Clock {
  #now = 0;
  #next = 1;
  #timers = new Map();

  now = () => this.#now;
  setTimeout = (action, milliseconds) => {
    this.#timers.set(this.#next, { action, at: this.#now + milliseconds });
    return this.#next++;
  };
  clearTimeout = timer => { this.#timers.delete(timer); };

  get waiting() {
    return [...this.#timers.values()].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Runs what is due on the way, in order; between two timers promises may go on. */
  async advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = due[1].at;
      due[1].action();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets every promise go on that can. */
export const settled = () => new Promise(resolve => setImmediate(resolve));
