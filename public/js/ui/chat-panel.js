// <chat-panel>: what was written, files, and the field to write in. Shows a log, and tells what the person
// does by events whose detail is: `say` a text, `files` an array of files, `accept`, `decline`, `stop` and
// `save` the file of the entry; `wanted` when it should be seen, as files hang over the page. The button that closes it says so by data-do, for the page.

import { time } from '../i18n/format.js';
import { LONGEST_TEXT } from '../chat/chat.js';
import { segments } from '../chat/links.js';
import { arrange, make, setAttribute, setText } from './dom.js';
import { fileWords } from './file_words.js';
import { icon } from './icon.js';

/** @typedef {import('../chat/log.js').Entry} Entry */
/** @typedef {import('../chat/log.js').FileEntry} FileEntry */
/** @typedef {import('../files/files.js').SharedFile} SharedFile */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('./file_words.js').FileAction} FileAction */

/**
 * @typedef {object} ChatView
 * @property {I18n} i18n
 * @property {readonly Entry[]} entries
 * @property {boolean} canSendFiles whether somebody is connected
 * @property {(seat: string | null, name: string) => string} [nameOf] how a person is called; else the name as it is
 */

/** A file that moves changes often; the eye does not. */
const AT_MOST_EVERY = 100;
const MOST_ROWS = 5;
/** So near to the end one reads along. */
const NEAR_END = 48;

export class ChatPanel extends HTMLElement {
  /** Whether somebody is connected now, also while the panel is closed. @type {() => boolean} */
  canSend = () => false;

  /** @type {ChatView | null} */
  #view = null;
  /** @type {number | undefined} */
  #timer;
  #renderedAt = -Infinity;
  /** @type {Map<string, { item: HTMLLIElement, update: (view: ChatView) => void }>} */
  #rows = new Map();
  #parts = this.#build();
  #isAtEnd = true;

