// What was found out about one thing: how it stands, and which words tell it. The words have the keys
// check.KIND.SAY, and check.KIND.SAY.fix where there is something to do.

/** idle: not tried, or not to be had here. @typedef {'waiting' | 'running' | 'good' | 'warn' | 'bad' | 'idle'} State */
/** @typedef {'secure' | 'browser' | 'camera' | 'microphone' | 'speaker' | 'server' | 'stun' | 'turn' | 'addresses' | 'loopback' | 'speed'} Kind */
/** A number with its unit, or names of features, which each language writes in its own way. @typedef {{ milliseconds: number } | { bits: number } | { features: string[] }} Measure */
/** @typedef {Record<string, string | number | Measure>} Values */

/**
 * @typedef {object} Finding
 * @property {State} state
 * @property {string} say
 * @property {Values} [values]
 */

/**
 * @typedef {object} Item one thing that is looked at
 * @property {string} id
 * @property {Kind} kind
 * @property {Finding} finding
 */

/** @type {Readonly<Finding>} */
export const WAITING = Object.freeze({ state: 'waiting', say: 'waiting' });
/** @type {Readonly<Finding>} */
export const RUNNING = Object.freeze({ state: 'running', say: 'running' });

/** @param {State} state @param {string} say @param {Values} [values] @returns {Finding} */
export const finding = (state, say, values = {}) => ({ state, say, values });
