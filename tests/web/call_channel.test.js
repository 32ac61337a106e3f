import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callSocketAddress } from '../../public/js/signaling/address.js';
import { LONGEST_GIVING, LONGEST_LEAVING, LONGEST_STRAYING, MOST_KEPT, SILENCE } from '../../public/js/signaling/call_channel.js';
import { ANSWER_TIMEOUT, CONNECT_TIMEOUT } from '../../public/js/signaling/lasting_socket.js';
import { BORIS, channelOnFakes, CLARA, ME, member, welcome } from './support/call_socket.js';

test('the address: how one enters, and how one comes back; empty parts are left out', () => {
  assert.equal(callSocketAddress('https://h/x/call.html?a#b', { call: 'a b&c', name: 'Ä', key: 'k', was: ME }), `wss://h/x/socket?call=a%20b%26c&name=%C3%84&key=k&was=${ME}`);
  assert.equal(callSocketAddress('http://h/', { call: 'c', name: '', key: undefined }), 'ws://h/socket?call=c');
  assert.equal(callSocketAddress('http://h/', { call: 'c', token: 't.-_', seen: 0 }), 'ws://h/socket?call=c&token=t.-_&seen=0');
});

test('it is open when the server has welcomed us, not before', () => {
  const one = channelOnFakes({ key: 'proof' });
  one.channel.open();
  assert.deepEqual(one.query, { call: 'otter', name: 'Anna', key: 'proof' });
  one.socket.accept();
  one.hear(['peer joined', { seat: BORIS, name: 'B' }]);
  assert.deepEqual([one.channel.state, one.news, one.channel.chat('early')], ['connecting', [], 'dropped']);
  one.hear(welcome());
  assert.equal(one.channel.state, 'open');
  assert.equal(one.channel.token, 'token-1');
});

test('a connect that takes 5 s is given up, also when the socket opened but no welcome came', async () => {
  const one = channelOnFakes();
  one.channel.open();
  one.socket.accept();
  await one.clock.advance(CONNECT_TIMEOUT - 1);
  assert.equal(one.sockets[0].closed, false);
  await one.clock.advance(1);
  assert.deepEqual([one.sockets[0].closed, one.channel.state], [true, 'closed']);
  await one.clock.advance(500);
  assert.equal(one.sockets.length, 2);
});

test('without a welcome the waits grow: 0.5, 1, 2, 4, 8, 8 s; a welcome begins them anew', async () => {
  const one = channelOnFakes();
  one.channel.open();
  for (const delay of [500, 1000, 2000, 4000, 8000, 8000]) {
    one.socket.accept();
    one.socket.drop(1013);
    assert.deepEqual(one.clock.waiting, [delay]);
    await one.clock.advance(delay);
  }
  one.enter();
  one.socket.drop();
  assert.deepEqual(one.clock.waiting, [500]);
});

test('every command is the frame that the protocol names', () => {
  const one = channelOnFakes();
  one.enter();
  const { channel } = one;
  channel.ring();
  channel.accept(BORIS);
  channel.decline(BORIS);
  channel.decline(CLARA, 'busy');
  channel.message('got user media');
  channel.messageTo(BORIS, { type: 'offer', sdp: 'v=0' });
  channel.chat('hello');
  channel.remove(BORIS);
  channel.setDoor('locked');
  channel.setPassword('proof');
  channel.setPassword(null);
  assert.equal(channel.makeHost(BORIS), 'sent');
  assert.deepEqual(one.sent, [
    ['main check', 'otter'], ['host is agreed', 'otter', { to: BORIS }],
    ['host declined', 'otter', { to: BORIS, reason: 'declined' }], ['host declined', 'otter', { to: CLARA, reason: 'busy' }],
    ['message', 'got user media'], ['message', { type: 'offer', sdp: 'v=0' }, { to: BORIS }], ['chat message', 'hello'],
    ['remove', BORIS], ['door', 'locked'], ['password', 'proof'], ['password', null], ['host', BORIS],
  ]);
  channel.bye();
  assert.deepEqual(one.sent.at(-1), ['bye']);
});

