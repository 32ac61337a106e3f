// Engine.IO's payloads and frames, byte by byte, in both directions, and JSONP.
import assert from 'node:assert/strict';
import { ask, decode, encode, encodeBinary, PollingSession, query, refusalOf } from '../support/engineio.mjs';
import { overEach, probes } from '../support/probe.mjs';

const OURS = ['ours'];
const TEXT = 'text/plain;charset=UTF-8';
const OCTETS = 'application/octet-stream';
const FORM = 'application/x-www-form-urlencoded';
const BYTES = Buffer.from([0, 1, 2, 253, 254, 255]);
const LONG = Buffer.from(Array.from({ length: 1234 }, (_, i) => i & 0xff)); // a length of four digits
const WORDS = 'é€😀'; // 1, 1 and 2 units of UTF-16; 2, 3 and 4 bytes; 1.x would not double it
const event = (...values) => `42${JSON.stringify(values)}`;
const PLACEHOLDER = { _placeholder: true, num: 0 };
const binaryEvent = (name) => `451-${JSON.stringify([name, PLACEHOLDER])}`;

/** Two that the session has not polled for yet. */
async function queue(session, witness, packets) {
    await witness.send(...packets);
    await witness.isAlive(); // so the server has handled them
    await session.emit('bye'); // a POST of its own, so that a server of several parts has carried them over
}

