// The service worker: what remains of the pages when the server cannot be reached.
//
// - The server is always asked first. The worker answers by itself only when no answer comes.
// - What it keeps is a snapshot: all files of the shell as they were at one moment. They are collected twice; if
//   nothing has changed in between, all of them stood there together.
// - A page lives on one source. If its document came from the server, so does all the rest of it; if it came from
//   a snapshot, all the rest comes from that snapshot. So old and new are never mixed.
// - The first answer of the server that differs from the snapshot ends it: nothing that is known to be old is
//   served again. Another one is taken when that page has been loaded.
//
// It also takes what other programs share with us, and keeps the files of it until they are sent or discarded.
// docs/architecture.md tells more. Nothing is imported here, so that this file is all of it.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Where this server's pages are: the end is a slash. */
const scope = worker.registration.scope;
/** Of this server alone: others may be at other paths of the same origin. */
const SNAPSHOTS = `shell ${scope} `;
/** An entry of a snapshot that is whole and not known to be old. */
const CURRENT = `${scope}current`;
/** Entries that tell which pages live on a snapshot. */
const PINS = `${scope}pin/`;
const FILES = /^(?!socket\.io\/)[\w./-]+\.(?:html|css|js|svg|png|webmanifest)$/;
/** Where the manifest has things sent that are shared with us, and where their files wait. */
const SHARE = `${scope}share`;
const SHARED = `shared ${scope}`;
const ROOTS = [scope, `${scope}chat.html`];

/** So long a page waits for the server, in milliseconds. */
const PATIENCE = 4000;
const TRIES = 3;
/** What something in front says of a server that is away. */
const AWAY = new Set([502, 503, 504]);

/** The address without its query, if it is one of the shell. @param {string} url */
function shellAddress(url) {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (!address.startsWith(scope)) return null;
  const name = address.slice(scope.length);
  return name === '' || (FILES.test(name) && name !== 'sw.js') ? address : null;
}

/**
 * Tells one state of a file from another. '': this answer does not say which one it is in, as that of somebody in
 * front who wants a login first.
 * @param {Response} response
 */
function tagOf({ ok, status, headers }) {
  if (ok) return headers.get('etag') ?? '';
  return status === 404 ? 'none' : '';
}

// Snapshots

/** @returns {Promise<string[]>} oldest first */
const snapshotNames = async () => (await caches.keys()).filter(name => name.startsWith(SNAPSHOTS)).sort();

/** @returns {Promise<string | undefined>} */
async function currentName() {
  for (const name of (await snapshotNames()).reverse()) {
    if (await caches.match(CURRENT, { cacheName: name })) return name;
  }
  return undefined;
}

/** @param {string} address @param {string} cacheName */
const kept = (address, cacheName) => caches.match(address, { cacheName, ignoreVary: true });

/** An answer of the server: if it is not what we keep, that is old. @param {string} address @param {Response} response */
async function compare(address, response) {
  const name = await currentName();
  const old = name && await kept(address, name);
  if (name && old && tagOf(old) !== tagOf(response)) await (await caches.open(name)).delete(CURRENT);
}

