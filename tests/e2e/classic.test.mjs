// A page in the manner of 2017 (classic/), served in place of ours, through the script that it finds at
// /socket.io/socket.io.js: two people complete a call with it, and cannot without --legacy-webrtc.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../compat/support/server.mjs';
import { World } from './support/world.mjs';

const LIMIT = { timeout: 90_000 };
const fileBeside = (name) => fileURLToPath(new URL(name, import.meta.url));
const PAGE = ['--root', fileBeside('classic'), '--index', 'socket.html'];
const LEGACY = fileBeside('../../src/socketio_client/legacy-webrtc.js');
const BUNDLE = fileBeside('node_modules/socket.io-client/dist/socket.io.min.js');

/** Serves the page, lets the two do what they do, and insists that nothing unexpected went wrong. */
async function meet(options, act) {
    const world = await World.create([...PAGE, ...options]);
    try {
        const [host, caller] = await Promise.all(['first', 'second'].map((which) => world.person({}, 'both', which)));
        for (const person of [host, caller]) {
            await person.context.addCookies([{ name: 'room', value: 'otter', url: person.origin }]);
        }
        await act(host, caller);
        await world.everybodyLeaves();
    } finally {
        await world.close();
    }
}

/** Waits until the page says this. */
async function reads(person, text) {
    const status = person.find('#status');
    await status.filter({ hasText: text }).waitFor().catch(async () => {
        assert.fail(`waited for "${text}", read "${await status.innerText()}"`);
    });
}

/** Up to the moment in which both make their offers. */
async function call(host, caller) {
    await host.open('/');
    await reads(host, 'Created room otter');
    await caller.open('/');
    await reads(caller, 'Joined room otter');
    await caller.find('#callButton').click();
    await reads(host, 'Some user is calling you');
    await host.find('#acceptButton').click();
}

async function completeACall(host, caller) {
    await call(host, caller);
    await Promise.all([host, caller].map((person) => person.hearsAndSees()));
    for (const person of [host, caller]) assert.equal(await connection(person), 'connected');
}

/** What the page's one connection says of itself. */
const connection = (person) => person.page.evaluate(() => window.recordedMedia.peers[0].connectionState);

test('a call through our own script', LIMIT, async () => {
    await meet(['--legacy-webrtc'], async (host, caller) => {
        await completeACall(host, caller);
        assert.equal(await host.page.evaluate(() => typeof io.Manager), 'undefined', 'this is the small script');
    });
});

test('a call through the bundle of npm\'s socket.io-client', LIMIT, async () => {
    await meet(['--legacy-webrtc', '--socketio-client', BUNDLE], async (host, caller) => {
        await completeACall(host, caller);
        assert.equal(await host.page.evaluate(() => typeof io.Manager), 'function', 'this is the real client');
        const [full, short] = await Promise.all(['js', 'min.js'].map((kind) =>
            host.page.evaluate((url) => fetch(url).then((response) => response.text()), `/socket.io/socket.io.${kind}`)));
        assert.equal(full, readFileSync(LEGACY, 'utf8') + readFileSync(BUNDLE, 'utf8'));
        assert.equal(short, full);
    });
});

