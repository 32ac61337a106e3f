// node file_server.mjs FILE PORT...   serves one page at every address of these ports, and says so when it does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [file, ...ports] = process.argv.slice(2);
const page = readFileSync(file);
const listening = ports.map((port) => new Promise((resolve) => {
    createServer((request, answer) => answer.writeHead(200, { 'Content-Type': 'text/html' }).end(page)).listen(Number(port), 'localhost', resolve);
}));
await Promise.all(listening);
console.log('ready');
