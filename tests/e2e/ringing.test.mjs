// Ringing at the door of a call, between real browsers: whatever one side does, the other one is told at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meeting } from './support/meeting.mjs';

const TOLD_WITHIN = 1_000;
const RING_TIMEOUT = 3_000; // longer than everything here that is to come before it
const CLOCK = 50; // so far two pages' clocks may be apart

test('accept, decline, busy, cancel, a closed page, a timeout, an ended call: told within a second', { timeout: 60_000 }, async (t) => {
    const meeting = await Meeting.create(['Ann', 'Bob', 'Cleo'], { server: ['--ring-timeout', `${RING_TIMEOUT}ms`] });
    try {
        const [ann, bob, cleo] = meeting.members;
        const figures = [];

        /** Waits until `member` has been told, and insists that it was soon after `at`. */
        const told = async (member, name, fits, at, why) => {
            const event = await member.hears(name, fits);
            const took = event.at - at;
            figures.push(`${why} ${took}`);
            assert.ok(took >= -CLOCK && took <= TOLD_WITHIN, `${why}: ${name} after ${took} ms`);
        };
        const isAbout = (seat, reason) => (detail) => detail.seat === seat && detail.reason === reason;
        const gives = (wanted) => ({ reason }) => reason === wanted;

        /** Somebody rings, and the host is told. */
        const ring = async (guest) => {
            await ann.clear();
            const { seat, at } = await guest.ring();
            await told(ann, 'main check answer', (who) => who.seat === seat && who.name === guest.name, at, 'ring');
            return { seat, at };
        };
        const letIn = async (guest) => {
            const { seat } = await ring(guest);
            const at = await ann.do('accept', seat);
            await told(guest, 'host agreed', () => true, at, 'accept');
            await told(ann, 'peer joined', (peer) => peer.seat === seat, at, 'accept');
            return { seat, at };
        };

        await ann.enter();
        await letIn(bob);

        const joined = await letIn(cleo);
        await told(bob, 'peer joined', (peer) => peer.seat === joined.seat, joined.at, 'accept');
        const left = await cleo.do('bye');
        for (const member of [ann, bob]) await told(member, 'peer left', isAbout(joined.seat, 'left'), left, 'bye');

        for (const reason of ['declined', 'busy']) {
            const { seat } = await ring(cleo);
            const at = await ann.do('decline', seat, reason);
            await told(cleo, 'refused', gives(reason), at, reason);
            assert.deepEqual((await ann.look()).rings, []);
        }

        const stopsRinging = { cancel: () => cleo.do('cancel'), 'closed page': () => cleo.close() };
        for (const [why, stop] of Object.entries(stopsRinging)) {
            const { seat } = await ring(cleo);
            const at = await stop();
            await told(ann, 'ring ended', isAbout(seat, 'cancelled'), at, why);
            assert.deepEqual((await ann.look()).rings, []);
        }
        await cleo.openPage();

        const unheard = await ring(cleo);
        await told(cleo, 'refused', gives('no answer'), unheard.at + RING_TIMEOUT, 'timeout');
        await told(ann, 'ring ended', isAbout(unheard.seat, 'no answer'), unheard.at + RING_TIMEOUT, 'timeout');

        await ring(cleo);
        await bob.do('bye');
        await told(cleo, 'refused', gives('ended'), await ann.do('bye'), 'the last one leaves');

        // The others' rings were never shown to somebody who may not answer them.
        const { rings } = await bob.look();
        assert.deepEqual([rings, (await bob.events()).filter(({ name }) => name === 'main check answer')], [[], []]);
        await meeting.end();
        t.diagnostic(`ms until told: ${figures.join(', ')}`);
    } finally {
        await meeting.close();
    }
});
