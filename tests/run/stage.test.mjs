// The steps of the commands: what they say when a child fails, hangs, or cannot be started.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Log, run, Stop } from './stage.mjs';

const script = (text) => [process.execPath, ['--input-type=module', '-e', text]];
const stage = new URL('stage.mjs', import.meta.url).href;

test('a failing child ends the step with its last words and the advice', async () => {
  const log = new Log('test failing child');
  const failing = run(log, ...script('console.log("here it broke"); process.exit(3)'), {
    advice: 'Do this.',
  });
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof Stop);
    assert.equal(error.message, 'Do this.');
    assert.equal(error.lines.at(-1), 'here it broke');
    assert.match(error.said, /here it broke/);
    return true;
  });
  log.close();
});

test('a child that does not end is ended, with the children it started', async () => {
  const log = new Log('test hanging child');
  const hanging = run(log, 'sh', ['-c', 'sleep 600 & echo $!; wait'], { withinMs: 500 });
  const error = await hanging.then(assert.fail, (it) => it);
  assert.match(error.message, /was ended by SIGKILL/);
  assert.throws(() => readlinkSync(`/proc/${error.said.trim()}/exe`), { code: 'ENOENT' });
  log.close();
});

test('a program that is not installed is named', async () => {
  const log = new Log('test missing program');
  await assert.rejects(run(log, 'fettle-is-not-installed', []), /fettle-is-not-installed/);
  log.close();
});

test('a command that is asked to end leaves no child behind', async () => {
  const [command, args] = script(`
    import { Log, run } from '${stage}';
    const work = run(new Log('test ended command'), 'sh', ['-c', 'sleep 600 & echo $!; wait']);
    process.stdout.write('begun\\n');
    await work;
  `);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 143);
});
