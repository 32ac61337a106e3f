// The pages before, after and beside a call.

export const landing = {
    states: ['landing', 'landing-recent', 'landing-empty', 'landing-old', 'landing-no-script', 'not-found', 'no-room', 'too-old'],
    async play(stage) {
        const person = await stage.person('me');
        await person.open('/');
        await person.find('#create-room').fill(stage.nextRoom());
        await stage.look(person, 'landing');
        await person.find('#create-room').fill('');
        await person.press('create');
        await person.find('#create-error').waitFor();
        await stage.look(person, 'landing-empty');
        const rooms = stage.language === 'en' ? ['grandma-kitchen', 'team-monday', 'maple-tin-comet-9130'] : ['кухня бабушки', 'планёрка', 'клён-олово-комета-9130'];
        await person.page.evaluate((list) => localStorage.setItem('videochat.recent', JSON.stringify(list)), rooms);
        await person.open('/');
        await person.find('#create-room').fill(stage.room);
        await person.visible('#recent').waitFor();
        await stage.look(person, 'landing-recent');
        await person.open('/chat.html');
        await person.sees({ state: 'ended', reason: 'no-room' });
        await stage.look(person, 'no-room');
        person.expects404 = true;
        await person.open('/nowhere/at/all');
        await stage.look(person, 'not-found');

        const late = await stage.person('me');
        await late.context.addInitScript(() => { delete window.RTCPeerConnection; });
        await late.open('/');
        await late.visible('#too-old').waitFor();
        await stage.look(late, 'landing-old');
        await late.open(stage.door);
        await late.sees({ problem: 'unsupported' });
        await stage.look(late, 'too-old');

        const still = await stage.person('me', { script: false });
        await still.open('/');
        await stage.look(still, 'landing-no-script');
    },
};

export const secure = {
    states: ['landing-insecure', 'insecure', 'secure-waiting', 'secure-here'],
    async play(stage) {
        const { insecureOrigin } = stage.world;
        stage.nextRoom();
        const person = await stage.person('me', { origin: insecureOrigin });
        const note = person.note.bind(person);
        person.note = (problem) => /ERR_CERT_AUTHORITY_INVALID/.test(problem) || note(problem); // it is what the page looks for
        await person.open(stage.door);
        await person.visible('[data-part="light"][data-state="waiting"]').waitFor();
        await person.visible('.qr').waitFor();
        await stage.look(person, 'secure-waiting');
        await person.context.addCookies([{ name: 'insecure_ok', value: '1', url: insecureOrigin }]);
        await person.open('/');
        await person.find('#insecure').waitFor();
        await stage.look(person, 'landing-insecure');
        await person.open(stage.door);
        await person.sees({ problem: 'insecure' });
        await stage.look(person, 'insecure');

        const safe = await stage.person('me');
        await safe.open('/secure.html');
        await safe.visible('main[data-https="here"]').waitFor();
        await stage.look(safe, 'secure-here');
    },
};

export const plain = {
    server: ['--tls', 'off'],
    states: ['secure-none'],
    async play(stage) {
        const person = await stage.person('me', { origin: stage.world.insecureOrigin });
        person.expects404 = true;
        await person.open('/secure.html');
        await person.visible('main[data-https="none"]').waitFor();
        await stage.look(person, 'secure-none');
    },
};
