// Socket.IO's packets: joining, namespaces, events, attachments, acknowledgements, and what is malformed.
import assert from 'node:assert/strict';
import { encode, SESSIONS } from '../support/engineio.mjs';
import { overEach, probes } from '../support/probe.mjs';

const OURS = ['ours'];
const A = Buffer.from([1, 2, 3]);
const B = Buffer.from([4, 5]);
const place = (num) => ({ _placeholder: true, num });
const binary = (count, ...event) => `45${count}-${JSON.stringify(event)}`;
const REFUSED = { 3: '44/other,"Invalid namespace"', 4: '44/other,{"message":"Invalid namespace"}' };
const refusedBy = (version, backend) => (backend === 'socket.io 4.8' ? REFUSED[4] : REFUSED[version]);

/** A session that has not joined. */
const unjoined = async ({ server, version, transport, room, sockets }) => {
    const session = await SESSIONS[transport].open(server, version, { room });
    if (transport === 'websocket') sockets.push(session);
    return session;
};

/** Sends what a session may not survive: the answer to the POST tells nothing yet. */
const dare = async (session, transport, ...packets) => {
    if (transport === 'polling') await session.post(encode(session.version, packets));
    else await session.send(...packets);
};

probes('packets', {}, (probe) => {
    // ---- Joining
    overEach(probe, 'joins when asked, not before, and gets an id that is not the session\'s', { versions: [4] }, async (context) => {
        for (const packet of ['40', '40{}', '40{"token":"x"}', '40/,', '40/,{"token":"x"}']) {
            const session = await unjoined(context);
            assert.deepEqual(session.rest, []);
            await session.send(packet);
            const answer = await session.receive();
            assert.match(answer, /^40\{"sid":"[\w-]{20,}"\}$/);
            assert.notEqual(JSON.parse(answer.slice(2)).sid, session.sid);
            assert.doesNotMatch(answer, new RegExp(session.sid));
            await session.isAlive();
        }
    });

    overEach(probe, 'is joined unasked, under the session\'s id', { versions: [3] }, async (context) => {
        const session = await unjoined(context);
        assert.equal(await session.receive(), '40');
        await session.emit('create or join', 'r');
        let event;
        do { event = await session.event(); } while (event[0] === 'log');
        assert.deepEqual(event, ['created', 'r', session.sid]);
    });

    overEach(probe, 'what goes on in the room before it has joined is not heard', { versions: [4] }, async (context) => {
        const other = await context.witness();
        const session = await unjoined(context);
        await other.emit('hard start', 'too early');
        await other.isAlive();
        await session.join();
        await session.isAlive();
    });

    overEach(probe, 'an event before joining closes the session', { versions: [4] }, async (context) => {
        for (const packet of ['42["chat message","x"]', '42/,["chat message","x"]', '420["chat message","x"]', '430[]', '41']) {
            const session = await unjoined(context);
            await dare(session, context.transport, packet);
            assert.deepEqual(await session.hasEnded().catch((error) => assert.fail(`${packet}: ${error.message}`)), []);
        }
    });

    overEach(probe, 'a second CONNECT closes the session', { versions: [4] }, async ({ subject, transport, witness }) => {
        for (const packet of ['40', '40/,{}']) {
            const [session, other] = [await subject(), await witness()];
            await dare(session, transport, packet);
            assert.deepEqual(await session.hasEnded(), []);
            await other.isAlive();
            other.close();
        }
    });

    // No client sends it.
    overEach(probe, 'a second CONNECT is ignored', { versions: [3], on: OURS }, async ({ subject }) => {
        const session = await subject();
        await session.send('40');
        await session.isAlive();
    });

    overEach(probe, 'leaves by 41; a new 40 gets a new id', { versions: [4] }, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.emit('create or join', 'r');
        for (let i = 0; i < 4; i++) await session.event();
        await session.send('41');
        await other.emit('hard start', 'not for those who left');
        await other.isAlive();
        const first = session.id;
        await session.join();
        assert.notEqual(session.id, first);
        await session.emit('create or join', 'r'); // the place was left, too
        const heard = [];
        for (let i = 0; i < 4; i++) heard.push(await session.event());
        assert.deepEqual(heard.at(-1), ['created', 'r', session.id]);
        await other.emit('hard start', 'back');
        assert.deepEqual(await session.event(), ['message', 'back']);
    });

    overEach(probe, 'an event after 41 closes the session', { versions: [4] }, async ({ subject, transport, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await dare(session, transport, '41');
        await other.isAlive(); // Node leaves a little later
        await dare(session, transport, '42["hard start","gone"]');
        assert.deepEqual(await session.hasEnded(), []);
        await other.isAlive();
    });

    overEach(probe, 'leaves by 41', { versions: [3] }, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send('41');
        await other.emit('hard start', 'not for those who left');
        await other.isAlive();
        // The transport is the client's to close; until then the session is there, and hears nothing.
        await session.send('2');
        assert.equal(await session.receive(), '3');
    });

    // ---- Namespaces
    overEach(probe, 'another namespace is refused, and only that', {}, async ({ subject, version, backend }) => {
        const session = await subject();
        const refused = refusedBy(version, backend);
        const asks = version === 4 ? ['40/other,', '40/other', '40/other,{"token":"x"}'] : ['40/other', '40/other?a=b', '40/other,'];
        for (const packet of asks) {
            await session.send(packet);
            assert.equal(await session.receive(), refused);
            await session.isAlive();
        }
    });

    overEach(probe, 'another namespace is refused before the main one is joined, which goes on', { versions: [4] }, async (context) => {
        const session = await unjoined(context);
        await session.send('40/other,', '40');
        assert.deepEqual([await session.receive()], [REFUSED[4]]);
        assert.match(await session.receive(), /^40\{"sid":"[\w-]{20,}"\}$/);
    });

    overEach(probe, 'an event of a namespace that was not joined closes the session', { versions: [4] }, async ({ subject, transport, witness }) => {
        for (const packet of ['42/other,["chat message","x"]', '41/other,', '42/other["chat message","x"]']) {
            const [session, other] = [await subject(), await witness()];
            await dare(session, transport, packet);
            assert.deepEqual(await session.hasEnded(), []);
            await other.isAlive();
            other.close();
        }
    });
    overEach(probe, 'an event of a namespace that was not joined is ignored', { versions: [3], on: ['socket.io 2.5', 'ours'] }, async ({ subject }) => {
        const session = await subject();
        await session.send('42/other,["chat message","x"]', '41/other');
        await session.isAlive();
    });

    overEach(probe, 'the main namespace may be named', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send('42/,["hard start","x"]', '42/,7["hard start","y"]');
        assert.deepEqual(await other.event(), ['message', 'x']);
        assert.deepEqual(await other.event(), ['message', 'y']);
        await session.isAlive();
    });

    // ---- Events
    overEach(probe, 'events that mean nothing are ignored', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send('42["no such event","x"]', '42["",1]', '42["error","x"]', '42["toString"]', '42["__proto__",{}]', '42["constructor"]', '42["hasOwnProperty",1]');
        await session.isAlive();
        assert.match(await other.receive(), /^42\["chat message","alive/);
        await other.isAlive();
    });
    overEach(probe, 'a number may be an event\'s name', { versions: [4] }, async ({ subject }) => {
        const session = await subject();
        await session.send('42[1,"x"]');
        await session.isAlive();
    });

    overEach(probe, 'acknowledgements are taken and never given', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send('420["hard start","x"]', '42123456789["hard start"]', '421["no such event"]', '422["main check","r"]');
        for (const event of [['message', 'x'], ['message', null], ['main check answer', 'r']]) assert.deepEqual(await other.event(), event);
        await session.isAlive();
    });

    overEach(probe, 'an acknowledgement that nobody asked for is ignored', {}, async ({ subject }) => {
        const session = await subject();
        await session.send('430[]', '43999["x"]', '431["constructor"]');
        await session.isAlive();
        await session.send('461-0[{"_placeholder":true,"num":0}]', A);
        await session.isAlive();
    });

    overEach(probe, 'names that the libraries keep to themselves close the session', { versions: [3, 4], on: ['socket.io 4.8', 'ours'] }, async ({ subject, transport, witness }) => {
        const other = await witness();
        for (const name of ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']) {
            const session = await subject();
            await dare(session, transport, `42["${name}","x"]`);
            assert.deepEqual(await session.hasEnded(), [], name);
        }
        await other.isAlive();
    });

    const malformed = ['47', '49["x"]', '4x', '42{"a":1}', '42[]', '42[null]', '42[{"a":1}]', '42[["x"]]', '42[true]', '42["chat message"', '42["chat message",]', '42["chat message","x"]x',
        '42"x"', '42null', '42x["chat message"]', '42abc', '42-1["chat message"]', '421.5["chat message"]', '42["chat message",undefined]', "42['chat message']",
        '41{"a":1}', '41[]', '431{"a":1}', '45["chat message"]', '45-["chat message"]', '450-["chat message"]', '45x-["chat message"]'];
    // Node 2.5 lets some of these pass, and events of EIO 3 that are none do no harm there.
    overEach(probe, 'a malformed packet closes the session, and no other', { versions: [4] }, async ({ subject, transport, witness }) => {
        const other = await witness();
        for (const packet of malformed) {
            const session = await subject();
            await dare(session, transport, packet);
            assert.deepEqual(await session.hasEnded().catch((error) => assert.fail(`${packet}: ${error.message}`)), [], packet);
        }
        await other.isAlive();
    });
    overEach(probe, 'a malformed packet closes the session, and no other', { versions: [3], on: OURS }, async ({ subject, transport, witness }) => {
        const other = await witness();
        for (const packet of malformed.filter((one) => !/^41/.test(one))) {
            const session = await subject();
            await dare(session, transport, packet);
            assert.deepEqual(await session.hasEnded().catch((error) => assert.fail(`${packet}: ${error.message}`)), [], packet);
        }
        await other.isAlive();
    });

    overEach(probe, 'a malformed CONNECT closes the session', { versions: [4] }, async (context) => {
        for (const packet of ['40["x"]', '40"x"', '40{', '40{"a":1}x', '40x']) {
            const session = await unjoined(context);
            await dare(session, context.transport, packet);
            assert.deepEqual(await session.hasEnded().catch((error) => assert.fail(`${packet}: ${error.message}`)), []);
        }
    });
    overEach(probe, 'a packet without data is ignored', {}, async ({ subject }) => {
        const session = await subject();
        await session.send('42', '431');
        await session.isAlive();
    });

    // ---- Attachments
    overEach(probe, 'attachments: one, several, nested, and none of other arguments', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send(binary(1, 'hard start', place(0)), A);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', place(0)), A]);
        await session.send(binary(2, 'hard start', { a: [place(0)], b: { c: place(1) } }), A, B);
        assert.deepEqual([await other.receive(), await other.receive(), await other.receive()], [binary(2, 'message', { a: [place(0)], b: { c: place(1) } }), A, B]);
        // Only the first argument goes on: without attachments it is a plain event, with some they are counted anew.
        await session.send(binary(1, 'hard start', 'first', place(0)), A);
        assert.deepEqual(await other.event(), ['message', 'first']);
        await session.send(binary(2, 'hard start', [place(1)], place(0)), A, B);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', [place(0)]), B]);
        await session.send(binary(1, 'no such event', place(0)), A);
        await session.isAlive();
    });

    overEach(probe, 'attachments: with an acknowledgement asked for, or the namespace named', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await session.send('451-7["hard start",{"_placeholder":true,"num":0}]', A, '451-/,["hard start",{"_placeholder":true,"num":0}]', B);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', place(0)), A]);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', place(0)), B]);
    });

    overEach(probe, 'attachments: to the sender inside a log, too', {}, async ({ subject }) => {
        const session = await subject();
        await session.send(binary(1, 'message', { bytes: place(0) }), A);
        assert.deepEqual([await session.receive(), await session.receive()],
            [binary(1, 'log', ['Message from server:', 'Client said: ', { bytes: place(0) }]), A]);
    });

    overEach(probe, 'a placeholder in a plain event is ordinary data', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        for (const value of [place(0), { _placeholder: true, num: 99 }, [{ _placeholder: true }]]) {
            await session.emit('hard start', value);
            assert.equal(await other.receive(), `42${JSON.stringify(['message', value])}`);
        }
    });

    overEach(probe, 'ten attachments pass', {}, async ({ subject, witness }) => {
        const [session, other] = [await subject(), await witness()];
        const ten = Array.from({ length: 10 }, (_, i) => Buffer.from([i, i]));
        const places = ten.map((_, i) => place(i));
        await session.send(binary(10, 'hard start', places), ...ten);
        assert.equal(await other.receive(), binary(10, 'message', places));
        for (const bytes of ten) assert.deepEqual(await other.receive(), bytes);
    });

    const wrong = {
        'eleven': [binary(11, 'hard start', place(0))],
        'a number beyond all memory': ['45999999999999-["hard start"]'],
        'an index out of range': [binary(1, 'hard start', place(1)), A],
        'a negative index': [binary(1, 'hard start', place(-1)), A],
        'an index that is no number': ['451-["hard start",{"_placeholder":true,"num":"0"}]', A],
        'text where one is due': [binary(2, 'hard start', place(0), place(1)), A, '42["hard start","x"]'],
        'one that nobody announced': [A],
        'one too many': [binary(1, 'hard start', place(0)), A, B],
    };
    for (const [what, packets] of Object.entries(wrong)) {
        overEach(probe, `attachments that are wrong close the session: ${what}`, { versions: [3, 4], on: ['socket.io 4.8', 'ours'] }, async ({ subject, transport, room, websocket }) => {
            const [session, other] = [await subject(), await websocket({ room: `not ${room}` })];
            await dare(session, transport, ...packets);
            assert.deepEqual(await session.hasEnded(), []);
            await other.isAlive();
        });
    }

    // Node handles events a little later, when the session is no more.
    overEach(probe, 'what was whole before something malformed counts', { on: OURS }, async ({ subject, transport, witness }) => {
        const [session, other] = [await subject(), await witness()];
        await dare(session, transport, '42["hard start",1]', binary(1, 'hard start', place(0)), A, '42{}', '42["hard start",2]');
        assert.deepEqual(await other.event(), ['message', 1]);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', place(0)), A]);
        assert.deepEqual(await session.hasEnded(), []);
        await other.isAlive();
    });

    overEach(probe, 'attachments of several senders never mix', {}, async ({ subject, websocket, polling }) => {
        const receiver = await subject();
        const senders = [await websocket(), await polling(), await websocket()];
        const COUNT = 30;
        await Promise.all(senders.map(async (sender, s) => {
            for (let i = 0; i < COUNT; i++) {
                await sender.send(binary(2, 'hard start', { s, i, bytes: [place(0), place(1)] }), Buffer.from([s, i, 0]), Buffer.from([s, i, 1]));
                await sender.send(`42["hard start",{"s":${s},"i":${i}}]`);
            }
        }));
        const next = senders.map(() => 0);
        for (let n = 0; n < senders.length * COUNT * 2; n++) {
            const packet = await receiver.receive();
            assert.equal(typeof packet, 'string', 'an event comes first');
            const [, { s, i, bytes }] = JSON.parse(packet.slice(packet.indexOf('[')));
            assert.equal(next[s]++, i * 2 + (bytes ? 0 : 1));
            if (!bytes) continue;
            assert.equal(packet, binary(2, 'message', { s, i, bytes: [place(0), place(1)] }));
            assert.deepEqual(await receiver.receive(), Buffer.from([s, i, 0]));
            assert.deepEqual(await receiver.receive(), Buffer.from([s, i, 1]));
        }
    });

    probe('attachments may come in several POSTs', {}, async ({ polling, witness }) => {
        const [session, other] = [await polling(), await witness()];
        await session.send(binary(2, 'hard start', place(0), place(1)));
        await session.send(A);
        await session.send(B);
        assert.deepEqual([await other.receive(), await other.receive()], [binary(1, 'message', place(0)), A]);
        await session.isAlive();
    });
});
