// One life of one device: opens its files, with or without a network, does one thing, ends.
// usage: node device.mjs NAME VERB FOLDER PORT ORDERS EDITS, with an IPC channel.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Automerge from '@automerge/automerge';
import { Repo } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { STATUS_OF_A, hoursOfB, order } from '../orders.mjs';

const [name, verb, folder, port, ...counts] = process.argv.slice(2);
const [orders, edits] = counts.map(Number);
const PARALLEL = 64;
const LOOK_MS = 20;
const RETRY_MS = 50;
const RECONNECT_MS = 60_000;

const isOnline = ['push', 'pull', 'exchange', 'idle'].includes(verb);
const repo = new Repo({
  network: isOnline ? [new WebSocketClientAdapter(`ws://127.0.0.1:${port}`, RECONNECT_MS)] : [],
  storage: new NodeFSStorageAdapter(join(folder, name)),
  peerId: name,
  sharePolicy: async () => true,
});
const list = join(folder, 'orders.json');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Scalar strings: a field of an order is replaced, not typed into. */
function scalars(value) {
  if (typeof value === 'string') return new Automerge.ImmutableString(value);
  if (Array.isArray(value)) return value.map(scalars);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, scalars(part)]));
}

/** Opens every order, a few at a time; one that has not come yet is asked for again. */
async function open() {
  const urls = JSON.parse(readFileSync(list, 'utf8'));
  const found = new Array(urls.length);
  let next = 0;
  const opener = async () => {
    while (next < urls.length) {
      const index = next++;
      while (!found[index]) {
        found[index] = await repo.find(urls[index]).catch(() => wait(RETRY_MS));
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, opener));
  return found;
}

const hasBoth = (handle, index) => {
  const { status, hours_actual } = handle.doc();
  return String(status) === STATUS_OF_A && hours_actual === hoursOfB(index);
};

async function untilBoth(handles) {
  while (!handles.slice(0, edits).every(hasBoth)) await wait(LOOK_MS);
}

/** Has the hub hold exactly what this device holds. */
async function untilHubHolds(handles) {
  const heads = handles.map((handle) => [handle.documentId, JSON.stringify(handle.heads())]);
  const answer = new Promise((resolve) => process.once('message', resolve));
  process.send({ until: Object.fromEntries(heads) });
  await answer;
}

const verbs = {
  async create() {
    const urls = [];
    for (let index = 0; index < orders; index += 1) {
      urls.push(repo.create(scalars(order(index))).url);
    }
    await repo.flush();
    writeFileSync(list, JSON.stringify(urls));
  },
  async edit() {
    const handles = await open();
    for (let index = 0; index < edits; index += 1) {
      handles[index].change((it) => {
        if (name === 'a') it.status = new Automerge.ImmutableString(STATUS_OF_A);
        else it.hours_actual = hoursOfB(index);
      });
    }
  },
  async push() {
    await untilHubHolds(await open());
  },
  async pull() {
    await open();
  },
  async idle() {
    await untilHubHolds(await open());
  },
  async exchange() {
    const handles = await open();
    await untilBoth(handles);
    await untilHubHolds(handles);
  },
  async count() {
    const handles = existsSync(list) ? await open() : [];
    process.send({ both: handles.slice(0, edits).filter(hasBoth).length });
  },
};

await verbs[verb]();
process.send({ done: true });
process.on('message', async (message) => {
  if (message !== 'end') return;
  await repo.flush();
  await repo.shutdown();
  process.exit(0);
});
