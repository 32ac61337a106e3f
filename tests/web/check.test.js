// /check.html without a browser: what is made of what browser and server say, in which order it is asked, and the report.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { capture, judgeCamera, judgeMicrophone, nameOf } from '../../public/js/check/capture.js';
import { Checklist, GROUPS } from '../../public/js/check/checklist.js';
import { Examination } from '../../public/js/check/examination.js';
import { judgeFeatures } from '../../public/js/check/features.js';
import { finding } from '../../public/js/check/finding.js';
import { gather, PATIENCE } from '../../public/js/check/gathering.js';
import { judgeAddresses, judgeStun, judgeTurn, targetsOf, tryIceServer } from '../../public/js/check/ice_server.js';
import { judgeLoopback } from '../../public/js/check/loopback.js';
import { writeReport } from '../../public/js/check/report.js';
import { judgeTalk, talkToServer } from '../../public/js/check/server_talk.js';
import { judgeSpeed, measureSpeed, PLACE } from '../../public/js/check/speed.js';
import { summarize } from '../../public/js/check/summary.js';
import { fixOf, sentenceOf, stateOf, titleOf } from '../../public/js/check/words.js';
import { loadLanguage, phrase } from '../../public/js/i18n/i18n.js';
import { Clock, settled } from './support/clock.js';

const speaker = language => ({ language, t: (key, values) => phrase(language, key, values), has: key => Object.hasOwn(dictionaries[language], key) });
const dictionaries = { en: (await loadLanguage('en')).words, ru: (await loadLanguage('ru')).words };

/** An RTCPeerConnection that tells what a test has it tell, once it is asked to gather. */
class Connection extends EventTarget {
  static made = [];
  closed = false;
  constructor(configuration, tell) {
    super();
    this.configuration = configuration;
    this.tell = tell;
    Connection.made.push(this);
  }
  createDataChannel() { return new EventTarget(); }
  async setLocalDescription() { this.tell(this); }
  async setRemoteDescription() {}
  async addIceCandidate() {}
  async getStats() { return new Map(); }
  close() { this.closed = true; }
  found(candidate) { this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate })); }
  failed(errorCode) { this.dispatchEvent(Object.assign(new Event('icecandidateerror'), { errorCode })); }
}
const around = (clock, tell) => ({ ...clock, now: clock.now, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, createConnection: configuration => new Connection(configuration, tell) });
const candidate = (type, protocol = 'udp', address = '10.0.0.1') => ({ type, protocol, address });
const HIDDEN = '6f5c.local';

test('gathering ends with what was wanted, or with the browser\'s end, or when patience does; the connection is closed', async () => {
  const clock = new Clock();
  const early = await gather({}, 'srflx', around(clock, it => { it.found(candidate('host', 'udp', HIDDEN)); it.found(candidate('srflx')); }));
  assert.deepEqual(early, { found: [{ type: 'host', protocol: 'udp', named: true }, { type: 'srflx', protocol: 'udp', named: false }], errors: [], ended: false, milliseconds: 0 });
  const whole = await gather({}, 'relay', around(clock, it => { it.failed(701); it.found({ type: null }); it.found(null); }));
  assert.deepEqual([whole.found, whole.errors, whole.ended], [[], [701], true]);
  const silent = gather({}, 'relay', around(clock, () => {}));
  await clock.advance(PATIENCE);
  assert.deepEqual(await silent, { found: [], errors: [], ended: false, milliseconds: PATIENCE });
  assert.ok(Connection.made.every(({ closed }) => closed));
  assert.deepEqual(clock.waiting, []);
});

