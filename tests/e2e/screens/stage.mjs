// What every scene is played on: a server in a network of its own, and people in front of drawn cameras.
import { until } from '../../compat/support/server.mjs';
import { develop, drawnCamera } from '../support/drawn_camera.mjs';
import { EVERY, look } from '../support/look.mjs';
import { World } from '../support/world.mjs';

export const CAST = ['me', 'anna', 'boris', 'chika', 'dmitri', 'elena'];

const WORDS = {
    en: { locale: 'en-US', room: 'otter-lamp-river-4827', names: ['Max', 'Anna', 'Boris Ivanovich', 'Chika', 'Dmitri', 'Elena'] },
    ru: { locale: 'ru-RU', room: 'выдра-лампа-река-4827', names: ['Макс', 'Анна', 'Борис Иванович', 'Чика', 'Дмитрий', 'Елена'] },
};

export class Stage {
    looked = new Set();
    /** @type {string[]} what is wrong, and where */
    findings = [];
    #drawn;
    #rooms = 0;

    /** @param {'en' | 'ru'} language @param {string[]} server   further options of it */
    static async set(language, server = []) {
        const stage = new Stage();
        stage.language = language;
        stage.words = WORDS[language];
        stage.world = await World.create(server);
        return stage;
    }

    name(who) {
        return this.words.names[CAST.indexOf(who)];
    }

    /** Another room for every scene: people of the one before may still be leaving. */
    nextRoom() {
        this.#rooms += 1;
        this.room = this.words.room.replace('4827', String(4826 + this.#rooms));
        return this.room;
    }

    get door() {
        return `/chat.html?room=${encodeURIComponent(this.room)}`;
    }

    /** Somebody of the cast; the loud ones are heard. `media` is a browser with other devices than the usual. */
    async person(who, { media = 'both', loud = ['anna'], ...options } = {}) {
        const drawn = options.devices || media !== 'both' ? null : await this.#develop();
        const prepare = (context) => drawn && context.addInitScript(drawnCamera, { camera: drawn[who], screen: drawn.screen, speaks: loud.includes(who) });
        const person = await this.world.person({ locale: this.words.locale, prepare, ...options }, media);
        person.name = this.name(who);
        return person;
    }

    async #develop() {
        this.#drawn ??= develop(await this.world.browser(), [...CAST, 'screen']);
        return this.#drawn;
    }

    /** The first one inside. */
    async host(who = 'me', options = {}) {
        const host = await this.person(who, options);
        await host.open(this.door);
        await host.join(host.name);
        await host.sees({ state: 'inside', socket: 'open' });
        return host;
    }

    /** Somebody rings. */
    async rings(who, host, options = {}) {
        const guest = await this.person(who, options);
        await guest.open(this.door);
        await guest.join(guest.name);
        await Promise.all([host.sees({ ring: 'in' }), guest.sees({ ring: 'out' })]);
        return guest;
    }

    /** A call of `me` with these, who come in one after the other. */
    async call(others, options = {}) {
        const people = [await this.host('me', options.me)];
        const [host] = people;
        for (const who of others) {
            people.push(await this.rings(who, host, options[who]));
            await host.press('accept');
            const connected = people.length - 1;
            await Promise.all(people.map((person) => person.sees({ state: 'inside', connected })));
        }
        await this.clear(...people);
        return people;
    }

    /** Waits until the pictures are as sharp as they will be, and no bar tells who came. */
    async clear(...people) {
        await Promise.all(people.map((person) => until(() => person.page.evaluate(() => {
            const shown = [...document.querySelectorAll('call-stage video-tile:not([data-camera="off"]) video')].filter((video) => video.checkVisibility());
            return shown.every((video) => video.videoWidth >= 240 && video.getVideoPlaybackQuality().totalVideoFrames > 8);
        }), `${person.name} sees everybody`, 40_000)));
        await until(async () => await people[0].find('.bars .bar').count() === 0, 'nothing is told any more', 20_000);
    }

    control(person, what) {
        return person.visible(`call-controls [data-do="${what}"]`);
    }

    /** Pictures of a state in every view. */
    async look(person, state) {
        await look(person, state, EVERY);
        this.looked.add(state);
    }

    /** The scene is over: what went wrong in the pages, or was found on the pictures, is kept. */
    async clearStage() {
        await this.world.everybodyLeaves().catch((error) => this.findings.push(error.message));
    }

    close() {
        return this.world.close();
    }
}
