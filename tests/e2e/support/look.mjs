// Looks at a state of a page: pictures of it for people, and the rules of accessibility.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIZES } from './person.mjs';
import { STATES } from './states.mjs';

export const SHOTS = process.env.VIDEOCHAT_SHOTS ?? fileURLToPath(new URL('../../../build/screenshots', import.meta.url));

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A view: a size, a theme, and perhaps how many pixels of the screen make one of the page. */
const views = (sizes, themes) => themes.flatMap((theme) => sizes.map((size) => ({ ...size, theme })));

/** What a test looks at: the usual desktop and phone. */
const USUAL = views(Object.values(SIZES), ['light', 'dark']);

/** Every view: also the phone on its side, the smallest one, and a window of 1280x800 at 200 %. */
export const EVERY = [
    ...views([...Object.values(SIZES), { width: 844, height: 390 }], ['light', 'dark']),
    ...views([{ width: 320, height: 640 }, { width: 640, height: 400, zoom: 2 }], ['light']),
];

export const labelOf = ({ width, height, zoom, theme }) => `${zoom ? `${width * zoom}x${height * zoom}-zoomed` : `${width}x${height}`}-${theme}`;

async function accessibilityFindings(page) {
    await page.evaluate(AXE); // no script element, so the page's Content-Security-Policy stays as it is
    return page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
}

/** What is wrong with the page as it stands. */
async function findingsOn(page) {
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    return [...tooWide > 0 ? [`${tooWide} px wider than the window`] : [], ...await accessibilityFindings(page)];
}

/**
 * Pictures of a state, each checked for what keeps people out. What is found makes the test fail when the
 * person leaves, so that the states behind this one are looked at too.
 */
export async function look(person, state, seen = USUAL) {
    if (!STATES.has(state)) throw new Error(`${state} is missing from states.mjs`);
    const { page } = person;
    const before = page.viewportSize();
    const language = await page.locator('html').getAttribute('lang');
    const folder = path.join(SHOTS, seen === USUAL ? 'tests' : 'all', language);
    mkdirSync(folder, { recursive: true });
    await page.mouse.move(0, 0); // nothing is hovered
    const findings = new Map(); // finding -> the pictures it is seen in
    for (const view of seen) {
        await page.emulateMedia({ colorScheme: view.theme, reducedMotion: 'reduce' });
        await page.setViewportSize(view);
        const zoomed = view.zoom && await page.context().newCDPSession(page);
        await zoomed?.send('Emulation.setDeviceMetricsOverride', { width: view.width, height: view.height, deviceScaleFactor: view.zoom, mobile: false });
        if (person.script) await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); })); // laid out
        await page.screenshot({ path: path.join(folder, `${state}-${labelOf(view)}.png`), scale: zoomed ? 'device' : 'css' });
        for (const finding of person.script ? await findingsOn(page) : []) findings.set(finding, [...findings.get(finding) ?? [], labelOf(view)]);
        await zoomed?.send('Emulation.clearDeviceMetricsOverride');
        await zoomed?.detach();
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(before);
    for (const [finding, labels] of findings) person.note(`${language} ${state} (${labels.join(', ')}): ${finding}`);
}
