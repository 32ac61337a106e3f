// Calls when packets get lost, sockets are destroyed and paths go silent: nobody misses a word or gets one
// twice. SEED=N plays that one again, as far as it is ours to choose.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { INSIDE } from './support/lossy_network.mjs';

const SCENE = fileURLToPath(new URL('support/call_under_loss.mjs', import.meta.url));

test('a call under packet loss: each comes back, and gets all that is for it, once and in order', (t) => {
    const isPossible = spawnSync(INSIDE[0], [...INSIDE.slice(1), 'true'], { encoding: 'utf8' });
    // Root can make namespaces, and so can most others. Where not, the word shall not be overlooked.
    if (isPossible.status !== 0 && process.getuid() !== 0) {
        t.skip(`NO NETWORK NAMESPACE CAN BE MADE HERE: ${isPossible.stderr ?? isPossible.error.message}`);
        return;
    }
    const seed = process.env.SEED ?? String(Math.floor(Math.random() * 2 ** 31));
    t.diagnostic(`SEED=${seed}`);
    const { status, signal, stdout, stderr } = spawnSync(INSIDE[0], [...INSIDE.slice(1), process.execPath, SCENE, seed], { encoding: 'utf8', timeout: 60_000 });
    if (stdout) t.diagnostic(stdout.trim());
    assert.equal(status, 0, `SEED=${seed}: ${signal ?? `code ${status}`}\n${stdout}${stderr}`);
});
