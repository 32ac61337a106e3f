// Numbers with their units, and times, as the language writes them.

/** @typedef {import('./i18n.js').Language} Language */

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
const made = new Map();

/** To make one is dear. @template {Intl.NumberFormat | Intl.DateTimeFormat} F @param {string} key @param {() => F} make */
function kept(key, make) {
  const format = made.get(key) ?? make();
  made.set(key, format);
  return /** @type {F} */ (format);
}

/** @param {Language} language @param {number} value @param {Intl.NumberFormatOptions} options */
const number = (language, value, options) => kept(JSON.stringify([language, options]), () => new Intl.NumberFormat(language, options)).format(value);

/** @param {Language} language @param {number} value @param {string} unit @param {number} [digits] */
const inUnit = (language, value, unit, digits = 0) => number(language, value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
const RATES = ['bit-per-second', 'kilobit-per-second', 'megabit-per-second', 'gigabit-per-second'];

/** @param {number} value @param {readonly string[]} units @returns {{ value: number, unit: string, digits: number }} */
function scaled(value, units) {
  let step = 0;
  let shown = value;
  // 999.6 would be written as 1000.
  while (shown >= 999.5 && step < units.length - 1) {
    shown /= 1000;
    step += 1;
  }
  return { value: shown, unit: String(units[step]), digits: step > 0 && shown < 9.95 ? 1 : 0 };
}

/** @param {Language} language @param {number} bytes */
export function size(language, bytes) {
  const { value, unit, digits } = scaled(bytes, SIZES);
  if (unit === 'byte') return number(language, value, { style: 'unit', unit, unitDisplay: 'long' });
  return inUnit(language, value, unit, digits);
}

/** How much of it, in the unit of the whole and without it: 212 of 480 MB. @param {Language} language @param {number} bytes @param {number} whole */
export function partOf(language, bytes, whole) {
  const { unit } = scaled(whole, SIZES);
  const shown = bytes / 1000 ** SIZES.indexOf(unit);
  return number(language, shown, { maximumFractionDigits: unit !== 'byte' && shown < 9.95 ? 1 : 0 });
}

/** @param {Language} language @param {number} bits a second */
export function rate(language, bits) {
  const { value, unit, digits } = scaled(Math.max(bits, 0), RATES);
  // Less than a kilobit says nothing.
  return unit === 'bit-per-second' ? inUnit(language, value / 1000, 'kilobit-per-second') : inUnit(language, value, unit, digits);
}

/** @param {Language} language @param {number} value */
export const milliseconds = (language, value) => inUnit(language, value, 'millisecond');

/** As long as it takes still. @param {Language} language @param {number} seconds */
export const remaining = (language, seconds) => (seconds < 100
  ? inUnit(language, seconds, 'second')
  : inUnit(language, Math.round(seconds / 60), 'minute'));

/** @param {Language} language @param {number} part 0..1 */
export const percent = (language, part) => number(language, part, { style: 'percent', maximumFractionDigits: part < 0.1 ? 1 : 0 });

/** @param {Language} language @param {number} at Unix time in ms */
export const time = (language, at) => kept(`${language} time`, () => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })).format(at);