test('every event of the server comes typed, and the gathering has changed before', () => {
  const one = channelOnFakes();
  one.enter();
  const seen = [];
  one.channel.on('peer joined', () => seen.push(one.channel.gathering.members.length));
  one.hear(
    ['main check answer', 'otter', { from: BORIS, name: 'Boris', was: CLARA }],
    ['ring ended', BORIS, 'cancelled'], ['peer joined', { seat: BORIS, name: 'Boris' }],
    ['peer away', BORIS], ['peer back', BORIS], ['message', 'got user media', { from: BORIS }],
    ['chat message', 'hi', { from: BORIS, at: 5 }], ['door', 'open'], ['password', true], ['host', BORIS],
    ['error', { event: 'remove', code: 'not-host' }], ['pong', 7], ['peer left', BORIS, 'left'],
  );
  assert.deepEqual(one.news.slice(1), [
    ['main check answer', { seat: BORIS, name: 'Boris', was: CLARA }], ['ring ended', { seat: BORIS, reason: 'cancelled' }],
    ['peer joined', { seat: BORIS, name: 'Boris' }], ['peer away', { seat: BORIS }], ['peer back', { seat: BORIS }],
    ['message', { from: BORIS, signal: 'got user media' }], ['chat message', { from: BORIS, text: 'hi', at: 5 }],
    ['door', 'open'], ['password', true], ['host', BORIS], ['error', { event: 'remove', code: 'not-host' }], ['pong', 7],
    ['peer left', { seat: BORIS, reason: 'left' }],
  ]);
  assert.deepEqual(seen, [2]);
});

test('3 s of silence: a ping; 6 s without an answer: the socket is let go and a new one made', async () => {
  const one = channelOnFakes();
  one.enter();
  await one.clock.advance(SILENCE - 1);
  assert.deepEqual(one.pings, []);
  one.hear(['door', 'open']); // whatever is heard is no silence
  await one.clock.advance(SILENCE - 1);
  assert.deepEqual(one.pings, []);
  await one.clock.advance(1);
  assert.deepEqual(one.pings, [['ping', 0]]);
  await one.clock.advance(ANSWER_TIMEOUT - 1);
  assert.equal(one.channel.state, 'open');
  await one.clock.advance(1);
  assert.deepEqual([one.channel.state, one.sockets[0].closed], ['closed', true]);
  await one.clock.advance(500);
  assert.equal(one.sockets.length, 2);
});

test('answered pings go on for ever, one for each silence', async () => {
  const one = channelOnFakes();
  one.enter();
  for (let count = 1; count <= 5; count += 1) {
    await one.clock.advance(SILENCE);
    assert.equal(one.pings.length, count);
    await one.clock.advance(ANSWER_TIMEOUT - 1000);
    one.hear(['pong', 0]);
  }
  assert.equal(one.sockets.length, 1);
});

test('online: at once; if a socket is there it is asked whether it still lives', async () => {
  const one = channelOnFakes();
  one.enter();
  one.network.dispatchEvent(new Event('online'));
  assert.equal(one.pings.length, 1);
  one.socket.drop();
  one.network.dispatchEvent(new Event('online'));
  assert.equal(one.sockets.length, 2);
});

test('offline: let go at once', () => {
  const one = channelOnFakes();
  one.enter();
  one.network.dispatchEvent(new Event('offline'));
  assert.deepEqual([one.channel.state, one.sockets[0].closed], ['closed', true]);
});

test('the seat is taken up again: `seen` counts over sockets, and not welcome, pong, refused', async () => {
  const one = channelOnFakes();
  one.enter();
  one.hear(['door', 'open'], ['pong', 0], ['error', { event: 'x', code: 'rate' }], ['unknown to us'], ['message', 1, { from: BORIS }]);
  one.socket.drop();
  await one.clock.advance(500);
  assert.deepEqual(one.query, { call: 'otter', token: 'token-1', seen: '4' });
  one.enter({ resumed: true, token: 'token-1' });
  one.hear(['password', true]);
  one.socket.drop();
  await one.clock.advance(500);
  assert.equal(one.query.seen, '5');
});

test('not resumed: counting begins anew, and the members are taken as they are told', async () => {
  const one = channelOnFakes();
  one.enter();
  one.hear(['peer joined', { seat: BORIS, name: 'Boris' }], ['main check answer', 'otter', { from: CLARA, name: 'C' }]);
  one.socket.drop();
  await one.clock.advance(500);
  one.enter({ resumed: false, members: [member(ME, 'Anna', { host: true }), member(CLARA, 'Clara')] });
  assert.deepEqual(one.channel.gathering.members.map(({ seat }) => seat), [ME, CLARA]);
  assert.deepEqual(one.channel.gathering.rings, []);
  one.hear(['door', 'open']);
  one.socket.drop();
  await one.clock.advance(500);
  assert.equal(one.query.seen, '1');
});

