// A call inside of another page: the layout for it, and the talking to that page (messages.js).

import { cleanName } from '../rooms/profile.js';
import { find } from '../ui/page_parts.js';
import { CommandedDevices } from './devices.js';
import { isFromAround, newsBetween, originsOf, readCommand, VERSION } from './messages.js';

/** @typedef {import('./messages.js').Command} Command */
/** @typedef {import('./messages.js').StateTold} StateTold */
/** @typedef {import('./messages.js').Told} Told */

/** @typedef {{ call: import('../call/call.js').Call, media: import('../call/media.js').Media }} FrameParts */

const FEATURES = ['camera', 'microphone', 'display-capture', 'fullscreen', 'autoplay', 'clipboard-write'];
/** So much of the call must be in view for a command to join: the person must see what happens. */
const SEEN = { width: 240, height: 160 };
const LOOK_FOR = 1000;

/** @param {FrameParts} parts @returns {Promise<void>} when the page looks as it shall */
export async function startFrame(parts) {
  document.documentElement.toggleAttribute('data-embed', true);
  // Nothing leads away from here: links open beside the page around us.
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (link instanceof HTMLAnchorElement) Object.assign(link, { target: '_blank', rel: 'noopener' });
  }, { capture: true });
  new Frame(parts).start();
  await new Promise(resolve => {
    const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'css/embed.css' });
    for (const end of ['load', 'error']) style.addEventListener(end, resolve);
    document.head.append(style);
  });
}

class Frame {
  #call;
  #media;
  #devices;
  #allowed = loadOrigins();
  /** Who hears us: the page around, once it is known which one it is. @type {readonly string[]} */
  #hearers = [];
  /** By the connection to each. @type {WeakMap<object, number>} */
  #numbers = new WeakMap();
  #count = 0;
  #told;

  /** @param {FrameParts} parts */
  constructor({ call, media }) {
    this.#call = call;
    this.#media = media;
    this.#devices = new CommandedDevices(media);
    this.#told = this.#look();
  }

  start() {
    addEventListener('message', event => this.#hear(event));
    this.#greet();
  }

  async #greet() {
    const origins = await this.#allowed;
    await this.#begun();
    const around = location.ancestorOrigins?.[0];
    // Not every browser tells who is around: then only that one of them hears it who is.
    if (this.#hearers.length === 0) this.#hearers = around === undefined ? origins : origins.filter(origin => origin === around);
    this.#tell({ type: 'ready', room: this.#call.state.room, missing: missingFeatures() });
    this.#watch();
    for (const source of [this.#call, this.#media]) source.addEventListener('change', () => this.#watch());
  }

  /** When the page has looked at its address: until then no room is known, and none can be joined. */
  async #begun() {
    while (this.#call.state.phase === 'idle') await new Promise(resolve => this.#call.addEventListener('change', resolve, { once: true }));
  }

  /** @param {MessageEvent} event */
  async #hear(event) {
    if (!isFromAround(event, parent, await this.#allowed)) return;
    const read = readCommand(event.data);
    if (!read) return;
    this.#hearers = [event.origin];
    const { command, id } = read;
    await this.#begun();
    const error = await this.#obey(command);
    this.#watch(); // what a command has changed is told before its answer
    if (error !== null) this.#tell({ type: 'error', code: error, command: command.type, id });
    else if (command.type === 'state') this.#tell({ type: 'state', ...this.#told, id });
    else if (id !== undefined) this.#tell({ type: 'done', command: command.type, id });
  }

  /** @param {Command} command @returns {Promise<string | null>} why not */
  async #obey(command) {
    switch (command.type) {
      case 'join': return this.#join(command);
      case 'leave':
        if (this.#call.state.phase === 'ended') return 'not-now';
        this.#call.dispatch({ type: 'leave' });
        return null;
      case 'mute':
        this.#devices.mute(command.device);
        return null;
      case 'unmute': return this.#devices.unmute(command.device) ? null : 'switched-off';
      case 'state': return null;
    }
  }

  /** As if the person had filled the form in, and, but for `preview`, pressed Join. @param {Extract<Command, { type: 'join' }>} command */
  async #join({ name, microphone, camera, preview = false }) {
    if (!preview && !await isInView()) return 'not-visible';
    const { phase, reason } = this.#call.state;
    if (!['idle', 'lobby', 'ended'].includes(phase) || reason === 'no-room' || reason === 'removed') return 'not-now';
    if (name !== undefined) {
      const field = find(HTMLInputElement, '#name');
      field.value = cleanName(name);
      field.dispatchEvent(new Event('input'));
    }
    for (const [device, on] of /** @type {const} */ ([['microphone', microphone], ['camera', camera]])) {
      if (on === false) this.#devices.mute(device);
      else if (on) this.#devices.unmute(device); // what the person has switched off stays off
    }
    if (!preview) this.#call.dispatch({ type: phase === 'ended' ? 'rejoin' : 'join' });
    return null;
  }

  /** Tells what has changed since it was told the last time. */
  #watch() {
    const now = this.#look();
    const news = newsBetween(this.#told, now);
    this.#told = now;
    for (const one of news) this.#tell(one);
  }

  /** @returns {StateTold} */
  #look() {
    const { state, session } = this.#call;
    const members = session?.channel.gathering.members ?? [];
    const peers = state.phase === 'inside' ? session?.peers.all ?? [] : [];
    // Whose connection has just begun is nobody yet.
    const known = peers.filter(({ link, seat }) => this.#numbers.has(link) || members.some(member => member.seat === seat));
    return {
      phase: state.phase === 'idle' || state.phase === 'lobby' ? 'preview' : state.phase,
      reason: state.reason, problem: state.closed?.reason ?? state.problem,
      microphone: this.#media.state.mic, camera: this.#media.state.camera,
      people: known.map(({ link, name }) => ({ person: this.#numberOf(link), name })),
    };
  }

  /** @param {object} link */
  #numberOf(link) {
    const known = this.#numbers.get(link);
    if (known !== undefined) return known;
    this.#count += 1;
    this.#numbers.set(link, this.#count);
    return this.#count;
  }

  /** @param {Told} told */
  #tell(told) {
    for (const origin of this.#hearers) parent.postMessage({ videochat: VERSION, ...told }, origin);
  }
}

async function loadOrigins() {
  try {
    return originsOf(location.origin, await (await fetch('config.json')).json());
  } catch {
    return [location.origin];
  }
}

/** What the page around has not passed on to us, where the browser tells. */
function missingFeatures() {
  const policy = /** @type {{ featurePolicy?: { allowsFeature: (name: string) => boolean } }} */ (document).featurePolicy;
  return policy ? FEATURES.filter(name => !policy.allowsFeature(name)) : [];
}

/** @returns {Promise<boolean>} */
function isInView() {
  return new Promise(resolve => {
    const observer = new IntersectionObserver(([entry]) => {
      observer.disconnect();
      const { width = 0, height = 0 } = entry?.intersectionRect ?? {};
      resolve(document.visibilityState === 'visible' && width >= SEEN.width && height >= SEEN.height);
    });
    observer.observe(document.documentElement);
    // A frame that is not shown is not looked at by the browser either.
    setTimeout(() => {
      observer.disconnect();
      resolve(false);
    }, LOOK_FOR);
  });
}
