// What a page that embeds a call and the call say to each other, as docs/embedding.md describes it: reading
// commands, and telling what has changed. Pure; the talking is done by frame.js.

export const VERSION = 1;

/** @typedef {'microphone' | 'camera'} DeviceName */
/** @typedef {'on' | 'off' | 'none'} DeviceState */

/**
 * @typedef {{ type: 'join', name?: string, microphone?: boolean, camera?: boolean, preview?: boolean }
 *   | { type: 'leave' } | { type: 'state' } | { type: 'mute' | 'unmute', device: DeviceName }} Command
 * @typedef {string | number} CommandId
 */

/** @typedef {{ person: number, name: string }} PersonTold person: counts from 1; the same as long as he stays */

/**
 * @typedef {object} StateTold
 * @property {'preview' | 'entering' | 'ringing' | 'inside' | 'ended'} phase
 * @property {string | null} reason why it ended
 * @property {string | null} problem with the devices, or the door that does not open
 * @property {DeviceState} microphone
 * @property {DeviceState} camera
 * @property {PersonTold[]} people the others
 */

/** @typedef {{ type: string, [field: string]: unknown }} Told */

/** @type {Record<string, 'string' | 'boolean'>} */
const JOIN_FIELDS = { name: 'string', microphone: 'boolean', camera: 'boolean', preview: 'boolean' };
const LONGEST_ID = 64;

/** @param {unknown} id @returns {id is CommandId} */
const isId = id => (typeof id === 'string' && id.length <= LONGEST_ID) || Number.isFinite(id);

/**
 * @param {unknown} data of a message
 * @returns {{ command: Command, id: CommandId | undefined } | null} null: none of ours, or none that is well-formed
 */
export function readCommand(data) {
  if (typeof data !== 'object' || data === null) return null;
  const { videochat, id, ...rest } = /** @type {Record<string, unknown>} */ (data);
  if (videochat !== VERSION || (id !== undefined && !isId(id))) return null;
  const command = commandOf(rest);
  return command && { command, id };
}

/** @param {Record<string, unknown>} fields @returns {Command | null} */
function commandOf({ type, device, ...fields }) {
  switch (type) {
    case 'leave': case 'state': return { type };
    case 'mute': case 'unmute': return device === 'microphone' || device === 'camera' ? { type, device } : null;
    case 'join': {
      const given = Object.entries(JOIN_FIELDS).filter(([name]) => fields[name] !== undefined);
      if (!given.every(([name, kind]) => typeof fields[name] === kind)) return null;
      return { type, ...Object.fromEntries(given.map(([name]) => [name, fields[name]])) };
    }
    default: return null;
  }
}

/**
 * Whether a message is from the page around this one, and that page may talk to us.
 * @param {{ source: unknown, origin: string }} event
 * @param {unknown} around the window of that page
 * @param {readonly string[]} origins
 */
export const isFromAround = ({ source, origin }, around, origins) => source === around && origins.includes(origin);

/**
 * Which pages may talk to us: those of this server, and those that /config.json names.
 * @param {string} own @param {any} config as it came
 * @returns {string[]}
 */
export function originsOf(own, config) {
  const named = Array.isArray(config?.embed) ? config.embed : [];
  return [own, ...named.filter((/** @type {unknown} */ origin) => typeof origin === 'string' && /^https?:\/\/[^/]+$/.test(origin))];
}

/** What is to be told after a change, in this order. @param {StateTold} before @param {StateTold} now @returns {Told[]} */
export function newsBetween(before, now) {
  /** @type {Told[]} */
  const news = [];
  if (now.phase !== before.phase) news.push({ type: 'state', ...now });
  const inside = now.phase === 'inside';
  if (inside && before.phase !== 'inside') {
    news.push({ type: 'joined', people: now.people });
  } else if (inside) { // who ends a call himself is not told that the others went
    for (const one of before.people) if (!has(now.people, one)) news.push({ type: 'peer-left', ...one });
    for (const one of now.people) if (!has(before.people, one)) news.push({ type: 'peer-joined', ...one });
  }
  if (now.phase === 'ended' && before.phase !== 'ended') news.push({ type: 'left', reason: now.reason });
  for (const device of /** @type {const} */ (['microphone', 'camera'])) {
    if (now[device] !== before[device]) news.push({ type: device, state: now[device] });
  }
  if (now.problem !== null && now.problem !== before.problem) news.push({ type: 'error', code: 'problem', problem: now.problem });
  return news;
}

/** @param {PersonTold[]} people @param {PersonTold} one */
const has = (people, one) => people.some(({ person }) => person === one.person);
