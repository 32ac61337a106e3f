// A network of its own for one test run: a namespace with loopback and one address, and no way out
// (no default route, no name server). Whatever a page tries to load from elsewhere cannot arrive.
import { execFileSync } from 'node:child_process';

export const ADDRESS = '10.77.0.1';
const STOP_MS = 3_000;

const ip = (...args) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

export class Network {
    #name = `vc${process.pid.toString(36)}`;

    constructor() {
        try {
            ip('netns', 'add', this.#name);
        } catch (error) {
            throw new Error('NO NETWORK NAMESPACE CAN BE MADE HERE, so the browser tests cannot run. They need root, or '
                + `a user namespace (scripts/test e2e makes one), and the "ip" command.\n${error.stderr ?? error.message}`);
        }
        process.once('exit', this.#removeAtExit);
        // Browsers gather no candidate on an interface that is not running. A veth pair with both ends in
        // here counts as running; a dummy interface would do, but not every kernel has one.
        ip('-n', this.#name, 'link', 'set', 'lo', 'up');
        ip('-n', this.#name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0x');
        // No IPv6 address of its own making: it would appear seconds later, and Chromium gives up what it
        // is loading when the network changes.
        for (const end of ['eth0', 'eth0x']) ip('-n', this.#name, 'link', 'set', end, 'addrgenmode', 'none');
        ip('-n', this.#name, 'link', 'set', 'eth0x', 'up');
        ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
        ip('-n', this.#name, 'addr', 'add', `${ADDRESS}/24`, 'dev', 'eth0');
    }

    /** What to put before a command so that it runs inside. */
    get inside() {
        return ['ip', 'netns', 'exec', this.#name];
    }

    /** Ends what still runs inside and removes the namespace. */
    remove() {
        const end = Date.now() + STOP_MS;
        for (;;) {
            const pids = ip('netns', 'pids', this.#name).split('\n').filter(Boolean).map(Number);
            if (pids.length === 0 || Date.now() > end) break;
            for (const pid of pids) {
                try { process.kill(pid, 'SIGKILL'); } catch { /* it has just ended */ }
            }
        }
        ip('netns', 'del', this.#name);
        process.off('exit', this.#removeAtExit);
    }

    #removeAtExit = () => {
        try { this.remove(); } catch { /* it is on its way out; nothing better can be done */ }
    };
}
