// Random scripts of clients of every generation: what each client receives is what the model of index.js says,
// on our server and on the real application under socket.io 4.8, 2.5 and 1.7. So our server and Node are equal
// wherever Node is right; where it is not, see differential/deviations.mjs.
//
//   DIFF_SEED=7 DIFF_SCRIPT=12 node --test differential.test.mjs     plays one script alone, and shortens it if it fails
//   DIFF_SEED=7 DIFF_SCRIPTS=3000 node --test differential.test.mjs  plays that many
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { compare } from './differential/comparison.mjs';
import { STAND_IN, forReference } from './differential/deviations.mjs';
import { play } from './differential/playback.mjs';
import { reduce } from './differential/reduction.mjs';
import { makeScript } from './differential/script.mjs';
import { startReference } from './support/reference.mjs';
import { startServer } from './support/server.mjs';

const FIXED = { seed: 2017, scripts: 150 };              // the same every time
const FRESH = { seed: randomInt(2 ** 31), scripts: 50 }; // others every time
const AT_ONCE = 6;
const ENOUGH_FAILURES = 3; // then the rest is not played: a failure that is a silence takes its time

// Limits on floods and crowds have tests of their own; here one address stands for everybody.
const LIFTED = ['--message-rate', '0', '--byte-rate', '0', '--control-rate', '0', '--connect-rate', '0', '--connections-per-address', '0', '--rooms-per-peer', '0'];

const servers = {};

before(async () => {
    servers.ours = await startServer(LIFTED);
    servers.loops = await startServer([...LIFTED, '--threads', '3']);
    servers['4.8'] = await startReference({ version: 4 });
    servers['2.5'] = await startReference({ version: 2 });
    servers['1.7'] = await startReference({ version: 1 });
});

after(async () => {
    for (const server of Object.values(servers)) await server.stop();
});

/** A script as each of its two servers is asked to play it. */
function runsOf(script) {
    const { reference, number } = script;
    const ours = number % 3 === 0 ? { name: 'videochat-server --threads 3', server: servers.loops } : { name: 'videochat-server', server: servers.ours };
    return [
        { name: `socket.io ${reference}`, server: servers[reference], script: forReference(script), observer: STAND_IN[reference] },
        { ...ours, script, observer: { generation: 'native' } },
    ];
}

/** Gives { wrong, frames }: text about the first difference, and how many frames the clients received. */
async function check({ server, script, observer }) {
    const outcome = await play(script, server.port, observer);
    const frames = outcome.segments.reduce((sum, segment) => sum + [...segment.values()].flat().length, 0);
    return { wrong: compare(script, outcome), frames };
}

function describe({ steps }) {
    const options = { depth: null, breakLength: 150, maxStringLength: 200, maxArrayLength: 50 };
    return steps.map((step, i) => `  ${i}: ${inspect(step, options).replaceAll('\n', '\n     ')}`).join('\n');
}

/** Plays several scripts at once, those in the lobby one after the other. */
async function checkAll(scripts) {
    const failures = [];
    let frames = 0;
    const work = async (queue) => {
        for (let script; failures.length < ENOUGH_FAILURES && (script = queue.shift());) {
            for (const run of runsOf(script)) {
                const result = await check(run);
                frames += result.frames;
                if (result.wrong) {
                    failures.push(`${run.name}: ${result.wrong}\n  replay: DIFF_SEED=${script.seed} DIFF_SCRIPT=${script.number} node --test differential.test.mjs\n${describe(run.script)}`);
                }
            }
        }
    };
    const inLobby = ({ places }) => places.includes(undefined);
    const lobby = scripts.filter(inLobby);
    const rooms = scripts.filter((script) => !inLobby(script));
    await Promise.all([work(lobby), ...Array.from({ length: AT_ONCE - 1 }, () => work(rooms))]);
    assert.equal(failures.length, 0, `\n${failures.slice(0, ENOUGH_FAILURES).join('\n\n')}`);
    return frames;
}

async function checkAlone(script) {
    for (const run of runsOf(script)) {
        const { wrong } = await check(run);
        if (!wrong) continue;
        const shortest = await reduce(run.script, wrong, async (candidate) => (await check({ ...run, script: candidate })).wrong);
        assert.fail(`${run.name}: ${wrong}\n\nthe shortest that fails: ${shortest.wrong}\n${describe(shortest.script)}`);
    }
}

const { DIFF_SEED, DIFF_SCRIPT, DIFF_SCRIPTS } = process.env;
const batches = DIFF_SEED === undefined ? [FIXED, FRESH] : [{ seed: Number(DIFF_SEED), scripts: Number(DIFF_SCRIPTS ?? FIXED.scripts) }];

if (DIFF_SCRIPT !== undefined) {
    test(`script ${DIFF_SCRIPT} of seed ${DIFF_SEED}`, () => checkAlone(makeScript(Number(DIFF_SEED), Number(DIFF_SCRIPT))));
} else {
    for (const { seed, scripts } of batches) {
        test(`${scripts} scripts of seed ${seed}`, async (t) => {
            const frames = await checkAll(Array.from({ length: scripts }, (_, number) => makeScript(seed, number)));
            t.diagnostic(`${frames} frames were as they have to be`);
            assert.ok(frames > 50 * scripts);
        });
    }
}

test('a frame that is lost, doubled, swapped or changed is noticed, and a client that receives nothing', async () => {
    const script = forReference(makeScript(FIXED.seed, 0));
    const outcome = await play(script, servers[script.reference].port, STAND_IN[script.reference]);
    assert.equal(compare(script, outcome), undefined);
    const [place, name] = outcome.segments.map((segment, i) => [...segment].map(([client, frames]) => [i, client, frames])).flat()
        .find(([, , frames]) => frames.length > 1 && frames[0][0] !== frames[1][0]);
    const tampered = (change) => ({
        ...outcome,
        segments: outcome.segments.map((segment, i) => new Map([...segment].map(([client, frames]) => [client, i === place && client === name ? change(frames) : frames]))),
    });
    const changes = {
        lost: (frames) => frames.slice(1),
        'lost at the end': (frames) => frames.slice(0, -1),
        doubled: (frames) => [frames[0], ...frames],
        'doubled at the end': (frames) => [...frames, frames.at(-1)],
        swapped: ([first, second, ...rest]) => [second, first, ...rest],
        'with one more argument': ([first, ...rest]) => [[...first, null], ...rest],
        renamed: ([[event, ...args], ...rest]) => [[`${event} `, ...args], ...rest],
        nothing: () => [],
    };
    for (const [what, change] of Object.entries(changes)) {
        assert.match(compare(script, tampered(change)) ?? '', new RegExp(`^step ${place}, ${name}, frame`), what);
    }
});
