// <people-panel>: who rings, who is inside, and the door. Shows a view, and tells what the person does by
// events whose detail is: `accept`, `decline`, `remove`, `make-host` and `details` a seat, `door` its state,
// `password` a text or null for none; `invite` has none. What only the host may do is shown to the host alone;
// whether it is allowed decides the server.

import { milliseconds } from '../i18n/format.js';
import { arrange, make, setAttribute, setText } from './dom.js';
import { icon, setIcon } from './icon.js';
import { hueOf, initials } from './page_parts.js';

/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('../signaling/call_events.js').Door} Door */

/**
 * @typedef {object} PersonInside
 * @property {string} seat
 * @property {string} name as it is shown; never empty
 * @property {boolean} isMe
 * @property {boolean} isHost
 * @property {boolean} isAway the server does not hear him
 * @property {boolean} mic whether it is on
 * @property {'connecting' | 'connected' | 'unstable' | 'no-path'} link of others
 * @property {boolean} relayed
 * @property {number | null} roundTrip milliseconds
 */

/**
 * @typedef {object} PeopleView
 * @property {I18n} i18n
 * @property {readonly PersonInside[]} people
 * @property {readonly { seat: string, name: string }[]} rings whom we may answer; names never empty
 * @property {number} capacity 0: any number
 * @property {Door} door
 * @property {boolean} password whether one is set
 * @property {boolean} isHost whether we are
 */

/** @typedef {{ element: HTMLElement, update: (one: PersonInside, view: PeopleView) => void }} Row */

export class PeoplePanel extends HTMLElement {
  /** @type {PeopleView | null} */
  #view = null;
  /** @type {Map<string, Row>} */
  #inside = new Map();
  /** @type {Map<string, { element: HTMLElement, update: (name: string, i18n: I18n) => void }>} */
  #ringing = new Map();
  /** Whose actions are shown. @type {string | null} */
  #open = null;
  #parts = this.#build();