  connectedCallback() {
    if (!this.#parts.header.isConnected) this.append(this.#parts.header, this.#parts.body, this.#parts.footer, this.#parts.drop);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param {ChatView} view */
  show(view) {
    this.#view = view;
    if (this.#timer !== undefined) return;
    const wait = this.#renderedAt + AT_MOST_EVERY - performance.now();
    if (wait <= 0) {
      this.#render();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#render();
    }, wait);
  }

  /** Goes to the field, with what is being written kept. @override */
  focus() {
    this.#parts.field.focus();
  }

  /** The newest in view: to be called when the panel is opened. */
  scrollToEnd() {
    this.#parts.body.scrollTop = this.#parts.body.scrollHeight;
  }

  // The frame

  #build() {
    const headline = make('h2');
    const close = make('button', { class: 'round', type: 'button', 'data-do': 'close-panel' }, icon('close'));
    const messages = make('ol', { class: 'messages' });
    const empty = make('p', { class: 'quiet small messages-empty' });
    const log = make('div', { class: 'log', role: 'log' }, empty, messages);
    const drop = make('p', { class: 'drop-hint', 'aria-hidden': 'true' });
    const body = make('div', { class: 'panel-body', tabindex: '0', role: 'region' }, log);
    const picker = make('input', { type: 'file', multiple: true, hidden: true });
    const attach = make('button', { class: 'round', type: 'button' }, icon('attach'));
    const field = make('textarea', { class: 'input', rows: '1', maxlength: String(LONGEST_TEXT), autocomplete: 'off', enterkeyhint: 'send' });
    const arrow = icon('send');
    arrow.setAttribute('data-turns', '');
    const send = make('button', { class: 'round', 'data-kind': 'filled' }, arrow);
    const form = make('form', { class: 'composer' }, picker, attach, field, send);
    const header = make('header', {}, headline, close);
    const footer = make('footer', {}, form);

    body.addEventListener('scroll', () => { this.#isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - NEAR_END; });
    // The keyboard of a phone comes up, or the phone is turned.
    new ResizeObserver(() => this.#isAtEnd && this.scrollToEnd()).observe(body);
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#say();
    });
    field.addEventListener('keydown', event => {
      // While letters are being composed the Enter key chooses among them.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    // Browsers that do not fit the field to its text by themselves.
    field.addEventListener('input', () => { field.rows = Math.min(MOST_ROWS, field.value.split('\n').length); });
    field.addEventListener('paste', event => {
      const files = [...event.clipboardData?.files ?? []];
      if (files.length === 0) return;
      event.preventDefault();
      this.#send(files);
    });
    attach.addEventListener('click', () => picker.click());
    picker.addEventListener('change', () => {
      this.#send([...picker.files ?? []]);
      picker.value = '';
    });
    this.#takeDropped();
    return { header, headline, close, body, log, messages, empty, drop, footer, attach, field, send };
  }

  /** Anywhere on the page: the browser would leave the call to show what is dropped beside. */
  #takeDropped() {
    const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') === true;
    document.addEventListener('dragover', event => {
      if (!event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      const canSend = this.canSend();
      event.dataTransfer.dropEffect = canSend ? 'copy' : 'none';
      if (canSend && !this.hasAttribute('data-drop')) this.#tell('wanted', null); // to be seen: here is where it goes
      this.toggleAttribute('data-drop', canSend);
    });
    document.addEventListener('dragleave', event => {
      if (event.relatedTarget === null) this.removeAttribute('data-drop'); // out of the window
    });
    document.addEventListener('drop', event => {
      this.removeAttribute('data-drop');
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#send([...event.dataTransfer?.files ?? []]);
    });
  }

  #say() {
    const { field } = this.#parts;
    if (field.value.trim() === '') return;
    this.#tell('say', field.value);
    field.value = '';
    field.rows = 1;
    field.focus();
  }

  /** @param {File[]} files */
  #send(files) {
    if (files.length > 0 && this.canSend()) this.#tell('files', files);
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // What it shows

  #render() {
    const view = this.#view;
    if (!view) return;
    this.#renderedAt = performance.now();
    const { messages, empty } = this.#parts;
    const wasAtEnd = this.#isAtEnd;
    const isOwnNew = view.entries.at(-1)?.own === true && !this.#rows.has(String(view.entries.at(-1)?.key));
    this.#writeWords(view);
    empty.hidden = view.entries.length > 0;
    arrange(messages, view.entries, entry => this.#rowOf(entry).item);
    const keys = new Set(view.entries.map(({ key }) => key));
    for (const [key, { update }] of this.#rows) {
      if (keys.has(key)) update(view);
      else this.#rows.delete(key);
    }
    if (wasAtEnd || isOwnNew) this.scrollToEnd();
  }

  /** @param {ChatView} view */
  #writeWords({ i18n, canSendFiles }) {
    const { headline, close, body, log, empty, drop, attach, field, send } = this.#parts;
    const title = i18n.t('messages.headline');
    setText(headline, title);
    setText(empty, i18n.t('messages.empty'));
    setText(drop, i18n.t('messages.drop'));
    for (const element of [this, body]) setAttribute(element, 'aria-label', title);
    setAttribute(log, 'aria-label', i18n.t('messages.log'));
    named(close, i18n.t('action.close'));
    named(attach, i18n.t(canSendFiles ? 'messages.attach' : 'messages.attach.nobody'));
    attach.disabled = !canSendFiles;
    named(send, i18n.t('messages.send'));
    setAttribute(field, 'aria-label', i18n.t('messages.field'));
    setAttribute(field, 'placeholder', i18n.t('messages.placeholder'));
  }

  /** @param {Entry} entry */
  #rowOf(entry) {
    const known = this.#rows.get(entry.key);
    if (known) return known;
    const row = this.#makeRow(entry);
    this.#rows.set(entry.key, row);
    return row;
  }

  /** @param {Entry} entry @returns {{ item: HTMLLIElement, update: (view: ChatView) => void }} */
  #makeRow(entry) {
    if (entry.kind === 'event') {
      const item = make('li', { class: 'message', 'data-kind': 'event' });
      return { item, update: ({ i18n }) => setText(item, `${time(i18n.language, entry.at)} · ${i18n.t(entry.word, entry.values)}`) };
    }
    const name = make('b');
    const moment = make('time');
    const bubble = make('div', { class: 'bubble' });
    const item = make('li', { class: 'message', 'data-own': entry.own }, make('header', {}, ...(entry.own ? [moment] : [name, moment])), bubble);
    const updateBody = entry.kind === 'text' ? writeText(bubble, entry.text) : this.#makeFile(bubble, entry);
    return {
      item,
      update: view => {
        const { i18n, nameOf } = view;
        if (!entry.own) setText(name, nameOf?.(entry.kind === 'text' ? entry.seat : null, entry.name) ?? entry.name);
        const isWaiting = entry.kind === 'text' && entry.waiting;
        setText(moment, [time(i18n.language, entry.at), isWaiting && i18n.t('messages.waiting')].filter(Boolean).join(' · '));
        item.toggleAttribute('data-waiting', isWaiting);
        updateBody(view);
      },
    };
  }

