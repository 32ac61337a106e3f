// Before joining: the look at oneself, what may be wrong with the devices, and doors that do not open.
import { until } from '../../compat/support/server.mjs';

export const lobby = {
    states: ['lobby', 'lobby-devices', 'lobby-off', 'lobby-someone', 'lobby-unreachable'],
    async play(stage) {
        stage.nextRoom();
        const person = await stage.person('me', { loud: ['me'] });
        await person.open(stage.door);
        await person.sees({ state: 'lobby', media: 'ready' });
        await person.find('#name').fill(person.name);
        await until(async () => await person.find('level-meter').getAttribute('aria-valuenow') > 0, 'the level moves');
        await person.page.evaluate(() => document.activeElement.blur());
        await stage.look(person, 'lobby');
        await person.find('.join summary').click();
        await stage.look(person, 'lobby-devices');
        await person.find('.join summary').click();
        for (const what of ['mic', 'camera']) await person.press(what);
        await stage.look(person, 'lobby-off');

        await stage.host('anna');
        const second = await stage.person('boris');
        await second.open(stage.door);
        await second.sees({ state: 'lobby', media: 'ready' });
        await until(async () => /1/.test(await second.find('.inside').innerText()), 'one is inside');
        await stage.look(second, 'lobby-someone');

        const alone = await stage.person('me');
        await alone.context.routeWebSocket(/\/socket/, () => {}); // taken, and never answered
        await alone.open(stage.door);
        await alone.sees({ state: 'lobby', media: 'ready' });
        await stage.look(alone, 'lobby-unreachable');
    },
};

export const devices = {
    states: ['lobby-no-camera', 'no-devices', 'camera-refused', 'camera-unanswered', 'camera-busy'],
    async play(stage) {
        stage.nextRoom();
        for (const [state, sees, options] of [
            ['lobby-no-camera', { media: 'ready' }, { media: 'no camera' }],
            ['no-devices', { problem: 'missing' }, { media: 'no devices' }],
            ['camera-refused', { problem: 'denied' }, { media: 'denied' }],
            ['camera-unanswered', { problem: 'prompt' }, { devices: 'no answer' }],
            ['camera-busy', { problem: 'busy' }, { devices: 'busy' }],
        ]) {
            const person = await stage.person('me', options);
            await person.open(stage.door);
            await person.sees({ state: 'lobby', ...sees });
            await stage.look(person, state);
            await person.page.close();
        }
    },
};

export const doors = {
    server: ['--call-capacity', '2'],
    states: ['closed-full', 'closed-locked', 'closed-password', 'closed-password-wrong', 'in-call-other-without-camera', 'in-call-without-own-camera'],
    async play(stage) {
        stage.nextRoom();
        const host = await stage.host('anna');
        const guest = await stage.rings('me', host, { media: 'no camera' });
        await host.press('accept');
        await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
        await stage.look(host, 'in-call-other-without-camera');
        await stage.look(guest, 'in-call-without-own-camera');
        const third = await stage.person('boris');
        await third.open(stage.door);
        await third.sees({ closed: 'full' });
        await stage.look(third, 'closed-full');
        await guest.press('hang-up');
        await host.sees({ people: 0 });

        await stage.control(host, 'people').click();
        const lock = host.find('people-panel').getByRole('switch').first();
        await lock.click();
        await third.visible('[data-show="closed-action"]').click();
        await third.sees({ closed: 'locked' });
        await stage.look(third, 'closed-locked');
        await lock.click();
        await host.find('#door-password').fill('kitten');
        await host.page.keyboard.press('Enter');
        await until(async () => {
            await third.visible('[data-show="closed-action"]').click();
            return third.find('#password').isVisible();
        }, 'the password is asked for');
        await stage.look(third, 'closed-password');
        for (const wrong of ['a', 'b', 'c', 'd']) {
            await until(() => third.find('[data-show="closed-action"]').isEnabled(), 'another try', 10_000);
            await third.find('#password').fill(wrong);
            await third.page.keyboard.press('Enter');
            await third.find('#password-error').waitFor();
        }
        await stage.look(third, 'closed-password-wrong');
    },
};