test('each url on its own, a relay by its relays alone; what no browser takes is said, and nobody asks this very computer', async () => {
  const servers = [{ urls: 'stun:h:3000' }, { urls: ['turn:h?transport=udp', 'turns:h'], username: 'u', credential: 'c' }];
  assert.deepEqual(targetsOf(servers).map(({ kind, server }) => [kind, server.urls, server.credential]),
    [['stun', 'stun:h:3000', undefined], ['turn', 'turn:h?transport=udp', 'c'], ['turn', 'turns:h', 'c']]);
  Connection.made.length = 0;
  const clock = new Clock();
  const tell = it => { it.found(candidate(it.configuration.iceTransportPolicy === 'relay' ? 'relay' : 'srflx')); };
  for (const target of targetsOf(servers)) assert.equal((await tryIceServer(target, around(clock, tell))).state, 'good');
  assert.deepEqual(Connection.made.map(({ configuration }) => configuration.iceServers.length), [1, 1, 1]);
  assert.deepEqual(Connection.made.map(({ configuration }) => configuration.iceTransportPolicy), [undefined, 'relay', 'relay']);
  const broken = { createConnection: () => { throw new SyntaxError('invalid url'); } };
  assert.equal((await tryIceServer({ kind: 'stun', server: { urls: 'stun:' } }, broken)).say, 'invalid');
  for (const urls of ['stun:localhost:3000', 'turn:127.0.0.1:3478?transport=tcp', 'turn:[::1]', 'stun:localhost']) {
    assert.deepEqual([urls, (await tryIceServer({ kind: 'stun', server: { urls } }, broken)).say], [urls, 'here']);
  }
  assert.equal((await tryIceServer({ kind: 'stun', server: { urls: 'stun:localhost.example.org' } }, broken)).say, 'invalid');
});

test('STUN: an answer is an address, or no error where the browser knows its addresses already', () => {
  const of = (found, errors = [], ended = true) => judgeStun('stun:h', { found, errors, ended, milliseconds: 5 }).say;
  const host = { type: 'host', protocol: 'udp', named: false };
  assert.equal(of([host, { type: 'srflx', protocol: 'udp', named: false }], [701]), 'good', 'one family of addresses is enough');
  assert.equal(of([host]), 'known');
  assert.equal(of([host], [701]), 'silent');
  assert.equal(of([host], [], false), 'silent', 'still waiting');
  assert.equal(of([{ ...host, named: true }]), 'silent', 'a hidden address would have been told');
  assert.equal(of([]), 'silent');
});

test('TURN: a wrong password is told from a relay that cannot be reached, and from other errors', () => {
  const of = (found, errors) => judgeTurn('turn:h', { found, errors, ended: true, milliseconds: 5 });
  assert.equal(of([{ type: 'relay' }], [701]).say, 'good');
  assert.equal(of([], [701, 401]).say, 'credentials');
  assert.equal(of([], [701]).say, 'silent');
  assert.equal(of([], []).say, 'silent', 'a browser that tells no errors');
  assert.deepEqual(of([], [701, 486]), finding('bad', 'refused', { url: 'turn:h', code: 486 }));
});

test('own addresses: hidden, shown, without UDP, none', () => {
  const of = (...found) => judgeAddresses({ found }).say;
  assert.equal(of({ type: 'host', protocol: 'udp', named: true }), 'hidden');
  assert.equal(of({ type: 'host', protocol: 'udp', named: false }), 'shown');
  assert.equal(of({ type: 'host', protocol: 'tcp', named: false }), 'tcp');
  assert.equal(of({ type: 'srflx', protocol: 'udp', named: false }), 'none');
});

/** A WebSocket whose server says what the test has it say. */
class Socket extends EventTarget {
  readyState = 0;
  sent = [];
  constructor(url, answer) {
    super();
    this.url = url;
    this.answer = answer;
  }
  send(text) { this.sent.push(JSON.parse(text)); this.answer?.(this, JSON.parse(text)); }
  say(...frame) { this.readyState = 1; this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) })); }
  ended(code) { this.readyState = 3; this.dispatchEvent(Object.assign(new Event('close'), { code })); }
  close() { this.readyState = 2; }
}
function talk(answer) {
  const clock = new Clock();
  const sockets = [];
  const createSocket = url => { sockets.push(new Socket(url, answer)); return sockets[0]; };
  const told = talkToServer('http://h:3000/check.html', { createSocket, now: clock.now, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, randomName: () => 'check 00ff' });
  return { told, clock, socket: sockets[0] };
}
const WELCOME = { iceServers: [{ urls: ['stun:{host}:3000'] }], server: { version: '0.1.0' } };

