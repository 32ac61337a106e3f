// Makes the pictures of the README, docs/images/*.png: a real call, with the two people of the landing page
// in front of the cameras, and the page that leads visitors to https. Run it after a change of the pages: npm run pictures
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../compat/support/server.mjs';
import { launch } from './support/browser.mjs';
import { Person } from './support/person.mjs';
import { World } from './support/world.mjs';

const project = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'videochat-pictures-'));
const world = await World.create();
const browsers = [];

/** A camera that shows a drawing: a film of equal frames. */
async function film(page, name) {
    const drawing = readFileSync(path.join(project, 'public/img', `${name}.svg`), 'utf8');
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 1280px; height: 720px }</style>${drawing}`);
    const frame = await page.screenshot({ type: 'jpeg', quality: 95, clip: { x: 0, y: 0, width: 1280, height: 720 } });
    const file = path.join(folder, `${name}.mjpeg`);
    writeFileSync(file, Buffer.concat(Array(10).fill(frame)));
    return file;
}

try {
    const drawer = await world.person();
    const cameras = [await film(drawer.page, 'first'), await film(drawer.page, 'second')];
    for (const camera of cameras) browsers.push(await launch(world.network, 'both', { camera }));
    const [guest, host] = await Promise.all(browsers.map((browser) => Person.arrive(world, browser)));

    await host.enter('Tea at five');
    await host.join('Anna');
    await host.sees({ state: 'inside', socket: 'open' });
    await guest.enter('Tea at five', 'call');
    await guest.join('Boris');
    await host.sees({ ring: 'in' });
    await host.press('accept');
    await Promise.all([host, guest].map((person) => person.hearsAndSees()));
    // The first seconds are blurred: the browser starts with few bits and few pixels.
    await until(async () => {
        const { width, frames } = await host.received();
        return width >= 640 && frames >= 150;
    }, 'a clear picture', 60_000);
    await host.page.screenshot({ path: path.join(project, 'docs/images/call.png') });

    const visitor = await Person.arrive(world, browsers[0], { origin: world.insecureOrigin });
    await visitor.open('/chat.html?room=Tea%20at%20five');
    await visitor.find('.light[data-state="waiting"]').waitFor();
    await visitor.find('.qr').waitFor();
    await visitor.page.screenshot({ path: path.join(project, 'docs/images/secure.png') });
} finally {
    await Promise.allSettled(browsers.map((browser) => browser.close()));
    await world.close();
    rmSync(folder, { recursive: true, force: true });
}
