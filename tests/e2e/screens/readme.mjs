// The pictures of the README, from those that the scenes have made: one call, and a sheet of the main states.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../support/browser.mjs';
import { SHOTS } from '../support/look.mjs';

const FOLDER = fileURLToPath(new URL('../../../docs/images', import.meta.url));

const LARGE = [
    'landing-recent-1280x800-light', 'lobby-1280x800-light', 'ringing-host-1280x800-light',
    'waiting-1280x800-light', 'in-call-1280x800-light', 'in-call-four-1280x800-dark',
    'screen-1280x800-light', 'people-1280x800-light', 'chat-1280x800-dark',
];
const SMALL = ['landing-390x844-dark', 'ringing-host-390x844-light', 'in-call-390x844-light', 'in-call-four-390x844-dark', 'file-received-390x844-light', 'details-390x844-dark'];

const CALL = 'in-call-three-1280x800-light';
const SECURE = 'secure-waiting-1280x800-light';

function image(name) {
    const file = path.join(SHOTS, 'all/en', `${name}.png`);
    if (!existsSync(file)) throw new Error(`${name} is missing: npm run screens makes it`);
    return `<img alt="" src="data:image/png;base64,${readFileSync(file).toString('base64')}">`;
}

/** A sheet of pictures in rows of so many. */
const sheet = (rows) => `<style>
body { margin: 0; background: #cfccc2 }
div { display: grid; gap: 12px; padding: 12px 12px 0 }
div:last-child { padding-bottom: 12px }
img { display: block; width: 100%; border-radius: 6px }
</style>${rows.map(({ names, across }) => `<div style="grid-template-columns: repeat(${across}, 1fr)">${names.map(image).join('')}</div>`).join('')}`;

export async function readmePictures() {
    const browser = await launch({ inside: ['env'] });
    try {
        const page = await browser.newPage();
        const paint = async (name, width, html) => {
            await page.setViewportSize({ width, height: 100 });
            await page.setContent(html);
            await page.screenshot({ path: path.join(FOLDER, `${name}.png`), fullPage: true });
        };
        const alone = (name) => `<style>body { margin: 0 } img { display: block; width: 100% }</style>${image(name)}`;
        await paint('call', 720, alone(CALL));
        await paint('secure', 640, alone(SECURE));
        await paint('states', 800, sheet([{ names: LARGE, across: 3 }, { names: SMALL, across: 6 }]));
    } finally {
        await browser.close();
    }
}
