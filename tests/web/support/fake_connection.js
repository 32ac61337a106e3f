// An RTCPeerConnection as far as negotiation goes: signaling states, rollback, transceivers, and errors
// where a real one rejects. Whether media flows is decided by the test.

let made = 0;

class FakeTrack extends EventTarget {
  muted = true;
  constructor(kind) {
    super();
    this.kind = kind;
  }
}

export class FakeStream {
  #tracks = [];
  addTrack(track) { this.#tracks.push(track); }
  removeTrack(track) { this.#tracks = this.#tracks.filter(one => one !== track); }
  getTracks() { return [...this.#tracks]; }
  getAudioTracks() { return this.#tracks.filter(track => track.kind === 'audio'); }
  getVideoTracks() { return this.#tracks.filter(track => track.kind === 'video'); }
}

class FakeTransceiver {
  mid = null;
  constructor(kind, direction) {
    this.direction = direction;
    this.receiver = { track: new FakeTrack(kind) };
    this.sender = { track: null, replaceTrack: async track => { this.sender.track = track; } };
  }

  stop() { this.direction = 'stopped'; }
}

class FakeChannel extends EventTarget {
  readyState = 'connecting';
  sent = [];
  send(text) {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    this.sent.push(text);
  }

  become(state) {
    this.readyState = state;
    this.dispatchEvent(new Event(state === 'open' ? 'open' : 'close'));
  }

  hear(data) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

export class FakeConnection extends EventTarget {
  id = ++made;
  signalingState = 'stable';
  connectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  candidates = [];
  history = [];
  packets = 0;
  channel = null;
  closed = false;
  #transceivers = [];

  createDataChannel() {
    this.channel = new FakeChannel();
    return this.channel;
  }

  addTransceiver(kind, { direction }) {
    const transceiver = new FakeTransceiver(kind, direction);
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers() {
    return this.#transceivers.filter(one => one.direction !== 'stopped');
  }

  async createOffer({ iceRestart } = {}) {
    return { type: 'offer', sdp: `offer of ${this.id}${iceRestart ? ' restart' : ''}` };
  }

  async createAnswer() {
    if (this.signalingState !== 'have-remote-offer') throw new DOMException('nothing to answer', 'InvalidStateError');
    return { type: 'answer', sdp: `answer of ${this.id}` };
  }

  async setLocalDescription(description) {
    if (this.closed) throw new DOMException('closed', 'InvalidStateError');
    this.history.push(`local ${description.type}`);
    if (description.type === 'rollback') {
      if (this.signalingState !== 'have-local-offer') throw new DOMException('nothing to roll back', 'InvalidStateError');
      this.signalingState = 'stable';
      return;
    }
    if (description.type === 'offer') {
      this.#transceivers.forEach((one, index) => { one.pending = String(index); });
      this.signalingState = 'have-local-offer';
    } else {
      this.signalingState = 'stable';
    }
    this.localDescription = description;
  }

  async setRemoteDescription(description) {
    if (this.closed) throw new DOMException('closed', 'InvalidStateError');
    this.history.push(`remote ${description.type}`);
    if (description.type === 'answer') {
      if (this.signalingState !== 'have-local-offer') throw new DOMException('no offer', 'InvalidStateError');
      this.#transceivers.forEach((one, index) => { one.mid = String(index); });
      this.signalingState = 'stable';
    } else {
      // As addTransceiver() demands, lines of an offer of others make transceivers of their own.
      if (!this.#transceivers.some(one => one.mid !== null)) {
        ['audio', 'video', 'video'].forEach((kind, index) => {
          const one = new FakeTransceiver(kind, 'recvonly');
          one.mid = String(index);
          this.#transceivers.push(one);
        });
      }
      this.signalingState = 'have-remote-offer';
    }
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate) {
    if (!this.remoteDescription) throw new DOMException('no description', 'InvalidStateError');
    if (candidate.candidate === 'bad') throw new DOMException('unknown ufrag', 'OperationError');
    this.candidates.push(candidate);
  }

  async getStats() {
    return new Map([['in', { type: 'inbound-rtp', packetsReceived: this.packets }]]);
  }

  close() {
    this.closed = true;
    this.signalingState = 'closed';
  }

  become(state) {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  gather(candidate) {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), {
      candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
    }));
  }
}
