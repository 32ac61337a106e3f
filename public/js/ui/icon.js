// Icons of the sprite, for elements that are built by script.

const SVG = 'http://www.w3.org/2000/svg';
const SPRITE = 'icons.svg';

let place = `${SPRITE}#`;

/**
 * Takes the whole sprite into the page. An icon that is shown for the first time while the server is
 * away (and the bar that says so is one) could not be fetched any more. Its symbols get names of their own:
 * an element of the page that is called like one of them would be drawn instead.
 */
export async function embedSprite() {
  try {
    const text = await (await fetch(SPRITE)).text();
    const sprite = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    sprite.setAttribute('hidden', '');
    for (const symbol of sprite.querySelectorAll('symbol')) symbol.id = `icon-${symbol.id}`;
    document.body.append(sprite);
    place = '#icon-';
  } catch {
    // Then each icon is fetched when it is needed.
  }
}

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

/** @param {Element | null} holder the icon, or what holds it @param {string} name */
export function setIcon(holder, name) {
  holder?.querySelector('use')?.setAttribute('href', place + name);
}