  connectedCallback() {
    if (!this.#parts.header.isConnected) this.append(this.#parts.header, this.#parts.body, this.#parts.footer);
  }

  /** @param {PeopleView} view */
  show(view) {
    this.#view = view;
    const { people, rings, i18n, capacity } = view;
    const title = capacity > 0
      ? i18n.t('people.headline', { n: people.length, all: capacity })
      : i18n.t('people.headline.count', { n: people.length });
    const { headline, close, body, ringSection, ringTitle, ringCount, ringList, insideTitle, list, invite } = this.#parts;
    setText(headline, title);
    for (const element of [this, body]) setAttribute(element, 'aria-label', title);
    setAttribute(close, 'aria-label', i18n.t('action.close'));
    setAttribute(close, 'title', i18n.t('action.close'));
    setText(ringTitle, i18n.t('people.door'));
    setText(ringCount, String(rings.length));
    ringSection.hidden = rings.length === 0;
    setText(insideTitle, i18n.t('people.inside'));
    setText(invite, i18n.t('people.invite'));
    keepOnly(this.#ringing, rings);
    keepOnly(this.#inside, people);
    arrange(ringList, rings, ({ seat }) => this.#ringOf(seat).element);
    for (const { seat, name } of rings) this.#ringOf(seat).update(name, i18n);
    arrange(list, people, ({ seat }) => this.#rowOf(seat).element);
    for (const person of people) this.#rowOf(person.seat).update(person, view);
    this.#showDoor(view);
  }

  #build() {
    const headline = make('h2');
    const close = make('button', { class: 'round', type: 'button', 'data-do': 'close-panel' }, icon('close'));
    const ringTitle = make('span');
    const ringCount = make('span', { class: 'badge number', 'data-tone': 'warn' });
    const ringList = make('ul');
    const ringSection = make('section', { class: 'section', hidden: true }, make('h3', { class: 'row' }, icon('knock'), ringTitle, ringCount), ringList);
    const insideTitle = make('h3', { class: 'unseen' });
    const list = make('ul');
    const door = this.#buildDoor();
    const body = make(
      'div', { class: 'panel-body', tabindex: '0', role: 'region' },
      ringSection, make('section', { class: 'section' }, insideTitle, list), door.section,
    );
    const invite = make('span');
    const button = make('button', { class: 'button', type: 'button', 'data-wide': true }, icon('invite'), invite);
    button.addEventListener('click', () => this.dispatchEvent(new Event('invite')));
    const header = make('header', {}, headline, close);
    const footer = make('footer', {}, button);
    return { header, headline, close, body, ringSection, ringTitle, ringCount, ringList, insideTitle, list, footer, invite, door };
  }

  /** @param {string} name @param {unknown} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // Who rings

  /** @param {string} seat */
  #ringOf(seat) {
    const known = this.#ringing.get(seat);
    if (known) return known;
    const face = make('span', { class: 'avatar', 'aria-hidden': 'true' });
    const who = make('b', { dir: 'auto' });
    const wish = make('span', { class: 'small quiet' });
    const [accept, decline] = [make('span'), make('span')];
    const yes = make('button', { class: 'button', type: 'button', 'data-kind': 'primary', 'data-size': 's' }, icon('check'), accept);
    const no = make('button', { class: 'button', type: 'button', 'data-size': 's' }, decline);
    yes.addEventListener('click', () => this.#tell('accept', seat));
    no.addEventListener('click', () => this.#tell('decline', seat));
    const element = make(
      'li', {},
      make('div', { class: 'person' }, face, make('div', { class: 'who' }, who, make('br'), wish)),
      make('div', { class: 'row pair' }, yes, no),
    );
    const ring = {
      element,
      update: (/** @type {string} */ name, /** @type {I18n} */ i18n) => {
        showFace(face, name);
        setText(who, name);
        setText(wish, i18n.t('people.wants-in'));
        setText(accept, i18n.t('people.let-in'));
        setText(decline, i18n.t('people.send-away'));
        setAttribute(yes, 'aria-label', i18n.t('people.let-in.name', { name }));
        setAttribute(no, 'aria-label', i18n.t('people.send-away.name', { name }));
      },
    };
    this.#ringing.set(seat, ring);
    return ring;
  }

  // Who is inside

  /** @param {string} seat @returns {Row} */
  #rowOf(seat) {
    const row = this.#inside.get(seat) ?? this.#makeRow(seat);
    this.#inside.set(seat, row);
    return row;
  }

  /** @param {string} seat @returns {Row} */
  #makeRow(seat) {
    const face = make('span', { class: 'avatar', 'aria-hidden': 'true' });
    const who = make('b', { dir: 'auto' });
    const you = make('span', { class: 'quiet' });
    const hostWord = make('span');
    const host = make('span', { class: 'badge', 'data-tone': 'ok' }, icon('host'), hostWord);
    const state = make('span', { class: 'small quiet' });
    const mic = icon('mic');
    mic.removeAttribute('aria-hidden');
    mic.setAttribute('role', 'img');
    const more = make('button', { class: 'round', type: 'button' }, icon('more'));
    const actions = make('div', { class: 'row pair person-actions', id: `person-${seat}` });
    more.setAttribute('aria-controls', actions.id);
    const action = (/** @type {string} */ name, /** @type {string} */ picture) => {
      const word = make('span');
      const button = make('button', { class: 'button', type: 'button', 'data-size': 's' }, icon(picture), word);
      button.addEventListener('click', () => {
        this.#toggle(null);
        this.#tell(name, seat);
      });
      actions.append(button);
      return { button, word };
    };
    const details = action('details', 'direct');
    const makeHost = action('make-host', 'host');
    const remove = action('remove', 'kick');
    more.addEventListener('click', () => this.#toggle(seat));
    const element = make(
      'li', {},
      make('div', { class: 'person' }, face, make('div', { class: 'who' }, who, ' ', you, make('div', { class: 'person-state' }, host, state)), mic, more),
      actions,
    );
    element.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || this.#open !== seat) return;
      event.stopPropagation();
      this.#toggle(null);
      more.focus();
    });
    return {
      element,
      update: (one, { i18n, isHost }) => {
        const { name } = one;
        showFace(face, name);
        setText(who, name);
        setText(you, one.isMe ? i18n.t('people.you') : '');
        host.hidden = !one.isHost;
        setText(hostWord, i18n.t('people.host'));
        setText(state, one.isMe ? '' : linkWords(one, i18n));
        setIcon(mic, one.mic ? 'mic' : 'mic-off');
        setAttribute(mic, 'aria-label', i18n.t(one.mic ? 'people.mic-on' : 'people.mic-off'));
        more.hidden = one.isMe;
        setAttribute(more, 'aria-label', i18n.t('people.more', { name }));
        setAttribute(more, 'title', i18n.t('people.more', { name }));
        setAttribute(more, 'aria-expanded', String(this.#open === seat));
        actions.hidden = one.isMe || this.#open !== seat;
        setText(details.word, i18n.t('people.details'));
        setText(makeHost.word, i18n.t('people.make-host'));
        setText(remove.word, i18n.t('people.remove'));
        makeHost.button.hidden = !isHost;
        remove.button.hidden = !isHost;
      },
    };
  }

  /** @param {string | null} seat */
  #toggle(seat) {
    this.#open = this.#open === seat ? null : seat;
    if (this.#view) this.show(this.#view);
  }

  // The door

  #buildDoor() {
    const headline = make('h3');
    const state = make('p', { class: 'small quiet' });
    const lock = this.#buildSwitch(on => this.#tell('door', on ? 'locked' : 'knock'));
    const open = this.#buildSwitch(on => this.#tell('door', on ? 'open' : 'knock'));
    const label = make('label', { for: 'door-password' });
    const input = make('input', { class: 'input', id: 'door-password', type: 'text', autocomplete: 'off', spellcheck: 'false', maxlength: '100' });
    const setWord = make('span');
    const set = make('button', { class: 'button', 'data-size': 's' }, setWord);
    const remove = make('button', { class: 'button', type: 'button', 'data-kind': 'plain', 'data-size': 's' });
    const form = make('form', { class: 'field' }, label, make('div', { class: 'with-icon' }, icon('lock'), input), make('div', { class: 'row' }, set, remove));
    input.addEventListener('input', () => { set.hidden = input.value === ''; });
    form.addEventListener('submit', event => {
      event.preventDefault();
      if (input.value === '') return;
      this.#tell('password', input.value);
      input.value = '';
      set.hidden = true;
    });
    remove.addEventListener('click', () => {
      this.#tell('password', null);
      input.focus();
    });
    set.hidden = true;
    const section = make('section', { class: 'section' }, headline, state, lock.element, open.element, form);
    return { section, headline, state, lock, open, form, label, input, setWord, remove };
  }

  /** @param {(on: boolean) => void} changed */
  #buildSwitch(changed) {
    const word = make('span');
    const hint = make('small', { class: 'small quiet' });
    const input = make('input', { type: 'checkbox', role: 'switch' });
    input.addEventListener('change', () => changed(input.checked));
    return { element: make('label', { class: 'switch' }, make('span', {}, word, make('br'), hint), input), word, hint, input };
  }

  /** @param {PeopleView} view */
  #showDoor({ i18n, door, password, isHost }) {
    const { headline, state, lock, open, form, label, input, setWord, remove } = this.#parts.door;
    setText(headline, i18n.t('door.headline'));
    const sentences = [i18n.t(`door.is.${door}`), password && i18n.t('door.password.is-set')];
    setText(state, sentences.filter(Boolean).join(' '));
    state.hidden = isHost;
    for (const element of [lock.element, open.element, form]) element.hidden = !isHost;
    setText(lock.word, i18n.t('door.lock'));
    setText(lock.hint, i18n.t('door.lock.hint'));
    lock.input.checked = door === 'locked';
    setText(open.word, i18n.t('door.open'));
    setText(open.hint, i18n.t('door.open.hint'));
    open.input.checked = door === 'open';
    setText(label, i18n.t('door.password'));
    setAttribute(input, 'placeholder', i18n.t(password ? 'door.password.change' : 'door.password.none'));
    setText(setWord, i18n.t('door.password.set'));
    setText(remove, i18n.t('door.password.remove'));
    remove.hidden = !password;
  }
}

/** @param {HTMLElement} face @param {string} name */
function showFace(face, name) {
  setText(face, initials(name));
  setAttribute(face, 'data-hue', String(hueOf(name)));
}

/** How he is connected, in words. @param {PersonInside} one @param {I18n} i18n */
function linkWords({ link, relayed, roundTrip, isAway }, i18n) {
  const words = [];
  if (link !== 'connected') words.push(i18n.t(`people.${link}`));
  else words.push(i18n.t(relayed ? 'people.relayed' : 'people.direct'), roundTrip !== null && milliseconds(i18n.language, roundTrip));
  if (isAway) words.push(i18n.t('people.away'));
  return words.filter(Boolean).join(' · ');
}

/** @template T @param {Map<string, T>} rows @param {readonly { seat: string }[]} ones */
function keepOnly(rows, ones) {
  for (const seat of rows.keys()) if (!ones.some(one => one.seat === seat)) rows.delete(seat);
}

customElements.define('people-panel', PeoplePanel);
