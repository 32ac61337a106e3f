// /check.html: before and after its questions, and where something is wrong.

/** Everything has been tried: who hears the page has been told so. */
const tried = (person) => person.page.waitForFunction(() => document.querySelector('[data-show="told"]').textContent
    .startsWith(`${document.querySelector('h1').textContent}.`), undefined, { timeout: 30_000 });

export const check = {
    states: ['check-running', 'check-good', 'check-insecure', 'check-bad'],
    async play(stage) {
        const { world } = stage;
        world.network.ip('route', 'add', 'default', 'dev', 'eth0');
        const person = await stage.person('me', { loud: ['me'] });
        await person.open('/check.html');
        await tried(person);
        await stage.look(person, 'check-running');
        await person.press('start');
        await person.find('check-row[data-id="microphone"][data-state="good"]').waitFor();
        await person.press('play');
        await person.press('heard');
        await person.page.evaluate(() => scrollTo(0, 0));
        await stage.look(person, 'check-good');

        const plain = await stage.person('anna', { origin: world.insecureOrigin });
        await plain.context.addCookies([{ name: 'insecure_ok', value: '1', url: world.insecureOrigin }]);
        await plain.open('/check.html');
        await tried(plain);
        await stage.look(plain, 'check-insecure');

        const poor = await stage.person('boris', { media: 'no devices' });
        await poor.open('/check.html');
        await tried(poor);
        await poor.press('start');
        for (const one of [person, plain, poor]) one.expectServerLoss();
        await world.server.kill();
        await poor.press('again');
        await tried(poor);
        await stage.look(poor, 'check-bad');
        await world.startServer();
    },
};