probes('framing', {}, (probe) => {
    probe('payload to the client: what waits goes out in one answer', {}, async ({ version, polling, witness, backend, ours }) => {
        const [session, other] = [await polling(), await witness()];
        await queue(session, other, [event('hard start', 'a'), event('hard start', WORDS), event('main check', 'r')]);
        const answer = await session.get();
        assert.deepEqual([answer.status, answer.type.toLowerCase()], [200, 'text/plain; charset=utf-8']);
        const packets = decode(version, answer);
        assert.deepEqual(packets.slice(0, 3).map((packet) => JSON.parse(packet.slice(2))), [['message', 'a'], ['message', WORDS], ['main check answer', 'r']]);
        assert.equal(encode(version, packets), answer.text); // nothing between, before or behind
        // Characters of one unit and one byte are right for 1.x clients, too.
        if (ours && version === 3) assert.match(answer.text, /^[\x20-\x7e]*$/);
        else if (backend !== 'ours') assert.ok(answer.text.includes(WORDS));
    });

    probe('payload to the client: binary among text', {}, async ({ version, polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        await queue(session, other, [event('hard start', WORDS), binaryEvent('hard start'), LONG, event('hard start', 'b')]);
        const answer = await session.get();
        assert.equal(answer.type.toLowerCase(), version === 3 ? OCTETS : 'text/plain; charset=utf-8');
        const packets = decode(version, answer).slice(0, 4);
        assert.deepEqual(packets.filter((packet) => typeof packet === 'string').map((packet) => JSON.parse(packet.slice(packet.indexOf('[')))),
            [['message', WORDS], ['message', PLACEHOLDER], ['message', 'b']]);
        assert.match(packets[1], /^451-\[/);
        assert.deepEqual(packets[2], LONG);
        if (version === 3) {
            assert.ok(answer.bytes.includes(Buffer.concat([Buffer.from([1, 1, 2, 3, 5, 0xff, 4]), LONG]))); // 1 + 1234 bytes
        } else {
            assert.ok(answer.text.includes(`\x1eb${LONG.toString('base64')}\x1e42[`));
        }
    });

    probe('payload to the client: base64 for one that wants no binary', { versions: [3] }, async ({ polling, witness }) => {
        for (const b64 of ['1', 'true']) {
            const [session, other] = [await polling({ b64 }), await witness()];
            await queue(session, other, [binaryEvent('hard start'), BYTES]);
            const answer = await session.get();
            assert.equal(answer.type.toLowerCase(), 'text/plain; charset=utf-8');
            const base64 = `b4${BYTES.toString('base64')}`;
            assert.ok(answer.text.includes(`:${binaryEvent('message')}${base64.length}:${base64}`), answer.text);
        }
    });

    probe('payload from the client: several packets, text of all planes', {}, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        await session.send(event('hard start', WORDS), event('hard start', `${WORDS}${WORDS}`), event('hard start', '\u2028\u0000'), event('hard start', 'last'));
        for (const word of [WORDS, `${WORDS}${WORDS}`, '\u2028\u0000', 'last']) assert.deepEqual(await other.event(), ['message', word]);
    });

    probe('payload from the client: base64 among text', {}, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        // The base64 of the second begins with a 4, which is no type.
        for (const bytes of [BYTES, Buffer.from([0xe0, 0, 0, 1]), LONG]) {
            await session.send(event('hard start', WORDS), binaryEvent('hard start'), bytes, event('hard start', 'b'));
            assert.deepEqual(await other.event(), ['message', WORDS]);
            assert.equal(await other.receive(), binaryEvent('message'));
            assert.deepEqual(await other.receive(), bytes);
            assert.deepEqual(await other.event(), ['message', 'b']);
        }
    });

    probe('payload from the client: bytes among text', { versions: [3] }, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        for (const bytes of [BYTES, LONG]) {
            const answer = await session.post(encodeBinary([event('hard start', WORDS), binaryEvent('hard start'), bytes, event('hard start', 'b')]), { 'Content-Type': OCTETS });
            assert.deepEqual([answer.status, answer.type, answer.text], [200, 'text/html', 'ok']);
            assert.deepEqual(await other.event(), ['message', WORDS]);
            assert.equal(await other.receive(), binaryEvent('message'));
            assert.deepEqual(await other.receive(), bytes);
            assert.deepEqual(await other.event(), ['message', 'b']);
        }
    });

    probe('payload from the client: bytes are refused', { versions: [4] }, async ({ polling }) => {
        const session = await polling();
        assert.equal((await session.post(Buffer.from(event('chat message', 1)), { 'Content-Type': OCTETS })).status, 400);
        assert.deepEqual(await session.hasEnded(), []);
    });

    // Node 2.5 and 4.8 answer some of these with ok; the session is closed all the same.
    const malformed = {
        3: [['nothing', '', TEXT], ['no length', ':42["bye"]', TEXT], ['a length of letters', 'x:42["bye"]', TEXT], ['a length that is too great', '99:42["bye"]', TEXT],
            ['a length that overflows', '99999999999999999999999:42["bye"]', TEXT], ['a negative length', '-9:42["bye"]', TEXT], ['a type that is none', '2:9x', TEXT], ['a length without end', '9', TEXT]],
        4: [['nothing', '', TEXT], ['a type that is none', '9', TEXT], ['a letter', 'x', TEXT], ['a separator at the end', `${event('bye')}\x1e`, TEXT], ['two separators', `${event('bye')}\x1e\x1e${event('bye')}`, TEXT]],
    };
    for (const [version, list] of Object.entries(malformed)) {
        for (const [what, body, type] of list) {
            probe(`payload from the client that is malformed: ${what}`, { versions: [Number(version)] }, async ({ polling, ours }) => {
                const [session, other] = [await polling(), await polling()];
                const answer = await session.post(body, { 'Content-Type': type });
                if (ours) assert.deepEqual(refusalOf(answer), [400, 3]);
                assert.deepEqual(await session.hasEnded(), []);
                await other.isAlive();
            });
        }
    }
    for (const [what, bytes] of [['a kind that is none', [2, 1, 0xff, 0x34]], ['no end of the length', [0, 1, 1, 1]], ['a digit that is none', [0, 12, 0xff, 0x34]],
        ['a length that is too great', [0, 9, 9, 0xff, 0x34]], ['a length that overflows', [0, ...Array(300).fill(9), 0xff, 0x34]], ['nothing', []]]) {
        // Node reads some of these as something else.
        probe(`payload from the client of bytes that are malformed: ${what}`, { versions: [3], on: OURS }, async ({ polling }) => {
            const [session, other] = [await polling(), await polling()];
            assert.deepEqual(refusalOf(await session.post(Buffer.from(bytes), { 'Content-Type': OCTETS })), [400, 3]);
            assert.deepEqual(await session.hasEnded(), []);
            await other.isAlive();
        });
    }
    probe('payload from the client that is no base64, or no UTF-8', { on: OURS }, async ({ version, polling }) => {
        const bodies = version === 3 ? ['6:b4!!!!', '3:b5A', Buffer.from('3:42\xff', 'latin1')] : ['b!!!!', Buffer.from('42["\xff"]', 'latin1')];
        for (const body of bodies) {
            const session = await polling();
            assert.deepEqual(refusalOf(await session.post(body)), [400, 3]);
            assert.deepEqual(await session.hasEnded(), []);
        }
    });

    // ---- Text of 1.x clients, which encode it twice. Node does not see it.
    const twice = (text) => Buffer.from(text, 'utf8').toString('latin1');
    probe('a 1.x client: its text is decoded once more, and stays so', { versions: [3], on: OURS }, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        // The second packet shows that lengths count characters before that decoding.
        for (const words of [['é', 'Привет'], ['€', '😀'], ['x', 'Ã']]) {
            await session.send(...words.map((word) => twice(event('hard start', word))));
            for (const word of words) assert.deepEqual(await other.event(), ['message', word]);
        }
    });
    probe('a 2.x client: what looks like it was encoded twice is left alone', { versions: [3] }, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        // The first proves it, by a character beyond U+00FF, or by bytes that are no UTF-8.
        for (const proof of ['€', 'ÿé']) {
            for (const word of [proof, 'é', 'Ã©', 'Ã©'.repeat(3)]) {
                await session.emit('hard start', word);
                assert.deepEqual(await other.event(), ['message', word]);
            }
        }
    });

    // ---- WebSocket frames
    probe('frames: text is text, binary is bytes', {}, async ({ version, websocket, witness }) => {
        const [session, other] = [await websocket(), await witness()];
        const raw = [];
        other.socket.on('message', (data, isBinary) => raw.push(isBinary ? data : data.toString()));
        await session.send(event('hard start', WORDS), binaryEvent('hard start'), BYTES, event('hard start', 'b'));
        for (let i = 0; i < 4; i++) await other.receive();
        assert.deepEqual(raw, [event('message', WORDS), binaryEvent('message'), version === 3 ? Buffer.concat([Buffer.from([4]), BYTES]) : BYTES, event('message', 'b')]);
    });

    probe('frames: base64 for one that wants no binary, both ways', { versions: [3] }, async ({ websocket, witness }) => {
        const [session, other] = [await websocket({ b64: '1' }), await witness()];
        await other.send(binaryEvent('hard start'), BYTES);
        assert.equal(await session.receive(), binaryEvent('message'));
        assert.equal(await session.receive(), `b4${BYTES.toString('base64')}`);
        await session.send(binaryEvent('hard start'), BYTES);
        assert.equal(await other.receive(), binaryEvent('message'));
        assert.deepEqual(await other.receive(), BYTES);
    });

    probe('frames: a message in fragments', {}, async ({ websocket, witness }) => {
        const [session, other] = [await websocket(), await witness()];
        const bytes = Buffer.from(event('hard start', WORDS));
        for (let i = 0; i < bytes.length; i++) session.socket.send(bytes.subarray(i, i + 1), { binary: false, fin: i === bytes.length - 1 });
        assert.deepEqual(await other.event(), ['message', WORDS]);
    });

    probe('frames: text that is no UTF-8 ends with 1007', {}, async ({ websocket, ours }) => {
        const session = await websocket();
        session.socket.send(Buffer.from(event('chat message', 'é'), 'latin1'), { binary: false });
        const code = await session.closed;
        // Node cuts the connection once it has said so, and the client may see only that.
        assert.ok(ours ? code === 1007 : [1006, 1007].includes(code), `${code}`);
        await session.hasEnded();
    });

    for (const [what, frame] of [['nothing', ''], ['a type that is none', '9'], ['a letter', 'x']]) {
        probe(`frames: a malformed packet ends the session: ${what}`, {}, async ({ websocket }) => {
            const [session, other] = [await websocket(), await websocket()];
            session.socket.send(frame);
            await session.hasEnded();
            await other.isAlive();
        });
    }

    overEach(probe, 'packets that mean nothing to a server are no harm', {}, async ({ subject }) => {
        const session = await subject();
        await session.send('6');
        await session.isAlive();
    });

    // ---- JSONP
    const script = (answer) => {
        // Node says text/plain, which a browser runs only as long as nobody forbids it to guess: we do.
        assert.match(answer.type, answer.headers['x-content-type-options'] === 'nosniff' ? /^text\/javascript; charset=utf-8$/i : /^text\/plain; charset=utf-8$/i);
        const calls = [];
        const ___eio = Array.from({ length: 30 }, (_, index) => (payload) => calls.push({ index, payload }));
        new Function('___eio', answer.text)(___eio);
        assert.equal(calls.length, 1);
        return calls[0];
    };
    const jsonp = async (server, j, more = {}) => {
        const session = Object.assign(new PollingSession(), { server, version: 3, options: { j, ...more } });
        session.script = async () => {
            const answer = await session.get();
            assert.equal(answer.status, 200);
            const { index, payload } = script(answer);
            assert.equal(index, Number(j));
            return { answer, packets: decode(3, { type: 'text/plain; charset=utf-8', text: payload }) };
        };
        const { packets } = await session.script();
        session.takeHandshake(packets[0]);
        session.rest = packets.slice(1);
        if (session.rest.length === 0) session.rest = (await session.script()).packets; // Node 4.8
        assert.deepEqual(session.rest.splice(0), ['40']);
        // As the client library does it: a form, whose newlines survive its ways.
        session.form = (payload) => session.post(new URLSearchParams({ d: payload.replace(/\\n/g, '\\\\n') }).toString(), { 'Content-Type': FORM });
        session.send = async (...sent) => assert.equal((await session.form(encode(3, sent))).text, 'ok');
        return session;
    };

    probe('JSONP: an answer is a script that calls with the payload', { versions: [3] }, async ({ server, room, witness }) => {
        const other = await witness();
        for (const j of ['0', '7', '12']) {
            const session = await jsonp(server, j, { room });
            const text = 'quote " backslash \\ newline \n line \u2028 paragraph \u2029 </script> é€😀';
            await queue(session, other, [event('hard start', text)]);
            const { answer, packets } = await session.script();
            assert.deepEqual(JSON.parse(packets[0].slice(2)), ['message', text]);
            assert.match(answer.text, new RegExp(`^___eio\\[${j}\\]\\("`));
            assert.doesNotMatch(answer.text, /[\n\u2028\u2029]/);
        }
    });

    probe('JSONP: binary is base64', { versions: [3] }, async ({ server, room, witness, ours }) => {
        const other = await witness();
        // Clients say b64 themselves. To one that does not, Node sends what nobody can read.
        for (const more of ours ? [{ b64: '1' }, {}] : [{ b64: '1' }]) {
            const session = await jsonp(server, '3', { room, ...more });
            await queue(session, other, [binaryEvent('hard start'), BYTES]);
            const { packets } = await session.script();
            assert.deepEqual(packets.slice(0, 2), [binaryEvent('message'), BYTES]);
        }
    });

    probe('JSONP: a POST is a form, and its newlines come back', { versions: [3] }, async ({ server, room, witness }) => {
        const other = await witness();
        const session = await jsonp(server, '1', { room });
        for (const text of ['plain', 'a\nb', 'a\\nb', 'a\\\\nb', '\n\n', 'plus + and & = % ;', WORDS, '\\']) {
            const answer = await session.form(encode(3, [event('hard start', text), event('hard start', 'next')]));
            assert.deepEqual([answer.status, answer.text], [200, 'ok']);
            assert.deepEqual(await other.event(), ['message', text]);
            assert.deepEqual(await other.event(), ['message', 'next']);
        }
        // One backslash and n stand for a newline; between JSON's tokens it is blank.
        const spaced = '42["hard start",\n"x"]';
        const body = new URLSearchParams({ d: encode(3, [spaced]).replace('\n', '\\n') }).toString();
        assert.equal((await session.post(body, { 'Content-Type': FORM })).text, 'ok');
        assert.deepEqual(await other.event(), ['message', 'x']);
    });

    // Node takes the digits out of it.
    probe('JSONP: an index that is no number is refused', { versions: [3], on: OURS }, async ({ server, version }) => {
        for (const j of ['x', '1x', '1);alert(1', '-1', '1.5', '']) {
            assert.deepEqual(refusalOf(await ask(server, 'GET', query({ EIO: version, transport: 'polling', j }))), [400, 3], j);
        }
    });
});