test('the talk with the server: the best of five answers, its ICE servers and version; then bye', async () => {
  let pongs = [];
  const { told, clock, socket } = talk((_, frame) => { if (frame[0] === 'ping') pongs.push(frame[1]); });
  assert.equal(socket.url, 'ws://h:3000/socket?call=check%2000ff');
  socket.say('welcome', WELCOME);
  for (const wait of [30, 4, 9, 4, 5]) {
    await clock.advance(wait);
    const [ping] = pongs;
    pongs = [];
    socket.say('pong', ping);
  }
  assert.deepEqual(await told, { milliseconds: 4, iceServers: [{ urls: ['stun:h:3000'] }], version: '0.1.0' });
  assert.deepEqual(socket.sent.at(-1), ['bye']);
  assert.deepEqual(clock.waiting, []);
});

test('a server that does not answer, ends, or refuses', async () => {
  const silent = talk();
  await silent.clock.advance(6000);
  assert.equal(await silent.told, 'unreachable');
  const gone = talk();
  gone.socket.ended(1006);
  assert.equal(await gone.told, 'unreachable');
  const many = talk();
  many.socket.ended(1013);
  assert.equal(await many.told, 'refused');
  const rated = talk();
  rated.socket.say('refused', 'rate', 6000);
  assert.equal(await rated.told, 'refused');
  assert.equal(judgeTalk('unreachable', false).say, 'unreachable');
  assert.equal(judgeTalk('unreachable', true).say, 'blocked', 'its pages come');
  assert.deepEqual([{ milliseconds: 3 }, { milliseconds: 400 }].map(one => judgeTalk(one, true).state), ['good', 'warn']);
});

test('a call of the page to itself: picture and data have to come', () => {
  const of = (data, frames, pictured = true) => judgeLoopback({ data, frames, pictured, milliseconds: 9 }).say;
  assert.deepEqual([of(true, 3), of(true, 0, false), of(true, 2), of(false, 9)], ['good', 'data', 'no-picture', 'failed']);
});

/** A server at so many bytes a millisecond, that gives and takes at most `limit`. */
function line(clock, { rate, limit, refuse = () => 200 }) {
  const asked = [];
  const fetch = async (url, { method = 'GET', body, signal }) => {
    const size = method === 'GET' ? Number(new URL(url, 'http://h/').searchParams.get('bytes')) : body.size;
    asked.push(`${method} ${size}`);
    assert.ok(size <= limit, 'never more than the server gives');
    const status = refuse(asked.length);
    if (status !== 200) return { status };
    const pass = () => new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      clock.setTimeout(resolve, size / 8 / rate);
    });
    if (method === 'POST') { await pass().then(async () => { for (let i = 0; i < 7; i++) await pass(); }); return { status }; }
    let parts = 8;
    const read = async () => { if (parts-- === 0) return { done: true }; await pass(); return { done: false, value: new Uint8Array(size / 8) }; };
    return { status, body: { getReader: () => ({ read }) } };
  };
  return { asked, around: { fetch, createBytes: size => ({ size }), now: clock.now, setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout } };
}
async function measured(options, limit = 8_388_608) {
  const clock = new Clock();
  const { asked, around: parts } = line(clock, { limit, ...options });
  const result = measureSpeed(limit, parts);
  await clock.advance(60_000);
  return { ...await result, asked, waiting: clock.waiting };
}

