// Node holds on to the listeners that a signal ends only weakly, and to one for each target: once garbage has been
// collected, all but the last go on hearing after the signal was aborted. Browsers do not do that.

import { setMaxListeners } from 'node:events';

const { addEventListener } = EventTarget.prototype;

EventTarget.prototype.addEventListener = function add(type, listener, options) {
  const signal = typeof options === 'object' ? options?.signal : undefined;
  if (!signal) {
    addEventListener.call(this, type, listener, options);
    return;
  }
  if (signal.aborted) return;
  setMaxListeners(0, signal); // each target listens
  addEventListener.call(this, type, listener, { ...options, signal: undefined });
  addEventListener.call(signal, 'abort', () => this.removeEventListener(type, listener, options), { once: true });
};
