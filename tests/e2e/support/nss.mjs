// What people keep their trust in: a home with certificate databases that browsers are started with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const certutil = (database, ...args) => execFileSync('certutil', ['-d', `sql:${database}`, ...args],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

export class Home {
    folder = mkdtempSync(path.join(tmpdir(), 'videochat-home-'));
    /** Where Chromium looks. */
    chromium = path.join(this.folder, '.pki/nssdb');
    /** The profile that somebody has used Firefox with. */
    firefox = path.join(this.folder, '.mozilla/firefox/somebody.default');

    constructor() {
        for (const database of [this.chromium, this.firefox]) {
            mkdirSync(database, { recursive: true });
            certutil(database, '-N', '--empty-password');
        }
    }

    /** As somebody does who imports a downloaded file in the settings. @param {Buffer} ca   DER, as of /ca.crt */
    trust(ca, database = this.chromium) {
        const file = path.join(this.folder, 'ca.crt');
        writeFileSync(file, ca);
        certutil(database, '-A', '-t', 'C,,', '-n', 'imported', '-i', file);
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** How many authorities a database trusts. */
export const trustedIn = (database) => certutil(database, '-L').split('\n').filter((line) => /\sC,,\s*$/.test(line)).length;
