// A guess at what the visitor has in hand: it only decides which help stands first.

/** @typedef {'ios' | 'android' | 'windows' | 'macos' | 'linux' | 'firefox'} Store where a certificate is installed */
/** @typedef {'chrome' | 'edge' | 'firefox' | 'safari' | 'other'} Browser whose warning comes */

/**
 * @param {{ userAgent: string, maxTouchPoints: number, userAgentData?: { platform: string } }} navigator
 * @returns {{ store: Store | null, browser: Browser }}
 */
export function guessDevice({ userAgent, maxTouchPoints, userAgentData }) {
  const browser = guessBrowser(userAgent);
  const system = guessSystem(`${userAgentData?.platform ?? ''} ${userAgent}`, maxTouchPoints);
  // Firefox has a store of its own where people have a keyboard.
  const own = browser === 'firefox' && system !== 'android' && system !== 'ios';
  return { store: own ? 'firefox' : system, browser };
}

/** @param {string} text @param {number} touchPoints @returns {Store | null} */
function guessSystem(text, touchPoints) {
  if (/iPhone|iPad|iPod/.test(text)) return 'ios';
  if (/Android/.test(text)) return 'android';
  if (/Windows/.test(text)) return 'windows';
  if (/macOS|Macintosh/.test(text)) return touchPoints > 1 ? 'ios' : 'macos'; // an iPad says that it is a Mac
  if (/Linux|CrOS|Chrome OS|X11/.test(text)) return 'linux';
  return null;
}

/** @param {string} userAgent @returns {Browser} */
function guessBrowser(userAgent) {
  if (/\bEdg(?:A|iOS)?\//.test(userAgent)) return 'edge';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/(?:Chrome|Chromium|CriOS)\//.test(userAgent)) return 'chrome';
  if (/\bVersion\/[\d.]+ .*\bSafari\//.test(userAgent)) return 'safari';
  return 'other';
}
