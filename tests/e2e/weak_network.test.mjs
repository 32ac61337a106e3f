// A call of two on a weak network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../compat/support/server.mjs';
import { all, connected, LanCalls, says } from './support/lan_calls.mjs';

const LIMIT = { timeout: 120_000 };
const FITS = 300; // kbit/s: sound takes a sixth of it
const LOSS = 0.02;
const LARGE = 360; // lines; more than what fits

let calls;
before(async () => { calls = await LanCalls.create(); }, LIMIT);
after(() => calls?.close(), LIMIT);

/** What is heard and seen of the other one so far. */
const received = (person) => person.page.evaluate(async () => {
    const reports = [...(await window.recordedMedia.peers.at(-1).getStats()).values()].filter(({ type }) => type === 'inbound-rtp');
    const audio = reports.find(({ kind }) => kind === 'audio') ?? {};
    const video = reports.find(({ framesDecoded }) => framesDecoded > 0) ?? {}; // of camera and screen the one that is sent
    return {
        packets: audio.packetsReceived ?? 0, samples: audio.totalSamplesReceived ?? 0, concealed: audio.concealedSamples ?? 0,
        height: video.frameHeight ?? 0, frames: video.framesDecoded ?? 0,
    };
});

test('a weak network: sound goes on, pictures become smaller, which is said; afterwards they grow again, and the words go', LIMIT, async (t) => {
    const [, machine] = calls.machines;
    const people = await calls.begin('weak');
    await connected(people);
    // The browser begins small, and feels its way up.
    const before = await all(people, (person) => until(async () => {
        const { height } = await received(person);
        return height >= LARGE && height;
    }, 'a large picture', 60_000));
    for (const person of people) assert.doesNotMatch(await person.find('status-bars').innerText(), /Weak network/);

    const began = Date.now();
    machine.weaken({ kbit: FITS, loss: LOSS });
    await all(people, (person) => says(person, 'Weak network: pictures turned down, sound comes first.', 30_000));
    t.diagnostic(`said after ${Date.now() - began} ms`);
    await all(people, async (person, index) => {
        const start = await received(person);
        const now = await until(async () => {
            const found = await received(person);
            return found.samples >= start.samples + 5 * 48_000 && found.frames > start.frames + 10 && found.height < before[index] && found;
        }, 'five seconds of sound, and a smaller picture that moves', 30_000);
        const concealed = (now.concealed - start.concealed) / (now.samples - start.samples);
        t.diagnostic(`picture ${before[index]} -> ${now.height} lines, ${Math.round(concealed * 100)} % of the sound made up`);
        assert.ok(now.packets > start.packets && concealed < 0.2, `${concealed} of the sound is made up`);
    });

    const ended = Date.now();
    machine.strengthen();
    await all(people, (person, index) => until(async () => (await received(person)).height >= before[index]
        && !/Weak network/.test(await person.find('status-bars').innerText()), 'the picture is large again', 60_000));
    t.diagnostic(`as before after ${Date.now() - ended} ms`);
    await calls.end();
});
