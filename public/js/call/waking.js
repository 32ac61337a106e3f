// A machine that has slept does not say so to its pages. A clock that has jumped does.

export const LOOK_EVERY = 2000;
export const SLEPT = 10_000; // a page that is not looked at may be held up for less

/**
 * @param {() => void} woken
 * @param {{ now: () => number, setTimeout: (action: () => void, milliseconds: number) => number }} around now: of the wall clock
 */
export function watchWaking(woken, { now, setTimeout }) {
  let lookedAt = now();
  const look = () => {
    const before = lookedAt;
    lookedAt = now();
    if (lookedAt - before > SLEPT) woken();
    setTimeout(look, LOOK_EVERY);
  };
  setTimeout(look, LOOK_EVERY);
}
