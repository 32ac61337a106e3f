// Random scripts of clients of every generation: what each client receives is what the model of index.js says,
// on our server and on the real application under socket.io 4.8, 2.5 and 1.7. So our server and Node are equal
// wherever Node is right; where it is not, see differential/deviations.mjs.
//
//   DIFF_SEED=7 DIFF_SCRIPT=12 node --test differential.test.mjs     plays one script alone
//   DIFF_SEED=7 DIFF_SCRIPTS=3000 node --test differential.test.mjs  plays that many
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { compare } from './differential/comparison.mjs';
import { STAND_IN, forReference } from './differential/deviations.mjs';
import { play } from './differential/playback.mjs';
import { makeScript } from './differential/script.mjs';
import { startReference } from './support/reference.mjs';
import { startServer } from './support/server.mjs';

const FIXED = { seed: 2017, scripts: 150 };                     // the same every time
const FRESH = { seed: randomInt(2 ** 31), scripts: 50 };        // others every time
const AT_ONCE = 8;
const SHOWN_FAILURES = 3;

// Limits on floods and crowds have tests of their own; here one address stands for everybody.
const LIFTED = ['--message-rate', '0', '--byte-rate', '0', '--control-rate', '0', '--connect-rate', '0', '--connections-per-address', '0', '--rooms-per-peer', '0'];

const servers = {};

before(async () => {
    servers.ours = await startServer(LIFTED);
    servers['4.8'] = await startReference({ version: 4 });
    servers['2.5'] = await startReference({ version: 2 });
    servers['1.7'] = await startReference({ version: 1 });
});

after(async () => {
    for (const server of Object.values(servers)) await server.stop();
});

/** Plays one script on both of its servers. Gives undefined, or text about what is wrong. */
async function check(script) {
    const runs = [
        [`socket.io ${script.reference}`, servers[script.reference], forReference(script), STAND_IN[script.reference]],
        ['videochat-server', servers.ours, script, { generation: 'native' }],
    ];
    for (const [name, { port }, variant, observer] of runs) {
        const wrong = compare(variant, await play(variant, port, observer));
        if (wrong) return `${name}: ${wrong}\n${describe(variant)}`;
    }
    return undefined;
}

function describe({ seed, number, steps }) {
    const options = { depth: null, breakLength: 160, maxStringLength: 200, maxArrayLength: 50 };
    return [
        `replay: DIFF_SEED=${seed} DIFF_SCRIPT=${number} node --test differential.test.mjs`,
        ...steps.map((step, i) => `  ${i}: ${inspect(step, options).replaceAll('\n', '\n     ')}`),
    ].join('\n');
}

/** Plays several scripts at once, those in the lobby one after the other. */
async function checkAll(scripts) {
    const failures = [];
    const work = async (queue) => {
        for (let script; (script = queue.shift());) {
            const failure = await check(script);
            if (failure) failures.push(failure);
        }
    };
    const inLobby = ({ places }) => places.includes(undefined);
    const lobby = scripts.filter(inLobby);
    const rooms = scripts.filter((script) => !inLobby(script));
    await Promise.all([work(lobby), ...Array.from({ length: AT_ONCE - 1 }, () => work(rooms))]);
    assert.equal(failures.length, 0, `${failures.length} of the scripts failed\n\n${failures.slice(0, SHOWN_FAILURES).join('\n\n')}`);
}

const { DIFF_SEED, DIFF_SCRIPT, DIFF_SCRIPTS } = process.env;
const batches = DIFF_SEED === undefined ? [FIXED, FRESH] : [{ seed: Number(DIFF_SEED), scripts: Number(DIFF_SCRIPTS ?? FIXED.scripts) }];

if (DIFF_SCRIPT !== undefined) {
    test(`script ${DIFF_SCRIPT} of seed ${DIFF_SEED}`, () => checkAll([makeScript(Number(DIFF_SEED), Number(DIFF_SCRIPT))]));
} else {
    for (const { seed, scripts } of batches) {
        test(`seed ${seed}: ${scripts} scripts`, () => checkAll(Array.from({ length: scripts }, (_, number) => makeScript(seed, number))));
    }
}
