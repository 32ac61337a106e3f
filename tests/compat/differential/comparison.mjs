// Compares what the clients of a script received with what the model says they have to receive.
import { predict } from './model.mjs';
import { textOf } from './wire-value.mjs';

const LONGEST = 300;
const short = (text) => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}... (${text.length} characters)`);

/**
 * Are `frames` the frames of all `sequences`, each in its order, interleaved in any way?
 * Gives undefined, or { at, wanted, got }: the first frame that cannot be explained and what could stand there.
 */
export function firstDifference(frames, sequences) {
    // Every way to explain what came so far, as the numbers of frames taken from each sequence.
    let ways = new Map([[sequences.map(() => 0).join(), sequences.map(() => 0)]]);
    const nexts = () => [...new Set([...ways.values()].flatMap((taken) => sequences.map((list, i) => list[taken[i]]).filter((next) => next !== undefined)))];
    for (const [at, frame] of frames.entries()) {
        const onward = new Map();
        for (const taken of ways.values()) {
            sequences.forEach((list, i) => {
                if (list[taken[i]] !== frame) return;
                const more = taken.map((count, other) => (other === i ? count + 1 : count));
                onward.set(more.join(), more);
            });
        }
        if (onward.size === 0) return { at, wanted: nexts(), got: frame };
        ways = onward;
    }
    const wanted = nexts();
    return wanted.length === 0 ? undefined : { at: frames.length, wanted, got: undefined };
}

/** In which order a server tells its own addresses is nobody's promise. */
function orderAddresses(texts) {
    const isAddress = (text) => text.startsWith('["ipaddr"');
    const sorted = texts.filter(isAddress).sort();
    return texts.map((text) => (isAddress(text) ? sorted.shift() : text));
}

/** Ids that `created` and `joined` told to a client that does not know its own: they count from then on. */
function withToldIds(script, { segments, ids }) {
    const all = new Map(ids);
    const connections = new Map();
    segments.forEach((segment, number) => {
        const { joins, returns, loses } = script.steps[number] ?? {};
        const arrives = joins ?? returns ?? loses;
        if (arrives) connections.set(arrives, (connections.get(arrives) ?? 0) + 1);
        for (const [name, frames] of segment) {
            const connection = `${name}#${connections.get(name)}`;
            const told = frames.find(([event]) => event === 'created' || event === 'joined');
            if (told && all.get(connection) === undefined) all.set(connection, told[2]);
        }
    });
    return all;
}

/** Gives undefined, or text about the first thing that is wrong. */
export function compare(script, outcome) {
    const ids = withToldIds(script, outcome);
    const known = [...ids.values()].filter((id) => id !== undefined);
    if (new Set(known).size !== known.length) return `ids are not unique: ${known}`;

    const predicted = predict(script, (name, connection) => ids.get(`${name}#${connection}`));
    for (const [number, segment] of outcome.segments.entries()) {
        const step = script.steps[number] ?? {};
        const wanted = predicted[number] ?? new Map();
        const missing = [...wanted.keys()].find((name) => !segment.has(name) && name !== step.leaves);
        if (missing && !outcome.error) return `step ${number}: nothing was recorded of ${missing}`;
        for (const [name, frames] of segment) {
            const sequences = [...(wanted.get(name) ?? new Map()).values()].map((list) => orderAddresses(list.map(textOf)));
            const difference = firstDifference(orderAddresses(frames.map(textOf)), sequences);
            if (difference === undefined) continue;
            return [
                `step ${number}, ${name}, frame ${difference.at}:`,
                `  wanted ${difference.wanted.map(short).join('\n      or ') || 'nothing more'}`,
                `  got    ${short(difference.got ?? 'nothing more')}`,
                ...(outcome.error ? [`  (${outcome.error.message})`] : []),
            ].join('\n');
        }
    }
    return outcome.error && `step ${outcome.segments.length - 1}: ${outcome.error.message}`;
}
