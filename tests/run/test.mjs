// `npm test`: installs what is missing and runs every check.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildScreens } from './build.mjs';
import { GROUPS } from './checks.mjs';
import { setUp } from './setup.mjs';
import { elapsed, main, say, stage, Stop } from './stage.mjs';

const HELP = `npm test [-- --only GROUP]

Installs what is missing and runs every check, cheapest first:

  lint   formatting, lints of the scripts and screens, types, dependencies
  ui     the screens in a real browser engine, and their size
  rust   clippy and the tests of every crate
  sim    120 seeds of the simulation, and its planted bugs
  e2e    the real window against real processes

  --only GROUP   one group alone
  --help         this text

FETTLE_REAL_DATA   folder with the real maintenance records; without it the tests that
                   need them say so
CARGO_TARGET_DIR   where cargo builds, so that several clones can share it

What each step said is kept in .fettle/log.`;

const total = { passed: 0, failed: 0, skipped: 0 };

function add({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/**
 * Plays one check and counts its tests.
 * @param {import('./checks.mjs').Check} check
 * @returns {Promise<boolean>} whether it passed
 */
async function play(check) {
  try {
    await stage(check.title, async (log) => {
      const counted = check.count(await check.play(log));
      if (counted.passed === 0) throw new Stop(`${check.title}: no test ran.`, log.end());
      add(counted);
      return counted.passed > 1 ? `${counted.passed} passed` : '';
    });
    return true;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    for (const line of error.lines) say(`    ${line}`);
    if (error.log) say(`    (all of it: ${error.log})`);
    say(`  ${error.message}`);
    const counted = check.count(error.said ?? '');
    // A check of one step that failed did not pass, whatever it says.
    if (counted.failed > 0) add(counted);
    else add({ passed: 0, failed: 1, skipped: 0 });
    return false;
  }
}

/** Plays every check of a group, also after one that failed. */
async function playGroup(name) {
  const failed = [];
  for (const check of await GROUPS[name]()) {
    if (!(await play(check))) failed.push(check.title);
  }
  return failed;
}

function readOptions() {
  const options = { only: { type: 'string' }, help: { type: 'boolean' } };
  const { values } = parseArgs({ options });
  const names = Object.keys(GROUPS).join(', ');
  if (values.only && !(values.only in GROUPS)) {
    throw new Stop(`There is no group "${values.only}": name one of ${names}.`);
  }
  return values;
}

await main(async () => {
  const options = readOptions();
  if (options.help) return say(HELP);
  await setUp('test');
  if (!existsSync(process.env.FETTLE_REAL_DATA ?? '')) {
    say(
      '  FETTLE_REAL_DATA names no folder: tests on real records will say that they did not run.',
    );
  }
  // The window takes the built screens at compile time, so they come before every crate.
  if (options.only !== 'lint') await buildScreens();
  let failed = [];
  for (const name of options.only ? [options.only] : Object.keys(GROUPS)) {
    failed = await playGroup(name);
    if (failed.length > 0) break;
  }
  say();
  if (failed.length > 0) {
    say(`Failed after ${elapsed()}: ${failed.join('; ')}.`);
    say('Mend what the lines above name, then run it again.');
    process.exitCode = 1;
  } else {
    say(`Everything passed in ${elapsed()}.`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  say(`${total.passed} passed, ${total.failed} failed${skipped}`);
});