test('speed: tries grow until one lasts long enough, or the server gives no more', async () => {
  const slow = await measured({ rate: 256 }); // 2.05 Mbit/s
  assert.deepEqual([slow.state, slow.say, slow.values.down.bits, slow.values.up.bits], ['good', 'good', 2_048_000, 2_048_000]);
  assert.deepEqual(slow.asked, ['GET 131072', 'POST 131072']);
  const fast = await measured({ rate: 100_000 });
  assert.deepEqual(fast.asked, ['GET 131072', 'GET 1048576', 'GET 8388608', 'POST 131072', 'POST 1048576', 'POST 8388608']);
  assert.equal(Math.round(fast.values.up.bits / 1e6), 800);
  const crawling = await measured({ rate: 5 });
  assert.deepEqual([crawling.state, crawling.say], ['bad', 'poor'], 'what has come until patience ends tells enough');
  assert.deepEqual([slow, fast, crawling].map(({ waiting }) => waiting.length), [0, 0, 0]);
  assert.deepEqual([3e6, 1e6, 1e5].map(bits => judgeSpeed(9e9, bits).say), ['good', 'slow', 'poor'], 'the slower way counts');
});

test('speed: switched off, asked too often, broken off, each in its own words; a rough figure is better than none', async () => {
  assert.equal((await measureSpeed(0, {})).say, 'off');
  for (const [status, say, state] of [[404, 'off', 'idle'], [429, 'busy', 'idle'], [503, 'busy', 'idle'], [500, 'broken', 'bad']]) {
    const result = await measured({ rate: 100, refuse: () => status });
    assert.deepEqual([status, result.say, result.state], [status, say, state]);
  }
  const later = await measured({ rate: 100_000, refuse: count => (count === 3 ? 429 : 200) });
  assert.equal(later.say, 'good');
  assert.equal((await measureSpeed(1000, { fetch: () => Promise.reject(new TypeError('network')), setTimeout: () => 1, clearTimeout() {}, now: () => 0 })).say, 'broken');
  assert.equal(PLACE, 'bandwidth');
});

test('browser: what calls need, and what only secure pages have', () => {
  const all = Object.fromEntries(['RTCPeerConnection', 'RTCRtpSender.replaceTrack', 'RTCDataChannel', 'WebSocket', 'dialog', 'AudioContext', 'screen', 'speaker', 'picture', 'awake', 'disk'].map(name => [name, true]));
  assert.equal(judgeFeatures(all, true).say, 'good');
  assert.deepEqual(judgeFeatures({ ...all, WebSocket: false, dialog: false }, true), finding('bad', 'missing', { features: { features: ['WebSocket', 'dialog'] } }));
  assert.deepEqual(judgeFeatures({ ...all, screen: false }, true), finding('good', 'without', { features: { features: ['screen'] } }));
  assert.equal(judgeFeatures({ ...all, screen: false }, false).say, 'good', 'no browser has it at http');
});

const track = (kind, label = kind) => ({ kind, label, getSettings: () => ({ width: 640, height: 480, deviceId: 'SECRET' }) });
const named = name => Object.assign(new Error(name), { name });
const streamOf = ({ audio, video }) => {
  const [sounds, pictures] = [audio ? [track('audio')] : [], video ? [track('video')] : []];
  return { getAudioTracks: () => sounds, getVideoTracks: () => pictures, getTracks: () => [...sounds, ...pictures] };
};
function asking(answer, permission = 'prompt') {
  const questions = [];
  const devices = { getUserMedia: async wish => { questions.push(Object.keys(wish).join()); const error = answer(wish); if (error) throw named(error); return streamOf(wish); } };
  return capture({ devices, permission: async kind => (typeof permission === 'string' ? permission : permission[kind]) }).then(result => ({
    camera: result.camera.kind ?? result.camera, microphone: result.microphone.kind ?? result.microphone, questions,
  }));
}

