// What the tiles of another person say: pure functions.

import { hueOf, initials } from './page_parts.js';

/** @typedef {import('../call/peers.js').Peer} Peer */
/** @typedef {import('../i18n/i18n.js').I18n} I18n */

/**
 * @param {Peer} peer @param {I18n} i18n @param {boolean} blocked whether the browser holds sounds back
 * @returns {import('./video-tile.js').TileWords}
 */
export function peerWords(peer, i18n, blocked) {
  const name = peer.name || i18n.t('chat.other');
  const { mic, camera } = peer.link.remoteDevices;
  const { phase } = peer.state;
  const link = linkOf(peer);
  // Until the first picture is there, an avatar is better than a black tile.
  const picture = camera === 'on' && peer.link.remoteStream.getVideoTracks().length > 0;
  const isKnown = phase !== 'connecting' && !peer.isStranger;
  const states = [
    isKnown && mic !== 'on' && i18n.t('tile.mic-off'), isKnown && camera !== 'on' && i18n.t('tile.camera-off'),
    peer.speaks && i18n.t('tile.speaks'),
  ].filter(Boolean);
  const note = noteFor(peer, name, i18n, blocked);
  return {
    name, label: [name, ...states, note?.text].filter(Boolean).join(', '), initials: initials(name), hue: hueOf(peer.name),
    mic: mic === 'on' || !isKnown, picture, screen: false, speaks: peer.speaks, link,
    mark: link === 'weak' ? i18n.t('tile.weak') : '', note,
  };
}

/**
 * Of the screen that he shows beside his own picture; null while there is none to see.
 * @param {Peer} peer @param {I18n} i18n @returns {import('./video-tile.js').TileWords | null}
 */
export function screenWords(peer, i18n) {
  if (!peer.link.remoteDevices.screen || peer.link.remoteScreen.getVideoTracks().length === 0) return null;
  const label = i18n.t('tile.screen', { name: peer.name || i18n.t('chat.other') });
  return {
    name: label, label, initials: initials(peer.name), hue: hueOf(peer.name), mic: true, picture: true, screen: true, speaks: false,
    link: linkOf(peer), fullscreen: i18n.t('more.fullscreen'),
  };
}

/** @param {Peer} peer @returns {import('./video-tile.js').TileWords['link']} */
function linkOf({ state: { phase }, isWeak }) {
  if (phase === 'unstable' || phase === 'lost') return 'unstable';
  if (phase === 'no-path') return 'failed';
  return isWeak ? 'weak' : 'good';
}

/** @param {Peer} peer @param {string} name @param {I18n} i18n @param {boolean} blocked @returns {import('./video-tile.js').TileWords['note']} */
function noteFor({ state, isStranger, link }, name, i18n, blocked) {
  if (isStranger) return { kind: 'stranger', text: i18n.t('note.stranger', { name }), action: { label: i18n.t('note.trust'), do: 'trust' } };
  switch (state.phase) {
    case 'connecting': return { kind: 'connecting', text: i18n.t('note.connecting') };
    case 'unstable': case 'lost': return { kind: 'unstable', text: i18n.t('note.unstable', { name }) };
    case 'no-path': return {
      kind: 'no-path', text: i18n.t('note.no-path', { name }), action: { label: i18n.t('note.retry'), do: 'retry-peers' },
      link: { label: i18n.t('page.check'), href: 'check.html' },
    };
    case 'connected':
      if (!blocked || link.remoteDevices.mic !== 'on') return null;
      return { kind: 'blocked', text: i18n.t('note.blocked'), action: { label: i18n.t('note.hear'), do: 'unmute-playback' } };
  }
}
