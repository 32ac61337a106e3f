// What the views of the call page share: finding their elements, writing into places, names and their initials.

/** @template {Element} T @param {new () => T} type @param {string} selector @param {ParentNode} [root] @returns {T} */
export function find(type, selector, root = document) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page lacks ${selector}`);
  return element;
}

/** Into every element with data-show="place". @param {string} place @param {string} text */
export function write(place, text) {
  for (const element of document.querySelectorAll(`[data-show="${place}"]`)) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Shows those of these elements that have this value, and no others. @param {string} attribute @param {string} value */
export function showOnly(attribute, value) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    element.toggleAttribute('hidden', element.getAttribute(attribute) !== value);
  }
}

/** The first letters of the words of a name. @param {string} name */
export function initials(name) {
  const words = name.split(/[^\p{Letter}\p{Number}]+/u).filter(Boolean);
  return words.slice(0, 2).map(word => [...word][0]).join('').toUpperCase() || '#';
}

/** One of the six colours of avatars, always the same for a name. @param {string} name */
export function hueOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + Number(letter.codePointAt(0))) % 6_000;
  return 1 + sum % 6;
}

/** @param {number} milliseconds */
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
