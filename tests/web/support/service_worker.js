// public/sw.js in a world of its own: caches, a server whose files change, and pages that load through it.

import fs from 'node:fs';
import vm from 'node:vm';

const SOURCE = fs.readFileSync(new URL('../../../public/sw.js', import.meta.url), 'utf8');
export const SCOPE = 'https://calls.example/base/';
const SLOW = 25; // milliseconds; the worker's patience is over after PATIENCE
const PATIENCE = 8;

/** Names of the files that each file names, as the pages write them. */
const SHELL = {
  '': ['<a href="chat.html">', '<script src="main.js">', '<link href="css/look.css">', '<a href="https://elsewhere.example/x.js">', '<a href="ca.crt">'],
  'chat.html': ['<script src="main.js">', '<link href="css/look.css">'],
  'main.js': ["import './js/words.js';", "await import('./js/pages/call.js')", "fetch('config.json')"],
  'js/words.js': [],
  'js/pages/call.js': ["import '../deep.js';", "style('css/late.css')", "'css/gone.css'"],
  'js/deep.js': [],
  'css/look.css': ['a{background:url(../img/dot.svg)}'],
  'css/late.css': [],
  'img/dot.svg': [],
};
export const NAMES = Object.keys(SHELL);

/** @typedef {'up' | 'down' | 'slow' | 'away'} Mode */

export class Server {
  /** @type {Mode} */
  mode = 'up';
  versions = Object.fromEntries(NAMES.map(name => [name, 1]));
  /** All that ever was, newest last. */
  history = [{ ...this.versions }];
  beforeAnswer = () => {};
  asked = 0;

  change(...names) {
    for (const name of names) this.versions[name] += 1;
    this.history.push({ ...this.versions });
  }

  async fetch(request) {
    const url = typeof request === 'string' ? request : request.url;
    this.asked += 1;
    await new Promise(resolve => { setTimeout(resolve, this.mode === 'slow' ? SLOW : 0); });
    this.beforeAnswer();
    if (this.mode === 'down') throw new TypeError('Failed to fetch');
    if (this.mode === 'away') return new Response('bad gateway', { status: 502 });
    const name = new URL(url).pathname.slice(new URL(SCOPE).pathname.length);
    if (!NAMES.includes(name)) return new Response('none', { status: 404 });
    const version = this.versions[name];
    return new Response([...SHELL[name], `version ${version}`].join('\n'), { headers: { ETag: `"${name}-${version}"` } });
  }
}

function makeCaches() {
  const all = new Map();
  const copyOf = async response => ({ status: response.status, headers: [...response.headers], body: await response.arrayBuffer() });
  const open = async name => {
    if (!all.has(name)) all.set(name, new Map());
    const entries = all.get(name);
    return {
      put: async (key, response) => { entries.set(key, await copyOf(response)); },
      delete: async key => entries.delete(key),
      keys: async () => [...entries.keys()].map(url => ({ url })),
    };
  };
  return {
    all, open,
    keys: async () => [...all.keys()],
    delete: async name => all.delete(name),
    match: async (key, { cacheName }) => {
      const found = all.get(cacheName)?.get(key);
      return found && new Response(found.body, { status: found.status, headers: found.headers });
    },
  };
}

export class World {
  server = new Server();
  caches = makeCaches();
  pages = new Set();
  #listeners = {};
  #next = 0;

  constructor() {
    this.startWorker();
  }

  /** Starts it, or starts it again: nothing but the caches outlives that. */
  startWorker() {
    this.#listeners = {};
    const self = {
      registration: { scope: SCOPE }, skipWaiting() {}, addEventListener: (name, listener) => { this.#listeners[name] = listener; },
      clients: { get: async id => (this.pages.has(id) ? { id } : undefined) },
    };
    vm.runInNewContext(SOURCE, {
      self, caches: this.caches, fetch: request => this.server.fetch(request), URL, URLSearchParams, Response, File, FormData, Map, Set, Promise, Error,
      // Whether an answer comes in time is for the server's mode to say, not for how busy this machine is.
      setTimeout: (action, _, value) => { if (this.server.mode === 'slow') setTimeout(action, PATIENCE, value); },
    });
  }

  /** @returns {Promise<Response> | null} null: left to the browser */
  async dispatch(name, event = {}) {
    const work = [];
    let answer = null;
    this.#listeners[name]({ ...event, waitUntil: promise => work.push(promise), respondWith: promise => { answer = promise; } });
    const settle = async () => { for (let done = 0; done < work.length; done++) await work[done]; };
    let response = null;
    try {
      response = answer && await answer;
    } finally {
      await settle();
    }
    return response;
  }

  install() {
    return this.dispatch('install');
  }

  request(url, { method = 'GET', mode = 'no-cors', destination = '', client = '', opened = '', headers = {} } = {}) {
    return this.dispatch('fetch', {
      request: { url: new URL(url, SCOPE).href, method, mode, destination, headers: new Headers(headers) }, clientId: client, resultingClientId: opened,
    });
  }

  /**
   * Opens a page and loads everything of it, with `meanwhile` after the document. Gives the version of each file, or null if
   * there is no page; that of a file which could not be had is null.
   */
  async open(name = 'chat.html', { meanwhile = () => {}, rest = NAMES.slice(2) } = {}) {
    const id = `page-${this.#next++}`;
    this.pages.add(id);
    let documentAnswer;
    try {
      documentAnswer = await this.request(`${name}?room=x`, { mode: 'navigate', destination: 'document', opened: id });
    } catch {
      return null;
    }
    const versions = { [name]: await versionOf(documentAnswer) };
    if (versions[name] === null) return null;
    await meanwhile();
    for (const file of rest) versions[file] = await this.request(file, { client: id }).then(versionOf, () => null);
    return Object.assign(versions, { [Symbol.for('id')]: id });
  }

  isOfSnapshot(page) {
    const pin = `${SCOPE}pin/${page[Symbol.for('id')]}`;
    return this.snapshots().some(name => this.caches.all.get(name).has(pin));
  }

  /** What every page says when it has been loaded. */
  loaded() {
    return this.dispatch('message', { data: 'loaded' });
  }

  snapshots() {
    return [...this.caches.all.keys()].filter(name => name.startsWith('shell '));
  }
}

async function versionOf(response) {
  if (!response?.ok) return null;
  return Number(/version (\d+)/.exec(await response.text())?.[1]);
}
