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

const RECORDING = 'RECORDING'; // stands for the file that launch() writes

const MEDIA = {
    both: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    'slow camera': ['--use-fake-device-for-media-stream=fps=5', '--use-fake-ui-for-media-stream'],
    denied: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'],
    // The fake microphone beeps along with the fake camera, so without one it needs a recording.
    'no camera': ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${RECORDING}`],
    'no devices': ['--use-fake-ui-for-media-stream'], // a test machine has neither
};

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/**
 * @param {import('./network.mjs').Namespace} network
 * @param {keyof typeof MEDIA} media
 * @param {{camera?: string, trusts?: string}} options   camera: an .mjpeg file to show instead of the moving
 *   picture; trusts: a plain http origin whose pages may use camera and microphone
 */
export async function launch(network, media = 'both', { camera, trusts } = {}) {
    const program = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
    if (!program) throw new Error('Chromium is not installed: scripts/install-deps browser');

    // Playwright wants one program to start: a script that enters the namespace first.
    const folder = mkdtempSync(path.join(tmpdir(), 'videochat-browser-'));
    const wrapper = path.join(folder, 'chromium');
    writeFileSync(wrapper, `#!/bin/sh\nexec ${network.inside.join(' ')} '${program}' "$@"\n`);
    chmodSync(wrapper, 0o755);

    const recording = path.join(folder, 'beeps.wav');
    writeFileSync(recording, beeps());

    const flags = [...FLAGS, ...MEDIA[media]];
    if (camera) flags.push(`--use-file-for-fake-video-capture=${camera}`);
    if (trusts) flags.push(`--unsafely-treat-insecure-origin-as-secure=${trusts}`);
    const browser = await chromium.launch({
        executablePath: wrapper,
        chromiumSandbox: false, // it does not start as root
        args: flags.map((flag) => flag.replace(RECORDING, recording)),
        timeout: 30_000,
    });
    browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }));
    return browser;
}

/** A WAV file of two beeps, which the browser repeats; a steady tone would be suppressed as noise. */
function beeps() {
    const rate = 48_000;
    const pitch = (second) => (second < 0.2 ? 440 : second >= 0.5 && second < 0.7 ? 660 : 0);
    const samples = Int16Array.from({ length: rate }, (_, i) => 20_000 * Math.sin(2 * Math.PI * pitch(i / rate) * i / rate));
    const header = Buffer.alloc(44);
    header.write('RIFF', 0);
    header.writeUInt32LE(36 + samples.byteLength, 4);
    header.write('WAVEfmt ', 8);
    header.writeUInt32LE(16, 16);           // size of the format block
    header.writeUInt16LE(1, 20);            // PCM
    header.writeUInt16LE(1, 22);            // one channel
    header.writeUInt32LE(rate, 24);
    header.writeUInt32LE(rate * 2, 28);     // bytes a second
    header.writeUInt16LE(2, 32);            // bytes a sample
    header.writeUInt16LE(16, 34);           // bits a sample
    header.write('data', 36);
    header.writeUInt32LE(samples.byteLength, 40);
    return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
