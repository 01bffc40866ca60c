// `npm test`: installs what is missing and runs every check, cheapest first.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPrograms, buildScreens } from './build.mjs';
import * as count from './count.mjs';
import { npmProgram, root, target } from './place.mjs';
import { ask, elapsed, main, run, say, stage, Stop } from './stage.mjs';
import { setUp, toolsBin } from './setup.mjs';

const HELP = `npm test [-- --only GROUP]

Installs what is missing and runs every check, cheapest first:

  lint   formatting, lints of the scripts and screens, types, dependencies
  ui     the screens in a real browser engine, and their size
  rust   clippy and the tests of every crate, the simulation among them
  e2e    the real window against real processes

  --only GROUP   one group alone
  --help         this text

FETTLE_REAL_DATA   folder with the real maintenance records; without it the tests that
                   need them say so
CARGO_TARGET_DIR   where cargo builds, so that several clones can share it

What each step said is kept in .fettle/log.`;

const ui = join(root, 'ui');
const cargoEnv = { CARGO_TARGET_DIR: target, CARGO_TERM_COLOR: 'never' };
const total = { passed: 0, failed: 0, skipped: 0 };

/** A step: its title, its work, and how to count its tests in what it said. */
const lint = [
  [
    'Format of the Rust files',
    (log) => run(log, 'cargo', ['fmt', '--all', '--check'], advise('Run "cargo fmt --all".')),
  ],
  [
    'Format of everything else',
    (log) =>
      run(
        log,
        npmProgram('prettier'),
        ['--check', '--log-level', 'warn', ...PRETTY],
        advise('Run "npm run format".'),
      ),
  ],
  [
    'Lints of the scripts',
    (log) =>
      run(log, npmProgram('eslint'), [
        '--max-warnings',
        '0',
        '--config',
        'tests/eslint.config.js',
        'tests',
      ]),
  ],
  [
    'Lints of the screens',
    (log) => run(log, npmProgram('eslint'), ['--max-warnings', '0', '.'], { cwd: ui }),
  ],
  [
    'Types of the screens',
    (log) =>
      run(
        log,
        npmProgram('svelte-check'),
        ['--tsconfig', './tsconfig.json', '--fail-on-warnings'],
        { cwd: ui },
      ),
  ],
  [
    'Licences, bans and sources',
    (log) =>
      run(log, join(toolsBin, 'cargo-deny'), [
        '--locked',
        '--config',
        '.cargo/deny.toml',
        'check',
        'licenses',
        'bans',
        'sources',
      ]),
  ],
  [
    'Unused dependencies',
    (log) => run(log, join(toolsBin, 'cargo-machete'), ['crates', 'src-tauri', 'tests']),
  ],
].map(([title, work]) => ({ title, work, count: count.one }));

const PRETTY = ['package.json', 'README.md', 'docs', 'tests/**/*.{mjs,js,json,md}', 'ui'];

const advise = (advice) => ({ advice });

const screens = [
  {
    title: 'Tests of the screens',
    count: count.vitest,
    work: (log) => run(log, npmProgram('vitest'), ['run'], { cwd: ui }),
  },
  {
    title: 'Size of the screens',
    count: count.one,
    work: (log) => run(log, process.execPath, ['check-size.mjs'], { cwd: ui }),
  },
];

async function rust() {
  const hasNextest = Boolean(await ask('cargo', ['nextest', '--version']));
  const tests = hasNextest
    ? {
        args: ['nextest', 'run', '--locked', '--workspace', '--no-fail-fast'],
        count: count.nextest,
      }
    : {
        args: ['test', '--locked', '--workspace', '--all-targets', '--no-fail-fast'],
        count: count.cargoTest,
      };
  const env = { ...cargoEnv, INSTA_UPDATE: 'no' };
  const steps = [
    {
      title: 'Lints of the Rust files',
      count: count.one,
      work: (log) =>
        run(
          log,
          'cargo',
          ['clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'],
          { env },
        ),
    },
    {
      title: 'Tests of the crates',
      count: tests.count,
      work: (log) => run(log, 'cargo', tests.args, { env }),
    },
  ];
  if (hasDocTests()) {
    steps.push({
      title: 'Examples in the documentation',
      count: count.cargoTest,
      work: (log) => run(log, 'cargo', ['test', '--locked', '--workspace', '--doc'], { env }),
    });
  }
  return steps;
}

function hasDocTests() {
  return ['crates', 'tests/src'].some((top) =>
    readdirSync(join(root, top), { recursive: true })
      .filter((path) => path.endsWith('.rs'))
      .some((path) => /^\s*\/\/[/!] ```\s*$/m.test(readFileSync(join(root, top, path), 'utf8'))),
  );
}

async function e2e() {
  const programs = await buildPrograms({ withFaults: true });
  const folder = join(root, 'tests', 'e2e');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('tests', 'e2e', name));
  const env = { FETTLE_HUB: programs.hub, FETTLE_DESK: programs.desk };
  return [
    {
      title: 'The story in the real window',
      count: count.node,
      work: (log) =>
        run(
          log,
          process.execPath,
          ['--test', '--test-concurrency=1', '--test-reporter=tap', ...files],
          { env },
        ),
    },
  ];
}

const GROUPS = { lint: async () => lint, ui: async () => screens, rust, e2e };

async function play(name) {
  const failed = [];
  for (const step of await GROUPS[name]()) {
    await stage(step.title, async (log) => {
      const counted = step.count(await step.work(log));
      if (counted.passed === 0) throw new Stop(`${step.title}: no test ran.`, log.end());
      add(counted);
      return counted.passed === 1 ? '' : `${counted.passed} passed`;
    }).catch((error) => {
      if (!(error instanceof Stop)) throw error;
      const counted = error.said ? step.count(error.said) : {};
      add({ passed: counted.failed ? counted.passed : 0, failed: counted.failed || 1, skipped: 0 });
      for (const line of error.lines) say(`    ${line}`);
      if (error.log) say(`    (all of it: ${error.log})`);
      say(`  ${error.message}`);
      failed.push(step.title);
    });
  }
  return failed;
}

function add({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

await main(async () => {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return say(HELP);
  if (values.only && !(values.only in GROUPS)) {
    throw new Stop(
      `There is no group "${values.only}": name one of ${Object.keys(GROUPS).join(', ')}.`,
    );
  }
  await setUp('test');
  if (!process.env.FETTLE_REAL_DATA || !existsSync(process.env.FETTLE_REAL_DATA)) {
    say(
      '  FETTLE_REAL_DATA names no folder: tests on real records will say that they did not run.',
    );
  }
  // The window takes the built screens at compile time, so every later step needs them.
  if (values.only !== 'lint') await buildScreens();
  let failed = [];
  for (const name of values.only ? [values.only] : Object.keys(GROUPS)) {
    failed = await play(name);
    if (failed.length > 0) break;
  }
  say();
  if (failed.length > 0) {
    say(
      `Failed after ${elapsed()}: ${failed.join('; ')}. Mend what the lines above name, then run it again.`,
    );
  } else {
    say(`Everything passed in ${elapsed()}.`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  say(`${total.passed} passed, ${total.failed} failed${skipped}`);
  if (failed.length > 0) process.exitCode = 1;
});
