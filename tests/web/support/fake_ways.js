// The two ends of a data channel, without a connection: what one sends comes to the other when deliver()
// says so, in order; lose() takes away what is under way, as the end of a connection does.

import { setMaxListeners } from 'node:events';

import { DataEvent } from '../../../public/js/call/data_link.js';

class End extends EventTarget {
  isAvailable = false;
  queue = [];
  low;
  sent = 0;
  other;

  constructor(low) {
    super();
    setMaxListeners(0, this); // each file listens
    this.low = low;
  }

  get buffered() {
    return this.queue.reduce((sum, data) => sum + sizeOf(data), 0);
  }

  send(data) {
    if (!this.isAvailable) return false;
    this.sent += 1;
    this.queue.push(typeof data === 'string' ? data : bytesOf(data));
    return true;
  }

  become(available) {
    if (this.isAvailable === available) return;
    this.isAvailable = available;
    this.dispatchEvent(new Event(available ? 'available' : 'lost'));
  }

  /** The oldest of what is under way arrives. */
  deliver() {
    const before = this.buffered;
    const data = this.queue.shift();
    if (data === undefined) return false;
    this.other.dispatchEvent(new DataEvent(data));
    if (before > this.low && this.buffered <= this.low) this.dispatchEvent(new Event('drained'));
    return true;
  }
}

const sizeOf = data => (typeof data === 'string' ? data.length : data.byteLength);
const bytesOf = data => (data instanceof ArrayBuffer ? data.slice(0) : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));

export function wire({ low = 0 } = {}) {
  const [a, b] = [new End(low), new End(low)];
  [a.other, b.other] = [b, a];
  return {
    a, b,
    get underWay() { return a.queue.length + b.queue.length; },
    open() {
      a.become(true);
      b.become(true);
    },
    lose() {
      [a.queue, b.queue] = [[], []];
      a.become(false);
      b.become(false);
    },
    deliver() {
      while (a.deliver() || b.deliver());
    },
  };
}

/** DataLinks whose links are names and whose ways are set by the test. */
export class FakeLinks extends EventTarget {
  ways = new Map();
  seats = new Map();

  set(link, way, seat = link) {
    this.ways.set(link, way);
    this.seats.set(link, seat);
    for (const name of ['available', 'lost']) way.addEventListener(name, () => this.changed());
    this.changed();
  }

  delete(link) {
    this.ways.delete(link);
    this.seats.delete(link);
    this.changed();
  }

  seatOf(link) { return this.seats.get(link) ?? null; }
  linkOf(seat) { return [...this.seats].find(([, at]) => at === seat)?.[0] ?? null; }
  changed() { this.dispatchEvent(new Event('change')); }
}
