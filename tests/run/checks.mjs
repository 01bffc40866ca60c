// Every check of `npm test`, in groups, cheapest first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPrograms, buildSimulation } from './build.mjs';
import * as count from './count.mjs';
import { npmProgram, root, target } from './place.mjs';
import { ask, run } from './stage.mjs';
import { toolsBin } from './setup.mjs';

/**
 * @typedef {object} Check
 * @property {string} title what is checked
 * @property {(log: import('./stage.mjs').Log) => Promise<string>} play
 * @property {(said: string) => { passed: number, failed: number, skipped: number }} count
 */

const ui = join(root, 'ui');
const cargoEnv = { CARGO_TARGET_DIR: target, CARGO_TERM_COLOR: 'never', INSTA_UPDATE: 'no' };

/** What prettier formats here; other pages of docs/ are generated, the screens have their own rules. */
const PRETTY = 'package.json README.md docs/decisions tests/**/*.{mjs,js,json,md}'.split(' ');

/**
 * A check that runs one program.
 * @param {string} title
 * @param {string} program
 * @param {string} words its arguments, separated by blanks
 * @returns {Check}
 */
function check(title, program, words, { cwd, env, more = [], advice, counted = count.one } = {}) {
  const play = (log) => run(log, program, [...words.split(' '), ...more], { cwd, env, advice });
  return { title, play, count: counted };
}

const cargoTool = (name) => join(toolsBin, name);
const node = process.execPath;

/** Test files of Node's own runner in one folder. */
const nodeTests = (...path) =>
  readdirSync(join(root, 'tests', ...path))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('tests', ...path, name));

/** Formatting, lints of scripts and screens, types, dependencies. */
async function lint() {
  return [
    check('Format of the Rust files', 'cargo', 'fmt --all --check', {
      advice: 'Run "npm run format".',
    }),
    check('Format of the fuzzer', 'cargo', 'fmt --check --manifest-path tests/fuzz/Cargo.toml', {
      advice: 'Run "npm run format".',
    }),
    check('Format of scripts and texts', npmProgram('prettier'), '--check --log-level warn', {
      more: PRETTY,
      advice: 'Run "npm run format".',
    }),
    check('Format of the screens', npmProgram('prettier'), '--check --log-level warn .', {
      cwd: ui,
      advice: 'Run "npm run format".',
    }),
    check(
      'Lints of the scripts',
      npmProgram('eslint'),
      '--max-warnings 0 --config tests/eslint.config.js tests',
    ),
    check('Lints of the screens', npmProgram('eslint'), '--max-warnings 0 .', { cwd: ui }),
    check(
      'Types of the screens',
      npmProgram('svelte-check'),
      '--tsconfig ./tsconfig.json --fail-on-warnings',
      { cwd: ui },
    ),
    check('Tests of the scripts', node, '--test --test-reporter=tap', {
      more: [...nodeTests('run'), ...nodeTests('bench', 'peers')],
      counted: count.node,
    }),
    check(
      'Licences, bans and sources',
      cargoTool('cargo-deny'),
      '--locked --config .cargo/deny.toml check licenses bans sources',
    ),
    check('Unused dependencies', cargoTool('cargo-machete'), 'crates src-tauri tests'),
  ];
}

/** The screens in a real browser engine, and their size. */
async function screens() {
  return [
    check('Tests of the screens', npmProgram('vitest'), 'run', { cwd: ui, counted: count.vitest }),
    check('Size of the screens', node, 'check-size.mjs', { cwd: ui }),
  ];
}

/** Clippy and the tests of every crate. */
async function rust() {
  const hasNextest = Boolean(await ask('cargo', ['nextest', '--version']));
  const tests = hasNextest
    ? { words: 'nextest run --locked --workspace --no-fail-fast', counted: count.nextest }
    : {
        words: 'test --locked --workspace --all-targets --no-fail-fast',
        counted: count.cargoTest,
      };
  const checks = [
    check(
      'Lints of the Rust files',
      'cargo',
      'clippy --locked --workspace --all-targets -- -D warnings',
      { env: cargoEnv },
    ),
    check('Tests of the crates', 'cargo', tests.words, { env: cargoEnv, counted: tests.counted }),
  ];
  if (hasExamples()) {
    checks.push(
      check('Examples in the documentation', 'cargo', 'test --locked --workspace --doc', {
        env: cargoEnv,
        counted: count.cargoTest,
      }),
    );
  }
  return checks;
}

/** Whether any documentation holds an example that is compiled. */
function hasExamples() {
  const isExample = (text) => /^\s*\/\/[/!] ```(rust)?$/m.test(text);
  return readdirSync(join(root, 'crates'), { recursive: true })
    .filter((path) => path.endsWith('.rs'))
    .some((path) => {
      const fences = readFileSync(join(root, 'crates', path), 'utf8').match(/\/\/[/!] ```.*$/gm);
      // Every second fence ends an example or a block of text.
      return fences?.some((fence, index) => index % 2 === 0 && isExample(fence)) ?? false;
    });
}

/** Seeds of the simulation, and the bugs it must catch. */
async function sim() {
  const program = await buildSimulation();
  return [
    check('120 seeds of the simulation', program, '--seeds 120', {
      advice: 'Play the seed that is named again: npm run sim -- --seeds 1 --first and its number.',
    }),
    check('Planted bugs, each caught within 200 seeds', program, '--seeds 200 --bug all'),
  ];
}

/** The real window against real processes, built with fault points. */
async function e2e() {
  const { hub, desk } = await buildPrograms({ withFaults: true });
  return [
    check('The story in the real window', node, '--test --test-reporter=tap --test-concurrency=1', {
      more: nodeTests('e2e'),
      env: { FETTLE_HUB: hub, FETTLE_DESK: desk },
      counted: count.node,
    }),
  ];
}

/** All groups, in the order they are played. */
export const GROUPS = { lint, ui: screens, rust, sim, e2e };
