// What the pages promise by their text alone: strict content policy, no other origin, no broken link
// between the files, and a first load that is small.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../public/', import.meta.url));
const files = fs.readdirSync(root, { recursive: true }).map(String).filter(name => fs.statSync(path.join(root, name)).isFile());
const read = name => fs.readFileSync(path.join(root, name), 'utf8');
const pages = files.filter(name => name.endsWith('.html'));
const scripts = files.filter(name => name.endsWith('.js'));
const styles = files.filter(name => name.endsWith('.css'));

/** The files that a script needs at once, itself included. */
function modulesOf(script, seen = new Set()) {
  if (seen.has(script)) return seen;
  seen.add(script);
  for (const [, target] of read(script).matchAll(/^(?:import|export) (?:[^'"]* from )?'([^']+)'/gm)) {
    modulesOf(path.normalize(path.join(path.dirname(script), target)), seen);
  }
  return seen;
}

test('no inline script, style or handler, so that a strict policy holds', () => {
  for (const page of pages) {
    const html = read(page);
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:/i, page);
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) assert.match(tag, /\ssrc="/, page);
  }
});

test('no address of another origin, and none that starts at the root', () => {
  for (const name of [...pages, ...scripts, ...styles]) {
    const text = read(name).replaceAll('http://www.w3.org/2000/svg', '');
    assert.doesNotMatch(text, /https?:\/\/[a-z0-9]|['"(]\/\/[a-z]/i, name);
    if (name !== '404.html') assert.doesNotMatch(text, /(?:href|src|action)="\//, name);
  }
  assert.equal(read('404.html').match(/<base href="\/">/g)?.length, 1);
});

test('text from others is never read as HTML', () => {
  for (const script of scripts) {
    const own = script === 'js/ui/icon.js' ? 'DOMParser' : ''; // reads our sprite
    assert.doesNotMatch(read(script).replace(own, ''), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser|srcdoc/, script);
  }
});

test('every file that a page, a style or a script names is there', () => {
  const answers = ['ca.crt', 'ca.mobileconfig']; // the server makes them
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/(?:href|src|action)="([^"#?]+)/g)) {
      if (target !== '/') assert.ok([...files, ...answers].includes(target), `${page}: ${target}`);
    }
  }
  for (const script of scripts) {
    for (const module of modulesOf(script)) assert.ok(files.includes(module), `${script}: ${module}`);
    for (const [, style] of read(script).matchAll(/'(css\/[^']+)'/g)) assert.ok(files.includes(style), `${script}: ${style}`);
    for (const [, target] of read(script).matchAll(/\bimport\('([^']+)'\)/g)) {
      assert.ok(files.includes(path.normalize(path.join(path.dirname(script), target))), `${script}: ${target}`);
    }
  }
});

test('every icon that is shown is in the sprite, and none lies there unused', () => {
  const icons = [...read('icons.svg').matchAll(/<symbol id="([^"]+)"/g)].map(([, id]) => id);
  const texts = [...pages, ...scripts].map(read).join('\n');
  const shown = new Set([...texts.matchAll(/icons\.svg#([a-z-]+)/g)].map(([, id]) => id));
  for (const id of shown) assert.ok(icons.includes(id), id);
  for (const id of icons) assert.ok(shown.has(id) || texts.includes(`'${id}'`), `unused: ${id}`);
});

test('what a page needs at once is asked for at once: a preload for every module, and no other', () => {
  const entries = { 'index.html': ['main.js', 'js/pages/landing.js'], 'chat.html': ['main.js', 'js/pages/chat.js'], '404.html': ['main.js'], 'secure.html': ['main.js', 'js/pages/secure.js'], 'check.html': ['main.js', 'js/pages/check.js'] };
  for (const [page, scriptsOfPage] of Object.entries(entries)) {
    const needed = new Set(scriptsOfPage.flatMap(script => [...modulesOf(script)]));
    const preloaded = [...read(page).matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
    assert.deepEqual(preloaded.sort(), [...needed].filter(name => name !== 'main.js').sort(), page);
  }
});

test('the first load of each page is under 100 KB over the wire', () => {
  for (const page of pages) {
    const html = read(page);
    const needed = new Set([page, ...[...html.matchAll(/(?:href|src)="([^"#?]+\.(?:css|js|svg))/g)].map(([, name]) => name)]);
    if (needed.has('main.js')) needed.add('js/i18n/ru.js'); // one language is loaded: this is the longest
    const size = [...needed].reduce((sum, name) => sum + gzipSync(read(name)).length + 400, 0); // and the heads of the answers
    assert.ok(size < 100_000, `${page}: ${size}`);
  }
});

test('every data-i18n and id that a script looks for is in the page', () => {
  const html = { landing: read('index.html'), chat: read('chat.html'), secure: read('secure.html') };
  for (const [script, page] of [['js/pages/landing.js', html.landing], ...['call_view', 'call_actions', 'call_rings', 'call_tools', 'page_view', 'lobby_view', 'ring-dialog'].map(name => [`js/ui/${name}.js`, html.chat])]) {
    for (const [, id] of read(script).matchAll(/'#([a-z-]+)'/gi)) assert.ok(page.includes(`id="${id}"`), `${script}: #${id}`);
    for (const [, place] of read(script).matchAll(/\bwrite\('([a-z-]+)'/g)) assert.ok(page.includes(`data-show="${place}"`), `${script}: ${place}`);
  }
  const names = [['data-part', /\bpart\('([a-z-]+)'/g], ['data-show', /\bplace\('([a-z-]+)'/g], ['data-steps', /#list\('([a-z-]+)'/g]];
  for (const [attribute, pattern] of names) {
    const wanted = [...read('js/pages/secure.js').matchAll(pattern)].map(([, name]) => name);
    assert.ok(wanted.length > 3, attribute);
    for (const name of wanted) assert.ok(html.secure.includes(`${attribute}="${name}"`), `${attribute}: ${name}`);
  }
});
