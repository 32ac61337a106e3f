// The runner of the machine, with a channel, media and a link that only take notes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Call } from '../../public/js/call/call.js';
import { SignalingEvent } from '../../public/js/signaling/channel.js';
import { settled } from './support/clock.js';

class Channel extends EventTarget {
  state = 'closed';
  sent = [];
  open() {
    if (this.state === 'closed') this.become('connecting');
  }

  close() { this.become('closed'); }
  tryNow() {}
  emit(...frame) {
    if (this.state !== 'open') return false;
    this.sent.push(frame.filter(part => part !== undefined));
    return true;
  }

  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }

  hear(name, argument = null) {
    this.dispatchEvent(new SignalingEvent(name, argument));
  }
}

class Media extends EventTarget {
  audio = 'audio';
  video = 'video';
  state = { mic: 'on', camera: 'on' };
  calls = [];
  answers = [];
  open(wish) {
    this.calls.push(['open', wish]);
    return new Promise(resolve => { this.answers.push(resolve); });
  }

  release() { this.calls.push(['release']); }
}

class Link extends EventTarget {
  calls = [];
  constructor(send) {
    super();
    this.send = send;
    for (const name of ['start', 'stop', 'receive', 'peerReady', 'signalingBack', 'setMedia']) {
      this[name] = (...values) => { this.calls.push([name, ...values]); };
    }
  }
}

async function setUp({ supported = true } = {}) {
  const channel = new Channel();
  const media = new Media();
  const links = [];
  const call = new Call('me', {
    channel, media, supported,
    createLink: send => {
      links.push(new Link(send));
      return links.at(-1);
    },
  });
  call.dispatch({ type: 'start', room: 'otter', created: true });
  await settled();
  return { channel, media, links, call };
}

async function accepted() {
  const all = await setUp();
  all.media.answers[0]({ problem: null });
  await settled();
  all.channel.become('open');
  all.channel.hear('main check answer', 'otter');
  all.call.dispatch({ type: 'accept' });
  all.channel.hear('host agreed');
  return all;
}

test('from the start to a link, every word on the wire', async () => {
  const { channel, links, call } = await accepted();
  assert.deepEqual(channel.sent, [['main check', 'otter'], ['host is agreed', 'otter'], ['message', 'got user media']]);
  assert.deepEqual(links[0].calls, [['setMedia', 'audio', 'video', { mic: 'on', camera: 'on' }], ['start', { first: true }]]);
  channel.hear('message', 'got user media');
  const offer = { type: 'answer', sdp: 'v=0', from: 'you', to: 'me' };
  channel.hear('message', offer);
  channel.hear('message', { type: 'nonsense' });
  channel.hear('log', ['Message from server:', 'x']);
  assert.deepEqual(links[0].calls.slice(2), [['peerReady'], ['receive', offer]]);
  links[0].send({ type: 'offer' });
  assert.deepEqual(channel.sent.at(-1), ['message', { type: 'offer' }]);
  links[0].dispatchEvent(new Event('connected'));
  assert.equal(call.state.phase, 'connected');
  call.dispatch({ type: 'hangUp' });
  assert.deepEqual(channel.sent.slice(-3), [
    ['message', { type: 'bye', from: 'me', to: 'you', reason: 'left' }], ['message', 'bye'], ['bye'],
  ]);
});

test('the page goes away: bye, link and devices stopped, socket closed, no timer left', async () => {
  const { channel, media, links, call } = await accepted();
  call.leave();
  assert.deepEqual(channel.sent.slice(-2), [['message', 'bye'], ['bye']]);
  assert.deepEqual(links[0].calls.at(-1), ['stop']);
  assert.deepEqual(media.calls.at(-1), ['release']);
  assert.equal(channel.state, 'closed');
  assert.equal(call.link, null);
  call.leave();
});

test('a link that was stopped is not heard any more', async () => {
  const { links, call } = await accepted();
  call.dispatch({ type: 'hangUp' });
  for (const news of ['connected', 'unstable', 'failed', 'closed']) links[0].dispatchEvent(new Event(news));
  assert.equal(call.state.reason, 'left');
});

test('nor is it heard in the next call', async () => {
  const { channel, media, links, call } = await accepted();
  call.dispatch({ type: 'hangUp' });
  call.dispatch({ type: 'callAgain' });
  media.answers[1]({ problem: null });
  await settled();
  channel.hear('host agreed');
  assert.equal(call.state.phase, 'connecting');
  links[0].dispatchEvent(new Event('connected'));
  assert.equal(call.state.phase, 'connecting');
  links[1].dispatchEvent(new Event('connected'));
  assert.equal(call.state.phase, 'connected');
  call.leave();
});

test('an answer of the browser to a question that was given up is not taken', async () => {
  const { media, call } = await setUp();
  call.dispatch({ type: 'joinWithoutCamera' });
  assert.deepEqual(media.calls, [['open', { camera: true }], ['open', { camera: false }]]);
  media.answers[0]({ problem: 'denied' });
  await settled();
  assert.equal(call.state.problem, null);
  media.answers[1]({ problem: null });
  await settled();
  assert.equal(call.state.phase, 'waiting');
  call.leave();
});

test('a browser that cannot hold a call is not asked for its camera', async () => {
  const { media, call } = await setUp({ supported: false });
  assert.equal(call.state.problem, 'unsupported');
  assert.deepEqual(media.calls, []);
});

test('a socket that never opens says nothing to the machine; one that is lost does', async () => {
  const { channel, media, call } = await setUp();
  media.answers[0]({ problem: null });
  await settled();
  channel.become('closed');
  assert.equal(call.state.online, false);
  channel.become('open');
  assert.equal(call.state.online, true);
  channel.become('closed');
  assert.equal(call.state.online, false);
  assert.deepEqual(channel.sent, [['main check', 'otter']]);
  call.leave();
});

test('a switched device is told to the link', async () => {
  const { media, links, call } = await accepted();
  media.video = null;
  media.dispatchEvent(new Event('change'));
  assert.deepEqual(links[0].calls.at(-1), ['setMedia', 'audio', null, { mic: 'on', camera: 'on' }]);
  call.leave();
});
