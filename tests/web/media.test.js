import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Media } from '../../public/js/call/media.js';
import { settled } from './support/clock.js';
import { FakeStream } from './support/fake_connection.js';

class Track extends EventTarget {
  enabled = true;
  readyState = 'live';
  constructor(kind) {
    super();
    this.kind = kind;
  }

  stop() { this.readyState = 'ended'; }
}

/** Devices that fail as told: `errors` gives, per wish ('audio video', 'audio', 'video'), the name of an error. */
function setUp(errors = {}, { secure = true } = {}) {
  const asked = [];
  const made = [];
  const devices = {
    async getUserMedia({ audio, video }) {
      const wish = [audio && 'audio', video && 'video'].filter(Boolean).join(' ');
      asked.push(wish);
      await settled();
      if (errors[wish]) throw new DOMException('no', errors[wish]);
      const tracks = wish.split(' ').map(kind => new Track(kind));
      made.push(...tracks);
      return { getTracks: () => tracks };
    },
  };
  return { media: new Media(devices, secure, new FakeStream()), asked, made, errors };
}

test('camera and microphone are asked for together', async () => {
  const { media, asked } = setUp();
  assert.deepEqual(await media.open({ camera: true }), { problem: null });
  assert.deepEqual(asked, ['audio video']);
  assert.deepEqual(media.state, { mic: 'on', camera: 'on', screen: false });
});

for (const [what, errors, asked, result, state] of [
  ['no camera: sound alone, and it is said', { 'audio video': 'NotFoundError' }, ['audio video', 'audio'], { problem: null, notice: 'no-camera' }, { mic: 'on', camera: 'none', screen: false }],
  ['no microphone: picture alone, and it is said', { 'audio video': 'NotFoundError', audio: 'NotFoundError' }, ['audio video', 'audio', 'video'], { problem: null, notice: 'no-microphone' }, { mic: 'none', camera: 'on', screen: false }],
  ['neither: it is a problem', { 'audio video': 'NotFoundError', audio: 'NotFoundError', video: 'NotFoundError' }, ['audio video', 'audio', 'video'], { problem: 'missing' }, { mic: 'none', camera: 'none', screen: false }],
  ['camera busy: told, and sound works already', { 'audio video': 'NotReadableError' }, ['audio video', 'audio'], { problem: 'busy' }, { mic: 'on', camera: 'none', screen: false }],
  ['refused: told at once, without asking again and again', { 'audio video': 'NotAllowedError' }, ['audio video'], { problem: 'denied' }, { mic: 'none', camera: 'none', screen: false }],
  ['an unknown error counts as missing', { 'audio video': 'WhateverError' }, ['audio video', 'audio'], { problem: null, notice: 'no-camera' }, { mic: 'on', camera: 'none', screen: false }],
]) {
  test(what, async () => {
    const set = setUp(errors);
    assert.deepEqual(await set.media.open({ camera: true }), result);
    assert.deepEqual(set.asked, asked);
    assert.deepEqual(set.media.state, state);
  });
}

test('join without camera: sound if it can be had, else nothing, and never a problem', async () => {
  const some = setUp();
  assert.deepEqual(await some.media.open({ camera: false }), { problem: null });
  assert.deepEqual([some.asked, some.media.state], [['audio'], { mic: 'on', camera: 'none', screen: false }]);
  const none = setUp({ audio: 'NotAllowedError' });
  assert.deepEqual(await none.media.open({ camera: false }), { problem: null });
  assert.deepEqual([none.asked, none.media.state], [['audio'], { mic: 'none', camera: 'none', screen: false }]);
});

test('a page without mediaDevices: the cause is named, and one can still join', async () => {
  const http = new Media(undefined, false, new FakeStream());
  assert.deepEqual(await http.open({ camera: true }), { problem: 'insecure' });
  assert.deepEqual(await http.open({ camera: false }), { problem: null });
  const old = new Media(undefined, true, new FakeStream());
  assert.deepEqual(await old.open({ camera: true }), { problem: 'unsupported' });
});

test('release stops every track at once', async () => {
  const { media, made } = setUp();
  await media.open({ camera: true });
  media.release();
  assert.deepEqual(made.map(track => track.readyState), ['ended', 'ended']);
  assert.deepEqual(media.stream.getTracks(), []);
});

test('what comes after release, because the question stood there, is stopped at once', async () => {
  const { media, made } = setUp();
  const opening = media.open({ camera: true });
  media.release();
  await opening;
  assert.deepEqual(made.map(track => track.readyState), ['ended', 'ended']);
  assert.deepEqual(media.stream.getTracks(), []);
});

test('what fails after release is not tried again with less', async () => {
  const { media, asked } = setUp({ 'audio video': 'NotFoundError' });
  const opening = media.open({ camera: true });
  media.release();
  await opening;
  assert.deepEqual(asked, ['audio video']);
});

test('asking again while the first question stands: only the second counts', async () => {
  const { media, made } = setUp();
  const first = media.open({ camera: true });
  const second = media.open({ camera: false });
  await Promise.all([first, second]);
  assert.deepEqual(media.stream.getTracks().map(track => track.kind), ['audio']);
  assert.equal(made.filter(track => track.readyState === 'live').length, 1);
});