test('what lies beyond `heard` is sent again, once, in order, before anything new', async () => {
  const one = channelOnFakes();
  one.enter();
  for (const text of ['1', '2', '3']) one.channel.chat(text);
  one.socket.drop();
  assert.equal(one.channel.chat('4'), 'kept');
  await one.clock.advance(500);
  one.channel.on('welcome', () => one.channel.chat('5'), { once: true });
  one.enter({ resumed: true, heard: 2 });
  assert.deepEqual(one.sent, ['3', '4', '5'].map(text => ['chat message', text]));
  one.socket.drop();
  await one.clock.advance(500);
  one.enter({ resumed: false, heard: 4 });
  assert.deepEqual(one.sent, [['chat message', '5']]);
});

test('pongs tell what was heard, so that little is kept however long a call lasts', async () => {
  const one = channelOnFakes();
  one.enter();
  for (let count = 0; count < 32; count += 1) one.channel.chat(String(count));
  assert.deepEqual(one.pings, [['ping', 32]], 'not only after a silence');
  one.hear(['pong', 32]);
  one.channel.chat('last');
  for (const nonsense of [null, -1, 5, 1e9, 'x', {}]) one.hear(['pong', nonsense]);
  one.socket.drop();
  await one.clock.advance(500);
  one.enter({ resumed: true, heard: 32 });
  assert.deepEqual(one.sent, [['chat message', 'last']]);
});

test('what is kept has a limit, and says so', () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop();
  for (let count = 0; count < MOST_KEPT; count += 1) assert.equal(one.channel.chat('x'), 'kept');
  assert.equal(one.channel.chat('x'), 'dropped');
});

for (const [frame, code] of [
  [['password', 2000], 4001], [['full', 6], 4002], [['locked'], 4003], [['declined'], 4004], [['busy'], 4004], [['no answer'], 4004],
  [['ended'], 4004], [['removed'], 4005], [['replaced'], 4006],
]) {
  test(`refused for good: ${frame[0]}`, async () => {
    const one = channelOnFakes();
    one.enter();
    one.hear(['refused', ...frame]);
    one.socket.drop(code);
    one.network.dispatchEvent(new Event('online'));
    await one.clock.advance(60_000);
    assert.equal(one.sockets.length, 1);
    const extra = frame[0] === 'full' ? { capacity: 6 } : frame.length > 1 ? { wait: 2000 } : {};
    assert.deepEqual(one.news.at(-1), ['refused', { reason: frame[0], final: true, ...extra }]);
    assert.deepEqual([one.channel.state, one.channel.gathering.state, one.channel.token], ['closed', 'outside', undefined]);
    assert.deepEqual(one.clock.waiting, []);
  });
}

test('replaced by a socket of our own that was given up while connecting: back again, once for each; else it was another page', async () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop();
  await one.clock.advance(500);
  await one.clock.advance(CONNECT_TIMEOUT); // the second socket is given up
  await one.clock.advance(1000);
  assert.equal(one.sockets.length, 3);
  one.socket.accept();
  one.hear(welcome({ resumed: true }));
  one.hear(['refused', 'replaced']);
  one.socket.drop(4006);
  await one.clock.advance(500);
  assert.deepEqual([one.sockets.length, one.query.token, one.news.map(([name]) => name)], [4, 'token-1', ['welcome', 'welcome']]);
  one.socket.accept();
  one.hear(welcome({ resumed: true }));
  one.hear(['refused', 'replaced']);
  assert.deepEqual(one.news.at(-1), ['refused', { reason: 'replaced', final: true }]);
  assert.deepEqual(one.clock.waiting, []);
});

test('a socket that was given up is waited for no longer than it may take', async () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop();
  await one.clock.advance(500 + CONNECT_TIMEOUT + 1000);
  one.socket.accept();
  one.hear(welcome({ resumed: true }));
  for (let passed = 0; passed < LONGEST_STRAYING; passed += SILENCE) {
    await one.clock.advance(SILENCE);
    one.hear(['pong', 0]);
  }
  one.hear(['refused', 'replaced']);
  assert.deepEqual(one.news.at(-1), ['refused', { reason: 'replaced', final: true }]);
});

test('a close code says it too, should the frame not have come', async () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop(4006);
  await one.clock.advance(60_000);
  assert.equal(one.sockets.length, 1);
  assert.deepEqual(one.news.at(-1), ['refused', { reason: 'replaced', final: true }]);
});

