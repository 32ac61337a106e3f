// The storages of the browser, or a forgetful stand-in where it forbids them.

/**
 * @param {'localStorage' | 'sessionStorage'} kind
 * @returns {Storage}
 */
export function openStorage(kind) {
  try {
    const storage = window[kind];
    storage.getItem('');
    return storage;
  } catch {
    /** @type {Map<string, string>} */
    const kept = new Map();
    return {
      get length() { return kept.size; },
      clear: () => kept.clear(),
      getItem: key => kept.get(key) ?? null,
      key: index => [...kept.keys()][index] ?? null,
      removeItem: key => { kept.delete(key); },
      setItem: (key, value) => { kept.set(key, value); },
    };
  }
}