test('--legacy-webrtc: a stream has an address, and other things keep theirs', LIMIT, async () => {
    await meet(['--legacy-webrtc'], async (person) => {
        await person.context.addInitScript(() => {
            // What the browser itself is asked for.
            window.revoked = [];
            URL.revokeObjectURL = (address) => window.revoked.push(address);
            window.loaded = [];
            const src = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
            Object.defineProperty(HTMLMediaElement.prototype, 'src', { ...src, set: (address) => { window.loaded.push(address); } });
        });
        await person.open('/');
        assert.deepEqual(await person.page.evaluate(async () => {
            const stream = new MediaStream();
            const address = URL.createObjectURL(stream);
            const video = document.createElement('video');
            const holds = {};
            video.src = address;
            holds.property = video.srcObject === stream;
            video.src = '';
            holds.reset = video.srcObject === null && window.loaded.length === 1;
            video.setAttribute('SRC', address);
            holds.attribute = video.srcObject === stream;
            video.setAttribute('title', 'x');
            holds.otherAttribute = video.title === 'x';
            video.src = '/clip.webm';
            holds.file = video.srcObject === null && window.loaded.at(-1) === '/clip.webm';
            URL.revokeObjectURL(address);
            video.src = address;
            holds.revoked = video.srcObject === null && window.loaded.at(-1) === address;
            const blob = URL.createObjectURL(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' }));
            const image = new Image();
            image.src = blob;
            await image.decode();
            URL.revokeObjectURL(blob);
            holds.revokedBlob = window.revoked.join() === blob;
            return Object.entries(holds).filter(([, value]) => !value).map(([name]) => name);
        }), []);
    });
});

test('--legacy-webrtc: an offer that meets an own one is refused, and nothing else is', LIMIT, async () => {
    await meet(['--legacy-webrtc'], async (person) => {
        await person.open('/');
        assert.deepEqual(await person.page.evaluate(async () => {
            const outcome = (promise) => promise.then(() => 'fine', ({ name }) => name);
            const withCallbacks = (object, name, ...args) => outcome(new Promise((...both) => object[name](...args, ...both)));
            const pair = async () => {
                const peers = [new RTCPeerConnection(), new RTCPeerConnection()];
                for (const peer of peers) peer.createDataChannel('x');
                const offers = await Promise.all(peers.map((peer) => peer.createOffer()));
                return { a: peers[0], b: peers[1], offerA: offers[0], offerB: offers[1] };
            };
            const all = [];

            const open = await pair();
            await open.a.setLocalDescription(open.offerA);
            all.push(['offer while one is open', await outcome(open.a.setRemoteDescription(open.offerB))]);
            all.push(['the same with callbacks', await withCallbacks(open.a, 'setRemoteDescription', open.offerB)]);
            await open.b.setRemoteDescription(open.offerA);
            await open.b.setLocalDescription(await open.b.createAnswer());
            all.push(['the answer', await outcome(open.a.setRemoteDescription(open.b.localDescription))]);
            all.push(['a later offer', await outcome(open.a.setRemoteDescription(await open.b.createOffer()))]);

            const soon = await pair();
            soon.a.setLocalDescription(soon.offerA);
            all.push(['offer before the own one is open', await outcome(soon.a.setRemoteDescription(soon.offerB))]);
            await soon.a.setLocalDescription({ type: 'rollback' });
            all.push(['offer after a rollback', await outcome(soon.a.setRemoteDescription(soon.offerB))]);

            const bad = await pair();
            await bad.b.setRemoteDescription(bad.offerA);
            all.push(['own offer after the other one', await withCallbacks(bad.b, 'setLocalDescription', bad.offerB)]);

            const { a, b } = await pair();
            const callbacks = [];
            const offer = await new Promise((...both) => a.createOffer(...both));
            callbacks.push(await withCallbacks(a, 'setLocalDescription', offer));
            callbacks.push(await withCallbacks(b, 'setRemoteDescription', offer));
            const answer = await new Promise((...both) => b.createAnswer(...both));
            callbacks.push(await withCallbacks(b, 'setLocalDescription', answer));
            callbacks.push(await withCallbacks(a, 'setRemoteDescription', answer));
            callbacks.push(await withCallbacks(a, 'addIceCandidate', new RTCIceCandidate({
                sdpMLineIndex: 0, candidate: 'candidate:1 1 udp 1 10.77.0.1 9 typ host',
            })));
            all.push(['everything with callbacks', [...new Set(callbacks)].join()]);
            return all;
        }), [
            ['offer while one is open', 'InvalidStateError'],
            ['the same with callbacks', 'InvalidStateError'],
            ['the answer', 'fine'],
            ['a later offer', 'fine'],
            ['offer before the own one is open', 'InvalidStateError'],
            ['offer after a rollback', 'fine'],
            ['own offer after the other one', 'InvalidStateError'],
            ['everything with callbacks', 'fine'],
        ]);
    });
});

test('no call without --legacy-webrtc: streams have no addresses any more', LIMIT, async () => {
    await meet([], async (host) => {
        const complaint = host.page.waitForEvent('pageerror');
        host.expectsPageError = /createObjectURL/;
        await host.open('/');
        assert.match((await complaint).message, /createObjectURL/);
    });
});

test('no call with addresses for streams alone: each side gives up its offer for the other\'s', LIMIT, async () => {
    await meet([], async (host, caller) => {
        for (const person of [host, caller]) await person.context.addInitScript(giveStreamsAddresses);
        await call(host, caller);
        // Both have answered and no answer was taken: nothing is left that could bring them together.
        for (const person of [host, caller]) {
            await until(async () => (await descriptions(person)) === 'stable: answer to offer', 'both have answered');
            await reads(person, 'InvalidStateError');
        }
        for (const person of [host, caller]) {
            assert.notEqual(await connection(person), 'connected');
            assert.equal((await person.received()).frames, 0);
        }
    });
});

/** Where the page's one connection stands: what it has said, to what. */
const descriptions = (person) => person.page.evaluate(() => {
    const [peer] = window.recordedMedia.peers;
    return `${peer?.signalingState}: ${peer?.localDescription?.type} to ${peer?.remoteDescription?.type}`;
});

/** Half of what --legacy-webrtc does, in the simplest way that is enough for this page. */
function giveStreamsAddresses() {
    const src = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
    const streams = new Map();
    URL.createObjectURL = (stream) => {
        streams.set(`blob:${streams.size}`, stream);
        return `blob:${streams.size - 1}`;
    };
    Object.defineProperty(HTMLMediaElement.prototype, 'src', { ...src, set(url) { this.srcObject = streams.get(url) ?? null; } });
}
