// Lighthouse over every page that is opened by itself: npm run lighthouse [-- PAGE...]
// Accessibility and best practices have to be complete, performance 95 or more, on the phone that Lighthouse
// imagines (a slow one, on a slow network) and on a desktop.
import { existsSync } from 'node:fs';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { startServer } from '../compat/support/server.mjs';

const PAGES = ['', 'chat.html?room=lighthouse', 'secure.html', 'check.html'];
const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 };
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-quic', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const chosen = process.argv.slice(2);
const chromium = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const server = await startServer();
const browser = await launch({ chromePath: chromium, chromeFlags: FLAGS });
try {
    for (const page of chosen.length > 0 ? chosen : PAGES) {
        for (const [device, config] of [['phone', undefined], ['desktop', desktopConfig]]) {
            const { lhr } = await lighthouse(`http://localhost:${server.port}/${page}`, { port: browser.port, onlyCategories: Object.keys(LEAST), logLevel: 'error' }, config);
            const scores = Object.entries(LEAST).map(([name, least]) => ({ name, least, score: Math.round(lhr.categories[name].score * 100) }));
            const [paint, shift] = ['first-contentful-paint', 'cumulative-layout-shift'].map((audit) => lhr.audits[audit].displayValue);
            console.log(`/${page} ${device}: ${scores.map(({ name, score }) => `${name} ${score}`).join(', ')}; first paint ${paint}, layout shift ${shift}`);
            if (scores.every(({ score, least }) => score >= least)) continue;
            process.exitCode = 1;
            for (const audit of Object.values(lhr.audits)) {
                if (audit.score !== null && audit.score < 0.9) console.log(`    ${audit.id}: ${audit.title} ${audit.displayValue ?? ''} ${JSON.stringify(audit.details?.items?.slice(0, 3) ?? '').slice(0, 300)}`);
            }
        }
    }
} finally {
    browser.kill();
    await server.stop();
}
