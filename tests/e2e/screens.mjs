// Makes pictures of every state of every page: npm run screens [-- SCENE...] [--language en|ru] [--readme]
// They go to build/screenshots/all, with an index.html to look through them. Each is checked on the way for
// what keeps people out, and for being wider than its window; what was found is told at the end. --readme makes docs/images of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as before from './screens/before.mjs';
import * as check from './screens/check.mjs';
import * as call from './screens/call.mjs';
import { contactSheet } from './screens/contact_sheet.mjs';
import * as landing from './screens/landing.mjs';
import * as shell from './screens/shell.mjs';
import { readmePictures } from './screens/readme.mjs';
import { Stage } from './screens/stage.mjs';
import * as trouble from './screens/trouble.mjs';
import { SHOTS } from './support/look.mjs';
import { STATES } from './support/states.mjs';

const scenes = { ...landing, ...before, ...call, ...check, ...trouble, ...shell };
const { values, positionals } = parseArgs({ allowPositionals: true, options: { language: { type: 'string', multiple: true, default: ['en', 'ru'] }, readme: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !(name in scenes));
if (unknown.length > 0) throw new Error(`${unknown}: no such scene; there are ${Object.keys(scenes)}`);

const promised = new Set(Object.values(scenes).flatMap(({ states }) => states));
const forgotten = [...STATES].filter((state) => !promised.has(state));
if (forgotten.length > 0) throw new Error(`no scene shows ${forgotten}`);

const findings = [];
for (const language of values.language) {
    for (const [name, { states, server, play }] of Object.entries(scenes)) {
        if (positionals.length > 0 && !positionals.includes(name)) continue;
        const began = Date.now();
        const stage = await Stage.set(language, server);
        try {
            await play(stage);
        } catch (error) {
            findings.push(`${language} ${name}: ${error.stack ?? error}`);
        }
        await stage.clearStage();
        await stage.close().catch((error) => findings.push(`${language} ${name}: ${error.message}`));
        const missing = states.filter((state) => !stage.looked.has(state));
        if (missing.length > 0) findings.push(`${language} ${name}: no picture of ${missing}`);
        findings.push(...stage.findings);
        console.log(`${language} ${name}: ${stage.looked.size} states, ${Math.round((Date.now() - began) / 1000)} s`);
    }
}

mkdirSync(SHOTS, { recursive: true });
writeFileSync(path.join(SHOTS, 'index.html'), contactSheet());
if (values.readme) await readmePictures();
if (findings.length > 0) {
    console.error(`\n${findings.join('\n')}`);
    process.exitCode = 1;
}
