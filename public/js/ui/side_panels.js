// What stands beside the pictures during a stay in a call: chat and files, people and the door, connection
// details. Joins the panels to the parts of a session. Loaded with it, before anybody joins: a channel of
// data that the other side knows and we do not swallows what is said there.

import { inWords, safetyNumbersOf } from '../call/safety_words.js';
import { DataLinks, LINES } from '../call/data_link.js';
import { proofOf } from '../call/proof.js';
import { Statistics } from '../call/statistics.js';
import { Chat } from '../chat/chat.js';
import { ChatLog } from '../chat/log.js';
import { Sinks } from '../files/file_sink.js';
import { Files } from '../files/files.js';
import { placesOfBrowser, save } from '../files/save.js';
import { LOW } from '../files/sending.js';
import { isHost } from '../signaling/gathering.js';
import { ChatPanel } from './chat-panel.js';
import { DetailsPanel } from './details-panel.js';
import { find, write } from './page_parts.js';
import { PeoplePanel } from './people-panel.js';

/** @typedef {import('../call/peers.js').Peer} Peer */
/** @typedef {import('../call/session.js').Session} Session */
/** @typedef {import('../files/files.js').SharedFile} SharedFile */
/** @typedef {'chat' | 'people' | 'details'} PanelName */

/**
 * @typedef {object} SidePanelParts
 * @property {string} room
 * @property {import('../i18n/i18n.js').I18n} i18n
 * @property {import('../call/media.js').Media} media
 * @property {import('../call/session.js').Clock} clock
 */

/** @typedef {{ session: Session, chat: Chat, files: Files, statistics: Statistics, lines: DataLinks[], listeners: AbortController }} Stay */

/**
 * Dispatches `unread` (see .unread), `chat` (it shall be shown), `invite`, `details` (detail: a seat, its connection shall be shown) and
 * `copy` (detail: a text for the clipboard).
 */
export class SidePanels extends EventTarget {
  /** It outlives a stay: who comes back finds what was written. */
  log = new ChatLog();

  #parts;
  #chat = find(ChatPanel, 'chat-panel');
  #people = find(PeoplePanel, 'people-panel');
  #details = find(DetailsPanel, 'details-panel');
  #sinks = new Sinks(placesOfBrowser());
  /** @type {Stay | null} */
  #stay = null;
  /** @type {PanelName | null} */
  #open = null;
  #unread = 0;

  /** @param {SidePanelParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { log } = this;
    log.addEventListener('change', () => {
      this.#showChat();
      if (log.unread === this.#unread) return;
      if (this.#unread === 0) this.#announce();
      this.#unread = log.unread;
      this.dispatchEvent(new Event('unread'));
    });
    parts.i18n.addEventListener('change', () => this.#show());
    parts.media.addEventListener('change', () => this.#showPeople());
    this.#sinks.clean(Date.now());
    addEventListener('beforeunload', event => {
      if (this.#stay?.files.isMoving) event.preventDefault(); // the browser asks
    });
    this.#listenToPanels();
  }

  /** Messages and files that nobody has looked at. */
  get unread() {
    return this.#unread;
  }

  /** There is a new session, or none any more. @param {Session | null} session */
  attach(session) {
    this.#leave();
    if (session) this.#stay = this.#enter(session);
    this.#show();
  }

