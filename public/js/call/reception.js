// The sound and pictures that come from the other side, whatever connection they come over: one stream with what
// his devices give, one with his screen.

import { linesOf } from './negotiation.js';

/** @typedef {import('./introduction.js').Devices} Devices */

export class Reception {
  /** @type {MediaStream} */
  stream;
  /** Without a track until a screen was seen. @type {MediaStream} */
  screen;

  #news;

  /**
   * @param {() => MediaStream} createStream
   * @param {{ stream: () => void, devices: () => void }} news
   */
  constructor(createStream, news) {
    this.stream = createStream();
    this.screen = createStream();
    this.#news = news;
  }

  /** What the other one has switched on, as far as the tracks show it. @returns {Devices} */
  get devices() {
    const [audio, video] = [this.stream.getAudioTracks()[0], this.stream.getVideoTracks()[0]];
    return { mic: audio && !audio.muted ? 'on' : 'off', camera: video && !video.muted ? 'on' : 'off' };
  }

  /** Takes the tracks of this connection from now on. @param {RTCPeerConnection} connection @param {AbortSignal} signal ends it */
  connect(connection, signal) {
    connection.addEventListener('track', ({ track, transceiver }) => {
      // Lines of an offer of our own that has just been given up have no number.
      const { screen } = linesOf(connection.getTransceivers().filter(({ mid }) => mid !== null));
      this.#show(track, transceiver === screen ? this.screen : this.stream, signal);
    }, { signal });
  }

  /**
   * A picture joins the stream when it moves: with a video track that has not shown a frame yet (no
   * camera there, or it is off) the element would wait for one, and the sound with it.
   * @param {MediaStreamTrack} track @param {MediaStream} stream @param {AbortSignal} signal
   */
  #show(track, stream, signal) {
    for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
    const add = () => {
      if (!stream.getTracks().includes(track)) stream.addTrack(track);
      this.#news.stream();
    };
    if (track.kind === 'audio' || !track.muted) add();
    else track.addEventListener('unmute', add, { signal, once: true });
    for (const type of ['mute', 'unmute']) track.addEventListener(type, () => this.#news.devices(), { signal });
  }
}
