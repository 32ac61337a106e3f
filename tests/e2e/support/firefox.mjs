// Starts the system's Firefox inside the test network, with a fake camera and microphone, and drives it
// over WebDriver BiDi. Its BiDi port is inside too, so what is said to it goes through a relay.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';
import { timeout, within } from '../../compat/support/server.mjs';

const START_MS = 60_000;
const STOP_MS = 4_000;

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'];

const PREFERENCES = {
    'remote.active-protocols': 1, // BiDi
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'media.gmp-manager.url': 'data:text/plain,',
    'media.gmp-manager.updateEnabled': false,
    'media.gmp-gmpopenh264.enabled': false,
    // Nobody is asked for anything but the pages of a test. Addresses need no DNS.
    'app.normandy.enabled': false,
    'app.update.enabled': false,
    'browser.aboutwelcome.enabled': false,
    'browser.newtabpage.enabled': false,
    'browser.region.network.url': '',
    'browser.region.update.enabled': false,
    'browser.safebrowsing.downloads.remote.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.page': 0,
    'datareporting.healthreport.uploadEnabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'datareporting.policy.firstRunURL': '',
    'extensions.getAddons.cache.enabled': false,
    'extensions.systemAddon.update.enabled': false,
    'extensions.update.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'network.dns.disablePrefetch': true,
    'network.dns.disabled': true,
    'network.prefetch-next': false,
    'network.proxy.type': 0,
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'toolkit.telemetry.enabled': false,
    'toolkit.telemetry.server': 'data:,',
};

const RELAY = `
const { connect, createServer } = require('node:net');
const [port, socket] = process.argv.slice(1);
createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
}).listen(socket, () => console.log('ready'));`;

/**
 * @param {import('./network.mjs').Namespace} network
 * @param {{database?: string, acceptsAnyCertificate?: boolean}} options   database: a folder with an NSS database,
 *     whose trust is taken over; acceptsAnyCertificate: as somebody who confirms each warning
 * @returns {Promise<import('puppeteer-core').Browser>}
 */
export async function launchFirefox(network, { database, acceptsAnyCertificate = false } = {}) {
    const program = process.env.FIREFOX ?? PLACES.find((place) => existsSync(place));
    if (!program) throw new Error('Firefox is not installed: scripts/install-deps browser');

    const profile = mkdtempSync(path.join(tmpdir(), 'videochat-firefox-'));
    mkdirSync(path.join(profile, 'home'));
    writeFileSync(path.join(profile, 'user.js'), Object.entries(PREFERENCES)
        .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    if (database) for (const file of ['cert9.db', 'key4.db', 'pkcs11.txt']) copyFileSync(path.join(database, file), path.join(profile, file));

    const cleanUps = [() => removeFolder(profile)];
    const close = async () => { for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp(); };
    try {
        const [command, ...args] = [...network.inside, program, '--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'];
        const child = spawn(command, args, {
            stdio: ['ignore', 'ignore', 'pipe'],
            detached: true, // a group of its own: all of its processes are ended together
            env: { ...process.env, HOME: path.join(profile, 'home'), MOZ_HEADLESS: '1', MOZ_DISABLE_CONTENT_SANDBOX: '1' },
        });
        cleanUps.push(endWith(child, () => process.kill(-child.pid, 'SIGTERM'), () => process.kill(-child.pid, 'SIGKILL')));
        const port = await within(START_MS, portOf(child), 'Firefox starts');
        const socket = path.join(profile, 'bidi');
        await startRelay(network, port, socket, cleanUps);
        const browser = await puppeteer.connect({
            browserWSEndpoint: `ws+unix:${socket}:/session`,
            protocol: 'webDriverBiDi',
            headers: { Host: `127.0.0.1:${port}` }, // it insists on the port that it knows
            acceptInsecureCerts: acceptsAnyCertificate,
        });
        cleanUps.push(() => Promise.race([browser.disconnect(), timeout(1000)]));
        browser.close = close;
        browser.profile = profile;
        return browser;
    } catch (error) {
        await close();
        throw error;
    }
}

async function portOf(child) {
    const said = [];
    for await (const line of createInterface(child.stderr)) {
        const found = /WebDriver BiDi listening on ws:\/\/[^:]+:(\d+)/.exec(line);
        if (found) {
            child.stderr.resume();
            return Number(found[1]);
        }
        said.push(line);
    }
    throw new Error(`Firefox has ended:\n${said.join('\n')}`);
}

/** A socket in the file system, which is the same everywhere, that leads to a port in there. */
async function startRelay(network, port, socket, cleanUps) {
    const [command, ...args] = [...network.inside, process.execPath, '-e', RELAY, String(port), socket];
    const relay = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUps.push(endWith(relay, () => relay.kill(), () => relay.kill('SIGKILL')));
    await within(START_MS, new Promise((resolve) => { relay.stdout.once('data', resolve); }), 'the relay to Firefox starts');
}

/** A function that asks a program to end, and ends it if it does not; called when the tests end anyway. */
function endWith(child, ask, kill) {
    const exited = new Promise((resolve) => { child.once('exit', resolve); });
    const attempt = (act) => { try { act(); } catch { /* it has ended */ } };
    const killAtExit = () => attempt(kill);
    process.once('exit', killAtExit);
    return async () => {
        process.off('exit', killAtExit);
        if (child.exitCode !== null || child.signalCode !== null) return;
        attempt(ask);
        await Promise.race([exited, timeout(STOP_MS)]);
        attempt(kill); // what it has left behind in its group
    };
}

/** What ends last writes last, so more than one try may be needed. */
function removeFolder(folder) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
