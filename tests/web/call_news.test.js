// What is said over the pictures: of the others, and of what is most important.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { INITIAL } from '../../public/js/call/machine.js';
import { I18n, loadLanguage } from '../../public/js/i18n/i18n.js';
import { barFor } from '../../public/js/ui/bar_for.js';
import { CallNews, CLAIMS, STAYS } from '../../public/js/ui/call_news.js';
import { BORIS, channelOnFakes, CLARA, ME, member } from './support/call_socket.js';

/** A member of a call, with Boris inside already. The waits of the news end when end() is called. */
function setUp(t, { host = true } = {}) {
  const waits = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (action, milliseconds) => waits.push({ action, milliseconds });
  t.after(() => { globalThis.setTimeout = setTimeout; });
  const one = channelOnFakes();
  const told = [];
  const news = new CallNews(one.channel, name => name || 'Guest', {
    tell: (word, _tone, _icon, values = {}) => told.push([word, values.name].filter(Boolean)),
    note: word => told.push(`noted ${word}`),
    rings: name => told.push(['rings', name]),
  });
  one.enter({ members: [member(ME, 'Anna', { host }), member(BORIS, 'Boris', { host: !host })] });
  const end = milliseconds => { for (const wait of waits.splice(0)) if (wait.milliseconds === milliseconds) wait.action(); };
  return { told, news, end, hear: one.hear.bind(one), channel: one.channel };
}

test('who is there already is no news; who comes is, if he stays', t => {
  const { told, end, hear } = setUp(t);
  hear(['peer joined', { seat: CLARA, name: 'Clara' }]);
  assert.deepEqual(told, []);
  end(STAYS);
  assert.deepEqual(told, [['bar.joined', 'Clara'], 'noted bar.joined']);
});

test('a seat after a restart of the server: he was here, and when he goes it is said', t => {
  const { told, end, hear } = setUp(t);
  hear(['peer joined', { seat: CLARA, name: 'Boris', was: BORIS }]);
  end(STAYS);
  assert.deepEqual(told, []);
  hear(['peer left', CLARA, 'left']);
  assert.deepEqual(told, [['bar.left', 'Boris'], 'noted bar.left']);
});

test('somebody who only looked in through an open door: not a word', t => {
  const { told, end, hear } = setUp(t);
  hear(['peer joined', { seat: CLARA, name: '' }], ['peer left', CLARA, 'left']);
  end(STAYS);
  assert.deepEqual(told, []);
});

test('who goes, and why', t => {
  for (const [reason, word] of [['left', 'bar.left'], ['lost', 'bar.lost'], ['removed', 'bar.removed']]) {
    const { told, hear } = setUp(t);
    hear(['peer left', BORIS, reason]);
    assert.deepEqual(told, [[word, 'Boris'], `noted ${word}`]);
  }
});

test('a connection that is lost, and comes back', t => {
  const { told, news } = setUp(t);
  news.connection('lost', 'Boris');
  news.connection('returned', '');
  assert.deepEqual(told, [['bar.peer-lost', 'Boris'], 'noted bar.peer-lost', ['bar.peer-back', 'Guest'], 'noted bar.peer-back']);
});

test('rings that end: given up, not answered, answered by somebody else; what we did ourselves is no news', t => {
  for (const [reason, expected] of [['cancelled', 'bar.stopped-calling'], ['no answer', 'bar.not-answered'], ['accepted', 'bar.answered-elsewhere'], ['declined', null]]) {
    const { told, hear } = setUp(t);
    hear(['main check answer', 'otter', { from: CLARA, name: 'Clara' }], ['ring ended', CLARA, reason]);
    assert.deepEqual(told, [['rings', 'Clara'], ...(expected ? [[expected, 'Clara']] : [])]);
  }
});

test('who says that he was here is asked about only when no connection has told who he is', t => {
  const { told, news, end, hear, channel } = setUp(t);
  hear(['main check answer', 'otter', { from: CLARA, name: 'Clara', was: 'seat-of-before' }]);
  const [ring] = channel.gathering.rings;
  assert.deepEqual([told, news.isToBeAsked(ring)], [[], false]);
  end(CLAIMS);
  assert.deepEqual([told, news.isToBeAsked(ring)], [[['rings', 'Clara']], true]);
});