test('camera and microphone: one question; after a failure each for itself, but no second question to who has refused', async () => {
  assert.deepEqual(await asking(() => null), { camera: 'video', microphone: 'audio', questions: ['audio,video'] });
  assert.deepEqual(await asking(() => 'NotAllowedError'), { camera: 'denied', microphone: 'denied', questions: ['audio,video'] });
  assert.deepEqual(await asking(({ video }) => video && 'NotAllowedError', { microphone: 'granted', camera: 'denied' }),
    { camera: 'denied', microphone: 'audio', questions: ['audio,video', 'audio'] });
  assert.deepEqual(await asking(({ video }) => video && 'NotFoundError'), { camera: 'missing', microphone: 'audio', questions: ['audio,video', 'audio', 'video'] });
  assert.deepEqual(await asking(({ video }) => video && 'NotReadableError'), { camera: 'busy', microphone: 'audio', questions: ['audio,video', 'audio', 'video'] });
  assert.deepEqual(await asking(({ audio }) => audio && 'NotFoundError'), { camera: 'video', microphone: 'missing', questions: ['audio,video', 'audio', 'video'] });
  assert.deepEqual([judgeCamera('missing').state, judgeCamera('busy').state, judgeMicrophone('denied').state], ['warn', 'bad', 'bad']);
  assert.deepEqual(['listening', 'heard', 'silent'].map(ear => judgeMicrophone(track('audio'), ear).state), ['running', 'good', 'warn']);
  assert.equal(nameOf('Integrated Camera (04f2:b6d9)'), 'Integrated Camera');
});

test('the checklist: every kind once, and as many of a kind as there are urls', () => {
  const list = new Checklist();
  const kinds = Object.values(GROUPS).flat();
  assert.deepEqual(list.items.map(({ id }) => id), kinds);
  assert.deepEqual(list.spread('turn', ['a', 'b', 'c'].map(url => finding('good', 'good', { url }))), ['turn', 'turn-1', 'turn-2']);
  assert.deepEqual(list.items.map(({ kind }) => kind).slice(7, 10), ['turn', 'turn', 'turn']);
  list.spread('turn', [finding('warn', 'none')]);
  assert.deepEqual(list.items.map(({ id }) => id), kinds);
});

test('the headline: the worst that is there; what cannot be tried here does not count', () => {
  const items = (...findings) => findings.map(([state, say = state], index) => ({ id: String(index), kind: 'server', finding: finding(state, say) }));
  const headline = (...findings) => summarize(items(...findings)).headline;
  assert.equal(headline(['good'], ['waiting'], ['bad']), 'running');
  assert.equal(headline(['good'], ['idle'], ['warn'], ['bad']), 'bad');
  assert.equal(headline(['good'], ['idle'], ['warn']), 'warn');
  assert.equal(headline(['good'], ['idle']), 'idle');
  assert.equal(headline(['good'], ['idle', 'off'], ['idle', 'here']), 'good');
  assert.deepEqual(summarize(items(['good'], ['idle', 'off'], ['running'], ['waiting'])), { headline: 'running', all: 3, counts: { good: 1, warn: 0, bad: 0, idle: 0, running: 2 } });
});

/** An examination in a world that answers as the test says. */
function examine({ answers = true, iceServers = [], bandwidth = true, config = 200, features = {}, mayCapture = () => true, hosts = 1 }) {
  const clock = new Clock();
  const list = new Checklist();
  const order = [];
  list.addEventListener('change', () => {
    for (const { id, finding: { state } } of list.items) if (state === 'running' && !order.includes(id)) order.push(id);
  });
  const answer = (socket, [name, n]) => { if (name === 'ping') queueMicrotask(() => socket.say('pong', n)); };
  const needed = Object.fromEntries(['RTCPeerConnection', 'RTCRtpSender.replaceTrack', 'RTCDataChannel', 'WebSocket', 'dialog', 'AudioContext'].map(name => [name, true]));
  const examination = new Examination(list, {
    ...around(clock, it => { if (hosts) it.found(candidate('host', 'udp', HIDDEN)); it.found(candidate(it.configuration.iceTransportPolicy === 'relay' ? 'relay' : 'srflx')); it.found(null); }),
    secure: true, page: 'http://h:3000/check.html', mayCapture, features: { ...needed, ...features },
    createSocket: url => {
      const socket = new Socket(url, answer);
      queueMicrotask(() => (answers ? socket.say('welcome', { ...WELCOME, iceServers }) : socket.ended(1006)));
      return socket;
    },
    randomName: () => 'x', createPicture: () => null, createBytes: size => ({ size }),
    fetch: async url => {
      if (!answers) throw new TypeError('network');
      if (url !== 'config.json') return { status: 429 };
      return { ok: config === 200, status: config, json: async () => ({ version: '0.1.0', limits: { bandwidthBytes: 1000 }, features: { bandwidth } }) };
    },
  });
  return { list, order, examination, clock, says: () => Object.fromEntries(list.items.map(({ id, finding: { say } }) => [id, say])) };
}

