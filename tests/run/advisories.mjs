// Compares the dependencies with the published security advisories.
// A command of its own, because the list comes over a network that is not there everywhere.
import { join } from 'node:path';
import { main, run, say, stage, Stop } from './stage.mjs';
import { setUp, toolsBin } from './setup.mjs';

const UNREACHABLE = /failed to fetch advisory database|failed to open advisory database/;

await main(async () => {
  await setUp('test');
  try {
    await stage('Security advisories', (log) =>
      run(log, join(toolsBin, 'cargo-deny'), [
        '--locked',
        '--config',
        '.cargo/deny.toml',
        'check',
        'advisories',
      ]).then(() => ''),
    );
  } catch (error) {
    if (!(error instanceof Stop) || !UNREACHABLE.test(error.said ?? '')) throw error;
    say('The list of advisories is not reachable from here: nothing was checked.');
    process.exitCode = 2;
  }
});
