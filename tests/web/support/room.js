// A room of index.js with several call machines in it, without network, page or clock. What one sends
// reaches the others in order, as the server's table says; nothing happens until settle() or a
// method that ends with it.

import { initialState, next } from '../../../public/js/call/machine.js';
import { readSignal } from '../../../public/js/call/signals.js';

const RULES = {
  'main check': (from, others, argument) => others.forEach(one => one.hear('main check answer', argument)),
  'host is agreed': (from, others) => [from, ...others].forEach(one => one.hear('host agreed')),
  message: (from, others, argument) => others.forEach(one => one.hear('message', argument)),
};

export class Room {
  #people = [];
  #frames = [];
  up = true;

  enter(me, options = {}) {
    const person = new Person(this, me, options);
    this.#people.push(person);
    return person;
  }

  send(from, event, argument) {
    this.#frames.push({ from, event, argument });
  }

  settle() {
    while (this.#frames.length > 0) {
      const { from, event, argument } = this.#frames.shift();
      if (!from.joined) continue;
      RULES[event]?.(from, this.#people.filter(one => one !== from && one.joined), argument);
    }
  }

  /** The server goes down, and with it what it had not delivered. */
  stop() {
    this.up = false;
    this.#frames = [];
    for (const one of this.#people) one.lose();
  }

  start() {
    this.up = true;
  }
}

export class Person {
  /** @type {import('../../../public/js/call/machine.js').Effect[]} */
  effects = [];
  sent = [];
  timers = new Set();
  hasMedia = false;
  hasLink = false;
  joined = false;
  wantsSocket = false;
  state;

  constructor(room, me, { created = false, media = true } = {}) {
    this.room = room;
    this.media = media;
    this.state = initialState(me);
    this.created = created;
  }

  /** Opens the page: with devices that answer at once, up to the room. */
  open(name = 'otter') {
    this.do({ type: 'start', room: name, created: this.created });
    this.room.settle();
    return this;
  }

  do(event) {
    const { state, effects } = next(this.state, event);
    this.state = state;
    for (const effect of effects) this.#run(effect);
    return this;
  }

  act(type) {
    this.do({ type });
    this.room.settle();
    return this;
  }

  /** Time passes until this timer ends. */
  expire(timer) {
    if (!this.timers.delete(timer)) throw new Error(`the timer ${timer} does not run`);
    this.do({ type: 'timeout', timer });
    this.room.settle();
  }

  hear(name, argument) {
    if (name === 'main check answer') this.do({ type: 'mainCheckAnswer' });
    else if (name === 'host agreed') this.do({ type: 'hostAgreed' });
    else {
      const heard = readSignal(argument);
      if (heard?.kind === 'ready') this.do({ type: 'peerReady' });
      else if (heard?.kind === 'bye') this.do({ type: 'peerBye', bye: heard.bye, plain: heard.plain });
      else if (heard?.kind === 'link') this.do({ type: 'peerSignal', signal: heard.signal });
    }
  }

  /** The socket opens, or opens again. */
  join() {
    this.#connect();
    this.room.settle();
  }

  #connect() {
    if (this.joined || !this.room.up || !this.wantsSocket) return;
    this.joined = true;
    this.do({ type: 'socketOpen' });
  }

  lose() {
    if (!this.joined) return;
    this.joined = false;
    this.do({ type: 'socketClosed' });
  }

  send(event, argument) {
    this.sent.push(argument === undefined ? [event] : [event, argument]);
    if (this.joined) this.room.send(this, event, argument);
  }

  /** What its link would send: the first signal shows who it is. */
  signal(type, to) {
    this.send('message', { type, sdp: 'v=0', from: this.state.me, ...(to && { to }), generation: 0, offer: 1 });
    this.room.settle();
  }

  did(name) {
    return this.effects.filter(effect => effect[0] === name);
  }

  #run(effect) {
    this.effects.push(effect);
    switch (effect[0]) {
      case 'openMedia':
        this.hasMedia = this.media === true;
        if (this.media === true) this.do({ type: 'mediaReady' });
        else if (this.media) this.do({ type: 'mediaProblem', problem: this.media });
        break;
      case 'releaseMedia': this.hasMedia = false; break;
      case 'joinRoom':
        this.wantsSocket = true;
        this.#connect();
        break;
      case 'emit': this.send(effect[1], effect[2]); break;
      case 'startLink': this.hasLink = true; break;
      case 'stopLink': this.hasLink = false; break;
      case 'startTimer': this.timers.add(effect[1]); break;
      case 'stopTimer': this.timers.delete(effect[1]); break;
    }
  }
}

/** Two people who talk. */
export function talking() {
  const room = new Room();
  const anna = room.enter('anna', { created: true }).open();
  const boris = room.enter('boris').open();
  anna.act('accept');
  anna.signal('offer');
  boris.signal('answer', 'anna');
  anna.act('linkConnected');
  boris.act('linkConnected');
  return { room, anna, boris };
}
