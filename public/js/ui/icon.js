// An icon of the sprite, for elements that are built by script.

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name @param {'s' | 'm'} [size] */
export function icon(name, size = 'm') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  if (size === 's') svg.setAttribute('data-size', 's');
  svg.append(document.createElementNS(SVG, 'use'));
  setIcon(svg, name);
  return svg;
}

/** @param {Element | null} svg @param {string} name */
export function setIcon(svg, name) {
  svg?.querySelector('use')?.setAttribute('href', `icons.svg#${name}`);
}
