// Starts nginx and Caddy with the snippets of docs/ in front of a server. Only names and ports of the
// snippets are exchanged, and it is insisted that each was found.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timeout, until } from '../compat/support/server.mjs';

const snippet = (name) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

function exchange(text, replacements) {
    let exchanged = text;
    for (const [from, to] of Object.entries(replacements)) {
        assert.ok(exchanged.includes(from), `the snippet has "${from}"`);
        exchanged = exchanged.replaceAll(from, to);
    }
    return exchanged;
}

/** Each: (serverPort, proxyPort, basePath) => the text of a configuration. */
const CONFIGURATIONS = {
    nginx: (serverPort, proxyPort, basePath, folder) => `
        daemon off;
        pid ${folder}/nginx.pid;
        error_log stderr warn;
        events {}
        http {
            access_log off;
            ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
            ${exchange(snippet('nginx.conf'), {
                'listen 80;': `listen 127.0.0.1:${proxyPort};`,
                '127.0.0.1:3000;': `127.0.0.1:${serverPort};`,
                ...(basePath ? { 'location / {': `location ${basePath}/ {` } : {}),
            })}
        }`,
    caddy: (serverPort, proxyPort, basePath) => `{
        admin off
        }
        ${exchange(snippet('Caddyfile'), {
            'videochat.example.org {': `http://:${proxyPort} {\nbind 127.0.0.1`,
            ...(basePath
                ? { 'reverse_proxy 127.0.0.1:3000\n': `reverse_proxy ${basePath}/* 127.0.0.1:${serverPort}\n` }
                : { '127.0.0.1:3000\n': `127.0.0.1:${serverPort}\n` }),
        })}`,
};

const COMMANDS = {
    nginx: (file, folder) => ['nginx', '-p', folder, '-c', file],
    caddy: (file) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
};

export const PROXIES = Object.keys(CONFIGURATIONS);

// Neither proxy tells a port that the system picked, so one is picked for it; somebody else may take it
// in between, hence the second try.
async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

export async function startProxy(kind, serverPort, basePath = '') {
    for (let attempt = 1; ; attempt++) {
        try {
            return await tryProxy(kind, serverPort, basePath);
        } catch (error) {
            if (attempt === 3 || !/in use/.test(error.message)) throw error;
        }
    }
}

async function tryProxy(kind, serverPort, basePath) {
    const folder = mkdtempSync(path.join(tmpdir(), `videochat-${kind}-`));
    const file = path.join(folder, 'proxy.conf');
    const port = await freePort();
    writeFileSync(file, CONFIGURATIONS[kind](serverPort, port, basePath, folder));
    const [command, ...args] = COMMANDS[kind](file, folder);
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, PATH: `${process.env.PATH}:/usr/sbin` };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let said = '', ended = false;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    const exited = new Promise((resolve) => {
        const end = (reason) => { ended = true; resolve(reason); };
        child.once('error', end);
        child.once('exit', end);
    });
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    await until(() => ended || accepts(port), `${kind} on port ${port}`, 10_000);
    assert.ok(!ended, `${kind} ended:\n${said}`);
    return {
        port,
        async stop() {
            child.kill('SIGTERM');
            await Promise.race([exited, timeout(3_000)]);
            child.kill('SIGKILL');
            await exited;
            process.off('exit', killWithUs);
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

function accepts(port) {
    return new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.once('connect', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
    });
}
