// Somebody without a mouse: whatever has the focus after a key can be seen, and the focus is never nowhere.
import assert from 'node:assert/strict';
import { until } from '../../compat/support/server.mjs';

/** What has the focus: how tests may call it, and what is wrong with it. Runs in the page. */
function lookAtFocus() {
    const element = document.activeElement;
    const name = `${element?.localName ?? 'nothing'}#${element?.id ?? ''}[${element?.dataset.do ?? element?.getAttribute('aria-label') ?? ''}]`;
    if (!element || element === document.body) return { name, wrong: 'the focus is nowhere' };
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || !element.checkVisibility({ visibilityProperty: true })) return { name, wrong: 'it cannot be seen' };
    if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) return { name, wrong: 'it is outside of the window' };
    const dialog = document.querySelector('dialog[open]');
    if (dialog && !dialog.contains(element)) return { name, wrong: `it is behind the dialog #${dialog.id}` };
    // A headline that is focused so that it is read out can be seen as it is.
    if (element.matches('[tabindex="-1"]')) return { name, wrong: null };
    // The ring may be drawn round a part of it: the face of a button that has a name below.
    const isMarked = element.matches(':focus-visible') && [element, ...element.querySelectorAll('*')].some((part) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(part);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    });
    return { name, wrong: isMarked ? null : 'nothing marks it' };
}

export class Keys {
    /** @param {import('./person.mjs').Person} person */
    constructor(person) {
        this.person = person;
        this.page = person.page;
    }

    /** One key, after which somebody has to see where he is. */
    async press(key) {
        await this.page.keyboard.press(key);
        // Between the last and the first thing of a page are those of the browser.
        if (key.endsWith('Tab') && await this.isOn('body')) await this.page.keyboard.press(key);
        await this.seesFocus(key);
    }

    /** What was shown or hidden by a key may take a moment. */
    async seesFocus(after) {
        let seen;
        await until(async () => {
            seen = await this.page.evaluate(lookAtFocus);
            return seen.wrong === null;
        }, 'a focus that can be seen', 1_500).catch(() => assert.fail(`after ${after}: ${seen.name}: ${seen.wrong}`));
    }

    async type(text) {
        await this.page.keyboard.type(text);
        await this.seesFocus(text);
    }

    isOn(selector) {
        return this.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    }

    /** Waits until the page itself has moved the focus there. */
    async arrivesAt(selector) {
        await until(() => this.isOn(selector), `focus on ${selector}`, 3_000).catch(async (error) => {
            assert.fail(`${error.message}; it is on ${(await this.page.evaluate(lookAtFocus)).name}`);
        });
        await this.seesFocus(selector);
    }

    /** Tab until it is there; inside of a toolbar or a menu the arrow keys. */
    async reach(selector) {
        const passed = [];
        for (let presses = 0; presses < 60; presses++) {
            const [where, name] = await this.page.evaluate((wanted) => {
                const focused = document.activeElement;
                const label = focused?.id || focused?.dataset.do || focused?.localName;
                if (focused?.matches(wanted)) return ['there', label];
                const group = focused?.closest('[role="toolbar"], [role="menu"]');
                return [group?.querySelector(wanted) ? group.getAttribute('role') : 'elsewhere', label];
            }, selector);
            passed.push(name);
            if (where === 'there') return;
            await this.press({ elsewhere: 'Tab', toolbar: 'ArrowRight', menu: 'ArrowDown' }[where]);
        }
        assert.fail(`${selector} cannot be reached: ${passed.join(' ')}`);
    }

    async use(selector, key = 'Enter') {
        await this.reach(selector);
        await this.press(key);
    }

    /** Tab goes round in an open dialog: forwards and backwards, and never behind it. */
    async isKeptIn(dialog) {
        for (const key of [...Array(6).fill('Tab'), ...Array(6).fill('Shift+Tab')]) {
            await this.press(key);
            assert.ok(await this.isOn(`${dialog} *`), `${key}: the focus stays in ${dialog}`);
        }
    }
}
