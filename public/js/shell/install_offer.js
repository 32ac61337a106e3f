// A button that installs the pages as a program, where the browser offers it and they are not installed yet.

/**
 * @typedef {Event & { prompt: () => Promise<unknown> }} InstallPrompt not in every browser, so not in the types
 */

/** @param {HTMLElement} button */
export function offerInstalling(button) {
  /** @type {InstallPrompt | null} */
  let offer = null;
  /** @param {InstallPrompt | null} now */
  const show = now => {
    offer = now;
    button.hidden = now === null;
  };
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault(); // no banner of the browser's own
    show(/** @type {InstallPrompt} */ (event));
  });
  addEventListener('appinstalled', () => show(null));
  button.addEventListener('click', () => {
    offer?.prompt().catch(() => {});
    show(null); // an offer can be taken up once; the browser makes another one if it was declined
  });
}