test('the examination: the server first, the ICE servers it tells, the test call, and the speed when nothing else runs', async () => {
  const { examination, order, clock, says } = examine({ iceServers: [{ urls: ['stun:{host}:1', 'stun:{host}:2', 'turn:{host}'], username: 'u', credential: 'c' }] });
  const run = examination.run();
  await settled();
  await clock.advance(20_000);
  await run;
  assert.deepEqual(order, ['server', 'stun', 'stun-1', 'turn', 'addresses', 'loopback', 'speed']);
  assert.deepEqual(says(), {
    ...says(), server: 'good', stun: 'good', 'stun-1': 'good', turn: 'good', addresses: 'hidden', speed: 'busy',
    loopback: 'failed', // nothing comes of this connection
  });
  assert.equal(examination.version, '0.1.0');
});

test('the examination: none is set up, switched off, an older server, no server, no WebRTC', async () => {
  const result = async options => {
    const { examination, clock, says } = examine(options);
    const run = examination.run();
    await settled();
    await clock.advance(20_000);
    await run;
    return says();
  };
  const bare = await result({ bandwidth: false });
  assert.deepEqual([bare.stun, bare.turn, bare.speed], ['none', 'none', 'off']);
  assert.equal((await result({ config: 404 })).speed, 'off');
  const dead = await result({ answers: false });
  assert.deepEqual([dead.server, dead.stun, dead.turn, dead.speed, dead.addresses], ['unreachable', 'unknown', 'unknown', 'unknown', 'hidden']);
  const old = await result({ features: { RTCPeerConnection: false } });
  assert.deepEqual([old.browser, old.stun, old.loopback], ['missing', 'unable', 'unable']);
});

test('what the browser holds back until a camera is allowed is looked at again then', async () => {
  let camera = false;
  const { examination, clock, says } = examine({ mayCapture: () => camera, hosts: 0, iceServers: [{ urls: ['stun:{host}', 'stun:localhost'] }] });
  Connection.made.length = 0;
  const run = examination.run();
  await settled();
  await clock.advance(20_000);
  await run;
  assert.deepEqual([says().addresses, says().loopback], ['later', 'later']);
  assert.deepEqual(Connection.made.at(-1).configuration, { iceServers: [{ urls: 'stun:h' }] }, 'calls have that help too');
  camera = true;
  const more = examination.goOn();
  await settled();
  await clock.advance(20_000);
  await more;
  assert.deepEqual([says().addresses, says().loopback], ['none', 'failed']);
});

test('run again: what still runs of the last one says nothing any more', async () => {
  const { examination, list, clock, says } = examine({});
  const first = examination.run();
  await settled();
  const second = examination.run();
  list.set('server', finding('bad', 'unreachable'));
  await clock.advance(20_000);
  await Promise.all([first, second]);
  assert.equal(says().server, 'good');
  assert.equal(list.items.filter(({ finding: { state } }) => state === 'running').length, 0);
});

