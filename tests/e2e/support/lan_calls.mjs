// Two people on a LAN without names, each with a machine and a browser, who meet in the pages' own call.
import { HTTP, LanWorld } from '../lan/world.mjs';

export class LanCalls {
    static async create() {
        const calls = new LanCalls();
        calls.world = await LanWorld.create({ server: ['--insecure-pages'] });
        try {
            calls.browsers = await Promise.all(calls.machines.map((machine) => calls.world.chromium(machine, { trusts: HTTP })));
        } catch (error) {
            await calls.world.close();
            throw error;
        }
        return calls;
    }

    /** Anna's and Boris's. */
    get machines() {
        return this.world.lan.machines;
    }

    /** Anna is inside, and has let Boris in. */
    async begin(room) {
        const people = await Promise.all(this.browsers.map((browser) => this.world.person(browser, HTTP)));
        const [host] = people;
        for (const [index, person] of people.entries()) {
            person.expectServerLoss();
            await person.open(`/chat.html?room=${room}`);
            await person.join(['Anna', 'Boris'][index]);
            if (person === host) await host.sees({ state: 'inside', socket: 'open' });
        }
        await host.sees({ ring: 'in' });
        await host.press('accept');
        return people;
    }

    async end() {
        await this.world.everybodyLeaves();
    }

    async close() {
        await this.world.close();
    }
}

export const all = (people, look) => Promise.all(people.map(look));

export const connected = (people, ms) => all(people, (person) => person.sees({ state: 'inside', connected: 1 }, ms));

/** Waits until the bar says this. */
export const says = (person, text, ms = 15_000) => person.visible('status-bars .bar').filter({ hasText: text }).waitFor({ timeout: ms });