test('becoming host is told to who is not alone; a full room to who accepts', t => {
  const { told, hear } = setUp(t, { host: false });
  hear(['host', ME]);
  hear(['main check answer', 'otter', { from: CLARA, name: '' }], ['error', { event: 'host is agreed', code: 'full' }]);
  assert.deepEqual(told, [['bar.you-host'], ['rings', ''], ['bar.full', 'Guest']]);
});

test('after stop() nothing is said', t => {
  const { told, news, end, hear } = setUp(t);
  hear(['peer joined', { seat: CLARA, name: 'Clara' }]);
  news.stop();
  hear(['peer left', BORIS, 'left']);
  end(STAYS);
  assert.deepEqual(told, []);
});

// The bar

await loadLanguage('en');
const i18n = new I18n({ getItem: () => null, setItem() {} }, ['en']);
const BORIS_IS_HERE = { state: { phase: 'connected' } };
const session = { channel: { stale: false, gathering: { state: 'admitted' } }, peers: { all: [BORIS_IS_HERE], isReduced: false } };
const calm = {
  state: { ...INITIAL, phase: 'inside' }, session, media: { mic: 'on', camera: 'on', screen: false }, told: null, isUnreachable: false,
  plugged: null, dismissed: { reduced: false, muted: false }, isTouched: false,
};
const bar = changes => barFor({ ...calm, ...changes }, i18n);

test('nothing is said when all is well', () => assert.equal(bar({}), null));

test('the most important first: server, news, being let in again, screen, device, network, devices missing, muted', () => {
  const told = { name: 'news', tone: 'info', icon: 'people', text: 'x' };
  const everything = {
    isUnreachable: true, told, plugged: 'Camera', media: { mic: 'off', camera: 'on', screen: true },
    session: { channel: { stale: false, gathering: { state: 'waiting' } }, peers: { all: [BORIS_IS_HERE], isReduced: true } },
    state: { ...calm.state, notice: 'no-camera' },
  };
  const order = [];
  const rest = { ...everything };
  const without = {
    unreachable: () => { rest.isUnreachable = false; }, news: () => { rest.told = null; },
    back: () => { rest.session = { ...rest.session, channel: session.channel }; }, screen: () => { rest.media = { ...rest.media, screen: false }; },
    plugged: () => { rest.plugged = null; }, reduced: () => { rest.dismissed = { reduced: true, muted: false }; },
    'no-camera': () => { rest.state = calm.state; }, muted: () => { rest.dismissed = { reduced: true, muted: true }; },
  };
  for (let shown = bar(rest); shown; shown = bar(rest)) {
    order.push(shown.name);
    without[shown.name]();
  }
  assert.deepEqual(order, Object.keys(without));
});

test('muted: the space bar is spoken of where there is one', () => {
  const muted = { media: { mic: 'off', camera: 'on', screen: false } };
  assert.match(bar(muted)?.text ?? '', /space bar/);
  assert.match(bar({ ...muted, isTouched: true })?.text ?? '', /^You are muted\. Tap/);
});

test('without the server: the call goes on, or nothing can begin; a new certificate needs a reload', () => {
  assert.match(bar({ isUnreachable: true })?.text ?? '', /your call continues/);
  const alone = { ...session, peers: { all: [], isReduced: false } };
  const cutOff = { ...session, peers: { all: [{ state: { phase: 'unstable' } }], isReduced: false } };
  for (const without of [alone, cutOff]) assert.match(bar({ isUnreachable: true, session: without })?.text ?? '', /keep trying/);
  assert.equal(bar({ isUnreachable: true, session: { ...session, channel: { ...session.channel, stale: true } } })?.action?.do, 'reload');
  assert.equal(bar({ media: { mic: 'off', camera: 'on', screen: false }, session: alone }), null, 'muted matters when somebody could hear');
});
