import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compare, EVERY, lossOf, MOST_SAMPLES, points, read, Statistics, topOf } from '../../public/js/call/statistics.js';
import { Clock, settled } from './support/clock.js';

/** As Chrome reports a call over a relay or directly. */
function report({ received = 1000, sent = 2000, packets = 100, lost = 0, relayed = false, roundTrip = 0.012 } = {}) {
  return [
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'P', type: 'candidate-pair', state: 'succeeded', nominated: true, bytesReceived: received, bytesSent: sent, currentRoundTripTime: roundTrip, localCandidateId: 'L', remoteCandidateId: 'R' },
    { id: 'P2', type: 'candidate-pair', state: 'succeeded', nominated: true, bytesReceived: 7, bytesSent: 7, localCandidateId: 'L', remoteCandidateId: 'R' },
    { id: 'L', type: 'local-candidate', candidateType: relayed ? 'relay' : 'host', protocol: 'udp', ...(relayed && { relayProtocol: 'tcp' }) },
    { id: 'R', type: 'remote-candidate', candidateType: 'host', address: '192.168.1.31' },
    { id: 'IA', type: 'inbound-rtp', kind: 'audio', packetsReceived: packets / 2, packetsLost: 0, bytesReceived: 10, codecId: 'CA' },
    { id: 'IV', type: 'inbound-rtp', kind: 'video', packetsReceived: packets / 2, packetsLost: lost, bytesReceived: 10, codecId: 'CV', frameWidth: 1280, frameHeight: 720, framesPerSecond: 29.7 },
    { id: 'OV', type: 'outbound-rtp', kind: 'video', bytesSent: 5, codecId: 'CV', frameWidth: 960, frameHeight: 540, framesPerSecond: 30, qualityLimitationReason: 'bandwidth' },
    { id: 'CA', type: 'codec', mimeType: 'audio/opus' },
    { id: 'CV', type: 'codec', mimeType: 'video/VP8' },
    { id: 'CU', type: 'codec', mimeType: 'video/H264' },
  ];
}

test('a report becomes a reading', () => {
  assert.deepEqual(read(report(), 5), {
    at: 5, received: 1000, sent: 2000, packets: 100, lost: 0, roundTrip: 12,
    pictureIn: { width: 1280, height: 720, rate: 30 }, pictureOut: { width: 960, height: 540, rate: 30 },
    limitation: 'bandwidth', codecs: ['VP8', 'Opus'], path: { relayed: false, protocol: 'UDP', address: '192.168.1.31' },
  });
  assert.deepEqual(read(report({ relayed: true }), 5).path, { relayed: true, protocol: 'TCP', address: '192.168.1.31' });
});

test('Firefox names no pair on its transport: the one that is nominated', () => {
  const values = report().filter(({ type, id }) => type !== 'transport' && id !== 'P2');
  assert.equal(read(values, 0).received, 1000);
  values.find(({ id }) => id === 'P').selected = false;
  assert.equal(read(values, 0).path, null);
  assert.equal(read(values, 0).received, 20, 'without a pair, what the streams count');
});

test('a report of nothing is a reading of nothing', () => {
  assert.deepEqual(read([], 1), {
    at: 1, received: 0, sent: 0, packets: 0, lost: 0, roundTrip: null, pictureIn: null, pictureOut: null, limitation: null, codecs: [], path: null,
  });
  const odd = [{ id: 'IV', type: 'inbound-rtp', kind: 'video', packetsReceived: 'many', frameWidth: NaN }];
  assert.equal(read(odd, 1).packets, 0);
});

test('two readings become a sample: rates in bits, the loss of what should have come', () => {
  const [before, now] = [read(report(), 1000), read(report({ received: 251_000, sent: 127_000, packets: 190, lost: 10 }), 3000)];
  assert.deepEqual(compare(before, now), { at: 3000, rateIn: 1_000_000, rateOut: 500_000, loss: 0.1, roundTrip: 12 });
});

