// The work of the benchmark on automerge-repo: two devices and a hub, bytes counted on the wire.
// usage: node run.mjs ORDERS EDITS; prints one line of JSON.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wire } from '../wire.mjs';

const [orders, edits] = process.argv.slice(2).map(Number);
const top = mkdtempSync(join(tmpdir(), 'fettle-bench-'));
for (const name of ['a', 'b', 'hub']) mkdirSync(join(top, name));

const script = (name) => new URL(name, import.meta.url);
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(top, { recursive: true, force: true });
});
function begin(file, args) {
  // Standard output is for the one line of the result.
  const child = fork(script(file), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

const hub = begin('server.mjs', [join(top, 'hub')]);
const [{ port }] = await once(hub, 'message');
const wire = await Wire.to(port);

/** Plays one life of one device; while it talks, the hub answers what it waits for. */
async function live(name, verb) {
  const device = begin('device.mjs', [name, verb, top, wire.port, orders, edits]);
  let said = {};
  await new Promise((resolve, reject) => {
    device.on('exit', (code) => reject(new Error(`device ${name} ${verb} ended with ${code}`)));
    device.on('message', async (message) => {
      said = { ...said, ...message };
      if (message.done) resolve();
      if (!message.until) return;
      hub.send({ until: message.until });
      await once(hub, 'message');
      device.send('holds');
    });
  });
  await wire.quiet();
  device.removeAllListeners('exit');
  const carried = wire.carried;
  device.send('end');
  await once(device, 'exit');
  children.delete(device);
  return { ...said, carried };
}

async function measure(name, verb) {
  wire.clear();
  const { carried } = await live(name, verb);
  return { bytes: carried.bytes, round_trips: carried.turns };
}

const steps = {};
await live('a', 'create');
steps.push_all = await measure('a', 'push');
steps.cold = await measure('b', 'pull');
steps.nothing_changed = await measure('a', 'idle');
await live('a', 'edit');
await live('b', 'edit');
steps.push_edits = await measure('a', 'push');
steps.push_and_pull = await measure('b', 'exchange');
await live('a', 'exchange');
const { both } = await live('a', 'count');

const manifest = readFileSync(script('package.json'), 'utf8');
const version = JSON.parse(manifest).dependencies['@automerge/automerge-repo'];
const counted = 'changes of speaker on one socket';
const result = { peer: 'automerge-repo', version, orders, edits, steps, counted, both_kept: both };
console.log(JSON.stringify(result));
wire.close();
process.exit(0);
