// Looks at a state of a page: pictures of it for people, and the rules of accessibility.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIZES } from './person.mjs';

export const SHOTS = process.env.VIDEOCHAT_SHOTS ?? fileURLToPath(new URL('../../../build/screenshots', import.meta.url));
mkdirSync(SHOTS, { recursive: true });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function accessibilityFindings(page) {
    await page.evaluate(AXE); // no script element, so the page's Content-Security-Policy stays as it is
    return page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
}

/**
 * Pictures of a state in both sizes and both themes, each checked for what keeps people out. What is found
 * makes the test fail when the person leaves, so that the states behind this one are looked at too.
 */
export async function look(person, name) {
    const { page } = person;
    const before = page.viewportSize();
    const findings = new Map(); // finding -> the pictures it is seen in
    const found = (finding, label) => findings.set(finding, [...findings.get(finding) ?? [], label]);
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        for (const size of Object.values(SIZES)) {
            await page.setViewportSize(size);
            const label = `${size.width}x${size.height}-${colorScheme}`;
            await page.screenshot({ path: path.join(SHOTS, `${name}-${label}.png`) });
            const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            if (tooWide > 0) found(`${tooWide} px wider than the window`, label);
            for (const finding of await accessibilityFindings(page)) found(finding, label);
        }
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(before);
    for (const [finding, labels] of findings) person.note(`${name} (${labels.join(', ')}): ${finding}`);
}
