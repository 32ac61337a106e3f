// The service worker: the server comes first, nothing known to be old is served, old and new are never mixed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

import { NAMES, SCOPE, World } from './support/service_worker.js';

const root = fileURLToPath(new URL('../../public/', import.meta.url));

async function installed() {
  const world = new World();
  await world.install();
  return world;
}

const versionsOf = page => page && Object.values(page);

test('installing takes a snapshot of all that the pages name, and of nothing else', async () => {
  const world = await installed();
  const [name] = world.snapshots();
  const kept = [...world.caches.all.get(name).keys()].map(url => url.slice(SCOPE.length)).filter(entry => entry !== 'current');
  assert.deepEqual(kept.sort(), [...NAMES].sort());
});

test('of the real pages every file is found, but for what only stands beside them', () => {
  const files = fs.readdirSync(root, { recursive: true }).map(String).filter(name => fs.statSync(path.join(root, name)).isFile());
  const scope = 'https://calls.example/';
  const context = { self: { registration: { scope }, addEventListener() {} }, URL, Set, Map };
  vm.runInNewContext(`${fs.readFileSync(path.join(root, 'sw.js'), 'utf8')}; result = { namedIn, ROOTS };`, context);
  const { namedIn, ROOTS } = context.result;
  const found = new Set();
  for (const todo of [[...ROOTS]]) {
    for (let address = todo.pop(); address !== undefined; address = todo.pop()) {
      const name = address.slice(scope.length) || 'index.html';
      if (found.has(name) || !files.includes(name)) continue;
      found.add(name);
      todo.push(...namedIn(address, fs.readFileSync(path.join(root, name), 'utf8')));
    }
  }
  const beside = /^(?:sw\.js|404\.html|jsconfig\.json|icons\/(?:app|maskable).*)$/; // the program that installs the pages takes the icons
  assert.deepEqual(files.filter(name => !found.has(name) && !beside.test(name)), []);
});

test('what is not of the shell is left to the browser', async () => {
  const world = await installed();
  const others = ['socket', 'socket.io/socket.io.js', 'config.json', 'secure.json', 'qr?text=x', 'healthz', 'metrics', 'bandwidth?bytes=9', 'ca.crt', 'sw.js', '../main.js', 'https://elsewhere.example/base/main.js'];
  for (const url of others) assert.equal(await world.request(url), null, url);
  assert.equal(await world.request('main.js', { method: 'POST' }), null);
  assert.equal(await world.request('main.js', { headers: { Range: 'bytes=0-1' } }), null);
  assert.equal(await world.request('chat.html?embed=1', { mode: 'navigate', destination: 'iframe' }), null);
});

test('without the server the pages are those of the snapshot, also after the worker was started anew', async () => {
  const world = await installed();
  for (const mode of ['down', 'away', 'slow']) {
    world.server.mode = mode;
    const page = await world.open('chat.html', { meanwhile: () => world.startWorker() });
    assert.deepEqual(versionsOf(page), versionsOf(page).map(() => 1), mode);
    assert.deepEqual(versionsOf(await world.open('')), versionsOf(page), mode);
  }
});

test('a new page of the server is there at the first load, and the old one is never seen again', async () => {
  const world = await installed();
  world.server.change(...NAMES);
  assert.deepEqual(new Set(versionsOf(await world.open())), new Set([2]));
  world.server.mode = 'down'; // before there was time for another snapshot
  assert.equal(await world.open(), null);
  world.server.mode = 'up';
  await world.open();
  await world.loaded();
  assert.equal(world.snapshots().length, 1);
  world.server.mode = 'down';
  assert.deepEqual(new Set(versionsOf(await world.open())), new Set([2]));
});

test('one module that has changed is enough', async () => {
  const world = await installed();
  world.server.change('js/deep.js');
  await world.open();
  world.server.mode = 'down';
  assert.equal(await world.open(), null);
});

test('a slow server: its late answer ends the snapshot that was shown meanwhile', async () => {
  const world = await installed();
  world.server.change(...NAMES);
  world.server.mode = 'slow';
  const page = await world.open();
  assert.deepEqual(new Set(versionsOf(page)), new Set([1]), 'whole and old');
  assert.deepEqual(new Set(versionsOf(await world.open())), new Set([2]), 'never twice');
});

test('a page of the snapshot stays with it when the server is back with new files; the snapshot goes with the page', async () => {
  const world = await installed();
  world.server.mode = 'down';
  const page = await world.open('chat.html', {
    meanwhile: async () => {
      world.server.mode = 'up';
      world.server.change(...NAMES);
      await world.open('');
      await world.loaded();
      world.startWorker();
    },
  });
  assert.deepEqual(new Set(versionsOf(page)), new Set([1]));
  assert.equal(world.snapshots().length, 2);
  world.pages.delete(page[Symbol.for('id')]);
  await world.loaded();
  assert.equal(world.snapshots().length, 1);
});

test('a page of the server does not get old files when the server goes away while it loads', async () => {
  const world = await installed();
  world.server.change(...NAMES);
  const page = await world.open('chat.html', { meanwhile: () => { world.server.mode = 'down'; } });
  assert.deepEqual(versionsOf(page), [2, ...NAMES.slice(2).map(() => null)]);
});

