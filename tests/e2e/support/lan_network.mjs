// Networks that keep people apart: two machines that reach nothing but the server, and what a network withholds.
import { execFileSync } from 'node:child_process';
import { Namespace } from './network.mjs';

/** Two machines, each alone with the server in a network of its own: what passes between them is relayed. */
export class Split {
    /** Each with the address under which it reaches the server. */
    machines = [];

    constructor() {
        this.server = new Namespace('s');
        try {
            execFileSync('ip', ['netns', 'exec', this.server.name, 'sysctl', '-qw', 'net.ipv4.ip_forward=0', 'net.ipv6.conf.all.forwarding=0']);
            for (const number of [1, 2]) this.machines.push(this.#connect(number));
        } catch (error) {
            this.remove();
            throw error;
        }
    }

    #connect(number) {
        const machine = new Namespace(`m${number}`);
        const port = `port${number}`;
        this.server.ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', machine.name);
        this.server.linkUp(port);
        machine.linkUp('eth0');
        machine.serverAddress = `10.77.${number}.1`;
        this.server.ip('addr', 'add', `${machine.serverAddress}/24`, 'dev', port);
        machine.ip('addr', 'add', `10.77.${number}.2/24`, 'dev', 'eth0');
        return machine;
    }

    remove() {
        for (const machine of [...this.machines, this.server]) machine.remove();
    }
}

function withhold(machine, chain, direction, ...kind) {
    const [command, ...args] = [...machine.inside, 'iptables', '-w', '-A', chain, '!', direction, 'lo', ...kind, '-j', 'DROP'];
    execFileSync(command, args);
}

/** The machine sends, and gets nothing: as behind an access point that passes no multicast on. */
export const withholdMulticast = (machine) => withhold(machine, 'INPUT', '-i', '-d', '224.0.0.0/4');

/** As behind a strict firewall. */
export function withholdUdp(machine) {
    withhold(machine, 'INPUT', '-i', '-p', 'udp');
    withhold(machine, 'OUTPUT', '-o', '-p', 'udp');
}

/** Nothing goes out to that port by TCP. */
export const withholdTcp = (machine, port) => withhold(machine, 'OUTPUT', '-o', '-p', 'tcp', '--dport', String(port));
