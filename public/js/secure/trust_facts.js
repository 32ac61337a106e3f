// What the server says of its certificates in /secure.json.

/**
 * @typedef {object} TrustFacts
 * @property {{ sha256: string }} leaf what the warning of the browser shows
 * @property {{ sha256: string } | null} ca what can be installed; null: the certificates are others' work
 * @property {string[]} names the addresses that the certificate is good for
 * @property {number} httpsPort where https is spoken; 0: where http is
 */

export const RETRY = 2000;

const FINGERPRINT = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/;

/** @param {any} value */
const isPrint = value => FINGERPRINT.test(value?.sha256);

/** @param {any} value @returns {value is TrustFacts} */
function isFacts(value) {
  return isPrint(value?.leaf) && (value.ca === null || isPrint(value.ca))
    && Array.isArray(value.names) && value.names.every((/** @type {unknown} */ name) => typeof name === 'string')
    && Number.isInteger(value.httpsPort) && value.httpsPort >= 0 && value.httpsPort < 65536;
}

/**
 * Asks until there is an answer. Null: the server speaks no https.
 * @param {string} address
 * @param {{ fetch: typeof fetch, setTimeout: (action: () => void, milliseconds: number) => number }} around
 * @returns {Promise<TrustFacts | null>}
 */
export async function loadFacts(address, around) {
  for (;;) {
    try {
      const answer = await around.fetch(address, { cache: 'no-store' });
      if (answer.status === 404) return null;
      const facts = answer.ok ? await answer.json() : undefined;
      if (isFacts(facts)) return facts;
    } catch {
      // No server, or no JSON: the page can be used without, and the next answer may be better.
    }
    await new Promise(resolve => { around.setTimeout(() => resolve(undefined), RETRY); });
  }
}

/** A fingerprint in lines of eight bytes. @param {string} sha256 */
export function printLines(sha256) {
  return sha256.match(/(?:[0-9A-F]{2}:?){8}/g) ?? [];
}
