// The pictures of a call: the others', and one's own.

import { CallStage } from './call-stage.js';
import { OwnVoice } from './own_voice.js';
import { find, hueOf, initials } from './page_parts.js';
import { peerWords, screenWords } from './peer_words.js';

/** @typedef {import('../call/peers.js').Peer} Peer */
/** @typedef {import('./call_view.js').CallParts} CallParts */
/** @typedef {import('./video-tile.js').TileWords} TileWords */

/** Dispatches `change` when the browser holds sound back, and when one begins or ends to speak. */
export class CallTiles extends EventTarget {
  #parts;
  #stage = find(CallStage, 'call-stage');
  #blocked = false;
  #voice = new OwnVoice();

  /** @param {CallParts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    const { devices, profile } = parts;
    this.#stage.speaker = profile.kept.speaker;
    devices.addEventListener('speaker', () => { this.#stage.speaker = profile.kept.speaker; });
    this.#voice.addEventListener('change', () => this.dispatchEvent(new Event('change')));
    this.#stage.addEventListener('blocked', () => {
      this.#blocked = true;
      this.dispatchEvent(new Event('change'));
    });
  }

  /** Another stay in a call begins. */
  reset() {
    this.#blocked = false;
  }

  /** Starts the sound that the browser held back; from a click. */
  unblock() {
    this.#blocked = false;
    this.#stage.play();
  }

  /** A small window of its own for the one who is looked at most. */
  showSmall() {
    this.#stage.main?.video.requestPictureInPicture().catch(() => {});
  }

  show() {
    const { call, media, i18n } = this.#parts;
    const { phase } = call.state;
    const peers = phase === 'inside' ? call.session?.peers.onStage ?? [] : [];
    this.#voice.track = phase === 'inside' && media.audio?.enabled ? media.audio : null;
    const isHere = phase === 'entering' || phase === 'ringing' || phase === 'inside';
    const screens = peers.flatMap(peer => {
      const words = screenWords(peer, i18n);
      return words ? [{ key: peer.link.remoteScreen, stream: peer.link.remoteScreen, words }] : [];
    });
    this.#stage.show(
      [...screens, ...peers.map(peer => ({ key: peer.link, stream: peer.link.remoteStream, words: peerWords(peer, i18n, this.#blocked) }))],
      isHere ? { stream: media.video ? media.stream : null, mirrored: media.isFacing, words: this.#ownWords() } : null,
    );
  }

  /** @returns {TileWords} */
  #ownWords() {
    const { media, i18n, profile } = this.#parts;
    const [mic, camera] = [media.state.mic === 'on', media.state.camera === 'on'];
    return {
      name: i18n.t('chat.you'), initials: initials(profile.kept.name || i18n.t('chat.you')), hue: hueOf(profile.kept.name),
      label: [i18n.t('chat.you.place'), !mic && i18n.t('tile.mic-off'), !camera && i18n.t('tile.camera-off')].filter(Boolean).join(', '),
      mic, picture: camera, screen: false, speaks: this.#voice.speaks, link: 'good',
    };
  }
}
