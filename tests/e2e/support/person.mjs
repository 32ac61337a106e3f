// Somebody in front of a browser: opens pages, looks, clicks, and notices everything that goes wrong.
import assert from 'node:assert/strict';
import { until } from '../../compat/support/server.mjs';

export const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
export const AUDIBLE = 0.01; // the fake microphone brings more than ten times that in a second
const LOOK_MS = 15_000; // Chromium itself takes that long to say that a path is not there

// Runs in the page before its own scripts: our pages keep no globals, so the tests write down which
// connections and tracks there are.
function recordMedia() {
    const peers = [], tracks = [], screens = [];
    window.recordedMedia = { peers, tracks, screens };
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
        construct(target, args) {
            const peer = Reflect.construct(target, args);
            peers.push(peer);
            return peer;
        },
    });
    const devices = navigator.mediaDevices;
    if (devices) {
        const getUserMedia = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (...args) => {
            const stream = await getUserMedia(...args);
            tracks.push(...stream.getTracks());
            return stream;
        };
        const getDisplayMedia = devices.getDisplayMedia?.bind(devices);
        if (getDisplayMedia) devices.getDisplayMedia = async (...args) => {
            const stream = await getDisplayMedia(...args);
            screens.push(...stream.getTracks());
            return stream;
        };
    }
}

// What no flag of the browser can bring about: a question that stays open, a camera that is in use, sound that
// is held back until the page was touched, networks without a path.
const PRETENCES = {
    'held sound': () => {
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function playIfAllowed() {
            return this.muted || window.heldSoundIsFree ? play.call(this) : Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
        };
        document.addEventListener('click', ({ target }) => { window.heldSoundIsFree ||= target.closest('[data-do="unmute-playback"]') !== null; }, { capture: true });
    },
    'no path': () => {
        const Connection = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Connection {
            constructor(configuration) { super({ ...configuration, iceTransportPolicy: 'relay' }); }
        };
    },
    // The person answers when the test calls window.answer().
    'no answer': () => {
        const { mediaDevices } = navigator;
        const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
        const answer = new Promise((resolve) => { window.answer = resolve; });
        mediaDevices.getUserMedia = (wish) => answer.then(() => getUserMedia(wish));
    },
    'refused at first': () => {
        const { mediaDevices } = navigator;
        const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
        mediaDevices.getUserMedia = (wish) => (window.isAllowed ? getUserMedia(wish) : Promise.reject(new DOMException('Permission denied', 'NotAllowedError')));
    },
    busy: () => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Could not start video source', 'NotReadableError'));
    },
};

export class Person {
    #problems = [];
    #serverMayVanish = false;

    static async arrive(world, browser, { locale = 'en-US', size = 'desktop', origin = world.origin, devices, prepare, script = true, settings } = {}) {
        // Without the service worker, which would load all pages behind each: shell.test.mjs has it.
        const context = await browser.newContext({
            serviceWorkers: 'block', locale, viewport: SIZES[size], reducedMotion: 'reduce', colorScheme: 'light', javaScriptEnabled: script, ...settings,
        });
        const person = new Person();
        person.origin = origin;
        person.context = context;
        person.script = script; // whether pages run theirs
        if (devices) await context.addInitScript(PRETENCES[devices]);
        await prepare?.(context);
        await context.addInitScript(recordMedia);
        person.page = await context.newPage();
        person.page.setDefaultTimeout(LOOK_MS);
        person.#watch();
        return person;
    }

    #watch() {
        const { context, page, origin } = this;
        const host = new URL(origin).host;
        const note = (problem) => this.note(problem);
        const foreign = (url) => !/^(blob|data|about):/.test(url) && new URL(url).host !== host;
        context.on('request', (request) => foreign(request.url()) && note(`asked another origin: ${request.url()}`));
        page.on('websocket', (socket) => foreign(socket.url()) && note(`asked another origin: ${socket.url()}`));
        page.on('pageerror', (error) => {
            if (!this.expectsPageError?.test(error.message)) note(`page error: ${error.stack ?? error}`);
        });
        page.on('console', (message) => {
            if (message.type() !== 'error') return;
            if (this.#serverMayVanish && /ERR_CONNECTION|WebSocket connection to/.test(message.text())) return;
            if (/the server responded with a status of 404/.test(message.text()) && this.expects404) return;
            note(`console: ${message.text()} (${message.location().url})`);
        });
    }

