// A call is looked at without a touch: the screen stays on.

export class WakeLock {
  #wanted = false;
  /** @type {WakeLockSentinel | null} */
  #sentinel = null;

  constructor() {
    // The browser takes it back when the page is hidden.
    document.addEventListener('visibilitychange', () => this.#hold());
  }

  /** @param {boolean} wanted */
  set wanted(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#hold();
  }

  async #hold() {
    if (!this.#wanted || document.hidden) {
      this.#sentinel?.release().catch(() => {});
      this.#sentinel = null;
    } else if (!this.#sentinel && 'wakeLock' in navigator) {
      try {
        const sentinel = await navigator.wakeLock.request('screen');
        this.#sentinel = sentinel;
        sentinel.addEventListener('release', () => { this.#sentinel = null; });
        if (!this.#wanted) this.#hold(); // left meanwhile
      } catch {
        // The battery is low, or the policy forbids it.
      }
    }
  }
}
