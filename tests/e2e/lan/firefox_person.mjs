// Somebody in front of Firefox, as far as a call needs it.
import { Person } from '../support/person.mjs';

const LOOK_MS = 15_000;

// Runs in the page before its own scripts.
function recordConnections() {
    const peers = [];
    window.recordedMedia = { peers, tracks: [] };
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
        construct(target, args) {
            peers.push(Reflect.construct(target, args));
            return peers.at(-1);
        },
    });
}

export class FirefoxPerson extends Person {
    /** @param {import('puppeteer-core').Browser} browser */
    static async sitsDown(browser, origin) {
        const person = new FirefoxPerson();
        person.origin = origin;
        person.page = await browser.newPage();
        person.page.setDefaultTimeout(LOOK_MS);
        await person.page.evaluateOnNewDocument(recordConnections);
        person.page.on('pageerror', (error) => person.note(`page error: ${error.stack ?? error}`));
        person.context = person.page; // what is closed when the person leaves
        return person;
    }

    /** Waits until there is such a button that can be seen, and presses it. */
    async press(what) {
        const button = await this.page.waitForSelector(`[data-do="${what}"]`, { visible: true });
        await button.click();
    }
}
