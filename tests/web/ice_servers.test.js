import assert from 'node:assert/strict';
import { test } from 'node:test';

import { iceServersFor } from '../../public/js/signaling/ice_servers.js';
import { channelOnFakes, welcome } from './support/call_socket.js';

const urlFor = page => iceServersFor([{ urls: ['stun:{host}:3000'] }], page)[0].urls[0];

test('the host of a URL is that of the page, whatever stands around it', () => {
  assert.equal(urlFor('http://192.168.1.5:3000/'), 'stun:192.168.1.5:3000');
  assert.equal(urlFor('https://me:secret@Box.Local/x/chat.html?room=y#z'), 'stun:box.local:3000');
  assert.equal(urlFor('http://localhost:8080/'), 'stun:localhost:3000');
});

test('an IPv6 address stands in one pair of brackets', () => {
  assert.equal(urlFor('https://[fd00::2]:3000/chat.html'), 'stun:[fd00::2]:3000');
  assert.equal(urlFor('http://[0:0::1]/'), 'stun:[::1]:3000');
});

test('credentials, transports and servers of others stay as they are', () => {
  const servers = [
    { urls: ['turn:{host}:3478?transport=udp', 'turns:{host}:5349?transport=tcp'], username: '1:{host}', credential: 'c=' },
    { urls: 'turn:{host}' },
    { urls: ['stun:stun.example:3478'] },
  ];
  const told = structuredClone(servers);
  assert.deepEqual(iceServersFor(servers, 'https://[::1]/'), [
    { urls: ['turn:[::1]:3478?transport=udp', 'turns:[::1]:5349?transport=tcp'], username: '1:{host}', credential: 'c=' },
    { urls: 'turn:[::1]' },
    { urls: ['stun:stun.example:3478'] },
  ]);
  assert.deepEqual(servers, told);
});

test('a channel gives them with the host of its page', () => {
  const one = channelOnFakes();
  assert.deepEqual(one.channel.iceServers, []);
  one.channel.open();
  one.socket.accept();
  one.hear(welcome({ iceServers: [{ urls: ['stun:{host}:3000'] }] }));
  assert.deepEqual(one.channel.iceServers, [{ urls: ['stun:x:3000'] }]);
});
