// No program may be left behind, not even one whose parent was ended by force.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { endAll, isAlive, kill, killRunning, running, start, stop } from './process.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fettle-'));
const log = join(folder, 'process.log');
after(() => rmSync(folder, { recursive: true }));

const sleeper = () => start('sleep', ['600'], { log });

test('a child ends when it is asked to', async () => {
  const child = await sleeper();
  await stop(child);
  assert.equal(isAlive(child), false);
  assert.equal(child.signalCode, 'SIGTERM');
});

test('a child of a killed parent is still found and ended', async () => {
  // It speaks once it runs, so that it is never looked for before it is there.
  const orphan = "console.log('begun'); setInterval(() => {}, 1e9)";
  const command = ['-c', '"$0" -e "$1" & wait', process.execPath, orphan];
  const parent = await start('sh', command, { log, listen: true });
  await once(parent.stdout, 'data');
  await kill(parent);
  const isOrphan = (words) => words.includes(orphan);
  assert.equal(running(isOrphan).length, 1);
  assert.equal(await killRunning(isOrphan), 1);
  assert.deepEqual(running(isOrphan), []);
});

test('everything of this run ends together', async () => {
  await sleeper();
  await sleeper();
  assert.equal(running().length, 2);
  await endAll();
  assert.deepEqual(running(), []);
});

test('a program that is not installed is named', async () => {
  await assert.rejects(
    start('fettle-is-not-installed', [], { log }),
    /fettle-is-not-installed could not be started/,
  );
});
