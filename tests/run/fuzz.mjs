// `npm run fuzz`: feeds the decoders whatever libFuzzer makes up, each target for a while.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folder, kept, root, target } from './place.mjs';
import { setUp } from './setup.mjs';
import { main, run, say, stage, Stop } from './stage.mjs';

const HELP = `npm run fuzz [-- --seconds N] [--target NAME]

Builds the decoders with libFuzzer and feeds them whatever it makes up.

  --seconds N     how long each target is fed (60)
  --target NAME   one target alone
  --help          this text

It stops at the first broken promise. The input that broke it is kept under .fettle/fuzz and fed
first the next time, as is whatever reached something new.`;

const fuzz = join(root, 'tests', 'fuzz');
const corpus = join(fuzz, 'corpus');
// Coverage is all that is asked of the compiler, which a stable one can do; the sanitizers, which
// it cannot, would look for broken memory, and of that there is none to break without unsafe code.
const FLAGS = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
];
// A limit of the product lies far above what a mutation needs.
const INPUT_MAX_BYTES = 4096;
const INPUT_MAX_SECONDS = 10;
const MEMORY_MAX_MB = 512;

/** Builds the fuzzer; the path of its program. */
async function build() {
  const built = join(target, 'fuzz');
  // Naming the platform builds scripts and macros without the flags.
  const said = execFileSync('rustc', ['--print', 'host-tuple'], { encoding: 'utf8' });
  const platform = said.trim();
  await stage('Build the fuzzer', (log) =>
    run(log, 'cargo', ['build', '--release', '--locked', '--target', platform], {
      cwd: fuzz,
      env: { CARGO_TARGET_DIR: built, RUSTFLAGS: FLAGS.join(' ') },
      advice: 'The fuzzer does not build; mend what the lines above name.',
    }).then(() => ''),
  );
  return join(built, platform, 'release', 'fettle-fuzz');
}

/** Feeds one target for so many seconds. */
function feed(program, name, seconds) {
  const found = folder(kept, 'fuzz', 'found', name);
  return stage(`Feed ${name}`, async (log) => {
    const said = await run(
      log,
      program,
      [
        `-max_total_time=${seconds}`,
        `-max_len=${INPUT_MAX_BYTES}`,
        `-timeout=${INPUT_MAX_SECONDS}`,
        `-rss_limit_mb=${MEMORY_MAX_MB}`,
        `-artifact_prefix=${found}/`,
        '-print_final_stats=1',
        folder(kept, 'fuzz', 'corpus', name),
        join(corpus, name),
        found,
      ],
      {
        env: { FETTLE_FUZZ_TARGET: name },
        advice: `${name} broke a promise; mend it, store the input in tests/fuzz/corpus and name it in a test.`,
      },
    );
    const inputs = said.match(/^stat::number_of_executed_units: (\d+)$/m)?.[1];
    const reached = said.match(/^#\d+\s+DONE\s+cov: (\d+)/m)?.[1];
    return `${inputs} inputs, ${reached} places reached`;
  });
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      target: { type: 'string' },
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
  await setUp('start');
  const program = await build();
  for (const name of options.names) await feed(program, name, options.seconds);
});
