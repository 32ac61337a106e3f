// What people keep their trust in: a home whose certificate database both browsers can be started with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const OUTPUT = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };

export class Home {
    folder = mkdtempSync(path.join(tmpdir(), 'videochat-home-'));
    /** Chromium's own place for it. */
    database = path.join(this.folder, '.pki/nssdb');

    constructor() {
        mkdirSync(this.database, { recursive: true });
        this.#certutil('-N', '--empty-password');
    }

    /** As somebody does who imports a downloaded file in the settings. @param {Buffer} ca   DER, as of /ca.crt */
    trust(ca) {
        const file = path.join(this.folder, 'ca.crt');
        writeFileSync(file, ca);
        this.#certutil('-A', '-t', 'C,,', '-n', 'imported', '-i', file);
    }

    get trusted() {
        return this.#certutil('-L').split('\n').filter((line) => /\bC,,\s*$/.test(line)).length;
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }

    #certutil(...args) {
        return execFileSync('certutil', ['-d', `sql:${this.database}`, ...args], OUTPUT);
    }
}
