// What another program has shared with us, until it is sent or discarded: a text in the storage of the tab, files
// in a cache, where the service worker has put them. Nothing of it is sent by itself.

const TEXT_KEY = 'videochat.shared.text';
const FILES_KEY = 'videochat.shared.files';
/** As long as a message of the chat may be; what is longer is cut. */
const LONGEST = 4000;

/** @typedef {{ room: string | null, text: string, files: number }} Arrived room: that of an invitation by this server */

/**
 * Reads what was put behind the # of the landing page's address.
 * @param {string} page as in location.href
 * @param {readonly string[]} origins other addresses of this server
 * @returns {Arrived | null} null: nothing was shared
 */
export function readShared(page, origins = []) {
  const fields = new URLSearchParams(new URL(page).hash.slice(1));
  const [title, text, url] = ['title', 'text', 'url'].map(name => fields.get(name)?.trim() ?? '');
  const files = Math.max(0, Math.min(100, Number.parseInt(fields.get('files') ?? '0', 10) || 0));
  const parts = [title, text, url].filter((part, index, all) => part && all.indexOf(part) === index);
  if (parts.length === 0 && files === 0) return null;
  const whole = [...parts.join('\n')].slice(0, LONGEST).join('');
  return { room: roomIn(whole, page, origins), text: whole, files };
}

/**
 * The room of the first invitation by this server in a text.
 * @param {string} text @param {string} page @param {readonly string[]} origins
 */
function roomIn(text, page, origins) {
  const chat = new URL('chat.html', page);
  for (const [word] of text.matchAll(/https?:\/\/[^\s<>"]+/gi)) {
    const url = URL.canParse(word) ? new URL(word) : null;
    const room = url?.searchParams.get('room');
    if (room && url?.pathname === chat.pathname && [chat.origin, ...origins].includes(url.origin)) return room;
  }
  return null;
}

/** @param {Storage} storage of the tab @param {{ text: string, files: number }} shared */
export function keepShared(storage, { text, files }) {
  try {
    if (text) storage.setItem(TEXT_KEY, text);
    if (files > 0) storage.setItem(FILES_KEY, String(files));
  } catch {
    // Full or forbidden: the person sees the text, and can copy it.
  }
}

/** @param {Storage} storage of the tab */
export const keptText = storage => storage.getItem(TEXT_KEY) ?? '';

/** @param {Storage} storage of the tab */
export const forgetText = storage => storage.removeItem(TEXT_KEY);

const cacheName = () => `shared ${new URL('.', location.href).href}`;

/** @param {Storage} storage of the tab: another one may have files of its own @returns {Promise<File[]>} */
export async function keptFiles(storage) {
  if (storage.getItem(FILES_KEY) === null) return [];
  try {
    const cache = await caches.open(cacheName());
    return await Promise.all((await cache.keys()).map(async request => {
      const blob = await /** @type {Response} */ (await cache.match(request)).blob();
      return new File([blob], decodeURIComponent(request.url.split('/').pop() ?? ''), { type: blob.type });
    }));
  } catch {
    return [];
  }
}

/** @param {Storage} storage of the tab */
export async function forgetFiles(storage) {
  if (storage.getItem(FILES_KEY) === null) return;
  storage.removeItem(FILES_KEY);
  await caches.delete(cacheName()).catch(() => false);
}