test('after a refusal one may enter again, with another proof', () => {
  const one = channelOnFakes({ key: 'wrong' });
  one.channel.open();
  one.socket.accept();
  one.hear(['refused', 'password', 0]);
  one.channel.key = 'right';
  one.channel.open();
  assert.equal(one.sockets.length, 2);
  assert.equal(one.query.key, 'right');
});

test('crowded: tried again by itself, not before the server says', async () => {
  const one = channelOnFakes();
  one.channel.open();
  one.socket.accept();
  one.hear(['refused', 'rate', 6000]);
  one.socket.drop(4008);
  await one.clock.advance(5999);
  assert.equal(one.sockets.length, 1);
  await one.clock.advance(1);
  assert.equal(one.sockets.length, 2);
  assert.deepEqual(one.news, [['refused', { reason: 'rate', final: false, wait: 6000 }]]);
});

test('expired: entered anew at once, without the token, as who we were; what was not handled is told', async () => {
  const one = channelOnFakes();
  one.enter();
  one.channel.chat('lost');
  one.socket.drop();
  await one.clock.advance(500);
  one.socket.accept();
  one.hear(['refused', 'expired']);
  assert.equal(one.sockets.length, 3);
  assert.deepEqual(one.query, { call: 'otter', name: 'Anna', was: ME });
  one.enter({ seat: BORIS, token: 'token-2', members: [member(BORIS, 'Anna', { host: true })] });
  assert.deepEqual(one.sent, []);
  assert.deepEqual(one.news.find(([name]) => name === 'unsent'), ['unsent', [{ name: 'chat message', args: ['lost'] }]]);
  one.channel.chat('new');
  one.socket.drop();
  await one.clock.advance(500);
  assert.deepEqual(one.query, { call: 'otter', token: 'token-2', seen: '0' });
  one.enter({ seat: BORIS, token: 'token-2', resumed: true, heard: 0 });
  assert.deepEqual(one.sent, [['chat message', 'new']]);
});

test('the server was restarted and somebody is in already: we ring by ourselves, once', async () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop();
  await one.clock.advance(500);
  one.socket.accept();
  one.hear(['refused', 'expired']);
  one.enter({ seat: BORIS, token: 'token-2', state: 'waiting' });
  assert.deepEqual(one.sent, [['main check', 'otter']]);
});

test('whoever has neither rung nor been inside does not ring by himself', () => {
  const one = channelOnFakes();
  one.enter({ state: 'waiting' });
  assert.deepEqual(one.sent, []);
  one.channel.ring();
  assert.deepEqual(one.sent, [['main check', 'otter']]);
});

test('who rings and loses the socket rings again from the new seat; not twice if the page does so too', async () => {
  const one = channelOnFakes();
  one.channel.on('welcome', () => one.channel.ring());
  one.enter({ state: 'waiting' });
  one.socket.drop();
  await one.clock.advance(500);
  assert.equal(one.query.token, 'token-1', 'the server may not have noticed, then the seat goes on');
  one.hear(['refused', 'expired']);
  one.enter({ seat: CLARA, token: 'token-2', state: 'waiting' });
  assert.deepEqual(one.sent, [['main check', 'otter']]);
});

test('cancel: the waiting seat ends with a bye, and nothing comes after', async () => {
  const one = channelOnFakes();
  one.enter({ state: 'waiting' });
  one.channel.ring();
  one.channel.cancel();
  assert.deepEqual(one.sent, [['main check', 'otter'], ['bye']]);
  await one.clock.advance(60_000);
  assert.deepEqual([one.sockets.length, one.socket.closed, one.channel.gathering.state], [1, true, 'outside']);
});

test('bye without a socket is brought to the server when it is there again', async () => {
  const one = channelOnFakes();
  one.enter();
  one.socket.drop();
  one.channel.bye();
  assert.equal(one.channel.chat('late'), 'dropped');
  await one.clock.advance(500);
  one.enter({ resumed: true });
  assert.deepEqual([one.sent, one.socket.closed, one.clock.waiting], [[['bye']], true, []]);
  await one.clock.advance(60_000);
  assert.equal(one.sockets.length, 2);
});

test('bye after close: a socket is opened for it', () => {
  const one = channelOnFakes();
  one.enter();
  one.channel.close();
  one.channel.bye();
  one.enter({ resumed: true });
  assert.deepEqual([one.sockets.length, one.sent, one.channel.state], [2, [['bye']], 'closed']);
});

