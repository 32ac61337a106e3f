// index.js as a model: what each client has to receive in each step of a script.
import os from 'node:os';
import { travelled } from './wire-value.mjs';

/** Native clients get a placeholder that holds the bytes. */
const toNative = (value) => travelled(value, (bytes) => ({ _placeholder: true, base64: bytes.toString('base64') }));

/** The server's own IPv4 addresses. */
export function ownAddresses() {
    return Object.values(os.networkInterfaces()).flat()
        .filter(({ family, address }) => family === 'IPv4' && address !== '127.0.0.1').map(({ address }) => address);
}

class Place {
    members = new Set();
    keyed = new Map(); // key of `create or join` -> clients that are in that room

    leave(client) {
        this.members.delete(client);
        for (const [key, group] of this.keyed) if (group.delete(client) && group.size === 0) this.keyed.delete(key);
    }
}

class Model {
    #places = new Map();
    #clients = new Map(); // name -> { name, native, place, connections }
    #idOf;
    #segment;

    /** @param idOf   (name, connection) => the id that the server gave to its `connection`-th connection */
    constructor(idOf) { this.#idOf = idOf; }

    /** Map: name of the receiver -> Map: name of the sender -> frames in their order. */
    step(step) {
        this.#segment = new Map();
        if (step.joins) this.#join(step);
        if (step.returns) this.#connect(step.returns);
        if (step.loses) this.#reconnect(step.loses);
        for (const { from, sends } of step.together ?? [step]) {
            const client = this.#clients.get(from ?? step.joins ?? step.leaves);
            for (const event of sends ?? []) this.#handle(client, event);
        }
        if (step.leaves) this.#disconnect(step.leaves);
        return this.#segment;
    }

    #join({ joins, profile, place }) {
        if (!this.#places.has(place)) this.#places.set(place, new Place());
        this.#clients.set(joins, { name: joins, native: profile.generation === 'native', place: this.#places.get(place), connections: 0 });
        this.#connect(joins);
    }

    #connect(name) {
        const client = this.#clients.get(name);
        client.connections += 1;
        client.place.members.add(client);
    }

    #disconnect(name) {
        const client = this.#clients.get(name);
        client.place.leave(client);
    }

    #reconnect(name) {
        this.#disconnect(name);
        this.#connect(name);
    }

    #handle(sender, { name, args }) {
        const { place } = sender;
        const a = travelled(args[0]);
        const send = (to, ...frame) => {
            if (!this.#segment.has(to.name)) this.#segment.set(to.name, new Map());
            const bySender = this.#segment.get(to.name);
            if (!bySender.has(sender.name)) bySender.set(sender.name, []);
            bySender.get(sender.name).push(to.native ? toNative(frame) : frame);
        };
        const emit = (...frame) => send(sender, ...frame);
        const relay = (...frame) => place.members.forEach((member) => { if (member !== sender) send(member, ...frame); });
        const log = (...words) => emit('log', ['Message from server:', ...words]);

        switch (name) {
            case 'main check': return relay('main check answer', a);
            case 'hard start': return relay('message', a);
            case 'host is agreed': emit('host agreed'); return relay('host agreed');
            case 'chat message': emit('chat message', a); return relay('chat message', a);
            case 'message': log('Client said: ', a); return relay('message', a);
            case 'ipaddr': return ownAddresses().forEach((address) => emit('ipaddr', address));
            case 'create or join': return this.#createOrJoin(sender, args.length === 0 ? undefined : a, { send, emit, log });
            default: return undefined; // `bye`, and what index.js does not know
        }
    }

    #createOrJoin(sender, room, { send, emit, log }) {
        const { keyed } = sender.place;
        const id = this.#idOf(sender.name, sender.connections);
        const group = keyed.get(room) ?? new Set();
        log(`Received request to create or join room ${room}`);
        log(`Room ${room} now has ${group.size} client(s)`);
        if (group.size === 0) {
            keyed.set(room, group.add(sender));
            log(`Client ID ${id} created room ${room}`);
            emit('created', room, id);
        } else if (group.size === 1) {
            log(`Client ID ${id} joined room ${room}`);
            group.forEach((member) => send(member, 'join', room));
            group.add(sender);
            emit('joined', room, id);
            group.forEach((member) => send(member, 'ready'));
        } else {
            emit('full', room);
        }
    }
}

/** What `step` of the Model gives, for each step. */
export function predict(script, idOf) {
    const model = new Model(idOf);
    return script.steps.map((step) => model.step(step));
}
