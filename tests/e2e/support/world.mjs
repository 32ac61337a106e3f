// What every browser test stands on: a network, the server in it, and browsers.
import { newStateDir, startServer } from '../../compat/support/server.mjs';
import { launch } from './browser.mjs';
import { ADDRESS, Network } from './network.mjs';
import { Person } from './person.mjs';

const PORT = 3000; // the network is ours alone, so a fixed port is free

export class World {
    origin = `http://localhost:${PORT}`;
    insecureOrigin = `http://${ADDRESS}:${PORT}`; // plain http at an address: no camera for the page
    stateDir = newStateDir(); // of its own CA, which a restart keeps
    #browsers = new Map();
    #people = new Set();

    /** @param {string[]} args   further options of the server */
    static async create(args = []) {
        const world = new World();
        world.args = args;
        world.network = new Network();
        try {
            await world.startServer();
        } catch (error) {
            world.network.remove();
            throw error;
        }
        return world;
    }

    async startServer() {
        this.server = await startServer(this.args, { prefix: this.network.inside, port: PORT, stateDir: this.stateDir });
    }

    /** Somebody with a browser of this kind; "first" and "second" have processes of their own. */
    async person(options = {}, media = 'both', which = 'first') {
        const person = await Person.arrive(this, await this.browser(media, which), options);
        this.#people.add(person);
        return person;
    }

    /** Started when it is first asked for. */
    browser(media = 'both', which = 'first') {
        const key = `${media} ${which}`;
        if (!this.#browsers.has(key)) this.#browsers.set(key, launch(this.network, media));
        return this.#browsers.get(key);
    }

    /** Everybody leaves; whatever went wrong in their pages is a failure of the test that calls this. */
    async everybodyLeaves() {
        const people = [...this.#people];
        this.#people.clear();
        const results = await Promise.allSettled(people.map((person) => person.leave()));
        const failure = results.find(({ status }) => status === 'rejected');
        if (failure) throw failure.reason;
    }

    async close() {
        try {
            const browsers = await Promise.allSettled(this.#browsers.values());
            await Promise.allSettled(browsers.map(({ value }) => value?.close()));
            await this.server.stop();
        } finally {
            this.network.remove();
        }
    }
}
