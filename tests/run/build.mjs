// Builds the screens and the two programs.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, kept, npmProgram, root, target } from './place.mjs';
import { run, stage } from './stage.mjs';

const ui = join(root, 'ui');

/** Builds the screens into `ui/dist`, where the desk's window takes them from. */
export function buildScreens() {
  return stage('Build the screens', (log) =>
    run(log, npmProgram('vite'), ['build', '--logLevel', 'warn'], {
      cwd: ui,
      advice: 'The screens do not build; mend what the lines above name in ui/.',
    }).then(() => ''),
  );
}

/**
 * Builds hub and desk and sets them aside under `.fettle/bin`, so that the two kinds of
 * programs, with and without fault points, are never taken for one another.
 * @param {{ withFaults: boolean }} kind
 * @returns {Promise<{ hub: string, desk: string }>} paths of the programs
 */
export async function buildPrograms({ withFaults }) {
  const title = withFaults ? 'Build hub and desk with fault points' : 'Build hub and desk';
  const features = withFaults ? ['--features', 'fettle-hub/faults,fettle-desk-app/faults'] : [];
  await stage(title, (log) =>
    run(
      log,
      'cargo',
      ['build', '--locked', '-p', 'fettle-hub', '-p', 'fettle-desk-app', ...features],
      {
        env: { CARGO_TARGET_DIR: target },
        advice: 'Hub and desk do not build; mend what the lines above name.',
      },
    ).then(() => ''),
  );
  const bin = folder(kept, 'bin', withFaults ? 'faults' : 'plain');
  const setAside = (name) => {
    copyFileSync(join(target, 'debug', name), join(bin, name));
    return join(bin, name);
  };
  return { hub: setAside('fettle-hub'), desk: setAside('fettle-desk-app') };
}

/**
 * Builds the simulation, optimised: its seeds are worth what can be played of them.
 * @returns {Promise<string>} path of the program
 */
export async function buildSimulation() {
  await stage('Build the simulation', (log) =>
    run(log, 'cargo', ['build', '--release', '--locked', '-p', 'fettle-tests', '--bin', 'sim'], {
      env: { CARGO_TARGET_DIR: target },
      advice: 'The simulation does not build; mend what the lines above name.',
    }).then(() => ''),
  );
  return join(target, 'release', 'sim');
}
