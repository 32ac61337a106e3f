// Cameras that show drawings of people, so that pictures of a call look like one. Many of them fit into one
// browser, which a film for each (see pictures of the browser's own fake camera) would not.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PLACES = { anna: '../../../public/img/first.svg', chika: '../../../public/img/second.svg' };
const SIZE = { width: 1280, height: 720 };

/** The drawings as JPEG in base64, drawn once by a browser. @param {string[]} names */
export async function develop(browser, names) {
    const page = await browser.newPage({ viewport: SIZE });
    const drawn = {};
    for (const name of names) {
        const drawing = readFileSync(fileURLToPath(new URL(PLACES[name] ?? `../scenes/${name}.svg`, import.meta.url)), 'utf8');
        await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawing}`);
        drawn[name] = (await page.screenshot({ type: 'jpeg', quality: 92 })).toString('base64');
    }
    await page.close();
    return drawn;
}

/**
 * Runs in the page before its own scripts.
 * @param {{ camera: string, screen: string, speaks: boolean }} scene   pictures in base64; whether a voice is heard
 */
export function drawnCamera({ camera, screen, speaks }) {
    const { mediaDevices } = navigator;
    if (!mediaDevices) return;
    const FRAMES = 4; // a second: six people in a call are thirty pictures to encode

    async function film(picture) {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (char) => char.charCodeAt(0))], { type: 'image/jpeg' }));
        const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
        const context = canvas.getContext('2d');
        const draw = () => context.drawImage(image, 0, 0);
        draw();
        setInterval(draw, 1000 / FRAMES);
        return canvas.captureStream(FRAMES);
    }

    function voice() {
        const audio = new AudioContext();
        const [tone, rhythm] = [190, 3].map((frequency) => new OscillatorNode(audio, { frequency }));
        const loudness = new GainNode(audio, { gain: speaks ? 0.25 : 0 });
        const out = new MediaStreamAudioDestinationNode(audio);
        if (speaks) rhythm.connect(new GainNode(audio, { gain: 0.2 })).connect(loudness.gain);
        tone.connect(loudness).connect(out);
        for (const node of [tone, rhythm]) node.start();
        return out.stream.getAudioTracks()[0];
    }

    mediaDevices.getUserMedia = async ({ audio, video }) => {
        const stream = new MediaStream();
        if (audio) stream.addTrack(voice());
        if (video) stream.addTrack((await film(camera)).getVideoTracks()[0]);
        for (const track of stream.getTracks()) Object.defineProperty(track, 'label', { value: list[track.kind === 'video' ? 0 : 1].label });
        return stream;
    };
    mediaDevices.getDisplayMedia = () => film(screen);
    const device = (kind, deviceId, label) => ({ kind, deviceId, label, groupId: '', toJSON() { return this; } });
    const list = [
        device('videoinput', 'a', 'Integrated Camera (04f2:b6d9)'), device('audioinput', 'b', 'Built-in Audio Analogue Stereo'),
        device('audiooutput', 'c', 'Built-in Audio Analogue Stereo'),
    ];
    mediaDevices.enumerateDevices = async () => [...list];
    window.plugIn = (label) => {
        list.push(device('videoinput', 'd', label));
        mediaDevices.dispatchEvent(new Event('devicechange'));
    };
}
