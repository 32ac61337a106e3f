import assert from 'node:assert/strict';
import { test } from 'node:test';

import { adapt, beginPace, isWeak, PACE, readMeasured, spend } from '../../public/js/call/quality.js';

const PLENTY = 10_000_000;
const EVERY = 2000;

/** A connection that is measured every two seconds. */
function connection({ others = 1, screen = false } = {}) {
  let now = 0;
  let pace = beginPace(now);
  let limits;
  return {
    get now() { return now; },
    get limits() { return limits; },
    get isReduced() { return pace.isReduced; },
    /** The network is like this for so long. */
    for(milliseconds, measured) {
      for (const end = now + milliseconds; now < end;) {
        now += EVERY;
        ({ pace, limits } = adapt(pace, { available: PLENTY, loss: 0, roundTrip: 0.02, relayed: false, sent: null, limitation: null, ...measured }, { now, others, screen }));
      }
      return limits;
    },
  };
}

const settledAt = (measured, options) => connection(options).for(60_000, measured);

test('the more people, the smaller each picture, so that all copies together stay bearable', () => {
  let before = settledAt({}).camera;
  assert.deepEqual([before.height, before.frameRate], [720, 30]);
  for (const others of [2, 3, 4, 5]) {
    const { camera, audio } = settledAt({}, { others });
    assert.ok(camera.bitrate < before.bitrate && camera.height <= before.height && camera.frameRate <= before.frameRate, `${others}`);
    assert.ok(camera.bitrate * others <= 3_000_000, `${others}: ${camera.bitrate * others}`);
    assert.equal(audio, 48_000);
    before = camera;
  }
});

test('the weaker the network, the smaller and slower the picture; then it stops, and sound goes on', () => {
  let before = settledAt({}).camera;
  for (const available of [2_000_000, 1_000_000, 500_000, 250_000, 160_000]) {
    const { camera, audio } = settledAt({ available });
    assert.ok(camera.bitrate <= before.bitrate && camera.height <= before.height && camera.frameRate <= before.frameRate, `${available}`);
    assert.ok(audio >= 24_000);
    before = camera;
  }
  const poor = connection();
  poor.for(20_000, {});
  const { camera, audio } = poor.for(6_000, { available: 20_000 });
  assert.deepEqual([camera, audio], [null, 24_000], 'sound is never switched off');
});

test('a rate leaves room above what is carried now: else no estimate could grow', () => {
  for (const available of [200_000, 500_000, 1_000_000]) assert.ok(settledAt({ available }).camera.bitrate > available, `${available}`);
});

test('the first seconds: a low guess of the browser turns nothing down, and nothing is said', () => {
  const young = connection();
  let available = 100_000;
  while (young.now < PACE.settling - EVERY) {
    assert.equal(young.for(EVERY, { available, limitation: 'bandwidth' }).camera.bitrate, 2_500_000);
    assert.equal(young.isReduced, false);
    available *= 2;
  }
  young.for(60_000, { available: PLENTY });
  assert.equal(young.isReduced, false);
});

test('said only when it lasts, and taken back only when that lasts', () => {
  const line = connection();
  line.for(20_000, {});
  line.for(4000, { available: 200_000 });
  line.for(20_000, {});
  assert.equal(line.isReduced, false, 'a dip');
  let after = 0;
  while (!line.isReduced) {
    line.for(EVERY, { available: 200_000 });
    after += EVERY;
  }
  assert.ok(after > PACE.sustained && after <= PACE.sustained + 4 * EVERY, `${after}`);
  line.for(60_000, { available: 200_000 });
  assert.equal(line.isReduced, true);
  line.for(60_000, {});
  assert.equal(line.isReduced, false);
});

test('an estimate that nobody tries out says nothing; one that is in use, or comes with an overload, does', () => {
  const sending = (line, rate, measured) => {
    for (let round = 0; round < 15; round += 1) line.for(EVERY, { available: 600_000, sent: (line.now + EVERY) * rate / 8000, ...measured });
    return line;
  };
  const still = sending(connection(), 150_000);
  assert.deepEqual([still.limits.camera.height, still.isReduced], [720, false]);
  for (const line of [sending(connection(), 500_000), sending(connection(), 150_000, { loss: 0.2 })]) {
    assert.deepEqual([line.limits.camera.height < 720, line.isReduced], [true, true]);
  }
});

