import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readSignal } from '../../public/js/call/signals.js';

test('the words of the codelab are understood as they are', () => {
  assert.deepEqual(readSignal('got user media'), { kind: 'ready' });
  for (const signal of [{ type: 'offer', sdp: 'v=0' }, { type: 'answer', sdp: 'v=0' }, { type: 'candidate', label: 0, id: '0', candidate: 'c' }]) {
    assert.deepEqual(readSignal(signal), { kind: 'link', signal });
  }
});

test('our own keys come with them', () => {
  const offer = { type: 'offer', sdp: 'v=0', generation: 1, offer: 2 };
  assert.deepEqual(readSignal(offer), { kind: 'link', signal: offer });
});

test('what is switched on in a call, and the key by which a page is known again', () => {
  const state = { type: 'state', audio: true, video: false, screen: false };
  assert.deepEqual(readSignal(state), { kind: 'state', state });
  const withKey = { ...state, peerKey: 'A-_9'.repeat(6) };
  assert.deepEqual(readSignal(withKey), { kind: 'state', state: withKey });
  for (const peerKey of ['', 'short', 'x'.repeat(65), 'ä'.repeat(22), 5, null]) assert.equal(readSignal({ ...state, peerKey }), null);
  for (const key of ['audio', 'video', 'screen']) assert.equal(readSignal({ ...state, [key]: 'on' }), null, key);
});

test('whatever has not the right shape is nothing', () => {
  for (const value of [
    null, 1, '', 'hello', 'bye', { type: 'bye' }, [], {}, { type: 'state' }, { type: 'offer' }, { type: 'offer', sdp: 1 }, { type: 'answer', sdp: null },
    { type: 'candidate' }, { type: 'candidate', candidate: {} },
    { type: 'offer', sdp: '', generation: -1 },
    { type: 'offer', sdp: '', generation: 1.5 }, { type: 'answer', sdp: '', offer: '1' }, { __proto__: { type: 'offer' } },
  ]) assert.equal(readSignal(value), null, JSON.stringify(value));
});
