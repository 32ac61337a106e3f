// Gives a file that has come to the person, as a download.

/** So long the browser may take to begin reading it. */
const KEPT_FOR = 60_000;

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
}

/** What this browser offers for writing files. @returns {import('./file_sink.js').Places} */
export function placesOfBrowser() {
  const { showSaveFilePicker } = /** @type {any} */ (window);
  const storage = navigator.storage;
  // Some browsers have the folder, but let only workers write there.
  const canWrite = 'FileSystemFileHandle' in window && 'createWritable' in FileSystemFileHandle.prototype;
  return {
    showSaveFilePicker: showSaveFilePicker ? options => showSaveFilePicker.call(window, options) : null,
    getDirectory: storage && 'getDirectory' in storage && canWrite
      ? () => /** @type {Promise<any>} */ (storage.getDirectory())
      : null,
    estimate: storage && 'estimate' in storage ? () => storage.estimate() : null,
  };
}
