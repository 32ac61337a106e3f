// Plays a script on a server, with real clients. Never waits for a time, only for what has to arrive.
import { setTimeout as pause } from 'node:timers/promises';
import { NativeClient } from './native-client.mjs';
import { SocketIoClient } from './socketio-client.mjs';

const GONE_MS = 10_000;

let marks = 0; // no two of this process are alike
let keys = 0;

const connect = (profile, ...rest) => new (profile.generation === 'native' ? NativeClient : SocketIoClient)(profile, ...rest);
const asks = (room) => [{ name: 'create or join', args: [room] }];

class Playback {
    ids = new Map();       // "name#connection" -> id
    segments = [];         // for each step: name -> frames
    #port;
    #observer;
    #clients = new Map();  // name -> { client, place, here, connections }
    #observers = new Map(); // place -> a client that is always there

    constructor(port, observer) {
        this.#port = port;
        this.#observer = observer;
    }

    /** When it rejects, the segments hold what had arrived until then. */
    async play(steps) {
        for (const step of steps) {
            this.segments.push(new Map());
            try {
                await this.#step(step);
            } finally {
                this.#collect();
            }
        }
        // Nothing comes late, either.
        this.segments.push(new Map());
        await this.#settle([...this.#clients].filter(([, { here }]) => here).map(([name]) => name));
        this.#collect();
    }

    async #step(step) {
        if (step.joins) await this.#join(step);
        else if (step.from) await this.#send([step]);
        else if (step.together) await this.#send(step.together);
        else if (step.leaves) await this.#leave(step);
        else if (step.returns) await this.#return(step.returns);
        else await this.#lose(step.loses);
    }

    /** What has arrived belongs to the present step. Whether the words of one who left came back to it in time is not told. */
    #collect() {
        for (const [name, { client, here }] of this.#clients) if (here) this.segments.at(-1).set(name, client.inbox.take());
    }

    async #join({ joins, profile, place, sends }) {
        const member = { place, here: true, connections: 0, client: connect(profile, this.#port, place, sends) };
        this.#clients.set(joins, member);
        await member.client.connected().catch((error) => { throw new Error(`${joins}, ${error.message}`); });
        await this.#arrived(joins, member);
    }

    async #arrived(name, member) {
        member.here = true;
        this.ids.set(`${name}#${++member.connections}`, member.client.id);
        await this.#settle([name]);
    }

    /** Each of `names` says a mark, and all in its place hear it: what was caused before has arrived. */
    async #settle(names) {
        await Promise.all(names.flatMap((name) => {
            const { client, place } = this.#clients.get(name);
            const mark = `mark ${++marks}`;
            client.emit([{ name: 'chat message', args: [mark] }]);
            return [...this.#clients].filter(([, other]) => other.here && other.place === place)
                .map(([other, { client: { inbox } }]) => inbox.mark(mark).catch((error) => { throw new Error(`${other}, ${error.message} of ${name}`); }));
        }));
    }

    async #send(list) {
        for (const { from, sends } of list) this.#clients.get(from).client.emit(sends);
        await this.#settle(list.map(({ from }) => from));
    }

    async #leave({ leaves, sends }) {
        const member = this.#clients.get(leaves);
        await this.#seenToGo(member, () => {
            member.client.emit(sends);
            return member.client.leave();
        });
        member.here = false;
        const others = [...this.#clients].filter(([, { here, place }]) => here && place === member.place);
        await this.#settle(others.map(([name]) => name));
    }

    async #return(name) {
        const member = this.#clients.get(name);
        member.client.inbox.take();
        await member.client.returns();
        await this.#arrived(name, member);
    }

    async #lose(name) {
        const member = this.#clients.get(name);
        await this.#seenToGo(member, () => member.client.lose());
        await this.#arrived(name, member);
    }

    /**
     * Waits until the server has seen that the client is gone, by means of index.js alone: the client and an
     * observer are in a room of `create or join`. It is full until one of them leaves.
     */
    async #seenToGo({ client, place }, go) {
        const observer = await this.#observerOf(place);
        const key = `seen to go ${++keys}`;
        const answer = ({ inbox }, ...names) => inbox.until(() => {
            const at = inbox.frames.findIndex(([name, room]) => names.includes(name) && room === key);
            return at >= 0 && inbox.frames.splice(at, 1)[0][0];
        }, `${names} for "${key}"`);
        observer.emit(asks(key));
        await answer(observer, 'created');
        client.emit(asks(key));
        await client.inbox.until(() => client.inbox.frames.at(-1)?.[0] === 'ready', `"ready" for "${key}"`);
        client.inbox.take();
        await go();
        for (const end = Date.now() + GONE_MS; ;) {
            observer.emit(asks(key));
            if (await answer(observer, 'joined', 'full') === 'joined') break;
            if (Date.now() > end) throw new Error(`a client that has gone is still there after ${GONE_MS / 1000} s`);
            await pause(1);
        }
        observer.inbox.take();
    }

    async #observerOf(place) {
        if (!this.#observers.has(place)) {
            const observer = connect(this.#observer, this.#port, place, []);
            this.#observers.set(place, observer);
            await observer.connected();
        }
        const observer = this.#observers.get(place);
        observer.inbox.take();
        return observer;
    }

    async end() {
        const open = [...this.#observers.values(), ...[...this.#clients.values()].filter(({ here }) => here).map(({ client }) => client)];
        await Promise.allSettled(open.map((client) => client.leave()));
    }
}

/**
 * Plays `script` on the server at `port`; `observer` is the profile of a client that only helps to see others go.
 * Gives { segments, ids, error }: for each step a Map from client to frames, and one for what came after the last;
 * a Map from "client#connection" to id; the reason why it ended early.
 */
export async function play(script, port, observer) {
    const playback = new Playback(port, observer);
    let error;
    try {
        await playback.play(script.steps);
    } catch (reason) {
        error = reason;
    }
    await playback.end();
    return { segments: playback.segments, ids: playback.ids, error };
}