    /** A finding of a check that shall not keep the test from going on. */
    note(problem) {
        if (!this.#problems.includes(problem)) this.#problems.push(problem);
    }

    /** From now on the browser's own complaints about an unreachable server are no problem. */
    expectServerLoss() {
        this.#serverMayVanish = true;
    }

    async open(target) {
        await this.page.goto(this.origin + target);
    }

    /** Opens the first page and waits until its script has begun, and has proposed a name. */
    async land() {
        await this.open('/');
        await until(async () => await this.find('#create-room').inputValue() !== '', 'a name is proposed', LOOK_MS);
    }

    find(selector) {
        return this.page.locator(selector);
    }

    /** The one of several elements that can be seen. */
    visible(selector) {
        return this.page.locator(selector).filter({ visible: true }).first();
    }

    async press(what) {
        await this.visible(`[data-do="${what}"]`).click();
    }

    /** Goes from the landing page to the door of a room. */
    async enter(room, how = 'create') {
        await this.land();
        await this.find(`#${how}-room`).fill(room);
        await this.press(how);
        await this.page.waitForURL(/chat\.html/);
    }

    /** From the look at oneself into the call: inside, or ringing. */
    async join(name) {
        await this.sees({ state: 'lobby', media: 'ready' });
        if (name !== undefined) await this.find('#name').fill(name);
        await this.press('join');
    }

    /** Waits until the root of the call has these attributes, e.g. { state: 'connected' }. */
    async sees(attributes, ms = LOOK_MS) {
        const selector = '#call' + Object.entries(attributes).map(([name, value]) => `[data-${name}="${value}"]`).join('');
        try {
            await this.page.waitForSelector(selector, { state: 'attached', timeout: ms });
        } catch {
            const found = await this.page.evaluate(() => JSON.stringify(document.querySelector('#call')?.dataset)).catch(({ message }) => message);
            assert.fail(`waited for ${selector}, found ${found}\n${this.#problems.join('\n')}`);
        }
    }

    /** Moves the focus with the Tab key, and inside of a toolbar with the arrow keys, until it is on such an element. */
    async reach(selector) {
        for (let presses = 0; presses < 60; presses++) {
            const where = await this.page.evaluate((wanted) => {
                const focused = document.activeElement;
                if (focused?.matches(wanted)) return 'there';
                return focused?.closest('[role="toolbar"]')?.querySelector(wanted) ? 'in its toolbar' : 'elsewhere';
            }, selector);
            if (where === 'there') return;
            await this.page.keyboard.press(where === 'elsewhere' ? 'Tab' : 'ArrowRight');
        }
        assert.fail(`${selector} cannot be reached with the keyboard`);
    }

    /** What has arrived of the other side so far, over all connections of the page. */
    received() {
        return this.page.evaluate(async () => {
            const sum = { frames: 0, energy: 0, packets: 0, sentPackets: 0 };
            for (const peer of window.recordedMedia.peers) {
                for (const entry of (await peer.getStats()).values()) {
                    if (entry.type === 'outbound-rtp') sum.sentPackets += entry.packetsSent ?? 0;
                    if (entry.type !== 'inbound-rtp') continue;
                    sum.packets += entry.packetsReceived ?? 0;
                    sum.frames += entry.framesDecoded ?? 0;
                    sum.energy += entry.totalAudioEnergy ?? 0;
                }
            }
            const video = document.querySelector('#remoteVideo, call-stage video-tile:not([data-self]) video');
            return { ...sum, width: video?.videoWidth ?? 0, time: video?.currentTime ?? 0, peers: window.recordedMedia.peers.length };
        });
    }

    /** Waits until the connection details have drawn so many measurements. */
    async seesPlot(points) {
        await until(() => this.page.evaluate((least) => {
            const drawn = document.querySelector('details-panel polyline')?.getAttribute('points') ?? '';
            return drawn.split(' ').length >= least;
        }, points), `a plot of ${points} points`, LOOK_MS);
    }

    /** Waits until picture and sound of the other side have moved on from where they are now. */
    async hearsAndSees({ picture = true, sound = true } = {}) {
        const before = await this.received();
        await until(async () => {
            const now = await this.received();
            return (!picture || (now.width > 0 && now.frames >= before.frames + 5 && now.time > before.time))
                && (!sound || now.energy > before.energy + AUDIBLE);
        }, `moving picture: ${picture}, sound: ${sound}`, LOOK_MS).catch(async (error) => {
            throw new Error(`${error.message}: ${JSON.stringify({ before, now: await this.received() })}`);
        });
    }

    /** Whether a camera or microphone is still in use. */
    usesDevices() {
        return this.page.evaluate(() => window.recordedMedia.tracks.some((track) => track.readyState === 'live'));
    }

    /** Closes the tab, and insists that nothing went wrong meanwhile. */
    async leave() {
        await this.context.close();
        assert.deepEqual(this.#problems, []);
    }
}
