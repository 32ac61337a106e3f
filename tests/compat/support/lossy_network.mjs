// Two hosts and a bad line between them: this process in one network namespace, another process in a second
// one. Namespaces end with their processes, so nothing is left behind.
import { execFileSync } from 'node:child_process';

export const SERVER = '10.77.0.1';

/** What this module needs around the process that uses it. Who is not root gets a user namespace. */
export const INSIDE = ['unshare', ...(process.getuid() === 0 ? [] : ['--user', '--map-root-user']), '--net'];
/** Before the command of the other host. */
export const OTHER_HOST = ['unshare', '--net'];

const run = (...command) => execFileSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** An address of ours: each client has its own, so that each can have its own troubles. */
export const addressOf = (client) => `10.77.0.${client + 10}`;

export class LossyNetwork {
    /** How many packets were lost in lose(). */
    lost = 0;
    #ends;

    /** @param {number} pid   of the process that has been started as the other host */
    constructor(pid, clients) {
        const there = ['nsenter', '--target', String(pid), '--net'];
        this.#ends = [[], there];
        run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
        run(...there, 'ip', 'addr', 'add', `${SERVER}/24`, 'dev', 'eth0');
        for (let client = 0; client < clients; client += 1) run('ip', 'addr', 'add', `${addressOf(client)}/24`, 'dev', 'eth0');
        for (const end of this.#ends) {
            run(...end, 'ip', 'link', 'set', 'eth0', 'up');
            for (const chain of ['HOLES', 'LOSS']) {
                run(...end, 'iptables', '--new-chain', chain);
                // Where packets come in: who has sent one notices nothing, as on a wire.
                run(...end, 'iptables', '--append', 'INPUT', '--jump', chain);
            }
        }
    }

    /** From now on this share of all packets gets lost, in each direction. */
    lose(share) {
        for (const end of this.#ends) {
            const [, , rule] = run(...end, 'iptables', '--list', 'LOSS', '--verbose', '--exact', '--numeric').split('\n');
            this.lost += Number.parseInt(rule, 10) || 0;
            run(...end, 'iptables', '--flush', 'LOSS');
            run(...end, 'iptables', '--append', 'LOSS', '--match', 'statistic', '--mode', 'random', '--probability', String(share), '--jump', 'DROP');
        }
    }

    /** Nothing passes from and to a client any more, and nobody is told. */
    cut(client) { this.#hole('--append', addressOf(client)); }
    mend(client) { this.#hole('--delete', addressOf(client)); }
    /** Nothing ever passes again in this connection of it, as when a router has forgotten that. */
    forget(client, port) { this.#hole('--append', addressOf(client), port); }

    #hole(action, address, port) {
        for (const [end, side] of [[this.#ends[0], 'destination'], [this.#ends[1], 'source']]) {
            const connection = port ? ['--protocol', 'tcp', `--${side}-port`, String(port)] : [];
            run(...end, 'iptables', action, 'HOLES', `--${side}`, address, ...connection, '--jump', 'DROP');
        }
    }
}
