// Numbers that look random and are the same for the same seed, everywhere.

export class Random {
    #state;

    /** @param {...number} seed   any number of integers */
    constructor(...seed) {
        this.#state = 0x9e3779b9;
        for (const part of seed) this.#state = Math.imul(this.#state ^ (part >>> 0), 0x85ebca6b) ^ (this.#state >>> 13);
        for (let i = 0; i < 4; ++i) this.next(); // neighbouring seeds drift apart
    }

    /** From 0 to below 1 (the generator known as mulberry32). */
    next() {
        this.#state = (this.#state + 0x6d2b79f5) | 0;
        let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    }

    /** An integer, both ends included. */
    between(low, high) { return low + Math.floor(this.next() * (high - low + 1)); }

    chance(probability) { return this.next() < probability; }

    pick(list) { return list[this.between(0, list.length - 1)]; }

    /** One of the keys of an object whose values are their weights. */
    weighted(weights) {
        let rest = this.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
        for (const [key, weight] of Object.entries(weights)) if ((rest -= weight) < 0) return key;
        return Object.keys(weights).at(-1);
    }

    list(count, make) { return Array.from({ length: count }, (_, i) => make(i)); }

    /** The same elements in another order. */
    shuffled(list) {
        const result = [...list];
        for (let i = result.length - 1; i > 0; --i) {
            const j = this.between(0, i);
            [result[i], result[j]] = [result[j], result[i]];
        }
        return result;
    }
}
