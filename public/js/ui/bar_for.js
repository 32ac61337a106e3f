// The one sentence over the pictures: what is most important just now. A pure function.

/** @typedef {import('./status-bars.js').Bar} Bar */

/**
 * @typedef {object} BarFacts
 * @property {import('../call/machine.js').CallState} state
 * @property {import('../call/session.js').Session | null} session
 * @property {import('../call/media.js').Media['state']} media
 * @property {Bar | null} told what is said for a moment
 * @property {boolean} isUnreachable whether the server is
 * @property {string | null} plugged the name of a new device
 * @property {{ reduced: boolean, muted: boolean }} dismissed hints that were closed
 * @property {boolean} isTouched whether fingers press here, and no space bar is at hand
 */

/** @param {BarFacts} facts @param {import('../i18n/i18n.js').I18n} i18n @returns {Bar | null} */
export function barFor({ state, session, media, told, isUnreachable, plugged, dismissed, isTouched }, i18n) {
  if (state.phase !== 'inside' || !session) return told;
  const { channel, peers } = session;
  const close = i18n.t('action.close');
  if (isUnreachable) {
    const name = channel.stale ? 'stale' : 'unreachable';
    const action = channel.stale ? { label: i18n.t('bar.reload'), do: 'reload' } : { label: i18n.t('bar.try'), do: 'try-now' };
    const goesOn = peers.all.some(({ state: { phase } }) => phase === 'connected');
    return { name, tone: 'warn', icon: 'warning', text: i18n.t(goesOn ? `bar.${name}.call` : `bar.${name}`), action };
  }
  if (told) return told;
  if (channel.gathering.state === 'waiting') return { name: 'back', tone: 'info', icon: 'clock', text: i18n.t('bar.back') };
  if (media.screen) {
    return { name: 'screen', tone: 'info', icon: 'screen', text: i18n.t('bar.screen'), action: { label: i18n.t('bar.stop'), do: 'screen' } };
  }
  if (plugged !== null) {
    const action = { label: i18n.t('bar.use'), do: 'use-plugged' };
    return { name: 'plugged', tone: 'info', icon: 'camera', text: i18n.t('bar.plugged', { name: plugged }), action };
  }
  if (peers.isReduced && !dismissed.reduced) return { name: 'reduced', tone: 'warn', icon: 'wifi-weak', text: i18n.t('bar.reduced'), close };
  if (state.notice === 'no-camera' || state.notice === 'no-microphone') {
    const icon = state.notice === 'no-camera' ? 'camera-off' : 'mic-off';
    return { name: state.notice, tone: 'info', icon, text: i18n.t(`bar.${state.notice}`), close };
  }
  if (media.mic === 'off' && !dismissed.muted && peers.all.length > 0) return { name: 'muted', tone: 'info', icon: 'mic-off', text: i18n.t(isTouched ? 'bar.muted.touch' : 'bar.muted'), close };
  return null;
}
