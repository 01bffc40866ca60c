// The work of the benchmark on PouchDB: two devices and a hub, bytes counted on the wire.
// usage: node run.mjs ORDERS EDITS; prints one line of JSON.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PouchDB from 'pouchdb';
import { STATUS_OF_A, hoursOfB, order } from '../orders.mjs';
import { Wire } from '../wire.mjs';

const [orders, edits] = process.argv.slice(2).map(Number);
const BATCH = { batch_size: 100, batches_limit: 10 };
const PARALLEL = 6;

const top = mkdtempSync(join(tmpdir(), 'fettle-bench-'));
const place = (name) => {
  mkdirSync(join(top, name));
  return join(top, name);
};
const hub = fork(new URL('server.mjs', import.meta.url), [place('hub')]);
process.on('exit', () => {
  hub.kill();
  rmSync(top, { recursive: true, force: true });
});
const [{ port }] = await once(hub, 'message');
const wire = await Wire.to(port);

let asked = 0;
const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
const far = new PouchDB(`http://127.0.0.1:${wire.port}/hub/orders`, {
  fetch: (url, options) => {
    asked += 1;
    options.agent = agent;
    return PouchDB.fetch(url, options);
  },
});
const a = new PouchDB(join(place('a'), 'orders'));
const b = new PouchDB(join(place('b'), 'orders'));

async function measure(work) {
  wire.clear();
  asked = 0;
  await work();
  await wire.quiet();
  return { bytes: wire.carried.bytes, round_trips: asked };
}

const change = async (store, index, edit) => {
  const found = await store.get(order(index).number);
  await store.put({ ...found, ...edit });
};

const made = Array.from({ length: orders }, (_, index) => order(index));
await a.bulkDocs(made.map((it) => ({ _id: it.number, ...it })));

const steps = {};
steps.push_all = await measure(() => a.replicate.to(far, BATCH));
steps.cold = await measure(() => b.replicate.from(far, BATCH));
steps.nothing_changed = await measure(() => a.sync(far, BATCH));
for (let index = 0; index < edits; index += 1) {
  await change(a, index, { status: STATUS_OF_A });
  await change(b, index, { hours_actual: hoursOfB(index) });
}
steps.push_edits = await measure(() => a.sync(far, BATCH));
steps.push_and_pull = await measure(() => b.sync(far, BATCH));
await a.sync(far, BATCH);

let both = 0;
for (let index = 0; index < edits; index += 1) {
  const found = await a.get(order(index).number);
  if (found.status === STATUS_OF_A && found.hours_actual === hoursOfB(index)) both += 1;
}
const manifest = readFileSync(new URL('package.json', import.meta.url), 'utf8');
const version = JSON.parse(manifest).dependencies.pouchdb;
const counted = 'requests';
const result = { peer: 'PouchDB', version, orders, edits, steps, counted, both_kept: both };
console.log(JSON.stringify(result));
wire.close();
process.exit(0);
