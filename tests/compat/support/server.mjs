// Starts the server under test on a port of its own choice. Shared by the compat, proxy and browser tests.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const BINARY = process.env.VIDEOCHAT_SERVER
    ?? fileURLToPath(new URL('../../../build/release/src/videochat-server', import.meta.url));

const START_MS = 5_000;
const STOP_MS = 12_000; // the server itself promises 10 s

/** A folder for the server's own CA: no test finds or leaves anything where the developer's servers keep theirs. */
export function newStateDir() {
    const folder = mkdtempSync(path.join(tmpdir(), 'videochat-state-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

let stateDirOfAll; // so that one CA serves all tests of a file that do not care

/**
 * @param {string[]} args            further options
 * @param {{prefix?: string[], port?: number, stateDir?: string}} where   prefix: a command to run it under, such as
 *     `ip netns exec NAME`; stateDir: of newStateDir(), for a server whose certificates are of interest
 */
export async function startServer(args = [], { prefix = [], port = 0, stateDir = (stateDirOfAll ??= newStateDir()) } = {}) {
    const [command, ...rest] = [...prefix, BINARY, '--port', String(port), '--log-format', 'json', ...args];
    // No VIDEOCHAT_... or PORT of the caller's environment may change what is tested.
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => key !== 'PORT' && !key.startsWith('VIDEOCHAT_')));
    env.VIDEOCHAT_STATE_DIR = stateDir;
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const lines = [];
    let unknown = 0;
    const exited = new Promise((resolve) => {
        child.once('error', (error) => resolve({ code: null, signal: null, error }));
        child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);

    const listening = new Promise((resolve) => {
        for (const stream of [child.stdout, child.stderr]) {
            createInterface(stream).on('line', (line) => {
                lines.push(line);
                let entry;
                try { entry = JSON.parse(line); } catch { return; }
                if (entry?.event === 'listening') resolve(entry.port);
            });
        }
    });
    const chosen = await Promise.race([listening, exited, timeout(START_MS)]);
    if (typeof chosen !== 'number') {
        child.kill('SIGKILL');
        assert.fail(`${command} ${rest.join(' ')}: not listening (${JSON.stringify(chosen)})\n${lines.join('\n')}`);
    }

    return {
        port: chosen,
        pid: child.pid,
        lines,
        exited,
        /** How many files and sockets it holds. Where the system does not tell, ever less. */
        openDescriptors() {
            try { return readdirSync(`/proc/${child.pid}/fd`).length; } catch { return --unknown; }
        },
        /** Ends it at once, as a crash would. */
        async kill() {
            child.kill('SIGKILL');
            await exited;
            process.off('exit', killWithUs);
        },
        /** Asks it to end, and insists that it ends well. */
        async stop() {
            child.kill('SIGTERM');
            const end = await Promise.race([exited, timeout(STOP_MS)]);
            process.off('exit', killWithUs);
            if (!end) child.kill('SIGKILL');
            assert.deepEqual(end, { code: 0, signal: null }, `the server did not end well:\n${lines.join('\n')}`);
        },
    };
}

export function timeout(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}

/** Waits for a promise, but not for ever. */
export async function within(ms, promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** Waits until `check()` gives something true; asks it now and every few milliseconds. */
export async function until(check, what, ms = 5_000) {
    const end = Date.now() + ms;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

