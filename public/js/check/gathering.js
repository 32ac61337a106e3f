// The ways that a browser finds with the help of one ICE server, or of none.

/**
 * @typedef {object} Gathered
 * @property {{ type: string, protocol: string, named: boolean }[]} found named: the address is hidden behind a name
 * @property {number[]} errors codes of STUN (RFC 8489), or 701: no answer
 * @property {boolean} ended whether the browser has come to an end by itself
 * @property {number} milliseconds until what was wanted was found, else until the end
 */

/**
 * @typedef {object} Surroundings
 * @property {(configuration: RTCConfiguration) => RTCPeerConnection} createConnection
 * @property {(action: () => void, milliseconds: number) => number} setTimeout
 * @property {(timer: number | undefined) => void} clearTimeout
 * @property {() => number} now
 */

/** Browsers themselves give up a STUN server that keeps silent after ten seconds. */
export const PATIENCE = 12_000;

/**
 * @param {RTCConfiguration} configuration
 * @param {string} wanted the type that ends the search; '' searches to the end
 * @param {Surroundings} around
 * @returns {Promise<Gathered>} rejects when the browser does not take the configuration
 */
export async function gather(configuration, wanted, around) {
  const connection = around.createConnection(configuration);
  const began = around.now();
  /** @type {Gathered} */
  const gathered = { found: [], errors: [], ended: false, milliseconds: 0 };
  /** @type {number | undefined} */
  let timer;
  try {
    connection.createDataChannel('check');
    await new Promise((resolve, reject) => {
      timer = around.setTimeout(() => resolve(undefined), PATIENCE);
      connection.addEventListener('icecandidateerror', event => {
        gathered.errors.push(/** @type {RTCPeerConnectionIceErrorEvent} */ (event).errorCode);
      });
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (!candidate) {
          gathered.ended = true;
          resolve(undefined);
          return;
        }
        const { type, protocol, address } = candidate;
        if (!type) return; // the empty one that ends a generation
        gathered.found.push({ type, protocol: protocol ?? '', named: Boolean(address?.endsWith('.local')) });
        if (type === wanted) resolve(undefined);
      });
      connection.setLocalDescription().catch(reject);
    });
  } finally {
    around.clearTimeout(timer);
    connection.close();
  }
  gathered.milliseconds = around.now() - began;
  return gathered;
}
