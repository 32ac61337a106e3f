// A WebSocket whose other end is the test.
export class FakeSocket extends EventTarget {
  sent = [];
  closed = false;

  constructor(url) {
    super();
    this.url = url;
  }

  send(text) { this.sent.push(text); }
  close() { this.closed = true; }

  accept() { this.dispatchEvent(new Event('open')); }
  drop(code = 1006) { this.dispatchEvent(Object.assign(new Event('close'), { code })); }
  hear(data) { this.dispatchEvent(Object.assign(new Event('message'), { data })); }
}
