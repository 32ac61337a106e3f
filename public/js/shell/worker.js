// Registers the service worker, which keeps the pages for when the server cannot be reached.

export async function keepShell() {
  try {
    await navigator.serviceWorker.register('sw.js');
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage('loaded');
  } catch {
    // Not trusted, or forbidden: the pages are the same without.
  }
}
