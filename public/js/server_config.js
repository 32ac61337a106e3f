// What the server tells its pages of itself (/config.json).

/**
 * @typedef {object} ServerConfig
 * @property {string} version
 * @property {readonly string[]} origins where others on the network reach the pages, the best first
 */

/** @param {any} value @returns {ServerConfig | null} whatever has not the right shape is left out */
export function readConfig(value) {
  if (typeof value?.version !== 'string') return null;
  const origins = Array.isArray(value.origins) ? value.origins : [];
  return { version: value.version, origins: origins.filter((/** @type {unknown} */ one) => typeof one === 'string' && /^https?:/.test(one)) };
}

/** @type {Promise<ServerConfig | null> | null} */
let asked = null;

/** Asked for once; null: there is no answer, and the page goes on without. @param {typeof fetch} [ask] */
export function serverConfig(ask = fetch) {
  asked ??= load(ask);
  return asked;
}

/** @param {typeof fetch} ask */
async function load(ask) {
  try {
    const answer = await ask('config.json', { cache: 'no-store' });
    return answer.ok ? readConfig(await answer.json()) : null;
  } catch {
    return null;
  }
}
