// Timers by name: one of each at a time, and all of them end together.

/** @template {string} Name */
export class Timers {
  #around;
  #stopped = false;
  /** @type {Map<Name, number>} */
  #running = new Map();

  /** @param {{ setTimeout: (action: () => void, milliseconds: number) => number, clearTimeout: (timer: number | undefined) => void }} around */
  constructor(around) {
    this.#around = around;
  }

  /** In place of the timer that has this name. @param {Name} name @param {number} milliseconds @param {() => void} action */
  start(name, milliseconds, action) {
    this.cancel(name);
    if (!this.#stopped) this.#running.set(name, this.#around.setTimeout(action, milliseconds));
  }

  /** @param {Name} name */
  cancel(name) {
    this.#around.clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  /** For good: none can be started any more. */
  stop() {
    this.#stopped = true;
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
