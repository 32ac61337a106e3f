// Makes elements. What comes from people gets in as text alone.

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Record<string, string | boolean>} [attributes] true: there, without a value; false: not there
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(attribute, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Writes only what is new: who hears the page hears no more than that. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} attribute @param {string | boolean} value false: not there */
export function setAttribute(element, attribute, value) {
  if (value === false) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== String(value === true ? '' : value)) element.setAttribute(attribute, value === true ? '' : value);
}

/**
 * Makes the children of a list those of these items, in this order: one that stays is moved at most, and
 * keeps the focus that it has.
 * @template T
 * @param {Element} list
 * @param {readonly T[]} items
 * @param {(item: T) => Element} childOf always the same for an item that stays
 */
export function arrange(list, items, childOf) {
  const wanted = new Set(items.map(childOf));
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  [...wanted].forEach((child, index) => {
    if (list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
  });
}
