// What goes wrong in a call, and how calls end.
import { until } from '../../compat/support/server.mjs';

/** The browser's statistics say what they are made to say. */
function pretendStatistics(change) {
    const { prototype } = window.RTCPeerConnection;
    const { getStats } = prototype;
    prototype.getStats = async function pretended(...args) {
        const entries = [...await getStats.apply(this, args)];
        return new Map(entries.map(([id, entry]) => [id, { ...entry, ...change[entry.type] }]));
    };
}

export const trouble = {
    states: ['unstable', 'reduced', 'plugged', 'server-unreachable', 'certificate-changed', 'sound-held-back', 'no-path'],
    async play(stage) {
        stage.nextRoom();
        const people = await stage.call(['anna', 'boris', 'chika']);
        const [host] = people;
        await host.page.evaluate(() => window.plugIn('Logitech BRIO (046d:085e)'));
        await host.visible('.bars .bar').waitFor();
        await stage.look(host, 'plugged');
        await host.page.evaluate(() => {
            const [, peer] = window.recordedMedia.peers;
            Object.defineProperty(peer, 'connectionState', { value: 'disconnected', configurable: true });
            peer.dispatchEvent(new Event('connectionstatechange'));
        });
        await host.visible('video-tile[data-link="unstable"]').waitFor();
        await stage.look(host, 'unstable');
        await stage.clearStage();

        stage.nextRoom();
        const secure = { origin: stage.world.origin.replace('http:', 'https:'), settings: { ignoreHTTPSErrors: true } };
        const pair = await stage.call(['anna'], { me: secure, anna: secure });
        const [alone] = pair;
        await alone.page.evaluate(pretendStatistics, { 'candidate-pair': { availableOutgoingBitrate: 150_000 }, 'remote-inbound-rtp': { fractionLost: 0.08 } });
        await alone.visible('.bars .bar').waitFor({ timeout: 40_000 }); // a first guess is given time, and it is told when it lasts
        await stage.look(alone, 'reduced');
        await alone.press('dismiss');
        for (const person of pair) person.expectServerLoss();
        await stage.world.server.kill();
        await alone.visible('.bars [data-do="try-now"]').waitFor();
        await stage.look(alone, 'server-unreachable');
        await until(async () => await alone.find('.bars [data-do="reload"]').count() > 0, 'perhaps the certificate', 60_000);
        await stage.look(alone, 'certificate-changed');
        await stage.world.startServer();
        await stage.clearStage();

        stage.nextRoom();
        const muffled = await stage.call(['anna'], { me: { devices: 'held sound' } });
        await muffled[0].visible('[data-do="unmute-playback"]').waitFor();
        await stage.look(muffled[0], 'sound-held-back');
        await stage.clearStage();

        stage.nextRoom();
        const cut = await stage.host();
        await stage.rings('anna', cut, { devices: 'no path' });
        await cut.press('accept');
        await cut.visible('video-tile .tile-note [data-do="retry-peers"]').waitFor({ timeout: 20_000 });
        await stage.look(cut, 'no-path');
    },
};

/** A server that says goodbye with these words when it is asked to. */
async function refusing(person) {
    let socket;
    await person.context.routeWebSocket(/\/socket/, (here) => {
        const server = here.connectToServer();
        socket = here;
        here.onMessage((message) => server.send(message));
        server.onMessage((message) => here.send(message));
    });
    return async (reason, code) => {
        socket.send(JSON.stringify(['refused', reason]));
        await socket.close({ code });
    };
}

export const ended = {
    server: ['--ring-timeout', '8s'],
    states: ['ended-left', 'ended-declined', 'ended-no-answer', 'ended-ended', 'ended-removed', 'ended-replaced', 'ended-busy', 'ended-locked', 'ended-full', 'ended-password'],
    async play(stage) {
        stage.nextRoom();
        let [host, guest] = await stage.call(['anna']);
        await guest.press('hang-up');
        await guest.sees({ state: 'ended', reason: 'left' });
        await stage.look(guest, 'ended-left');
        guest = await stage.rings('boris', host);
        await host.press('decline');
        await guest.sees({ reason: 'declined' });
        await stage.look(guest, 'ended-declined');
        guest = await stage.rings('boris', host);
        await guest.sees({ reason: 'no answer' });
        await stage.look(guest, 'ended-no-answer');
        guest = await stage.rings('boris', host);
        await host.press('accept');
        await guest.sees({ state: 'inside', connected: 1 });
        await stage.control(host, 'people').click();
        await host.find('people-panel .person .round').filter({ visible: true }).first().click();
        await host.find('people-panel').getByRole('button', { name: stage.language === 'en' ? 'Remove' : 'Удалить', exact: true }).click();
        await guest.sees({ reason: 'removed' });
        await stage.look(guest, 'ended-removed');
        guest = await stage.rings('boris', host);
        const seconds = guest.find('.middle [data-show="clock"]');
        await until(async () => Number((await seconds.textContent()).split(':')[1]) >= 3, 'too long for another try'); // else it enters the empty room
        await host.page.close({ runBeforeUnload: true });
        await guest.sees({ reason: 'ended' });
        await stage.look(guest, 'ended-ended');

        for (const [reason, code] of [['replaced', 4006], ['busy', 4004], ['locked', 4003], ['full', 4002], ['password', 4001]]) {
            stage.nextRoom();
            const person = await stage.person('me');
            const refuse = await refusing(person);
            await person.open(stage.door);
            await person.join(person.name);
            await person.sees({ state: 'inside', socket: 'open' });
            await refuse(reason, code);
            await person.sees({ state: 'ended', reason });
            await stage.look(person, `ended-${reason}`);
        }
    },
};
