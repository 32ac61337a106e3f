// The pages as an installed program, and what other programs share with it.

export const shared = {
    states: ['landing-install', 'landing-invited', 'landing-shared', 'chat-shared'],
    async play(stage) {
        const { origin } = stage.world;
        const text = stage.language === 'en' ? 'The plan for Saturday: we meet at ten at the lake.' : 'План на субботу: встречаемся в десять у озера.';
        stage.nextRoom();
        const host = await stage.host();
        const person = await stage.person('anna');
        const steady = () => person.find('#create-room').fill(stage.room); // else it is another name each time
        await person.open('/');
        await steady();
        await person.page.evaluate(() => dispatchEvent(new Event('beforeinstallprompt')));
        await person.visible('[data-do="install"]').waitFor();
        await stage.look(person, 'landing-install');
        await person.open(`/?#text=${encodeURIComponent(`${origin}${stage.door}`)}`);
        await person.visible('#shared').waitFor();
        await steady();
        await stage.look(person, 'landing-invited');
        // As the service worker leaves it.
        await person.page.evaluate(async () => {
            const cache = await caches.open(`shared ${location.origin}/`);
            await cache.put(`${location.origin}/share/0/map.pdf`, new Response('a map', { headers: { 'Content-Type': 'application/pdf' } }));
        });
        await person.open(`/?#files=1&text=${encodeURIComponent(text)}`);
        await person.visible('#shared').waitFor();
        await steady();
        await stage.look(person, 'landing-shared');
        await person.open(stage.door);
        await person.join(person.name);
        await host.sees({ ring: 'in' });
        await host.press('accept');
        await person.sees({ state: 'inside', connected: 1 });
        await person.visible('chat-panel footer .bar').waitFor();
        await stage.clear(host, person);
        await stage.look(person, 'chat-shared');
    },
};