test('every finding that the modules make has its sentence, and every bad one its fix, in both languages', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const folder = new URL('../../public/js/', import.meta.url);
  const files = [...readdirSync(new URL('check/', folder)).map(name => `check/${name}`), 'ui/check_capture.js', 'ui/check_speaker.js'];
  const source = files.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  const made = [...source.matchAll(/finding\('(good|warn|bad|idle|running)', '([a-z-]+)'/g)].map(([, state, say]) => ({ state, say }));
  assert.ok(made.length > 30);
  for (const language of ['en', 'ru']) {
    const keys = Object.keys(dictionaries[language]);
    for (const { state, say } of made) {
      const owners = keys.filter(key => new RegExp(`^check\\.[a-z]+\\.${say}$`).test(key));
      assert.ok(owners.length > 0, say);
      if (state === 'bad' || state === 'warn') for (const key of owners) if (!key.startsWith('check.any.')) assert.ok(keys.includes(`${key}.fix`) || say === 'good' || say === 'idle' || say === 'unknown', key);
    }
    for (const kind of Object.values(GROUPS).flat()) assert.ok(titleOf(speaker(language), { kind }));
  }
});

test('words: units and lists are written as the language does', () => {
  const item = (kind, found) => ({ id: kind, kind, finding: found });
  const said = (language, ...rest) => sentenceOf(speaker(language), item(...rest)).replace(/[\u00a0\u202f]/g, ' ');
  const speed = judgeSpeed(94e6, 1.94e6);
  assert.equal(said('en', 'speed', speed), '94 Mb/s to you, 1.9 Mb/s from you: pictures will be small.');
  assert.match(said('ru', 'speed', speed), /^К вам 94 Мбит\/[сc], от вас 1,9 Мбит\/[сc]: картинки будут маленькими\.$/);
  assert.equal(said('en', 'server', finding('good', 'good', { time: { milliseconds: 0.3 } })), 'It answers in 1 ms.');
  assert.equal(said('en', 'browser', finding('bad', 'missing', { features: { features: ['WebSocket', 'dialog'] } })), 'It lacks WebSocket and dialog.');
  assert.equal(said('en', 'browser', finding('good', 'without', { features: { features: ['screen', 'awake'] } })), 'It has everything that calls need. What it cannot do: show the screen and keep the screen awake.');
  assert.equal(said('en', 'camera', finding('waiting', 'waiting')), 'Waits for its turn.');
  assert.equal(fixOf(speaker('en'), item('server', finding('good', 'good', { time: { milliseconds: 1 } }))), '');
  assert.equal(stateOf(speaker('ru'), item('server', finding('bad', 'unreachable'))), 'не работает');
});

test('the report: when, where, which server and browser, each result; nothing that is secret', () => {
  const list = new Checklist();
  list.set('camera', judgeCamera(track('video', 'Integrated Camera (04f2:b6d9)')));
  list.set('server', finding('bad', 'unreachable'));
  const [target] = targetsOf([{ urls: 'turn:h:3478?transport=udp', username: '1795561027:SECRET', credential: 'SECRET' }]);
  list.set('turn', judgeTurn(target.server.urls, { found: [], errors: [401], ended: true, milliseconds: 3 }));
  const about = { now: new Date('2026-11-24T17:00:00.123Z'), page: 'https://h:3000/check.html?room=SECRET#SECRET', version: '0.1.0', browser: 'Firefox/140' };
  const report = writeReport(speaker('en'), list.items, about);
  assert.doesNotMatch(report, /SECRET|04f2|undefined|\{/);
  assert.deepEqual(report.split('\n').slice(0, 6), ['videochat: check of a device', 'Time: 2026-11-24T17:00:00Z', 'Page: https://h:3000/check.html', 'Version of the server: 0.1.0', 'Browser: Firefox/140', '']);
  assert.match(report, /\n\[good\] Camera: Integrated Camera, 640 × 480\.\n/);
  assert.match(report, /\n\[does not work\] Relay \(TURN\): turn:h:3478\?transport=udp does not accept the password .* Tell the operator: /);
  assert.match(report, /\n\[does not work\] Server: It does not answer\. Look whether /);
  assert.equal(report.split('\n').filter(one => one.startsWith('[')).length, list.items.length);
  assert.match(writeReport(speaker('ru'), list.items, { ...about, version: '' }), /\nВерсия сервера: \?\n/);
});
