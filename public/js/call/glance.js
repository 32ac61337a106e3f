// Asks the server whether there is a place in a call, before anything else is asked for. The seat that is
// taken for this is given back at once, so nobody inside is rung up.

/** @typedef {import('../signaling/call_channel.js').CallChannel} CallChannel */
/** @typedef {import('../signaling/call_events.js').Refusal} Refusal */

export class Glance {
  #createChannel;
  /** @type {CallChannel | null} */
  #channel = null;

  /** @param {() => CallChannel} createChannel with no name: who only looks is nobody yet */
  constructor(createChannel) {
    this.#createChannel = createChannel;
  }

  /**
   * @param {(count: number, capacity: number) => void} seen
   * @param {(refusal: Refusal) => void} refused
   */
  start(seen, refused) {
    this.stop();
    const channel = this.#createChannel();
    this.#channel = channel;
    channel.on('welcome', ({ state, members, count, capacity }) => {
      // Alone we would be the first ourselves, and nobody is inside; else the door is open, and we count too.
      const inside = state === 'admitted' ? members.length - 1 : count ?? 0;
      this.stop();
      seen(inside, capacity);
    });
    channel.on('refused', refusal => {
      if (refusal.final) this.#channel = null;
      else this.stop();
      refused(refusal);
    });
    channel.open();
  }

  stop() {
    const channel = this.#channel;
    this.#channel = null;
    if (channel?.state === 'open') channel.bye();
    else channel?.close();
  }
}
