// Several machines on one switch, a browser on each, and a page that is a member of a call (mesh/).
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../compat/support/server.mjs';
import { launch } from './browser.mjs';
import { ADDRESS, Lan } from './network.mjs';
import { Person } from './person.mjs';

const PORT = 3000; // the network is ours alone, so a fixed port is free
const LOOK_EVERY = 100;
const fileBeside = (name) => fileURLToPath(new URL(name, import.meta.url));

export class Meeting {
    origin = `http://${ADDRESS}:${PORT}`;
    /** @type {Member[]} */
    members = [];
    #cleanUps = [];

    /**
     * @param {string[]} names   who has a machine and a browser here
     * @param {{server?: string[], call?: string}} options   server: further options of the server
     */
    static async create(names, { server = [], call = 'Tea time' } = {}) {
        const meeting = new Meeting();
        try {
            await meeting.#prepare(names, server, call);
        } catch (error) {
            await meeting.close();
            throw error;
        }
        return meeting;
    }

    async #prepare(names, args, call) {
        const pages = mkdtempSync(path.join(tmpdir(), 'videochat-mesh-'));
        this.#cleanUps.push(() => rmSync(pages, { recursive: true, force: true }));
        cpSync(fileBeside('../../../public/js'), path.join(pages, 'js'), { recursive: true });
        cpSync(fileBeside('../mesh'), pages, { recursive: true });

        this.lan = new Lan(names.length);
        this.#cleanUps.push(() => this.lan.remove());
        this.args = ['--root', pages, ...args];
        await this.startServer();
        this.#cleanUps.push(() => this.server.stop());

        const browsers = await Promise.allSettled(this.lan.machines.map((machine) => launch(machine, 'slow camera', { trusts: this.origin })));
        this.#cleanUps.push(() => Promise.all(browsers.map(({ value }) => value?.close())));
        for (const [index, name] of names.entries()) {
            if (browsers[index].status === 'rejected') throw browsers[index].reason;
            const person = await Person.arrive(this, browsers[index].value);
            this.members.push(new Member(name, call, this.lan.machines[index], person));
        }
        await Promise.all(this.members.map((member) => member.openPage()));
    }

    async startServer() {
        this.server = await startServer(this.args, { prefix: this.lan.server.inside, port: PORT });
    }

    /** Everybody leaves; whatever went wrong in their pages is a failure of the test that calls this. */
    async end() {
        await Promise.all(this.members.map(({ person }) => person.leave()));
    }

    async close() {
        const failures = [];
        for (const cleanUp of this.#cleanUps.splice(0).reverse()) {
            try { await cleanUp(); } catch (error) { failures.push(error); }
        }
        if (failures.length > 0) throw failures[0];
    }
}

export class Member {
    #call;

    constructor(name, call, machine, person) {
        this.name = name;
        this.#call = call;
        this.machine = machine;
        this.person = person;
        this.page = person.page;
    }

    openPage() {
        return this.person.open(`/?${new URLSearchParams({ call: this.#call, name: this.name })}`);
    }

    /** The page goes away without a word. Tells when. */
    async close() {
        const at = Date.now();
        await this.page.goto('about:blank');
        return at;
    }

    openMedia(options) {
        return this.page.evaluate((wanted) => window.member.openMedia(wanted), options);
    }

    /** Calls a method of the page's channel. Tells when it was called. */
    do(method, ...args) {
        return this.page.evaluate(([name, ...rest]) => {
            const at = Date.now();
            window.member.channel[name](...rest);
            return at;
        }, [method, ...args]);
    }

    /** The user says that he knows who this is. */
    trust(seat) {
        return this.page.evaluate((whom) => window.member.mesh.trust(whom), seat);
    }

    look() {
        return this.page.evaluate(() => window.member.look());
    }

    events() {
        return this.page.evaluate(() => window.member.events);
    }

    async clear() {
        await this.page.evaluate(() => { window.member.events.length = 0; });
    }

    /** Waits until the server has told this page something, and gives the first such event. */
    hears(name, fits = () => true) {
        return sees(async () => (await this.events()).find((event) => event.name === name && fits(event.detail)),
            async () => `${this.name} waits for ${name}, heard ${JSON.stringify(await this.events())}`);
    }

    /** Comes in as the first. */
    async enter() {
        await this.do('open');
        await this.hears('welcome', ({ state }) => state === 'admitted');
    }

    /** Comes to the door and rings. Gives the seat, and when it rang. */
    async ring() {
        await this.clear();
        await this.do('open');
        const { seat } = (await this.hears('welcome', ({ state }) => state === 'waiting')).detail;
        return { seat, at: await this.do('ring') };
    }
}

/** Asks until it gets something true; asks now, and then every LOOK_EVERY ms. `found` says what there was instead. */
export async function sees(check, found, ms = 15_000) {
    const end = Date.now() + ms;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) assert.fail(`not within ${ms} ms: ${await found()}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
}