test('files that do not stand still, or cannot be told apart, are not kept; installing says so', async () => {
  const restless = new World();
  restless.server.beforeAnswer = () => restless.server.change('main.js');
  await assert.rejects(restless.install());
  assert.deepEqual(restless.snapshots(), []);

  const down = new World();
  down.server.mode = 'down';
  await assert.rejects(down.install());
  assert.deepEqual(down.snapshots(), []);

  const untold = new World();
  const { fetch } = untold.server;
  untold.server.fetch = async request => new Response(await (await fetch.call(untold.server, request)).text());
  await assert.rejects(untold.install());
  assert.deepEqual(untold.snapshots(), []);
});

test('of somebody in front who lets nobody through without a login no snapshot is made, nor of a server in trouble', async () => {
  for (const refuse of [() => Response.error(), () => new Response('later', { status: 429 })]) {
    const world = new World();
    const { fetch } = world.server;
    world.server.fetch = async request => (String(request).endsWith('main.js') ? refuse() : fetch.call(world.server, request));
    await assert.rejects(world.install());
    assert.deepEqual(world.snapshots(), []);
    world.server.fetch = fetch;
    await world.loaded();
    world.server.mode = 'down';
    assert.ok(await world.open());
  }
});

test('in any order of changes, failures and restarts', async t => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  t.diagnostic(`SEED=${seed}`);
  let state = seed;
  const random = below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  const world = await installed();
  const { server } = world;
  /** The newest version of each file that the worker has seen. */
  const seen = {};
  let fromSnapshots = 0;
  server.beforeAnswer = () => { if (random(100) === 0) server.change(NAMES[random(NAMES.length)]); };
  for (let round = 0; round < 120; round++) {
    server.mode = ['up', 'up', 'up', 'down', 'away', 'slow'][random(6)];
    if (random(5) === 0) server.change(...NAMES.filter(() => random(2) === 0));
    if (random(4) === 0) world.startWorker();
    const { mode } = server;
    const before = { ...server.versions };
    const page = await world.open(['chat.html', ''][random(2)], { meanwhile: () => { if (random(3) === 0) server.mode = ['up', 'down'][random(2)]; } });
    const what = `round ${round}, ${mode}: ${JSON.stringify(page)}`;
    if (!page) {
      assert.ok(mode === 'down' || mode === 'away', what);
    } else if (world.isOfSnapshot(page)) {
      fromSnapshots += 1;
      assert.notEqual(mode, 'up', `${what}: a snapshot though the server was there`);
      assert.ok(server.history.some(was => Object.entries(page).every(([file, version]) => version === was[file])), `${what}: mixed`);
      for (const [file, version] of Object.entries(page)) assert.ok(version >= (seen[file] ?? 0), `${what}: ${file} was seen as ${seen[file]}`);
      const [name] = Object.keys(page);
      if (mode === 'slow') seen[name] = server.versions[name]; // its answer came late
    } else {
      for (const [file, version] of Object.entries(page)) {
        if (version === null) continue; // the server went away meanwhile
        assert.ok(version >= before[file], `${what}: ${file} was ${before[file]} before`);
        seen[file] = Math.max(version, seen[file] ?? 0);
      }
    }
    if (random(3) > 0) server.mode = 'up';
    await world.loaded();
    if (random(2) === 0) world.pages.clear();
  }
  assert.ok(fromSnapshots > 3, `${fromSnapshots} pages of a snapshot`);
});

test('what another program shares: its texts go to the landing page, its files into a cache', async () => {
  const world = await installed();
  const form = new FormData();
  form.set('title', 'Holiday');
  form.set('url', '');
  form.append('files', new File(['abc'], 'a b.txt', { type: 'text/plain' }));
  form.append('files', new File(['d'], 'c.bin'));
  const answer = await world.dispatch('fetch', { request: { method: 'POST', url: `${SCOPE}share`, formData: async () => form, headers: new Headers() } });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), `${SCOPE}#title=Holiday&files=2`);
  assert.deepEqual([...world.caches.all.get(`shared ${SCOPE}`).keys()], [`${SCOPE}share/0/a%20b.txt`, `${SCOPE}share/1/c.bin`]);
});

test('shared without room for it, or broken: the landing page is told of what was kept', async () => {
  const world = await installed();
  const share = formData => world.dispatch('fetch', { request: { method: 'POST', url: `${SCOPE}share`, formData, headers: new Headers() } });
  const form = new FormData();
  for (const name of ['one', 'two', 'three']) form.append('files', new File(['abc'], name));
  const open = world.caches.open;
  world.caches.open = async name => {
    const cache = await open(name);
    const full = async () => { throw new DOMException('full', 'QuotaExceededError'); };
    return { ...cache, put: (url, response) => (url.endsWith('/two') ? full() : cache.put(url, response)) };
  };
  assert.equal((await share(async () => form)).headers.get('location'), `${SCOPE}#files=1`);
  world.caches.open = async () => { throw new DOMException('forbidden'); };
  assert.equal((await share(async () => form)).headers.get('location'), `${SCOPE}#`);
  assert.equal((await share(async () => { throw new TypeError('no form'); })).headers.get('location'), `${SCOPE}#`);
});
