// What the tests of a LAN stand on: a machine with the server, machines with browsers, and people who come
// by plain http, trust the server's CA, or confirm a warning.
import { execFileSync } from 'node:child_process';
import { newStateDir, startServer, until } from '../../compat/support/server.mjs';
import { launch } from '../support/browser.mjs';
import { launchFirefox } from '../support/firefox.mjs';
import { ADDRESS, Lan } from '../support/network.mjs';
import { Home } from '../support/nss.mjs';
import { Person } from '../support/person.mjs';
import { FirefoxPerson } from './firefox_person.mjs';

export const PORT = 3000; // the network is ours alone, so a fixed port is free
export const HTTP = `http://${ADDRESS}:${PORT}`;
export const HTTPS = `https://${ADDRESS}:${PORT}`;

const LOOK_MS = 15_000;

process.setMaxListeners(50); // each program that is started is ended when the tests end

const READ_CERTIFICATE = `
const [host, port] = process.argv.slice(1);
const socket = require('node:tls').connect({ host, port, rejectUnauthorized: false }, () => {
    const { subjectaltname, fingerprint256 } = socket.getPeerCertificate();
    console.log(JSON.stringify({ names: subjectaltname.split(', '), fingerprint: fingerprint256 }));
    socket.end();
});`;

const DOWNLOAD = `
fetch(process.argv[1]).then(async (answer) => process.stdout.write(Buffer.from(await answer.arrayBuffer())));`;

/** The machine as somebody sees it whose home this is. */
export const asOwnerOf = (home, machine) => ({ inside: [...machine.inside, 'env', `HOME=${home.folder}`] });

/** Runs a script of Node on a machine. */
function runOn(machine, script, ...args) {
    const [command, ...rest] = [...machine.inside, process.execPath, '-e', script, ...args];
    return execFileSync(command, rest, { timeout: 5000, stdio: ['ignore', 'pipe', 'pipe'] });
}

export class LanWorld {
    stateDir = newStateDir();
    #cleanUps = [];
    #people = [];

    /**
     * @param {{lan?: () => Lan | import('../support/lan_network.mjs').Split, server?: string[]}} options   server: its
     *     further options
     */
    static async create({ lan = () => new Lan(2), server = [] } = {}) {
        const world = new LanWorld();
        try {
            world.lan = lan();
            world.cleanUp(() => world.lan.remove());
            world.args = server;
            await world.startServer();
            world.cleanUp(() => world.server.stop());
        } catch (error) {
            await world.close();
            throw error;
        }
        return world;
    }

    async startServer() {
        this.server = await startServer(this.args, { prefix: this.lan.server.inside, port: PORT, stateDir: this.stateDir });
    }

    cleanUp(act) {
        this.#cleanUps.push(act);
    }

    newHome() {
        const home = new Home();
        this.cleanUp(() => home.remove());
        return home;
    }

    async chromium(machine, options) {
        const browser = await launch(machine, 'both', options);
        this.cleanUp(() => browser.close());
        return browser;
    }

    async firefox(machine, options) {
        const browser = await launchFirefox(machine, options);
        this.cleanUp(() => browser.close());
        return browser;
    }

    /** @param {import('playwright-core').Browser} browser */
    async person(browser, origin) {
        const person = await Person.arrive({ origin }, browser);
        this.#people.push(person);
        return person;
    }

    /** @param {import('puppeteer-core').Browser} firefox */
    async firefoxPerson(firefox, origin) {
        const person = await FirefoxPerson.sitsDown(firefox, origin);
        this.#people.push(person);
        return person;
    }

    /** Somebody whose browser complains, as it should, of a certificate that it does not know. */
    async personWhoIsWarned(browser, origin) {
        const person = await this.person(browser, origin);
        const note = person.note.bind(person);
        person.note = (problem) => /ERR_CERT_AUTHORITY_INVALID|WebSocket connection to/.test(problem) || note(problem);
        return person;
    }

    /** The certificate that the server shows. */
    certificate(machine = this.lan.server) {
        return JSON.parse(runOn(machine, READ_CERTIFICATE, ADDRESS, String(PORT)));
    }

    download(machine, url) {
        return runOn(machine, DOWNLOAD, url);
    }

    async everybodyLeaves() {
        const results = await Promise.allSettled(this.#people.splice(0).map((person) => person.leave()));
        const failure = results.find(({ status }) => status === 'rejected');
        if (failure) throw failure.reason;
    }

    async close() {
        const failures = [];
        for (const cleanUp of this.#cleanUps.splice(0).reverse()) {
            try { await cleanUp(); } catch (error) { failures.push(error); }
        }
        if (failures.length > 0) throw failures[0];
    }
}

/** Goes on through the warning that a page shows, as its "Advanced" does; headless it has no other way. */
export async function confirmWarning(page) {
    await until(async () => (await textOf(page)).includes('ERR_CERT_AUTHORITY_INVALID'), 'the warning is shown', LOOK_MS);
    await page.keyboard.type('thisisunsafe');
}

const textOf = (page) => page.evaluate(() => document.body?.innerText ?? '').catch(() => ''); // between two pages

/** Where a page is and whether it may use a camera there. */
export async function arrives(page, url) {
    await page.waitForURL(url, { timeout: LOOK_MS });
    return page.evaluate(() => ({ secure: isSecureContext, camera: Boolean(navigator.mediaDevices) }));
}

/** A host who is in the room is called by a guest who has just come to it. */
export async function talk(host, guest) {
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
}

/** What a browser says when it refuses to open this. */
export async function refusal(browser, url) {
    const page = await browser.newPage();
    try {
        return await page.goto(url, { timeout: LOOK_MS }).then(() => 'opened', ({ message }) => message);
    } finally {
        await page.close();
    }
}