test('bye to a server that stays away, or that has ended the seat: no more sockets', async () => {
  for (const answer of [null, ['refused', 'expired']]) {
    const one = channelOnFakes();
    one.enter();
    one.socket.drop();
    one.channel.bye();
    await one.clock.advance(500);
    if (answer) one.hear(answer);
    await one.clock.advance(LONGEST_LEAVING);
    assert.deepEqual([one.channel.state, one.clock.waiting], ['closed', []]);
    if (answer) assert.equal(one.sockets.length, 2);
  }
});

test('close keeps the seat, open takes it up again; a page loaded anew needs but the token', () => {
  const one = channelOnFakes();
  one.enter();
  one.hear(['door', 'open']);
  one.channel.close();
  one.channel.open();
  assert.deepEqual(one.query, { call: 'otter', token: 'token-1', seen: '1' });
  one.channel.close();
  const again = channelOnFakes({ token: one.channel.token });
  again.channel.open();
  assert.deepEqual(again.query, { call: 'otter', token: 'token-1' });
  again.enter({ heard: 40 });
  again.channel.chat('x');
  again.socket.drop();
  again.channel.tryNow();
  again.channel.chat('y');
  again.enter({ resumed: true, heard: 41 });
  assert.deepEqual(again.sent, [['chat message', 'y']], 'it counts on from what its predecessor had sent');
});

test('a page that took up a waiting seat, and was admitted, wants in again after a restart', () => {
  const one = channelOnFakes({ token: 'token-0' });
  one.enter({ state: 'waiting' });
  one.hear(['host agreed', { members: [member(BORIS, 'B', { host: true }), member(ME, 'A')], iceServers: [], door: 'knock', password: false }]);
  one.socket.drop();
  one.channel.tryNow();
  one.hear(['refused', 'expired']);
  one.enter({ seat: CLARA, state: 'waiting' });
  assert.deepEqual(one.sent, [['main check', 'otter']]);
});

test('a seat that still rings is not rung with again; one that was declined does not ring by itself when it comes anew', async () => {
  const one = channelOnFakes();
  one.enter({ state: 'waiting' });
  one.channel.ring();
  one.socket.drop();
  await one.clock.advance(500);
  one.enter({ state: 'waiting', resumed: true, heard: 1 });
  assert.deepEqual(one.sent, []);
  one.hear(['refused', 'declined']);
  one.channel.open();
  one.enter({ seat: CLARA, state: 'waiting' });
  assert.deepEqual(one.sent, []);
});

test('a ring that we decline is gone from the view, also when it is told again before the server knows', async () => {
  const one = channelOnFakes();
  const ring = ['main check answer', 'otter', { from: BORIS, name: 'B' }];
  one.enter();
  one.hear(ring);
  one.socket.drop();
  assert.equal(one.channel.decline(BORIS), 'kept');
  assert.deepEqual(one.channel.gathering.rings, []);
  await one.clock.advance(500);
  one.enter({ resumed: false });
  one.hear(ring);
  assert.deepEqual(one.channel.gathering.rings, []);
  assert.equal(one.sent.length, 1);
});

test('nothing that is no frame does harm, nor is it counted', async () => {
  const one = channelOnFakes();
  one.enter();
  for (const data of ['', '{', '[]', '[1]', '"a"', 'null', new ArrayBuffer(1)]) one.socket.hear(data);
  assert.equal(one.news.length, 1);
  one.socket.drop();
  await one.clock.advance(500);
  assert.equal(one.query.seen, '0');
});

test('a seat that is given away: its socket is not sought again, unless nobody has come for it', async () => {
  const one = channelOnFakes();
  one.enter();
  assert.equal(one.channel.giveSeat(), 'token-1');
  one.network.dispatchEvent(new Event('offline'));
  assert.deepEqual([one.news.at(-1), one.channel.state], [['refused', { reason: 'replaced', final: true }], 'closed']);
  await one.clock.advance(60_000);
  assert.equal(one.sockets.length, 1);

  const kept = channelOnFakes();
  kept.enter();
  kept.channel.giveSeat();
  for (let second = 0; second < LONGEST_GIVING / 1000; second += 1) {
    await kept.clock.advance(1000);
    kept.hear(['pong', 0]);
  }
  kept.network.dispatchEvent(new Event('offline'));
  await kept.clock.advance(1000);
  assert.equal(kept.sockets.length, 2, 'it comes back');
  kept.channel.close();
});