test('the microphone is silenced, the camera is let go and taken again', async () => {
  const { media, made, asked } = setUp();
  await media.open({ camera: true });
  media.setMic(false);
  assert.equal(made[0].enabled, false);
  assert.equal(await media.setCamera(false), true);
  assert.equal(made[1].readyState, 'ended');
  assert.deepEqual(media.state, { mic: 'off', camera: 'off', screen: false });
  media.setMic(true);
  assert.equal(await media.setCamera(true), true);
  assert.deepEqual(asked, ['audio video', 'video']);
  assert.deepEqual(media.state, { mic: 'on', camera: 'on', screen: false });
});

test('the wishes outlive a call: what was off is off in the next one', async () => {
  const { media, made } = setUp();
  await media.open({ camera: true });
  media.setMic(false);
  await media.setCamera(false);
  media.release();
  await media.open({ camera: true });
  assert.deepEqual(media.state, { mic: 'off', camera: 'off', screen: false });
  assert.equal(made[3].readyState, 'ended', 'the light goes out again');
});

test('a camera that cannot be taken again is told, and stays off', async () => {
  const { media, errors } = setUp();
  await media.open({ camera: true });
  await media.setCamera(false);
  errors.video = 'NotReadableError';
  assert.equal(await media.setCamera(true), false);
  assert.deepEqual(media.state, { mic: 'on', camera: 'off', screen: false });
});

test('a device that is pulled out is gone from the stream, and it is told', async () => {
  const { media, made } = setUp();
  await media.open({ camera: true });
  let told = 0;
  media.addEventListener('change', () => { told += 1; });
  made[1].dispatchEvent(new Event('ended'));
  assert.deepEqual(media.state, { mic: 'on', camera: 'off', screen: false });
  assert.equal(told, 1);
});

/** Somebody inside, with devices that note how they were asked for. */
async function withChoices(errors = {}) {
  const asked = [];
  const made = [];
  const devices = Object.assign(new EventTarget(), {
    async getUserMedia(wish) {
      asked.push(wish);
      const kinds = [wish.audio && 'audio', wish.video && 'video'].filter(Boolean);
      const id = (wish.video || wish.audio).deviceId?.ideal ?? '';
      if (errors[id]) throw new DOMException('no', errors[id]);
      const tracks = kinds.map(kind => new Track(kind));
      made.push(...tracks);
      return { getTracks: () => tracks };
    },
    async getDisplayMedia() {
      if (errors.screen) throw new DOMException('no', errors.screen);
      const track = new Track('video');
      made.push(track);
      return { getVideoTracks: () => [track] };
    },
    enumerateDevices: async () => [{ kind: 'videoinput', deviceId: 'a', label: 'A' }],
  });
  const media = new Media(devices, true, new FakeStream());
  await media.open({ camera: true });
  return { media, devices, asked, made };
}

test('another camera is taken at once, after the one before was let go', async () => {
  const { media, asked, made } = await withChoices();
  assert.equal(await media.choose('video', 'b'), true);
  assert.deepEqual([asked[1].audio, asked[1].video.deviceId, made[1].readyState], [false, { ideal: 'b' }, 'ended']);
  assert.deepEqual(media.stream.getTracks(), [made[0], made[2]]);
  assert.equal(await media.choose('audio', 'm'), true);
  assert.deepEqual([asked[2].audio.deviceId, made[0].readyState, made[2].readyState], [{ ideal: 'm' }, 'ended', 'live']);
});

test('a device that cannot be had: told, and the one before comes back', async () => {
  const { media } = await withChoices({ broken: 'NotReadableError' });
  await media.choose('video', 'good');
  assert.equal(await media.choose('video', 'broken'), false);
  assert.deepEqual([media.choices.video, media.state.camera], ['good', 'on']);
  assert.equal(await media.choose('audio', 'broken'), false);
  assert.deepEqual([media.choices.audio, media.state.mic], ['', 'on']);
});

test('a choice while the camera is off waits until it is on', async () => {
  const { media, asked } = await withChoices();
  await media.setCamera(false);
  await media.choose('video', 'b');
  assert.equal(asked.length, 1);
  await media.setCamera(true);
  assert.deepEqual(asked[1].video.deviceId, { ideal: 'b' });
});

test('the other camera of a phone', async () => {
  const { media, asked } = await withChoices();
  assert.equal(asked[0].video.facingMode, 'user');
  await media.flip();
  assert.equal(asked[1].video.facingMode, 'environment');
  await media.flip();
  assert.equal(asked[2].video.facingMode, 'user');
});

test('a screen is shown beside the camera, which goes on, until it is hidden or the browser ends it', async () => {
  const { media, made } = await withChoices();
  assert.equal(await media.showScreen(), true);
  assert.deepEqual([media.screen, media.state, media.video, made[1].readyState], [made[2], { mic: 'on', camera: 'on', screen: true }, made[1], 'live']);
  media.hideScreen();
  assert.deepEqual([media.screen, media.video, made[2].readyState], [null, made[1], 'ended']);
  await media.showScreen();
  made[3].dispatchEvent(new Event('ended'));
  assert.deepEqual([media.screen, media.video], [null, made[1]]);
  await media.showScreen();
  media.release();
  assert.deepEqual([media.screen, made[4].readyState], [null, 'ended']);
});

test('a screen that nobody chose is no news', async () => {
  const { media } = await withChoices({ screen: 'NotAllowedError' });
  assert.deepEqual([await media.showScreen(), media.state.screen], [false, false]);
});

test('a device that is plugged in is told', async () => {
  const { media, devices } = await withChoices();
  let told = 0;
  media.addEventListener('plugged', () => { told += 1; });
  devices.dispatchEvent(new Event('devicechange'));
  assert.deepEqual([told, (await media.list()).length], [1, 1]);
});
