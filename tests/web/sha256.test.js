import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { Sha256 } from '../../public/js/files/sha256.js';

const text = value => new TextEncoder().encode(value);

test('the vectors of NIST (FIPS 180-4 and its examples)', () => {
  const vectors = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
    [
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ];
  for (const [message, digest] of vectors) assert.equal(new Sha256().update(text(message)).hex(), digest);
  assert.equal(new Sha256().update(Uint8Array.of(0xbd)).hex(), '68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b');
});

test('however the input is cut, the digest is that of the whole', () => {
  for (let round = 0; round < 200; ++round) {
    const bytes = randomBytes(Math.floor(Math.random() * 400));
    const hash = new Sha256();
    for (let at = 0; at < bytes.length;) {
      const end = at + Math.floor(Math.random() * 130);
      hash.update(bytes.subarray(at, end));
      at = end;
    }
    assert.equal(hash.length, bytes.length);
    assert.equal(hash.hex(), createHash('sha256').update(bytes).digest('hex'));
  }
});

test('every length around the ends of blocks', () => {
  for (let length = 0; length <= 200; ++length) {
    const bytes = new Uint8Array(length).fill(length);
    assert.equal(new Sha256().update(bytes).hex(), createHash('sha256').update(bytes).digest('hex'), String(length));
  }
});

test('a length of more than 2^32 bits is written in full', () => {
  const piece = new Uint8Array(1 << 20);
  const hash = new Sha256();
  const known = createHash('sha256');
  for (let count = 0; count < 513; ++count) {
    hash.update(piece);
    known.update(piece);
  }
  assert.equal(hash.hex(), known.digest('hex'));
});
