// Two people in a call write to each other and hand over a file, each way: whatever browser each has.
import { until } from '../../compat/support/server.mjs';

const BYTES = 200_000;
const LOOK_MS = 10_000;

/** From now on the page keeps the sums of what it saves. */
function keepSums() {
    window.savedSums = [];
    const { createObjectURL } = URL;
    URL.createObjectURL = (blob) => {
        blob.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes))
            .then((sum) => window.savedSums.push([...new Uint8Array(sum)].join()));
        return createObjectURL.call(URL, blob);
    };
}

/** Gives the panel a file, as somebody who chooses one; gives its sum. */
async function chooseFile([name, size]) {
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const file = new File(Array.from({ length: Math.ceil(size / bytes.length) }, () => bytes), name);
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const picker = document.querySelector('chat-panel input[type="file"]');
    picker.files = transfer.files;
    picker.dispatchEvent(new Event('change', { bubbles: true }));
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))].join();
}

const chatOf = (person) => person.page.evaluate(() => document.querySelector('chat-panel').innerText);

async function give(giver, taker, name) {
    await giver.page.evaluate(() => document.querySelector('chat-panel textarea').focus());
    await giver.page.keyboard.type(`Here is ${name}`);
    await giver.page.keyboard.press('Enter');
    await until(async () => (await chatOf(taker)).includes(`Here is ${name}`), `the message about ${name}`, LOOK_MS);
    const sum = await giver.page.evaluate(chooseFile, [name, BYTES]);
    await until(() => taker.page.evaluate((wanted) => {
        const offer = [...document.querySelectorAll('chat-panel .file')].find((one) => one.innerText.includes(wanted));
        const accept = [...offer?.querySelectorAll('button') ?? []].find(({ innerText }) => innerText.trim() === 'Accept');
        accept?.click();
        return accept !== undefined;
    }, name), `${name} is offered`, LOOK_MS);
    await until(async () => (await taker.page.evaluate(() => window.savedSums)).includes(sum), `${name} is saved, whole`, LOOK_MS);
    await until(async () => /Received/.test(await chatOf(taker)), `${name}: said to who has got it`, LOOK_MS);
    await until(async () => /Sent to/.test(await chatOf(giver)), `${name}: said to who sent it`, LOOK_MS);
}

export async function exchange(one, other) {
    for (const person of [one, other]) {
        await person.page.evaluate(keepSums);
        await person.press('chat');
    }
    await give(one, other, 'plan.bin');
    await give(other, one, 'answer.bin');
}
