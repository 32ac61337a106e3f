// Starts the system's Chromium inside the test network, with a fake camera and microphone (a moving
// picture, a beep). Only the browser runs inside: playwright talks to it over a pipe.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
    '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--mute-audio', '--no-first-run', '--no-pings',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps',
    '--disable-domain-reliability', '--disable-breakpad', '--autoplay-policy=no-user-gesture-required',
    // No name resolves; the addresses of the test network do.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.*, EXCLUDE 10.77.*',
];

const MEDIA = {
    both: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    denied: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'],
    'no camera': ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream'],
    'no devices': ['--use-fake-ui-for-media-stream'], // a test machine has neither
};

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** @param {import('./network.mjs').Network} network   @param {keyof typeof MEDIA} media */
export async function launch(network, media = 'both') {
    const program = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
    if (!program) throw new Error('Chromium is not installed: scripts/install-deps browser');

    // Playwright wants one program to start: a script that enters the namespace first.
    const folder = mkdtempSync(path.join(tmpdir(), 'videochat-browser-'));
    const wrapper = path.join(folder, 'chromium');
    writeFileSync(wrapper, `#!/bin/sh\nexec ${network.inside.join(' ')} '${program}' "$@"\n`);
    chmodSync(wrapper, 0o755);

    const browser = await chromium.launch({
        executablePath: wrapper,
        chromiumSandbox: false, // it does not start as root
        args: [...FLAGS, ...MEDIA[media]],
        timeout: 30_000,
    });
    browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }));
    return browser;
}
