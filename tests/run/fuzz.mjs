// `npm run fuzz`: feeds the decoders whatever libFuzzer makes up, each target for a while.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { folder, kept, root, target } from './place.mjs';
import { setUp } from './setup.mjs';
import { disown, main, own, run, say, stage, Stop } from './stage.mjs';

const HELP = `npm run fuzz [-- --seconds N] [--target NAME] [--keep]

Builds the decoders with libFuzzer and feeds them whatever it makes up.

  --seconds N     how long each target is fed (60)
  --target NAME   one target alone
  --keep          afterwards, stores the fewest inputs that reach everything reached so far
                  in tests/fuzz/corpus
  --help          this text

What breaks a promise is kept under .fettle/fuzz, and its path printed.`;

const corpus = join(root, 'tests', 'fuzz', 'corpus');
// Coverage is all that is asked of the compiler, which a stable one can do; the sanitizers, which
// it cannot, would look for broken memory, and of that there is none to break without unsafe code.
const FLAGS = [
  '--cfg=fuzzing',
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Ccodegen-units=1',
];
// Longest input: a limit of the product lies far above what a mutation needs.
const INPUT_MAX_BYTES = 4096;

/** Builds the fuzzer; the path of its program. */
async function build() {
  const folder = join(target, 'fuzz');
  // Naming the platform builds scripts and macros without the flags.
  const said = execFileSync('rustc', ['--print', 'host-tuple'], { encoding: 'utf8' });
  const platform = said.trim();
  await stage('Build the fuzzer', (log) =>
    run(log, 'cargo', ['build', '--release', '--locked', '--target', platform], {
      cwd: join(root, 'tests', 'fuzz'),
      env: { CARGO_TARGET_DIR: folder, RUSTFLAGS: FLAGS.join(' ') },
      advice: 'The fuzzer does not build; mend what the lines above name.',
    }).then(() => ''),
  );
  return join(folder, platform, 'release', 'fettle-fuzz');
}

async function runTarget(program, name, words) {
  const env = { ...process.env, FETTLE_FUZZ_TARGET: name };
  const child = own(spawn(program, words, { cwd: root, env, detached: true, stdio: 'inherit' }));
  const [code] = await once(child, 'exit');
  disown(child);
  return code;
}

/** Feeds one target; whether it kept every promise. */
async function feed(program, name, seconds) {
  say(`\n${name}`);
  const found = folder(kept, 'fuzz', 'found', name);
  const grown = folder(kept, 'fuzz', 'corpus', name);
  const code = await runTarget(program, name, [
    `-max_total_time=${seconds}`,
    `-max_len=${INPUT_MAX_BYTES}`,
    `-artifact_prefix=${found}/`,
    '-timeout=10',
    '-rss_limit_mb=2048',
    '-print_final_stats=1',
    '-verbosity=0',
    grown,
    join(corpus, name),
  ]);
  if (code === 0) return true;
  for (const file of readdirSync(found)) say(`  ${relative(root, join(found, file))}`);
  return false;
}

/** Stores the fewest inputs that reach what all inputs reach. */
async function keep(program, name) {
  const code = await runTarget(program, name, [
    '-merge=1',
    `-max_len=${INPUT_MAX_BYTES}`,
    folder(corpus, name),
    join(kept, 'fuzz', 'corpus', name),
  ]);
  if (code !== 0) throw new Stop(`The inputs of ${name} could not be merged.`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      target: { type: 'string' },
      keep: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (!/^\d+$/.test(values.seconds)) {
    throw new Stop(`--seconds takes a whole number, not "${values.seconds}".`);
  }
  const names = readdirSync(corpus).sort();
  if (values.target && !names.includes(values.target)) {
    throw new Stop(`There is no target "${values.target}": name one of ${names.join(', ')}.`);
  }
  return { ...values, names: values.target ? [values.target] : names };
}

await main(async () => {
  const options = readOptions();
  if (options.help) return say(HELP);
  if (!existsSync(corpus)) throw new Stop('tests/fuzz/corpus is not here.');
  await setUp('start');
  const program = await build();
  const broken = [];
  for (const name of options.names) {
    if (!(await feed(program, name, options.seconds))) broken.push(name);
    if (options.keep) await keep(program, name);
  }
  if (broken.length > 0) {
    throw new Stop(
      `${broken.join(', ')} broke a promise; store the input in tests/fuzz/corpus and name it in a test.`,
    );
  }
});
