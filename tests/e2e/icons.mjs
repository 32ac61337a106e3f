// npm run icons: writes the PNG icons of public/icons from the SVG files beside them. To be run, and the result
// committed, when one of those has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './support/browser.mjs';
import { Network } from './support/network.mjs';

const FOLDER = new URL('../../public/icons/', import.meta.url);
// What iOS takes is put into its own shape, so it has no corners of its own.
const ICONS = [['app', 192, 'app-192'], ['app', 512, 'app-512'], ['maskable', 192, 'maskable-192'], ['maskable', 512, 'maskable-512'], ['maskable', 180, 'apple-touch']];

const network = new Network();
try {
    const browser = await launch(network);
    for (const [source, size, name] of ICONS) {
        const page = await browser.newPage({ viewport: { width: size, height: size } });
        const svg = readFileSync(new URL(`${source}.svg`, FOLDER));
        await page.setContent(`<body style="margin:0"><img width="${size}" height="${size}" style="display:block" src="data:image/svg+xml;base64,${svg.toString('base64')}">`);
        await page.waitForFunction(() => document.images[0].complete);
        const file = new URL(`${name}.png`, FOLDER);
        writeFileSync(file, await page.screenshot({ omitBackground: true }));
        console.log(fileURLToPath(file));
        await page.close();
    }
    await browser.close();
} finally {
    network.remove();
}
