// The signaling socket of one room: frames are JSON arrays ["event", argument].
//
// There is no heartbeat, because the room endpoint answers exactly what index.js answered. A dead path
// shows by the lack of the `log` that the server sends back for every `message`.

import { LastingSocket, readFrame } from './lasting_socket.js';

/** @typedef {import('./lasting_socket.js').SocketSurroundings} SocketSurroundings */

/** An event of the server's table, as it came. */
export class SignalingEvent extends Event {
  /** @param {string} name @param {unknown} argument null if there was none */
  constructor(name, argument) {
    super('event');
    this.name = name;
    this.argument = argument;
  }
}

/** Dispatches `state` (see .state) and `event` (a SignalingEvent). */
export class SignalingChannel extends LastingSocket {
  #url;

  /**
   * @param {string} url
   * @param {SocketSurroundings} around
   */
  constructor(url, around) {
    super(around);
    this.#url = url;
  }

  /**
   * What cannot be sent now is not kept: after a pause it would tell of a world that is gone.
   * @param {string} name
   * @param {unknown} [argument]
   * @returns {boolean} whether it went out
   */
  emit(name, argument) {
    if (this.state !== 'open') return false;
    this.write(JSON.stringify(argument === undefined ? [name] : [name, argument]));
    if (name === 'message') this.expectAnswer();
    return true;
  }

  /** @protected @override */
  address() {
    return this.#url;
  }

  /** @protected @override */
  opened() {
    this.established();
  }

  /** @protected @override @param {string} text */
  receive(text) {
    const frame = readFrame(text);
    if (frame) this.dispatchEvent(new SignalingEvent(frame.name, frame.args[0] ?? null));
  }
}