  /** Which panel the page shows now. @param {PanelName | null} panel */
  open(panel) {
    if (this.#open === panel) return;
    this.#open = panel;
    this.log.looking = panel === 'chat';
    if (panel === 'chat') write('news', ''); // the same words are news again
    this.#show();
    if (panel === 'chat') this.#chat.scrollToEnd();
  }

  /** Brings a person into view in the open details. @param {string} seat */
  reveal(seat) {
    this.#details.reveal(seat);
  }

  /** @param {Session} session @returns {Stay} */
  #enter(session) {
    const { channel, mesh, peers } = session;
    const { clock } = this.#parts;
    const listeners = new AbortController();
    const { signal } = listeners;
    const chatLinks = new DataLinks(mesh, LINES.chat);
    const fileLinks = new DataLinks(mesh, LINES.files, { low: LOW });
    const around = { ...clock, now: Date.now, createId: randomId, log: this.log };
    const chat = new Chat({ ...around, channel, links: chatLinks });
    const files = new Files({
      ...around, links: fileLinks, sinks: this.#sinks, save,
      nameOf: link => this.#named(peers.all.find(peer => peer.link === link)?.name),
    });
    const statistics = new Statistics(mesh, clock);
    statistics.start();
    fileLinks.addEventListener('change', () => this.#showChat(), { signal });
    channel.addEventListener('change', () => this.#showPeople(), { signal });
    for (const news of ['change', 'measured']) peers.addEventListener(news, () => this.#showPeople(), { signal });
    statistics.addEventListener('change', () => this.#showDetails(), { signal });
    return { session, chat, files, statistics, lines: [chatLinks, fileLinks], listeners };
  }

  #leave() {
    if (!this.#stay) return;
    const { chat, files, statistics, lines, listeners } = this.#stay;
    this.#stay = null;
    listeners.abort();
    chat.stop();
    files.stop();
    statistics.stop();
    for (const line of lines) line.stop();
  }

  #listenToPanels() {
    /** @template T @param {EventTarget} panel @param {string} name @param {(detail: T, stay: Stay) => void} action */
    const when = (panel, name, action) => panel.addEventListener(name, event => {
      if (this.#stay) action(/** @type {CustomEvent<T>} */ (event).detail, this.#stay);
    });
    const [chat, people] = [this.#chat, this.#people];
    chat.canSend = () => this.#stay?.files.canSend ?? false;
    when(chat, 'say', (/** @type {string} */ text, stay) => stay.chat.say(text));
    when(chat, 'files', (/** @type {File[]} */ chosen, { files }) => files.send(chosen));
    when(chat, 'accept', (/** @type {SharedFile} */ file) => file.incoming?.accept());
    when(chat, 'decline', (/** @type {SharedFile} */ file) => file.incoming?.decline());
    when(chat, 'stop', (/** @type {SharedFile} */ file) => file.stop());
    chat.addEventListener('save', event => {
      const file = /** @type {CustomEvent<SharedFile>} */ (event).detail;
      if (file.incoming?.blob) save(file.incoming.blob, file.name);
    });
    when(people, 'accept', (/** @type {string} */ seat, { session }) => session.channel.accept(seat));
    when(people, 'decline', (/** @type {string} */ seat, { session }) => session.channel.decline(seat));
    when(people, 'remove', (/** @type {string} */ seat, { session }) => session.channel.remove(seat));
    when(people, 'make-host', (/** @type {string} */ seat, { session }) => session.channel.makeHost(seat));
    when(people, 'door', (/** @type {import('../signaling/call_events.js').Door} */ door, { session }) => {
      session.channel.setDoor(door);
      this.#showPeople(); // as it is, until the server says that it has changed
    });
    when(people, 'password', (/** @type {string | null} */ password, { session }) => {
      session.channel.setPassword(password === null ? null : proofOf(this.#parts.room, password));
    });
    people.addEventListener('invite', () => this.dispatchEvent(new Event('invite')));
    chat.addEventListener('wanted', () => this.dispatchEvent(new Event('chat')));
    for (const [panel, name] of /** @type {const} */ ([[people, 'details'], [this.#details, 'copy']])) {
      panel.addEventListener(name, event => {
        this.dispatchEvent(new CustomEvent(name, { detail: /** @type {CustomEvent<string>} */ (event).detail }));
      });
    }
  }

  /** Who hears the page is told of the first message that waits, and not of each. */
  #announce() {
    const newest = [...this.log.entries].reverse().find(entry => entry.kind !== 'event' && !entry.own);
    if (!newest || newest.kind === 'event') return;
    const word = newest.kind === 'file' ? 'news.file' : 'news.message';
    write('news', this.#parts.i18n.t(word, { name: this.#named(newest.name) }));
  }

  // What they show; a panel that is not open costs nothing

  #show() {
    this.#showChat();
    this.#showPeople();
    this.#showDetails();
  }

  #showChat() {
    if (this.#open !== 'chat') return;
    this.#chat.show({
      i18n: this.#parts.i18n, entries: this.log.entries, canSendFiles: this.#stay?.files.canSend ?? false,
      nameOf: (_, name) => this.#named(name),
    });
  }

  #showPeople() {
    if (this.#open !== 'people' || !this.#stay) return;
    const { i18n, media } = this.#parts;
    const { channel, peers } = this.#stay.session;
    const { gathering } = channel;
    this.#people.show({
      i18n, capacity: gathering.capacity, door: gathering.door ?? 'knock', password: gathering.password, isHost: isHost(gathering),
      rings: gathering.rings.map(({ seat, name }) => ({ seat, name: this.#named(name) })),
      people: gathering.members.map(({ seat, name, host, away }) => {
        const peer = peers.all.find(one => one.seat === seat);
        const isMe = seat === gathering.me;
        const measured = peer?.measured ?? null;
        return {
          seat, name: this.#named(name), isMe, isHost: host, isAway: away,
          mic: isMe ? media.state.mic === 'on' : peer?.link.remoteDevices.mic === 'on',
          link: peer?.state.phase === 'lost' ? 'no-path' : peer?.state.phase ?? 'connecting', relayed: measured?.relayed ?? false,
          roundTrip: measured ? Math.round(measured.roundTrip * 1000) : null,
        };
      }),
    });
  }

  #showDetails() {
    if (this.#open !== 'details' || !this.#stay) return;
    const { i18n } = this.#parts;
    const { session, statistics } = this.#stay;
    this.#details.show({
      i18n,
      people: session.peers.all.map(({ seat, name, link, state }) => {
        const isConnected = state.phase === 'connected';
        const numbers = isConnected ? safetyNumbersOf(link.connection) : null;
        return { seat, name: this.#named(name), isConnected, history: statistics.of(link), words: numbers && inWords(numbers, i18n.safetyWords) };
      }),
    });
  }

  /** @param {string | undefined} name */
  #named(name) {
    return name || this.#parts.i18n.t('chat.other');
  }
}

function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
