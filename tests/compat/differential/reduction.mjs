// Makes a failing script shorter: leaves out steps and events as long as it goes on failing.

/** Whoever acts is there, and only who is away returns. */
function isPlayable({ steps }) {
    const here = new Map();
    return steps.length > 0 && steps.every((step) => {
        const actors = step.together?.map(({ from }) => from) ?? [step.from ?? step.leaves ?? step.loses].filter(Boolean);
        if (!actors.every((name) => here.get(name))) return false;
        if (step.returns && here.get(step.returns) !== false) return false;
        if (step.joins || step.returns) here.set(step.joins ?? step.returns, true);
        if (step.leaves) here.set(step.leaves, false);
        return true;
    });
}

const without = (list, at) => list.filter((_, i) => i !== at);

/** All scripts that are one step or one event shorter, from the end. */
function* shorter(script) {
    const { steps } = script;
    const replace = (at, step) => ({ ...script, steps: steps.map((old, i) => (i === at ? step : old)) });
    for (let i = steps.length - 1; i >= 0; --i) yield { ...script, steps: without(steps, i) };
    for (let i = steps.length - 1; i >= 0; --i) {
        const { sends, together } = steps[i];
        for (let k = (sends?.length ?? 0) - 1; k >= 0; --k) yield replace(i, { ...steps[i], sends: without(sends, k) });
        for (const [t, part] of (together ?? []).entries()) {
            yield replace(i, { together: without(together, t) });
            for (let k = part.sends.length - 1; k >= 0; --k) {
                yield replace(i, { together: together.map((old, j) => (j === t ? { ...part, sends: without(part.sends, k) } : old)) });
            }
        }
    }
}

/**
 * @param failure   async (script) => text about what is wrong, or undefined
 * Gives { script, wrong } of the shortest one found, at latest when `seconds` have passed.
 */
export async function reduce(script, wrong, failure, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    let best = { script, wrong };
    for (let progress = true; progress;) {
        progress = false;
        for (const candidate of shorter(best.script)) {
            if (Date.now() > end) return best;
            if (!isPlayable(candidate)) continue;
            const text = await failure(candidate);
            if (text === undefined) continue;
            best = { script: candidate, wrong: text };
            progress = true;
            break;
        }
    }
    return best;
}
