// A network of its own for one test run: a namespace with loopback and one address, and no way out
// (no default route, no name server). Whatever a page tries to load from elsewhere cannot arrive.
import { execFileSync } from 'node:child_process';

export const ADDRESS = '10.77.0.1';
const STOP_MS = 3_000;
const PREFIX = `vc${process.pid.toString(36)}`;

export const ip = (...args) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

// Who is asked to end leaves no namespace behind.
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.once(signal, () => process.exit(128 + number));

export class Namespace {
    /** @param {string} suffix   tells several namespaces of a run apart */
    constructor(suffix = '') {
        this.name = PREFIX + suffix;
        try {
            ip('netns', 'add', this.name);
        } catch (error) {
            throw new Error('NO NETWORK NAMESPACE CAN BE MADE HERE, so the browser tests cannot run. They need root, or '
                + `a user namespace (scripts/test e2e makes one), and the "ip" command.\n${error.stderr ?? error.message}`);
        }
        process.once('exit', this.#removeAtExit);
        this.ip('link', 'set', 'lo', 'up');
    }

    /** Runs `ip` inside. */
    ip(...args) {
        return ip('-n', this.name, ...args);
    }

    /**
     * Starts a link. It gets no IPv6 address of its own making: that would appear seconds later, and Chromium
     * gives up what it is loading when the network changes.
     */
    linkUp(...names) {
        for (const name of names) this.ip('link', 'set', name, 'addrgenmode', 'none');
        for (const name of names) this.ip('link', 'set', name, 'up');
    }

    /** Runs a command inside. */
    run(...command) {
        const [program, ...args] = [...this.inside, ...command];
        return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    }

    /** What to put before a command so that it runs inside. */
    get inside() {
        return ['ip', 'netns', 'exec', this.name];
    }

    /** Ends what still runs inside and removes the namespace. */
    remove() {
        const end = Date.now() + STOP_MS;
        for (;;) {
            const pids = ip('netns', 'pids', this.name).split('\n').filter(Boolean).map(Number);
            if (pids.length === 0 || Date.now() > end) break;
            for (const pid of pids) {
                try { process.kill(pid, 'SIGKILL'); } catch { /* it has just ended */ }
            }
        }
        ip('netns', 'del', this.name);
        process.off('exit', this.#removeAtExit);
    }

    #removeAtExit = () => {
        try { this.remove(); } catch { /* it is on its way out; nothing better can be done */ }
    };
}

/** One machine. */
export class Network extends Namespace {
    constructor() {
        super();
        // Browsers gather no candidate on an interface that is not running. A veth pair with both ends in
        // here counts as running; a dummy interface would do, but not every kernel has one.
        this.ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0x');
        this.linkUp('eth0x', 'eth0');
        this.ip('addr', 'add', `${ADDRESS}/24`, 'dev', 'eth0');
    }
}

/** One switch with the server's machine behind it, and further machines. */
export class Lan {
    machines = [];

    constructor(count) {
        this.server = new Namespace('s');
        try {
            this.server.ip('link', 'add', 'br0', 'type', 'bridge');
            this.server.linkUp('br0');
            this.server.ip('addr', 'add', `${ADDRESS}/24`, 'dev', 'br0');
            for (let index = 0; index < count; index++) this.machines.push(new Machine(this.server, index));
        } catch (error) {
            this.remove();
            throw error;
        }
    }

    remove() {
        for (const machine of [...this.machines, this.server]) machine.remove();
    }
}

class Machine extends Namespace {
    #switch;
    #port;
    #address;

    constructor(theSwitch, index) {
        super(`m${index}`);
        this.#switch = theSwitch;
        this.#port = `port${index}`;
        theSwitch.ip('link', 'add', this.#port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.name);
        theSwitch.ip('link', 'set', this.#port, 'master', 'br0');
        theSwitch.linkUp(this.#port);
        this.linkUp('eth0');
        this.#address = `10.77.0.${10 + index}/24`;
        this.ip('addr', 'add', this.#address, 'dev', 'eth0');
    }

    /** From now on packets vanish in both directions. The machine itself sees a link that is up. */
    dropOff() {
        this.#switch.ip('link', 'set', this.#port, 'nomaster');
    }

    comeBack() {
        this.#switch.ip('link', 'set', this.#port, 'master', 'br0');
    }

    /** Only the server is out of reach from now on. */
    loseServer() {
        this.ip('route', 'add', 'blackhole', ADDRESS);
    }

    findServer() {
        this.ip('route', 'del', 'blackhole', ADDRESS);
    }

    /** As in most networks there is a way to everywhere else; nobody is at its end. */
    routeToNowhere() {
        this.ip('route', 'add', 'default', 'dev', 'eth0');
    }

    /** The two cannot send to each other from now on. */
    losePathTo(other) {
        this.ip('route', 'add', 'blackhole', other.#address.split('/')[0]);
        other.ip('route', 'add', 'blackhole', this.#address.split('/')[0]);
    }

    findPathTo(other) {
        this.ip('route', 'del', 'blackhole', other.#address.split('/')[0]);
        other.ip('route', 'del', 'blackhole', this.#address.split('/')[0]);
    }

    pullCable() {
        this.ip('link', 'set', 'eth0', 'down');
    }

    plugCable() {
        this.ip('link', 'set', 'eth0', 'up');
    }

    /** So much gets through from now on, each way, and of that some is lost at random. */
    weaken({ kbit, loss }) {
        for (const [namespace, link] of this.#ends) {
            namespace.run('tc', 'qdisc', 'add', 'dev', link, 'root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '4kb', 'latency', '200ms');
        }
        for (const chain of ['INPUT', 'OUTPUT']) {
            this.run('iptables', '-w', '-A', chain, '-m', 'statistic', '--mode', 'random', '--probability', String(loss), '-j', 'DROP');
        }
    }

    /** Takes back what weaken() did. */
    strengthen() {
        for (const [namespace, link] of this.#ends) namespace.run('tc', 'qdisc', 'del', 'dev', link, 'root');
        this.run('iptables', '-w', '-F');
    }

    /** Where it sends, and where the switch sends to it. @returns {[Namespace, string][]} */
    get #ends() {
        return [[this, 'eth0'], [this.#switch, this.#port]];
    }

    /** The machine has another address, and not the old one any more. It is never without one. */
    moveTo(address) {
        // Of the same length it would be the second of one network, and go with the first.
        const next = `${address}/16`;
        this.ip('addr', 'add', next, 'dev', 'eth0');
        this.ip('addr', 'del', this.#address, 'dev', 'eth0');
        this.#address = next;
    }
}
