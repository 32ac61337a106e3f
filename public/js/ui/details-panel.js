// <details-panel>: how the connection to each person is, with the last minute of it, and the words that two
// people can compare. Shows a view; dispatches `copy` (detail: all of it as text).

import { milliseconds, percent, rate } from '../i18n/format.js';
import { lossOf, points, topOf } from '../call/statistics.js';
import { arrange, make, setAttribute, setText } from './dom.js';
import { icon, setIcon } from './icon.js';
import { hueOf, initials } from './page_parts.js';

/** @typedef {import('../call/statistics.js').History} History */
/** @typedef {import('../call/statistics.js').Picture} Picture */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */
/** @typedef {import('../i18n/i18n.js').Key} Key */

/**
 * @typedef {object} PersonDetails
 * @property {string} seat
 * @property {string} name as it is shown; never empty
 * @property {boolean} isConnected
 * @property {History} history
 * @property {readonly string[] | null} words in the language of the page; null: not known yet
 */

/** @typedef {{ i18n: I18n, people: readonly PersonDetails[] }} DetailsView */

const SVG = 'http://www.w3.org/2000/svg';
const BOX = { width: 300, height: 60 };
/** The upper edges of the plots are not lower than these: bits a second, milliseconds. */
const LEAST_RATE = 100_000;
const LEAST_ROUND_TRIP = 50;

/** What stands beside the plots, and how it is told. @type {readonly [Key, (person: PersonDetails, i18n: I18n) => string][]} */
const FACTS = [
  ['details.picture-in', ({ history }, i18n) => pictureWords(history.reading?.pictureIn ?? null, i18n)],
  ['details.picture-out', ({ history }, i18n) => pictureWords(history.reading?.pictureOut ?? null, i18n)],
  ['details.lost', ({ history }, i18n) => percent(i18n.language, lossOf(history.samples) ?? 0)],
  ['details.codecs', ({ history }, i18n) => history.reading?.codecs.join(', ') || i18n.t('details.none')],
  ['details.path', ({ history }, i18n) => pathWords(history, i18n)],
];

export class DetailsPanel extends HTMLElement {
  /** @type {DetailsView | null} */
  #view = null;
  /** @type {Map<string, { element: HTMLElement, update: (one: PersonDetails, i18n: I18n) => void }>} */
  #people = new Map();
  #parts = this.#build();

