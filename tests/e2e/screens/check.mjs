// The page that examines a device.

const finished = (person) => person.page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('check-row')].filter((row) => row.checkVisibility());
    return rows.length > 5 && rows.every((row) => row.dataset.state !== 'busy' && row.dataset.state !== 'running');
}, null, { timeout: 30_000 });

export const check = {
    states: ['check-running', 'check-good', 'check-insecure'],
    async play(stage) {
        const person = await stage.person('me', { loud: ['me'] });
        await person.open('/check.html');
        await finished(person);
        await stage.look(person, 'check-running');
        await person.press('start');
        await person.find('check-row video').waitFor();
        await person.press('play');
        await person.visible('[data-do="heard"]').click();
        await finished(person);
        await stage.look(person, 'check-good');
        const plain = await stage.person('me', { origin: stage.world.insecureOrigin });
        await plain.context.addCookies([{ name: 'insecure_ok', value: '1', url: stage.world.insecureOrigin }]);
        await plain.open('/check.html');
        await finished(plain);
        await stage.look(plain, 'check-insecure');
    },
};

export const checkAlone = {
    server: ['--stun', 'off'],
    states: ['check-bad'],
    async play(stage) {
        const person = await stage.person('me', { media: 'no devices' });
        await person.open('/check.html');
        await person.press('start');
        await finished(person);
        await stage.look(person, 'check-bad');
    },
};
