import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isWeak, limitsFor, readMeasured } from '../../public/js/call/quality.js';

const good = { available: null, loss: 0 };

test('the more people, the smaller each picture, so that all copies together stay bearable', () => {
  let before = limitsFor({ ...good, others: 1 });
  assert.deepEqual([before.height, before.frameRate, before.reduced], [720, 30, false]);
  for (const others of [2, 3, 4, 5]) {
    const now = limitsFor({ ...good, others });
    assert.ok(now.video < before.video && now.height <= before.height && now.frameRate <= before.frameRate, `${others}`);
    assert.ok(now.video * others <= 3_000_000, `${others}: ${now.video * others}`);
    assert.equal(now.audio, before.audio);
    before = now;
  }
});

test('the weaker the network, the smaller and slower the picture; then it stops, and sound goes on', () => {
  let before = limitsFor({ ...good, others: 1, available: 10_000_000 });
  assert.equal(before.reduced, false);
  for (const available of [2_000_000, 1_000_000, 500_000, 250_000, 120_000, 60_000, 10_000, 0]) {
    const now = limitsFor({ ...good, others: 1, available });
    assert.ok(now.video <= before.video && now.height <= before.height && now.frameRate <= before.frameRate, `${available}`);
    assert.ok(now.audio >= 24_000, 'sound is never switched off');
    before = now;
  }
  assert.deepEqual([before.video, before.reduced], [0, true]);
  assert.equal(limitsFor({ ...good, others: 1, available: 1_000_000 }).reduced, true);
});

test('a rate leaves room above what is carried now: else no estimate could grow', () => {
  for (const available of [200_000, 500_000, 1_000_000]) assert.ok(limitsFor({ ...good, others: 1, available }).video > available, `${available}`);
});

test('what is plenty for many is not called weak', () => {
  assert.equal(limitsFor({ ...good, others: 5, available: 700_000 }).reduced, false);
});

test('loss halves what is believed of the network', () => {
  const lossy = limitsFor({ others: 1, available: 1_000_000, loss: 0.2 });
  assert.ok(lossy.height < limitsFor({ others: 1, available: 1_000_000, loss: 0 }).height);
});

test('a screen is shown in full size, with fewer frames', () => {
  assert.deepEqual(
    (({ height, frameRate }) => [height, frameRate])(limitsFor({ ...good, others: 4, screen: true })), [1080, 10],
  );
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
    { type: 'candidate-pair', id: 'P2', localCandidateId: 'L', remoteCandidateId: 'R', availableOutgoingBitrate: 500_000, currentRoundTripTime: 0.05 },
    { type: 'local-candidate', id: 'L', candidateType: 'relay' }, { type: 'remote-candidate', id: 'R', candidateType: 'host' },
    { type: 'remote-inbound-rtp', fractionLost: 0.02 }, { type: 'remote-inbound-rtp', fractionLost: 0.1 },
  ];
  assert.deepEqual(readMeasured(reports), { available: 500_000, loss: 0.1, roundTrip: 0.05, relayed: true });
  assert.deepEqual(readMeasured([]), { available: null, loss: 0, roundTrip: 0, relayed: false });
});
