// A page to look through all pictures: one row a state, chosen by language and view.
import { EVERY, labelOf } from '../support/look.mjs';
import { PAGES } from '../support/states.mjs';

const LANGUAGES = ['en', 'ru'];
const escape = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

function figure(language, state, view) {
    const file = `all/${language}/${state}-${labelOf(view)}.png`;
    return `<a class="${language} ${labelOf(view)}" href="${file}"><img src="${file}" alt="${language} ${labelOf(view)}" loading="lazy"></a>`;
}

export function contactSheet() {
    const rows = Object.entries(PAGES).flatMap(([page, states]) => [
        `<h2>${escape(page)}</h2>`,
        ...Object.entries(states).map(([state, words]) => `<section><h3>${escape(words)} <code>${state}</code></h3><div>${
            LANGUAGES.flatMap((language) => EVERY.map((view) => figure(language, state, view))).join('')}</div></section>`),
    ]);
    return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>videochat, every state</title>
<style>
body { margin: 2rem; font: 1rem/1.5 system-ui, sans-serif; background: #ddd }
section > div { display: flex; gap: 8px; overflow-x: auto; align-items: flex-start }
img { display: block; height: 300px; width: auto }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem } code { font-weight: 400; color: #555 }
</style>
<h1>Every state</h1>
${rows.join('\n')}
</html>
`;
}