test('down at once, up again step by step', () => {
  const line = connection();
  line.for(20_000, {});
  const high = line.limits.camera.bitrate;
  line.for(6_000, { available: 300_000 });
  const low = line.limits.camera.bitrate;
  assert.ok(low < high / 3);
  let before = low;
  let rounds = 0;
  while (before < high) {
    const { bitrate } = line.for(EVERY, {}).camera;
    assert.ok(bitrate <= before * 1.3, `${before} -> ${bitrate}`);
    before = bitrate;
    rounds += 1;
    assert.ok(rounds < 30);
  }
  assert.ok(rounds * EVERY > 10_000, `${rounds}`);
});

test('loss and long ways are an overload, also where the browser tells no estimate; nothing rises until it is calm', () => {
  for (const overload of [{ loss: 0.2 }, { roundTrip: 1.5 }]) {
    const line = connection();
    line.for(20_000, { available: null });
    const { bitrate } = line.limits.camera;
    line.for(10_000, { available: null, ...overload });
    const low = line.limits.camera.bitrate;
    assert.ok(low < bitrate / 2, JSON.stringify(overload));
    line.for(PACE.calm - EVERY, { available: null });
    assert.equal(line.limits.camera.bitrate, low);
    line.for(60_000, { available: null });
    assert.equal(line.limits.camera.bitrate, bitrate);
  }
});

test('pictures that were stopped are tried again after a while', () => {
  const line = connection();
  line.for(20_000, {});
  const seen = [];
  for (let round = 0; round < 15; round += 1) seen.push(line.for(EVERY, { available: 20_000 }).camera !== null);
  assert.deepEqual([seen.includes(false), seen.slice(seen.indexOf(false)).includes(true)], [true, true]);
});

test('what is plenty for many is not called weak', () => {
  const line = connection({ others: 5 });
  line.for(60_000, { available: 700_000, limitation: 'bandwidth' });
  assert.equal(line.isReduced, false);
});

test('a screen is shown in full size with fewer frames, beside the camera, which gives way first', () => {
  const { camera, screen } = settledAt({}, { others: 3, screen: true });
  assert.deepEqual([screen.height, screen.frameRate], [1080, 10]);
  assert.ok(camera.bitrate > 0 && camera.bitrate < settledAt({}, { others: 3 }).camera.bitrate);
  for (const rate of [30_000, 60_000, 150_000, 230_000, 400_000, 1_000_000, 4_000_000]) {
    const spent = spend({ others: 1, rate, screen: true });
    assert.ok(spent.screen || !spent.camera, `${rate}`);
    if (rate >= 60_000) assert.equal(spent.screen.height, 1080);
  }
  assert.equal(spend({ others: 1, rate: 200_000, screen: true }).camera, null);
});

test('weak: much loss, or a long way', () => {
  assert.equal(isWeak({ loss: 0.01, roundTrip: 0.1 }), false);
  assert.equal(isWeak({ loss: 0.08, roundTrip: 0.1 }), true);
  assert.equal(isWeak({ loss: 0, roundTrip: 0.5 }), true);
});

test('what a report says: of the path in use, not of another one', () => {
  const reports = [
    { type: 'transport', id: 'T', selectedCandidatePairId: 'P2' },
    { type: 'candidate-pair', id: 'P1', nominated: true, state: 'succeeded', availableOutgoingBitrate: 1, currentRoundTripTime: 9 },
    { type: 'candidate-pair', id: 'P2', localCandidateId: 'L', remoteCandidateId: 'R', availableOutgoingBitrate: 500_000, bytesSent: 7, currentRoundTripTime: 0.05 },
    { type: 'local-candidate', id: 'L', candidateType: 'relay' }, { type: 'remote-candidate', id: 'R', candidateType: 'host' },
    { type: 'remote-inbound-rtp', fractionLost: 0.02 }, { type: 'remote-inbound-rtp', fractionLost: 0.1 },
    { type: 'outbound-rtp', kind: 'video', qualityLimitationReason: 'bandwidth' }, { type: 'outbound-rtp', kind: 'video', qualityLimitationReason: 'none' },
  ];
  assert.deepEqual(readMeasured(reports), { available: 500_000, loss: 0.1, roundTrip: 0.05, relayed: true, sent: 7, limitation: 'bandwidth' });
  assert.deepEqual(readMeasured([]), { available: null, loss: 0, roundTrip: 0, relayed: false, sent: null, limitation: null });
});
