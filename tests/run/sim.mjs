// `npm run sim`: plays any number of seeds of the simulation, or one again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { buildSimulation } from './build.mjs';
import { root } from './place.mjs';
import { setUp } from './setup.mjs';
import { disown, main, own, say, Stop } from './stage.mjs';

const HELP = `npm run sim [-- --seeds N] [--first S] [--bug NAME]

Plays laptops, hub and demo systems in one process under a seeded scheduler that loses,
doubles, reorders and cuts messages, kills every process between two durable steps, sets
machines back to old backups, and turns people away with work that is not sent.

  --seeds N    how many seeds (300)
  --first S    the first of them (1); with --seeds 1 one failing seed is played again
  --bug NAME   with one planted bug, or "all": each must be caught within the seeds
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
    if (!/^\d+$/.test(values[name])) {
      throw new Stop(`--${name} takes a whole number, not "${values[name]}".`);
    }
  }
  await setUp('start');
  const program = await buildSimulation();
  const words = ['--seeds', values.seeds, '--first', values.first];
  if (values.bug) words.push('--bug', values.bug);
  const child = own(spawn(program, words, { cwd: root, detached: true, stdio: 'inherit' }));
  const [code] = await once(child, 'exit');
  disown(child);
  if (code !== 0) throw new Stop('The simulation did not end well; the lines above say why.');
});
