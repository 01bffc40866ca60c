// `npm run sim`: plays any number of seeds of the simulation, or one again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { root, target } from './place.mjs';
import { disown, main, own, say, stage, run, Stop } from './stage.mjs';
import { setUp } from './setup.mjs';

const HELP = `npm run sim -- [--seeds N] [--first S] [--bug NAME]

Plays desks, hub and demo systems in one process under a seeded scheduler that loses,
doubles, reorders and cuts messages and kills at every durable step.

  --seeds N    how many seeds (300)
  --first S    the first of them (1); with --seeds 1 one failing seed is played again
  --bug NAME   with one planted bug, which must be caught
  --help       this text`;

await main(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      first: { type: 'string', default: '1' },
      bug: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(HELP);
  for (const name of ['seeds', 'first']) {
    if (!/^\d+$/.test(values[name]))
      throw new Stop(`--${name} takes a whole number, not "${values[name]}".`);
  }
  await setUp('start');
  const env = { CARGO_TARGET_DIR: target };
  const cargo = (verb) => [verb, '--locked', '-p', 'fettle-tests', '--bin', 'sim'];
  await stage('Build the simulation', (log) =>
    run(log, 'cargo', cargo('build'), { env }).then(() => ''),
  );
  const args = [...cargo('run'), '--quiet', '--', '--seeds', values.seeds, '--first', values.first];
  if (values.bug) args.push('--bug', values.bug);
  const child = own(
    spawn('cargo', args, {
      cwd: root,
      env: { ...process.env, ...env },
      detached: true,
      stdio: 'inherit',
    }),
  );
  const [code] = await once(child, 'exit');
  disown(child);
  if (code !== 0)
    throw new Stop('A seed failed: play it alone with --seeds 1 --first and its number.');
});
