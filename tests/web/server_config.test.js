import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readConfig, serverConfig } from '../../public/js/server_config.js';

test('what the server says of itself: other keys are ignored, what is no address is left out', () => {
  const origins = ['https://192.168.1.5:3000', 'https://[fd00::5]:3000/calls'];
  assert.deepEqual(readConfig({ version: '0.1.0', origins, limits: {}, embed: [] }), { version: '0.1.0', origins });
  assert.deepEqual(readConfig({ version: '1', origins: [1, 'javascript:x', 'http://a'] }), { version: '1', origins: ['http://a'] });
  assert.deepEqual(readConfig({ version: '1' }), { version: '1', origins: [] });
  for (const value of [null, 1, {}, [], { version: 1 }]) assert.equal(readConfig(value), null);
});

test('asked for once, and a page goes on without an answer', async () => {
  let times = 0;
  const ask = async () => {
    times += 1;
    throw new TypeError('away');
  };
  assert.deepEqual([await serverConfig(ask), await serverConfig(ask), times], [null, null, 1]);
});