test('counters that begin anew on another path, and packets found again, give nothing absurd', () => {
  const before = read(report({ received: 9e9, packets: 1000, lost: 50 }), 0);
  const sample = compare(before, read(report({ received: 1000, packets: 1000, lost: 40 }), 1000));
  assert.deepEqual([sample.rateIn, sample.loss], [8000, null]);
  assert.equal(compare(before, before).rateIn, 0);
});

test('the loss that is shown is that of ten seconds, of those in which something came', () => {
  const sample = loss => ({ at: 0, rateIn: 0, rateOut: 0, loss, roundTrip: null });
  assert.equal(lossOf([]), null);
  assert.equal(lossOf([sample(null)]), null);
  assert.equal(lossOf([sample(1), ...Array(8).fill(sample(0)), sample(null), sample(0.9)]), 0.1);
});

test('the plot: the newest at the end, old ones fall out, the edge is a round number', () => {
  const box = { width: 590, height: 60 };
  assert.deepEqual(points([0, 10], 10, box), ['580.0,59.0', '590.0,1.0']);
  assert.deepEqual(points([null, 99], 10, box), ['580.0,59.0', '590.0,1.0']);
  const many = points(Array(MOST_SAMPLES + 5).fill(1), 2, box);
  assert.deepEqual([many.length, many[0]], [MOST_SAMPLES, '0.0,30.0']);
  assert.deepEqual([[3, 1900], [0], [null, 40]].map(values => topOf(values, 100)), [2000, 100, 100]);
  assert.deepEqual([1400, 4000, 5001, 10000].map(value => topOf([value], 1)), [1500, 4000, 6000, 10000]);
});

function setUp() {
  const clock = new Clock();
  const connection = () => ({ values: report(), getStats: async function getStats() { return new Map(this.values.map(one => [one.id, one])); } });
  const link = { connection: connection() };
  const mesh = { links: new Map([['boris', link]]) };
  const statistics = new Statistics(mesh, clock);
  let rounds = 0;
  statistics.addEventListener('change', () => { rounds += 1; });
  return { clock, mesh, link, statistics, connection, get rounds() { return rounds; } };
}

test('every connection is asked once a second, a minute is kept', async () => {
  const one = setUp();
  one.statistics.start();
  one.statistics.start();
  await settled();
  assert.deepEqual([one.rounds, one.statistics.of(one.link).samples, one.statistics.of(one.link).reading.received], [1, [], 1000]);
  one.link.connection.values = report({ received: 126_000 });
  await one.clock.advance(EVERY);
  assert.deepEqual(one.statistics.of(one.link).samples.map(({ rateIn }) => rateIn), [1_000_000]);
  await one.clock.advance(70 * EVERY);
  assert.deepEqual([one.statistics.of(one.link).samples.length, one.rounds], [MOST_SAMPLES, 72]);
});

test('a new connection is not compared with the one before, and the minute goes on', async () => {
  const one = setUp();
  one.statistics.start();
  await settled();
  await one.clock.advance(2 * EVERY);
  one.link.connection = one.connection();
  one.link.connection.values = report({ received: 9e9 });
  await one.clock.advance(EVERY);
  assert.equal(one.statistics.of(one.link).samples.length, 2);
  await one.clock.advance(EVERY);
  assert.deepEqual(one.statistics.of(one.link).samples.map(({ rateIn }) => rateIn), [0, 0, 0]);
});

test('who has gone is forgotten; a connection that is closed meanwhile is passed over; after stop() nobody is asked', async () => {
  const one = setUp();
  one.statistics.start();
  await settled();
  one.link.connection.getStats = async () => { throw new DOMException('closed', 'InvalidStateError'); };
  await one.clock.advance(EVERY);
  assert.equal(one.rounds, 2);
  one.mesh.links.clear();
  await one.clock.advance(EVERY);
  assert.equal(one.statistics.of(one.link).reading, null);
  one.statistics.stop();
  await one.clock.advance(5 * EVERY);
  assert.deepEqual([one.rounds, one.clock.waiting], [3, []]);
});
