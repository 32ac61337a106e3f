// What one client has received, and how to wait for more.
//
// A chat message "mark N" is a mark: all that was caused before it has arrived when it arrives. Marks are
// the runner's and are kept apart; everything else are the frames, [name, ...arguments].

const DEADLINE_MS = 10_000;
const isMark = (frame) => frame.length === 2 && frame[0] === 'chat message' && /^mark \d+$/.test(frame[1]);

export class Inbox {
    frames = [];
    #marks = new Set();
    #waiting = new Set();
    #failure;

    push(frame) {
        // A mark that comes twice is as wrong as anything else that does.
        if (isMark(frame) && !this.#marks.has(frame[1])) this.#marks.add(frame[1]);
        else this.frames.push(frame);
        this.look();
    }

    /** Whoever waits, now or later, is told so. */
    fail(error) {
        this.#failure = error;
        this.look();
    }

    /** Whoever waits looks again: something besides a frame has happened. */
    look() {
        for (const look of [...this.#waiting]) look();
    }

    /** Takes all frames out. */
    take() { return this.frames.splice(0); }

    mark(mark) { return this.until(() => this.#marks.has(mark), `"${mark}"`); }

    /** Resolves with the first true value of `check`, which is asked whenever something happens. */
    until(check, what) {
        return new Promise((resolve, reject) => {
            const end = (settle, result) => {
                clearTimeout(timer);
                this.#waiting.delete(look);
                settle(result);
            };
            const look = () => {
                const value = check();
                if (value) end(resolve, value);
                else if (this.#failure) end(reject, new Error(`waiting for ${what}: ${this.#failure.message}`));
            };
            const timer = setTimeout(() => end(reject, new Error(`waiting for ${what}: nothing within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS);
            this.#waiting.add(look);
            look();
        });
    }
}
