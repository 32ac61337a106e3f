// The sound and picture that come from the other side: one stream, whatever connection they come over.

/** @typedef {import('./introduction.js').Devices} Devices */

export class Reception {
  /** @type {MediaStream} */
  stream;

  #news;

  /**
   * @param {MediaStream} stream
   * @param {{ stream: () => void, devices: () => void }} news
   */
  constructor(stream, news) {
    this.stream = stream;
    this.#news = news;
  }

  /** What the other one has switched on, as far as the tracks show it. @returns {Devices} */
  get devices() {
    const [audio, video] = [this.stream.getAudioTracks()[0], this.stream.getVideoTracks()[0]];
    return { mic: audio && !audio.muted ? 'on' : 'off', camera: video && !video.muted ? 'on' : 'off' };
  }

  /** Takes the tracks of this connection from now on. @param {RTCPeerConnection} connection @param {AbortSignal} signal ends it */
  connect(connection, signal) {
    connection.addEventListener('track', ({ track }) => this.#show(track, signal), { signal });
  }

  /**
   * A picture joins the stream when it moves: with a video track that has not shown a frame yet (no
   * camera there, or it is off) the element would wait for one, and the sound with it.
   * @param {MediaStreamTrack} track @param {AbortSignal} signal
   */
  #show(track, signal) {
    for (const old of this.stream.getTracks()) if (old.kind === track.kind) this.stream.removeTrack(old);
    const add = () => {
      if (!this.stream.getTracks().includes(track)) this.stream.addTrack(track);
      this.#news.stream();
    };
    if (track.kind === 'audio' || !track.muted) add();
    else track.addEventListener('unmute', add, { signal, once: true });
    for (const type of ['mute', 'unmute']) track.addEventListener(type, () => this.#news.devices(), { signal });
  }
}
