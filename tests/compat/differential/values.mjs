// Arguments of events: whatever a JavaScript client can send.

const TEXTS = ['', ' ', 'got user media', 'My Room', 'a"b\\c/d', 'line\nbreak\r\n\ttab', '\u0000\u001e\u001f\u007f', '</script>', '2["message","x"]',
    '42["message"]', '1:6', '\\n \\\\n', '%20+%2B', '\u001e', 'null', '[]'];
const UNICODE = ['äöü ß é', 'Привет', '日本語', '€', '👩‍👩‍👧‍👦 🏳️‍🌈', '😀', 'e\u0301 n\u0303', '\u202eright to left', '\u2028\u2029', '\ufeffbom', '\uffff',
    '\u{10ffff}', '\u0080\u009f\u00ff', 'ﷺ', '\ud800', 'x\udc00y', '\udc00\ud800'];
const NUMBERS = [0, -0, 1, -1, 7, 0.1, -0.5, 1e21, -1e21, 1e-7, 5e-324, 1.7976931348623157e308, 123456789012345680000, Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER, 2 ** 53 + 2, NaN, Infinity];
// Names that mean something to JavaScript or to Socket.IO.
const KEYS = ['type', 'sdp', 'id', 'label', '', ' ', 'z', 'a', '10', '2', 'length', 'constructor', 'ключ', '🗝', '\ud83d', 'num', 'toJSON ', '__proto__'];

/** Text of any kind, mostly short. */
export function text(random) {
    switch (random.weighted({ plain: 4, unicode: 4, mixed: 3, controls: 1 })) {
        case 'plain': return random.pick(TEXTS);
        case 'unicode': return random.pick(UNICODE);
        case 'mixed': return random.list(random.between(2, 6), () => random.pick(random.chance(0.5) ? TEXTS : UNICODE)).join('');
        default: return String.fromCharCode(...random.list(random.between(1, 8), () => random.between(0, 0x20)));
    }
}

/** Like the session description of a browser, some 80 bytes for each candidate. */
export function sessionDescription(random, candidates = random.pick([5, 40, 500])) {
    const lines = ['v=0', `o=- ${random.between(1, 2 ** 52)} 2 IN IP4 127.0.0.1`, `s=${random.chance(0.2) ? text(random) : '-'}`, 't=0 0'];
    for (let i = 0; i < candidates; ++i) {
        lines.push(`a=candidate:${random.between(1, 2 ** 31)} 1 udp ${random.between(1, 2 ** 31)} 10.0.0.${i % 256} 9 typ host generation 0`);
    }
    return `${lines.join('\r\n')}\r\n`;
}

function scalar(random) {
    switch (random.weighted({ text: 5, number: 4, other: 2 })) {
        case 'text': return text(random);
        case 'number': return random.chance(0.7) ? random.pick(NUMBERS) : random.between(-1e6, 1e6) / random.pick([1, 10, 1000]);
        default: return random.pick([true, false, null, undefined]);
    }
}

/** Bytes as a Buffer, or perhaps an ArrayBuffer. */
function bytes(random, arrayBuffers) {
    const size = random.weighted({ 0: 1, 1: 2, 7: 3, 130: 2, 4000: 1, 20000: 0.3 });
    const buffer = Buffer.from(random.list(Number(size), () => random.between(0, 255)));
    return !arrayBuffers || random.chance(0.7) ? buffer : buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
}

function nested(random, leaf, depth) {
    if (depth === 0 || random.chance(0.35)) return leaf();
    const inner = () => nested(random, leaf, depth - 1);
    const count = random.between(0, 4);
    if (random.chance(0.4)) return random.list(count, inner);
    const object = {};
    for (let i = 0; i < count; ++i) {
        // As JSON.parse does: `__proto__` becomes an ordinary key.
        Object.defineProperty(object, random.pick(KEYS), { value: inner(), enumerable: true, configurable: true, writable: true });
    }
    return object;
}

/** Any value without binary. */
export function value(random) {
    switch (random.weighted({ scalar: 6, signal: 3, nested: 5, placeholder: 0.5, deep: 0.3, date: 0.3 })) {
        case 'scalar': return scalar(random);
        case 'signal': return random.chance(0.5)
            ? { type: random.pick(['offer', 'answer']), sdp: sessionDescription(random) }
            : { type: 'candidate', label: random.between(0, 2), id: 'audio', candidate: `candidate:${random.between(1, 1e9)} 1 udp 1 10.0.0.1 9 typ host` };
        case 'nested': return nested(random, () => scalar(random), 4);
        case 'placeholder': return { _placeholder: true, num: random.between(0, 2) }; // ordinary data in an event without binary
        case 'deep': return random.list(40, () => 0).reduce((inner) => [inner], scalar(random));
        default: return new Date(random.between(0, 2 ** 41));
    }
}

/** A value with `count` binary parts, somewhere in it. */
export function binaryValue(random, count, arrayBuffers) {
    if (count === 1 && random.chance(0.4)) return bytes(random, arrayBuffers);
    const parts = [...random.list(count, () => bytes(random, arrayBuffers)), ...random.list(random.between(0, 3), () => scalar(random))];
    return random.shuffled(parts).reduce((built, part) => (random.chance(0.5)
        ? { [random.pick(['file', 'data', 'имя', 'z'])]: built, part }
        : [built, part]), random.chance(0.5) ? {} : null);
}

/** A room for `create or join`. Few, so that clients meet. Binary is left out: what text it makes differs between versions. */
export function roomKey(random) {
    if (random.chance(0.6)) return random.pick(['r', 'My Room']);
    return random.pick(['', '7', 7, 0, -0, 'null', null, undefined, true, 'true', false, NaN, 1e21, 1.5e-7, 0.1, 123456789012345680000, 'комната', '👩‍👩‍👧‍👦', 'a"b\\c',
        '\ud800', {}, { a: 1 }, [], [1, 2], [null, [undefined, 'x'], {}], '[object Object]', '1,2', '__proto__', 'constructor']);
}