  /** @param {HTMLElement} bubble @param {FileEntry} entry @returns {(view: ChatView) => void} */
  #makeFile(bubble, { file }) {
    const name = make('b', { dir: 'auto', title: file.name }, file.name);
    const line = make('small');
    const box = make('div', { class: 'file' }, icon('file'), name, line);
    bubble.append(box);
    let before = '';
    const progress = make('progress', { max: '100', 'aria-label': file.name });
    return ({ i18n }) => {
      const { state, line: text, progress: done, actions } = fileWords(file, i18n, Date.now());
      setText(line, text);
      if (done !== null) progress.value = done;
      // The buttons stay where they are while nothing else can be done, with the focus that one may have.
      const now = [i18n.language, state, ...actions].join();
      if (now === before) return;
      before = now;
      setAttribute(box, 'data-state', state);
      line.className = state === 'failed' ? 'failed' : '';
      const held = box.contains(document.activeElement);
      while (line.nextSibling) line.nextSibling.remove();
      box.append(...this.#actionsFor(file, state, actions, i18n));
      if (done !== null) box.append(progress);
      if (held) (box.querySelector('button') ?? this.#parts.body).focus();
    };
  }

  /**
   * @param {SharedFile} file @param {string} state @param {readonly FileAction[]} actions @param {I18n} i18n
   * @returns {Element[]}
   */
  #actionsFor(file, state, actions, i18n) {
    const button = (/** @type {FileAction} */ action, /** @type {Record<string, string>} */ look, /** @type {(Node | string)[]} */ ...inside) => {
      const element = make('button', { class: 'button', type: 'button', 'data-size': 's', ...look }, ...inside);
      element.addEventListener('click', () => this.#tell(action, file));
      return element;
    };
    if (actions.includes('stop')) {
      const stop = button('stop', { class: 'round' }, icon('close'));
      named(stop, i18n.t(file.own ? 'file.stop.sending' : 'file.stop.receiving', { name: file.name }));
      return [stop];
    }
    const row = make('div', { class: 'row' });
    if (actions.includes('accept')) row.append(button('accept', { 'data-kind': 'primary' }, icon('download'), i18n.t('file.accept')));
    if (actions.includes('decline')) row.append(button('decline', { 'data-kind': 'plain' }, i18n.t('file.decline')));
    if (actions.includes('save')) row.append(button('save', { 'data-kind': 'plain' }, icon('download'), i18n.t('file.save')));
    const mark = state === 'done' ? [icon('check')] : [];
    return row.childElementCount > 0 ? [...mark, row] : mark;
  }
}

/** @param {HTMLElement} bubble @param {string} text */
function writeText(bubble, text) {
  // Each text has the direction of its own first letter, whatever stands around it.
  bubble.dir = 'auto';
  for (const segment of segments(text)) {
    if (segment.href === undefined) {
      bubble.append(segment.text);
      continue;
    }
    bubble.append(make('a', {
      href: segment.href, target: '_blank', rel: 'noopener noreferrer nofollow', referrerpolicy: 'no-referrer',
      dir: 'ltr', // whatever turns the text around it
    }, segment.text));
  }
  return () => {};
}

/** @param {HTMLElement} button @param {string} name */
function named(button, name) {
  setAttribute(button, 'aria-label', name);
  setAttribute(button, 'title', name);
}

customElements.define('chat-panel', ChatPanel);