/** The addresses that a file names. @param {string} address @param {string} text @returns {string[]} */
function namedIn(address, text) {
  const found = [];
  const pattern = /\.js$/.test(address) ? /'([\w./-]+)'/g : /\.css$/.test(address) ? /url\(["']?([^"')]+)/g : /(?:href|src|action)="([^"]+)"/g;
  for (const [, name = ''] of text.matchAll(pattern)) {
    // A module names others as seen from itself, and everything else as seen from the page.
    const isOfPage = /\.js$/.test(address) && !name.startsWith('.');
    try {
      found.push(shellAddress(new URL(name, isOfPage ? scope : address).href));
    } catch {
      // It only looked like an address.
    }
  }
  return found.filter(one => one !== null);
}

/** @param {string} address */
const ask = address => fetch(address, { cache: 'no-cache', redirect: 'manual' });

/** Puts the shell into a cache, from page to page. @param {Cache} cache @returns {Promise<Map<string, string>>} the tags */
async function collect(cache) {
  /** @type {Map<string, string>} */
  const tags = new Map();
  /** @param {string} address */
  const visit = async address => {
    const response = await ask(address);
    tags.set(address, tagOf(response));
    if (!response.ok) return [];
    const copy = response.clone();
    const text = /\.png$/.test(address) ? '' : await copy.text();
    await cache.put(address, response);
    return namedIn(address, text);
  };
  for (let next = ROOTS; next.length > 0;) {
    const found = await Promise.all(next.map(visit));
    next = [...new Set(found.flat())].filter(address => !tags.has(address));
  }
  return tags;
}

async function takeSnapshot() {
  for (let tries = 0; tries < TRIES; tries++) {
    const name = `${SNAPSHOTS}${String(Date.now()).padStart(16, '0')}`;
    const cache = await caches.open(name);
    const tags = await collect(cache);
    const isStill = await Promise.all([...tags].map(async ([address, tag]) => tag !== '' && tagOf(await ask(address)) === tag));
    if (isStill.every(Boolean)) {
      await cache.put(CURRENT, new Response());
      return;
    }
    await caches.delete(name);
  }
  throw new Error('the files of the server do not stand still');
}

/** Snapshots that are no longer current go with the last page that lives on them. */
async function sweep() {
  const current = await currentName();
  for (const name of await snapshotNames()) {
    if (name === current) continue;
    const pins = (await (await caches.open(name)).keys()).map(({ url }) => url).filter(url => url.startsWith(PINS));
    const pages = await Promise.all(pins.map(url => worker.clients.get(url.slice(PINS.length))));
    if (!pages.some(Boolean)) await caches.delete(name);
  }
}

/** @type {Promise<void> | null} */
let renewing = null;

/** A snapshot if there is none that is current; one at a time. */
function renew() {
  renewing ??= (async () => {
    try {
      if (!await currentName()) await takeSnapshot();
    } finally {
      await sweep();
    }
  })().finally(() => { renewing = null; });
  return renewing;
}

// Pages

/** Where each page's files come from: the name of a snapshot, or null for the server. @type {Map<string, string | null>} */
const sources = new Map();

/** @param {string} client */
async function sourceOf(client) {
  let source = sources.get(client);
  if (source === undefined) { // the worker may have been stopped and started since
    source = null;
    for (const name of await snapshotNames()) if (await caches.match(PINS + client, { cacheName: name })) source = name;
    sources.set(client, source);
  }
  return source;
}

/** @param {number} milliseconds @returns {Promise<null>} */
const after = milliseconds => new Promise(resolve => { setTimeout(resolve, milliseconds, null); });

/** @param {FetchEvent} event @param {string} address @returns {Promise<Response>} */
async function openPage(event, address) {
  const answer = fetch(event.request);
  const soon = await Promise.race([answer.catch(() => null), after(PATIENCE)]);
  if (soon && !AWAY.has(soon.status)) {
    await compare(address, soon);
    return soon;
  }
  // Should it come after all, it tells whether what we show meanwhile is old.
  event.waitUntil(answer.then(late => (AWAY.has(late.status) ? undefined : compare(address, late)), () => {}));
  const name = await currentName();
  const page = name && await kept(address, name);
  if (!name || !page) return answer;
  await (await caches.open(name)).put(PINS + event.resultingClientId, new Response());
  sources.set(event.resultingClientId, name);
  return page;
}

/** @param {FetchEvent} event @param {string} address @returns {Promise<Response>} */
async function load(event, address) {
  const source = await sourceOf(event.clientId);
  if (source) return await kept(address, source) ?? Response.error();
  const response = await fetch(event.request);
  if (!AWAY.has(response.status)) event.waitUntil(compare(address, response));
  return response;
}

/**
 * The texts go on behind the # of the landing page's address: they may be long, and are not for the server. The files
 * lie in a cache, as many as there is room for.
 * @param {Request} request
 */
async function takeShared(request) {
  const form = await request.formData().catch(() => new FormData()); // whoever posts here may post anything
  const files = form.getAll('files').filter(file => file instanceof File);
  const stored = await keepFiles(files).catch(() => 0);
  const fields = new URLSearchParams();
  for (const name of ['title', 'text', 'url']) {
    const value = form.get(name);
    if (typeof value === 'string' && value) fields.set(name, value);
  }
  if (stored > 0) fields.set('files', String(stored));
  return Response.redirect(`${scope}#${fields}`, 303);
}

/** @param {File[]} files @returns {Promise<number>} how many there is room for */
async function keepFiles(files) {
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  for (const [index, file] of files.entries()) {
    const isStored = cache.put(`${SHARE}/${index}/${encodeURIComponent(file.name)}`, new Response(file, { headers: { 'Content-Type': file.type } }));
    if (!await isStored.then(() => true, () => false)) return index;
  }
  return files.length;
}

worker.addEventListener('install', event => {
  worker.skipWaiting(); // an old worker must not go on longer than the pages that it began
  event.waitUntil(renew());
});

/** Said by each page when it has been loaded: then there is time for what was put off. */
worker.addEventListener('message', event => {
  if (event.data === 'loaded') event.waitUntil(renew().catch(() => {})); // the next page tries again
});

/** Of somebody who rings: to the tab that is called. */
worker.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(worker.clients.matchAll({ type: 'window' }).then(tabs => tabs.find(tab => tab.url.includes('chat.html'))?.focus()));
});

worker.addEventListener('fetch', event => {
  const { request } = event;
  if (request.method === 'POST' && request.url === SHARE) event.respondWith(takeShared(request));
  const address = request.method === 'GET' ? shellAddress(request.url) : null;
  if (!address || request.headers.has('range')) return;
  if (request.mode !== 'navigate') event.respondWith(load(event, address));
  else if (request.destination === 'document') event.respondWith(openPage(event, address));
});
