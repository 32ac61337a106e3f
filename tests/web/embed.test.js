// The page around a call: whom it hears, which commands are any, what is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CommandedDevices } from '../../public/js/embed/devices.js';
import { isFromAround, newsBetween, originsOf, readCommand } from '../../public/js/embed/messages.js';

const read = fields => readCommand({ videochat: 1, ...fields });

test('commands', () => {
  assert.deepEqual(read({ type: 'join' }), { command: { type: 'join' }, id: undefined });
  assert.deepEqual(read({ type: 'join', name: 'Anna', microphone: false, camera: true, preview: true, id: 'a' }),
    { command: { type: 'join', name: 'Anna', microphone: false, camera: true, preview: true }, id: 'a' });
  assert.deepEqual(read({ type: 'leave', id: 0 }), { command: { type: 'leave' }, id: 0 });
  assert.deepEqual(read({ type: 'unmute', device: 'camera', more: 1 }), { command: { type: 'unmute', device: 'camera' }, id: undefined });
  assert.deepEqual(read({ type: 'state' }), { command: { type: 'state' }, id: undefined });
});

test('whatever is malformed is none', () => {
  const malformed = [
    null, undefined, 1, 'join', [], { type: 'join' }, { videochat: '1', type: 'join' }, { videochat: 2, type: 'join' }, { videochat: 1 },
    { videochat: 1, type: 'dance' }, { videochat: 1, type: 'toString' }, { videochat: 1, type: ['leave'] }, { videochat: 1, type: 'mute' },
    { videochat: 1, type: 'mute', device: 'screen' }, { videochat: 1, type: 'join', name: 1 }, { videochat: 1, type: 'join', camera: 'yes' },
    { videochat: 1, type: 'join', name: null }, { videochat: 1, type: 'leave', id: {} }, { videochat: 1, type: 'leave', id: null },
    { videochat: 1, type: 'leave', id: NaN }, { videochat: 1, type: 'leave', id: 'x'.repeat(65) },
  ];
  for (const data of malformed) assert.equal(readCommand(data), null, JSON.stringify(data));
});

test('heard is the page around, if it is allowed to be there', () => {
  const around = {};
  const origins = ['https://calls.example', 'https://a.example'];
  assert.equal(isFromAround({ source: around, origin: 'https://a.example' }, around, origins), true);
  assert.equal(isFromAround({ source: around, origin: 'https://b.example' }, around, origins), false);
  assert.equal(isFromAround({ source: {}, origin: 'https://a.example' }, around, origins), false);
  assert.equal(isFromAround({ source: null, origin: 'https://a.example' }, around, origins), false);
});

test('allowed are this server and what it names; nothing that is no origin', () => {
  assert.deepEqual(originsOf('https://me', { embed: ['https://a.example', 'http://b:81', '*', 'https://a/x', 7, 'javascript:1'] }), ['https://me', 'https://a.example', 'http://b:81']);
  for (const config of [null, undefined, {}, { embed: '*' }, 'x']) assert.deepEqual(originsOf('https://me', config), ['https://me']);
});

/** @type {import('../../public/js/embed/messages.js').StateTold} */
const LOBBY = { phase: 'preview', reason: null, problem: null, microphone: 'none', camera: 'none', people: [] };
const ANNA = { person: 1, name: 'Anna' };
const BORIS = { person: 2, name: 'Boris' };
const typesOf = news => news.map(({ type }) => type);

test('news: nothing if nothing has changed', () => {
  assert.deepEqual(newsBetween(LOBBY, { ...LOBBY }), []);
});

test('news: a whole call, in order', () => {
  const ready = { ...LOBBY, microphone: 'on', camera: 'on' };
  assert.deepEqual(newsBetween(LOBBY, ready), [{ type: 'microphone', state: 'on' }, { type: 'camera', state: 'on' }]);
  const ringing = { ...ready, phase: 'ringing' };
  assert.deepEqual(newsBetween(ready, ringing), [{ type: 'state', ...ringing }]);
  const inside = { ...ready, phase: 'inside', people: [ANNA] };
  assert.deepEqual(newsBetween(ringing, inside), [{ type: 'state', ...inside }, { type: 'joined', people: [ANNA] }]);
  assert.deepEqual(newsBetween(inside, { ...inside, people: [BORIS], microphone: 'off' }),
    [{ type: 'peer-left', ...ANNA }, { type: 'peer-joined', ...BORIS }, { type: 'microphone', state: 'off' }]);
  assert.deepEqual(newsBetween(inside, { ...inside, people: [{ ...ANNA, name: 'Anna B.' }] }), [], 'he is the same');
  const ended = { ...LOBBY, phase: 'ended', reason: 'removed' };
  const end = newsBetween(inside, ended);
  assert.deepEqual(typesOf(end), ['state', 'left', 'microphone', 'camera']);
  assert.deepEqual(end[1], { type: 'left', reason: 'removed' });
});

test('news: a problem is told once', () => {
  const denied = { ...LOBBY, problem: 'denied' };
  assert.deepEqual(newsBetween(LOBBY, denied), [{ type: 'error', code: 'problem', problem: 'denied' }]);
  assert.deepEqual(newsBetween(denied, denied), []);
  assert.deepEqual(newsBetween(denied, LOBBY), []);
});

class FakeMedia extends EventTarget {
  wants = { mic: true, camera: true };
  setMic(on) { this.#set('mic', on); }
  setCamera(on) { this.#set('camera', on); }
  #set(kind, on) {
    this.wants[kind] = on;
    this.dispatchEvent(new Event('change'));
  }
}

test('a command undoes what a command has done, and not what the person has done', () => {
  const media = new FakeMedia();
  const devices = new CommandedDevices(media);
  devices.mute('microphone');
  assert.deepEqual(media.wants, { mic: false, camera: true });
  assert.equal(devices.unmute('camera'), true, 'it is on');
  assert.equal(devices.unmute('microphone'), true);
  assert.equal(media.wants.mic, true);

  media.setMic(false); // the person
  devices.mute('microphone');
  assert.equal(devices.unmute('microphone'), false);
  assert.equal(media.wants.mic, false);

  media.setMic(true);
  devices.mute('microphone');
  media.setMic(true); // the person undoes it,
  media.setMic(false); // and switches it off again
  assert.equal(devices.unmute('microphone'), false);
});
