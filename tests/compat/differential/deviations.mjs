// Where Node's servers are known to differ from the model, and what of a script they can be asked therefore.
import { bytesOf } from './wire-value.mjs';

/** A client of a server of Node that stands in for a native one: it receives the same events. */
export const STAND_IN = {
    '4.8': { generation: '4.8', transports: ['websocket'], base64: false },
    '2.5': { generation: '2.5', transports: ['websocket'], base64: false },
    '1.7': { generation: '1.7', transports: ['websocket'], base64: false },
};

/** Other characters beyond ASCII become `_`. */
function ascii(value) {
    if (typeof value === 'string') return value.replace(/[^\0-\x7f]/g, '_');
    if (typeof value !== 'object' || value === null || bytesOf(value) || value instanceof Date) return value;
    if (Array.isArray(value)) return value.map(ascii);
    const result = {};
    for (const [key, item] of Object.entries(value)) {
        Object.defineProperty(result, ascii(key), { value: ascii(item), enumerable: true, configurable: true, writable: true });
    }
    return result;
}

const mapEvents = (steps, change) => steps.map((step) => ({
    ...step,
    ...(step.sends ? { sends: step.sends.map(change) } : {}),
    ...(step.together ? { together: step.together.map(({ from, sends }) => ({ from, sends: sends.map(change) })) } : {}),
}));

/** The script as the server of Node named by `script.reference` is asked to play it. */
export function forReference(script) {
    let { steps } = script;
    // There is no /socket.
    steps = steps.map((step) => (step.profile?.generation === 'native' ? { ...step, profile: STAND_IN[script.reference] } : step));
    // Events that arrive together with the disconnection are dropped, or not, as the packets happen to be read.
    steps = steps.flatMap((step) => (step.leaves && step.sends.length > 0 ? [{ from: step.leaves, sends: step.sends }, { leaves: step.leaves, sends: [] }] : [step]));
    // 1.x clients encode text twice over polling, and only socket.io 1 knows it. From them, later servers take it for other
    // characters; towards them, the client drops the whole payload. Our server is still asked for the real text.
    const broken = ({ profile }) => profile?.generation === '1.7' && profile.transports.includes('polling');
    if (script.reference !== '1.7' && steps.some(broken)) {
        steps = mapEvents(steps, ({ name, args, ack }) => ({ name: ascii(name), args: args.map(ascii), ack }));
    }
    return { ...script, steps };
}