  connectedCallback() {
    if (!this.#parts.header.isConnected) this.append(this.#parts.header, this.#parts.body, this.#parts.footer);
  }

  /** @param {DetailsView} view */
  show(view) {
    this.#view = view;
    const { i18n, people } = view;
    const { headline, close, body, list, nobody, footer, copy } = this.#parts;
    const title = i18n.t('details.headline');
    setText(headline, title);
    for (const element of [this, body]) setAttribute(element, 'aria-label', title);
    setAttribute(close, 'aria-label', i18n.t('action.close'));
    setAttribute(close, 'title', i18n.t('action.close'));
    setText(nobody, i18n.t('details.nobody'));
    setText(copy, i18n.t('details.copy'));
    nobody.hidden = people.length > 0;
    footer.hidden = people.length === 0;
    for (const seat of this.#people.keys()) if (!people.some(one => one.seat === seat)) this.#people.delete(seat);
    arrange(list, people, ({ seat }) => this.#personOf(seat).element);
    for (const one of people) this.#personOf(one.seat).update(one, i18n);
  }

  /** Brings this person into view. @param {string} seat */
  reveal(seat) {
    this.#people.get(seat)?.element.scrollIntoView({ block: 'start' });
  }

  #build() {
    const headline = make('h2');
    const close = make('button', { class: 'round', type: 'button', 'data-do': 'close-panel' }, icon('close'));
    const nobody = make('p', { class: 'quiet small' });
    const list = make('div');
    const body = make('div', { class: 'panel-body', tabindex: '0', role: 'region' }, nobody, list);
    const copy = make('span');
    const button = make('button', { class: 'button', type: 'button', 'data-wide': true, 'data-size': 's' }, icon('copy'), copy);
    button.addEventListener('click', () => {
      if (this.#view) this.dispatchEvent(new CustomEvent('copy', { detail: detailsText(this.#view) }));
    });
    const header = make('header', {}, headline, close);
    const footer = make('footer', {}, button);
    return { header, headline, close, body, nobody, list, footer, copy };
  }

  /** @param {string} seat */
  #personOf(seat) {
    const person = this.#people.get(seat) ?? makePerson();
    this.#people.set(seat, person);
    return person;
  }
}

function makePerson() {
  const face = make('span', { class: 'avatar', 'aria-hidden': 'true' });
  const who = make('b', { dir: 'auto' });
  const mark = icon('direct');
  const kind = make('span');
  const badge = make('span', { class: 'badge' }, mark, kind);
  const trip = make('span', { class: 'badge number' });
  const rates = makePlot(true);
  const trips = makePlot(false);
  const [minute, now] = [make('span'), make('span', { class: 'push' })];
  const limited = make('p', { class: 'small details-limited' });
  const facts = make('dl', { class: 'facts' });
  const rows = FACTS.map(([key, tell]) => ({ key, tell, name: make('dt'), value: make('dd', { dir: 'auto' }) }));
  for (const { name, value } of rows) facts.append(name, value);
  const [wordsTitle, wordsText, words] = [make('h4'), make('p', { class: 'small quiet' }), make('ol', { class: 'words' })];
  const wordsBox = make('div', { class: 'stack details-words' }, wordsTitle, wordsText, words);
  const element = make(
    'section', { class: 'section stack' },
    make('div', { class: 'person' }, face, make('div', { class: 'who' }, make('h3', {}, who), badge, ' ', trip)),
    rates.element, trips.element, make('p', { class: 'small quiet row', 'aria-hidden': 'true' }, minute, now),
    limited, facts, wordsBox,
  );
  return {
    element,
    update: (/** @type {PersonDetails} */ one, /** @type {I18n} */ i18n) => {
      const { language } = i18n;
      const { samples, reading } = one.history;
      const last = samples.at(-1);
      setText(face, initials(one.name));
      setAttribute(face, 'data-hue', String(hueOf(one.name)));
      setText(who, one.name);
      const path = one.isConnected ? reading?.path : null;
      setIcon(badge, path?.relayed ? 'relay' : 'direct');
      setText(kind, kindWords(one, i18n));
      setAttribute(badge, 'data-tone', path ? (path.relayed ? 'warn' : 'ok') : false);
      trip.hidden = reading?.roundTrip == null;
      setText(trip, milliseconds(language, reading?.roundTrip ?? 0));
      rates.show(
        [samples.map(({ rateIn }) => rateIn), samples.map(({ rateOut }) => rateOut)], LEAST_RATE,
        [i18n.t('details.received'), i18n.t('details.sent')], [rate(language, last?.rateIn ?? 0), rate(language, last?.rateOut ?? 0)],
      );
      trips.show(
        [samples.map(({ roundTrip }) => roundTrip)], LEAST_ROUND_TRIP,
        [i18n.t('details.round-trip')], [last?.roundTrip == null ? i18n.t('details.none') : milliseconds(language, last.roundTrip)],
      );
      setText(minute, i18n.t('details.minute'));
      setText(now, i18n.t('details.now'));
      const reason = reading?.limitation;
      limited.hidden = !reason;
      if (reason) setText(limited, i18n.t(reason === 'cpu' ? 'details.limited.cpu' : 'details.limited.bandwidth'));
      for (const { key, tell, name, value } of rows) {
        setText(name, i18n.t(key));
        setText(value, tell(one, i18n));
      }
      wordsBox.hidden = one.words === null;
      setText(wordsTitle, i18n.t('details.words'));
      setText(wordsText, i18n.t('details.words.text'));
      const texts = one.words ?? [];
      if ([...words.children].map(item => item.textContent).join() !== texts.join()) words.replaceChildren(...texts.map(word => make('li', {}, word)));
    },
  };
}

/** One or two lines over a minute. Its picture is for the eye; the numbers stand beside it. @param {boolean} two */
function makePlot(two) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${BOX.width} ${BOX.height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const shape = (/** @type {string} */ name, /** @type {string} */ look) => {
    const element = document.createElementNS(SVG, name);
    element.setAttribute('class', look);
    svg.append(element);
    return element;
  };
  shape('path', 'grid').setAttribute('d', `M0 .5h${BOX.width}M0 ${BOX.height / 2}h${BOX.width}M0 ${BOX.height - 0.5}h${BOX.width}`);
  const area = shape('polygon', 'area');
  const lines = (two ? [1, 2] : [1]).map(number => {
    const line = shape('polyline', 'line');
    if (number > 1) line.setAttribute('data-series', String(number));
    return line;
  });
  const names = lines.map((_, index) => make('span', { class: two ? 'key' : '', ...(index > 0 && { 'data-series': '2' }) }));
  const values = lines.map(() => make('b', { class: 'number' }));
  const legend = lines.map((_, index) => make('span', { class: 'plot-value' }, /** @type {HTMLElement} */ (names[index]), ' ', /** @type {HTMLElement} */ (values[index])));
  const element = make('figure', { class: 'plot' }, make('figcaption', {}, ...legend));
  element.append(svg);
  return {
    element,
    /** @param {(number | null)[][]} series @param {number} least @param {string[]} words @param {string[]} texts */
    show(series, least, words, texts) {
      const top = topOf(series.flat(), least);
      series.forEach((one, index) => {
        const drawn = points(one, top, BOX);
        lines[index]?.setAttribute('points', drawn.join(' '));
        if (index > 0) return;
        const first = drawn[0]?.split(',')[0];
        area.setAttribute('points', drawn.length > 1 ? `${first},${BOX.height} ${drawn.join(' ')} ${BOX.width},${BOX.height}` : '');
      });
      names.forEach((name, index) => setText(name, words[index] ?? ''));
      values.forEach((value, index) => setText(value, texts[index] ?? ''));
    },
  };
}

/** @param {PersonDetails} one @param {I18n} i18n */
function kindWords({ isConnected, history }, i18n) {
  if (!isConnected || !history.reading?.path) return i18n.t('details.connecting');
  return i18n.t(history.reading.path.relayed ? 'details.relayed' : 'details.direct');
}

/** @param {Picture | null} picture @param {I18n} i18n */
const pictureWords = (picture, i18n) => (picture ? i18n.t('details.picture', { ...picture }) : i18n.t('details.none'));

/** @param {History} history @param {I18n} i18n */
function pathWords({ reading }, i18n) {
  const path = reading?.path;
  return path ? [path.address || i18n.t('details.hidden'), path.protocol].filter(Boolean).join(', ') : i18n.t('details.none');
}

/** All of it, to be sent to somebody who can help. @param {DetailsView} view */
function detailsText({ i18n, people }) {
  return people.map(one => {
    const { language } = i18n;
    const last = one.history.samples.at(-1);
    return [
      one.name,
      `${kindWords(one, i18n)}, ${last?.roundTrip == null ? '' : milliseconds(language, last.roundTrip)}`.replace(/, $/, ''),
      `${i18n.t('details.received')}: ${rate(language, last?.rateIn ?? 0)}, ${i18n.t('details.sent')}: ${rate(language, last?.rateOut ?? 0)}`,
      ...FACTS.map(([key, tell]) => `${i18n.t(key)}: ${tell(one, i18n)}`),
    ].join('\n');
  }).join('\n\n');
}

customElements.define('details-panel', DetailsPanel);
