// In the call: two to six, what stands beside the pictures, what is told over them.
import { until } from '../../compat/support/server.mjs';

export const ringing = {
    states: ['waiting', 'waiting-camera-off', 'ringing-host', 'ringing-guest', 'in-call', 'more', 'settings', 'invite', 'in-call-muted', 'in-call-other-off', 'in-call-all-off', 'left'],
    async play(stage) {
        stage.nextRoom();
        const host = await stage.host();
        await host.visible('invite-card img').waitFor();
        await stage.look(host, 'waiting');
        await stage.control(host, 'camera').click();
        await stage.look(host, 'waiting-camera-off');
        await stage.control(host, 'camera').click();
        const guest = await stage.rings('anna', host);
        await stage.look(host, 'ringing-host');
        await stage.look(guest, 'ringing-guest');
        await host.press('accept');
        await Promise.all([host, guest].map((person) => person.sees({ state: 'inside', connected: 1 })));
        await stage.clear(host, guest);
        await host.visible('.call-quality').waitFor({ state: 'attached' });
        await stage.look(host, 'in-call');
        await host.press('more');
        await stage.look(host, 'more');
        await host.press('settings');
        await host.visible('#settings select').first().waitFor();
        await stage.look(host, 'settings');
        await host.page.keyboard.press('Escape');
        await stage.control(host, 'invite').click();
        await host.visible('#invite img').waitFor();
        await stage.look(host, 'invite');
        await host.page.keyboard.press('Escape');
        await stage.control(guest, 'mic').click();
        await stage.control(guest, 'camera').click();
        await host.visible('call-stage video-tile:not([data-self])[data-camera="off"]').waitFor();
        await stage.look(host, 'in-call-other-off');
        await stage.control(host, 'mic').click();
        await host.visible('.bars .bar').waitFor();
        await stage.look(host, 'in-call-muted');
        await stage.control(host, 'camera').click();
        await stage.look(host, 'in-call-all-off');
        await stage.control(host, 'camera').click();
        await host.press('dismiss');
        await guest.press('hang-up');
        await host.visible('.bars .bar').waitFor();
        await stage.look(host, 'left');
    },
};

export const many = {
    states: ['joined', 'in-call-three', 'in-call-four', 'in-call-five', 'in-call-six', 'people-guest'],
    async play(stage) {
        stage.nextRoom();
        const [host, anna, boris] = await stage.call(['anna', 'boris']);
        await stage.look(host, 'in-call-three');
        await stage.control(boris, 'mic').click();
        const people = [host, anna, boris];
        for (const [who, state] of [['chika', 'in-call-four'], ['dmitri', 'in-call-five'], ['elena', 'in-call-six']]) {
            const newcomer = await stage.rings(who, host);
            await host.press('accept');
            people.push(newcomer);
            const connected = people.length - 1;
            await Promise.all(people.map((person) => person.sees({ state: 'inside', connected })));
            if (who === 'chika') {
                await host.visible('.bars .bar').waitFor();
                await stage.look(host, 'joined');
            }
            if (who === 'dmitri') await stage.control(newcomer, 'camera').click();
            await stage.clear(host);
            await stage.look(host, state);
        }
        await stage.control(anna, 'people').click();
        await stage.look(anna, 'people-guest');
    },
};

const LINES = {
    en: ['Can everyone see the plan? https://wiki.lan/greenhouse', 'Yes! Sending last year’s numbers.', 'Thanks, that is exactly what I was looking for. Let us go through them one by one when Chika is here, and keep the rest for Monday.'],
    ru: ['Всем виден план? https://wiki.lan/теплица', 'Да! Отправляю прошлогодние цифры.', 'Спасибо, именно это я и искал. Давайте пройдёмся по ним по порядку, когда подключится Чика, а остальное оставим на понедельник.'],
};

export const panels = {
    states: ['chat-empty', 'chat', 'file-offered', 'file-received', 'people', 'people-three', 'details', 'screen', 'screen-own'],
    async play(stage) {
        stage.nextRoom();
        const [host, anna] = await stage.call(['anna', 'boris']);
        const write = async (person, text) => {
            await person.visible('chat-panel textarea').fill(text);
            await person.visible('chat-panel textarea').press('Enter');
        };
        await stage.control(host, 'chat').click();
        await stage.look(host, 'chat-empty');
        await stage.control(anna, 'chat').click();
        const [first, second, third] = LINES[stage.language];
        await write(anna, first);
        await host.find('chat-panel .bubble').first().waitFor();
        await write(host, second);
        await write(anna, third);
        await host.find('chat-panel .bubble').nth(2).waitFor();
        await stage.look(host, 'chat');
        const send = async (name, size) => {
            const chooser = anna.page.waitForEvent('filechooser');
            await anna.find('chat-panel .composer .round').first().click();
            await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(size, name) });
            await host.find('chat-panel .file').filter({ hasText: name }).waitFor();
        };
        const [short, long] = stage.language === 'en' ? ['drip-lines.pdf', 'greenhouse-tour-of-last-summer.mp4'] : ['схема полива.pdf', 'экскурсия по теплице прошлым летом.mp4'];
        await send(short, 3_400_000);
        await send(long, 900_000);
        await stage.look(host, 'file-offered');
        const download = host.page.waitForEvent('download');
        await host.find('chat-panel .file').filter({ hasText: short }).locator('button').first().click();
        await download;
        await stage.look(host, 'file-received');
        await stage.control(host, 'people').click();
        await stage.look(host, 'people');
        await host.find('people-panel .person .round').filter({ visible: true }).first().click();
        await stage.look(host, 'people-three');
        await host.press('more');
        await host.visible('more-menu [data-do="details"]').click();
        await host.find('details-panel .words li').first().waitFor();
        await host.seesPlot(6);
        await stage.look(host, 'details');
        await host.page.keyboard.press('Escape');
        await stage.control(anna, 'chat').click();
        await anna.page.keyboard.press('Escape');
        await stage.control(anna, 'screen').click();
        await host.find('call-stage[data-layout="share"] video-tile[data-kind="screen"]').waitFor();
        await anna.visible('.bars .bar').waitFor();
        await until(() => host.find('video-tile[data-kind="screen"] video').evaluate((video) => video.videoWidth >= 640), 'a sharp screen', 30_000);
        await stage.look(host, 'screen');
        await stage.look(anna, 'screen-own');
    },
};
