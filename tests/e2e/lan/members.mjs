// Two members of a call (member.html), each at a machine of its own, whose connection finds its way by the
// servers that the page is told of.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../compat/support/server.mjs';
import { ADDRESS } from '../support/network.mjs';
import { LanWorld, PORT } from './world.mjs';

const fileBeside = (name) => fileURLToPath(new URL(name, import.meta.url));
const CALL_MS = 15_000;
const MOVED = { seconds: 1, frames: 5 };

export class Members {
    /** @param {{lan?: () => object, server?: string[], policy?: RTCIceTransportPolicy}} options */
    static async create({ lan, server = [], policy = 'all' } = {}) {
        const members = new Members();
        const pages = mkdtempSync(path.join(tmpdir(), 'videochat-members-'));
        cpSync(fileBeside('../../../public/js'), path.join(pages, 'js'), { recursive: true });
        cpSync(fileBeside('member.html'), path.join(pages, 'index.html'));
        cpSync(fileBeside('member.js'), path.join(pages, 'member.js'));
        try {
            members.world = await LanWorld.create({ lan, server: ['--root', pages, ...server] });
        } finally {
            members.forget = () => rmSync(pages, { recursive: true, force: true });
            if (!members.world) members.forget();
        }
        members.policy = policy;
        return members;
    }

    get machines() {
        return this.world.lan.machines;
    }

    /** Starts a browser on a machine. */
    launch(machine, program = 'chromium') {
        return program === 'firefox' ? this.world.firefox(machine) : this.world.chromium(machine);
    }

    /** Opens the page on a machine and waits until the member is inside. */
    async join(machine, program = 'chromium', browser = this.launch(machine, program)) {
        const origin = `http://${machine.serverAddress ?? ADDRESS}:${PORT}`;
        const person = program === 'firefox'
            ? await this.world.firefoxPerson(await browser, origin)
            : await this.world.person(await browser, origin);
        await person.open(`/?${new URLSearchParams({ call: 'way', policy: this.policy })}`);
        await until(() => person.page.evaluate(() => window.member?.state === 'admitted'), 'the member is inside', CALL_MS);
        return person.page;
    }

    /** @param {string[]} programs   what each of them has */
    async both(programs = []) {
        const browsers = await Promise.all(this.machines.map((machine, index) => this.launch(machine, programs[index])));
        const pages = [];
        for (const [index, machine] of this.machines.entries()) pages.push(await this.join(machine, programs[index], browsers[index]));
        return pages;
    }

    async leave() {
        await this.world.everybodyLeaves();
    }

    async close() {
        this.forget();
        await this.world.close();
    }
}

export const lookAt = (page) => page.evaluate(() => window.member.look());

/** Waits until both see each other's picture move. Gives what each of them tells then. */
export async function seeEachOther(pages, ms = CALL_MS) {
    const firsts = [];
    let now;
    const move = async () => {
        now = await Promise.all(pages.map(lookAt));
        return now.every(({ state, frames, time, width }, index) => {
            if (width > 0) firsts[index] ??= { frames, time };
            const first = firsts[index];
            return first && state === 'connected' && frames >= first.frames + MOVED.frames && time >= first.time + MOVED.seconds;
        });
    };
    await until(move, 'two see each other', ms).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(now, null, 1)}`));
    return now;
}
