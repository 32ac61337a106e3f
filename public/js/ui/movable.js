// Lets the self view be moved: dragged, it goes to the nearest corner; the arrow keys do the same.

/**
 * @param {HTMLElement} tile has data-corner="top|bottom-start|end"
 * @param {HTMLElement} stage what it stays inside of
 */
export function makeMovable(tile, stage) {
  /** @type {{ x: number, y: number } | null} */
  let grabbed = null;

  const isRightToLeft = () => getComputedStyle(stage).direction === 'rtl';

  /** @param {number} x @param {number} y */
  const shift = (x, y) => {
    tile.style.setProperty('--x', `${x}px`);
    tile.style.setProperty('--y', `${y}px`);
  };

  const snap = () => {
    const [inner, outer] = [tile.getBoundingClientRect(), stage.getBoundingClientRect()];
    const block = inner.top + inner.height / 2 < outer.top + outer.height / 2 ? 'top' : 'bottom';
    const isLeft = inner.left + inner.width / 2 < outer.left + outer.width / 2;
    tile.dataset.corner = `${block}-${isLeft === isRightToLeft() ? 'end' : 'start'}`;
    shift(0, 0);
  };

  tile.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    grabbed = { x: event.clientX, y: event.clientY };
    tile.setPointerCapture(event.pointerId);
    tile.toggleAttribute('data-dragged', true);
  });
  tile.addEventListener('pointermove', event => {
    if (grabbed) shift(event.clientX - grabbed.x, event.clientY - grabbed.y);
  });
  for (const type of ['pointerup', 'pointercancel']) {
    tile.addEventListener(type, () => {
      if (!grabbed) return;
      grabbed = null;
      tile.toggleAttribute('data-dragged', false);
      snap();
    });
  }
  tile.addEventListener('keydown', event => {
    let [block, inline] = String(tile.dataset.corner).split('-');
    if (event.key === 'ArrowUp') block = 'top';
    else if (event.key === 'ArrowDown') block = 'bottom';
    else if (event.key === 'ArrowLeft') inline = isRightToLeft() ? 'end' : 'start';
    else if (event.key === 'ArrowRight') inline = isRightToLeft() ? 'start' : 'end';
    else return;
    event.preventDefault();
    tile.dataset.corner = `${block}-${inline}`;
  });
}
