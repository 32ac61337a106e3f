// What one client can take of the server. Node has hardly any of these limits, so all of it is about ours.
import assert from 'node:assert/strict';
import { encode, refusalOf } from '../support/engineio.mjs';
import { overEach, probes } from '../support/probe.mjs';
import { until, within } from '../support/server.mjs';

const OURS = ['ours'];

probes('slow clients', { on: OURS, pollCloseTimeout: 500 }, (probe) => {
    for (const [what, count, size] of [['1,024 messages', 1100, 10], ['a megabyte', 60, 20_000]]) {
        probe(`one that does not poll is closed at ${what}, the others are not`, {}, async ({ polling, witness, websocket }) => {
            const [slow, sender, other] = [await polling(), await websocket(), await witness()];
            for (let i = 0; i < count; i++) {
                sender.emit('hard start', `${i} ${'x'.repeat(size)}`);
                if (i % 50 === 49) for (let k = 0; k < 50 && k <= i; k++) await other.receive();
            }
            while (other.rest.length > 0) other.rest.shift();
            await until(async () => refusalOf(await slow.post('')).join() === '400,1', 'the slow session is gone');
            await sender.isAlive();
        });
    }
});

const FLAGS = ['--packets-per-post', '20', '--attachments', '3', '--message-limit', '4KiB', '--post-limit', '4KiB'];
probes('limits that were set', { on: OURS, flags: FLAGS }, (probe) => {
    probe('the largest payload is told to the client, and is the limit', {}, async ({ polling, websocket, version }) => {
        const [session, socket] = [await polling(), await websocket()];
        assert.deepEqual([session.handshake.maxPayload, socket.handshake.maxPayload], [4096, 4096]);
        assert.equal((await session.post(encode(version, [`42["bye","${'x'.repeat(4070)}"]`]))).text, 'ok');
        assert.equal((await session.post(encode(version, [`42["bye","${'x'.repeat(4090)}"]`]))).status, 413);
        await socket.emit('bye', 'x'.repeat(4090));
        assert.equal(await within(5_000, socket.closed, 'the close'), 1009);
    });

    probe('packets of one POST', {}, async ({ polling, version }) => {
        const session = await polling();
        const packets = (count) => encode(version, Array(count).fill('42["bye"]'));
        assert.equal((await session.post(packets(20))).text, 'ok');
        assert.deepEqual(refusalOf(await session.post(packets(21))), [400, 3]);
        assert.deepEqual(await session.hasEnded(), []);
    });

    overEach(probe, 'attachments of one packet', {}, async ({ subject, transport, version }) => {
        const session = await subject();
        const bytes = Buffer.from([1]);
        await session.send('453-["bye"]', bytes, bytes, bytes);
        await session.isAlive();
        if (transport === 'websocket') await session.send('454-["bye"]');
        else assert.deepEqual(refusalOf(await session.post(encode(version, ['454-["bye"]']))), [400, 3]);
        assert.deepEqual(await session.hasEnded(), []);
    });
});

probes('messages a second', { on: OURS, messageRate: '5', flags: ['--message-burst', '30'] }, (probe) => {
    overEach(probe, 'who sends too many is closed, and no other', {}, async ({ subject, transport, witness, version }) => {
        const [session, other] = [await subject(), await witness()];
        const many = Array(40).fill('42["bye"]');
        if (transport === 'websocket') {
            await session.send(...many);
            assert.equal(await within(5_000, session.closed, 'the close'), 1008);
        } else {
            await session.post(encode(version, many));
        }
        assert.deepEqual(await session.hasEnded(), []);
        await other.isAlive();
    });
});
