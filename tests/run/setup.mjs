// Makes a Debian 12 machine ready: checks what must be there, installs what is missing.
// Uses nothing but Node itself, because it runs before anything is installed.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { cache, folder, root } from './place.mjs';
import { ask, main, run, say, stage, Stop } from './stage.mjs';

const NODE_FLOOR = [20, 19];
const RUST_FLOOR = [1, 92];

/** Needed to build hub and desk. */
const TO_BUILD = ['build-essential', 'pkg-config', 'libssl-dev', 'libwebkit2gtk-4.1-dev'];

/** Needed to play the story where there is no display. */
const TO_PLAY = ['webkit2gtk-driver', 'xvfb', 'fonts-dejavu-core'];

/** Needed besides by the tests: a browser engine for the screens, a keyring for the desk. */
const TO_TEST = ['chromium', 'dbus-x11', 'gnome-keyring'];

/** Checking tools, by exact version. */
const CARGO_TOOLS = [
  { name: 'cargo-machete', version: '0.9.2' },
  { name: 'cargo-deny', version: '0.20.2' },
];

const toolsRoot = join(cache, 'tools');

/** Folder of the checking tools. */
export const toolsBin = join(toolsRoot, 'bin');

/**
 * Makes everything ready for one purpose.
 * @param {'start' | 'play' | 'test'} purpose
 */
export async function setUp(purpose) {
  await stage('Rust and Node', checkToolchains);
  const packages = {
    start: TO_BUILD,
    play: [...TO_BUILD, ...TO_PLAY],
    test: [...TO_BUILD, ...TO_PLAY, ...TO_TEST],
  }[purpose];
  await debianPackages(packages);
  await npmPackages();
  if (purpose === 'test') await cargoTools();
}

async function checkToolchains() {
  const node = process.versions.node;
  if (isBelow(node, NODE_FLOOR)) {
    throw new Stop(
      `Node ${node} is too old: install Node ${NODE_FLOOR.join('.')} or newer, then run this again.`,
    );
  }
  const said = await ask('rustc', ['--version']);
  const rust = said?.match(/^rustc (\d+\.\d+\.\d+)/)?.[1];
  const floor = RUST_FLOOR.join('.');
  if (!rust || !(await ask('cargo', ['--version']))) {
    throw new Stop(
      `Rust is missing: install Rust ${floor} or newer with rustup, then run this again.`,
    );
  }
  if (isBelow(rust, RUST_FLOOR)) {
    throw new Stop(
      `Rust ${rust} is too old: install Rust ${floor} or newer with rustup, then run this again.`,
    );
  }
  return `Rust ${rust}, Node ${node}`;
}

function isBelow(version, [major, minor]) {
  const [a, b] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}

async function debianPackages(wanted) {
  const missing = await stage('Debian packages', async () => {
    if (!(await ask('dpkg-query', ['--version']))) return undefined;
    return missingOf(wanted);
  });
  if (missing === undefined) {
    say(`  This is not Debian; the names of what is needed there: ${wanted.join(' ')}`);
    return;
  }
  if (missing.length === 0) return;
  const list = missing.join(' ');
  const command = `apt-get update && apt-get install -y --no-install-recommends ${list}`;
  if (process.getuid?.() !== 0) {
    throw new Stop(
      `Packages are missing; run this once, then start again: sudo sh -c '${command}'`,
    );
  }
  if (process.stdin.isTTY && process.stdout.isTTY) {
    await consent(`Missing Debian packages: ${list}. Install them now? [Y/n] `, command);
  } else {
    say(`  Installing the missing Debian packages: ${list}`);
  }
  await stage('Install Debian packages', (log) =>
    run(log, 'sh', ['-c', command], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      advice: `The packages could not be installed; check the network, then run: ${command}`,
    }).then(() => list),
  );
}

async function missingOf(wanted) {
  const format = '${Package} ${db:Status-Status}\n';
  const said = await ask('sh', [
    '-c',
    `dpkg-query -W -f '${format}' ${wanted.join(' ')} 2>/dev/null; true`,
  ]);
  const installed = new Set();
  for (const line of (said ?? '').split('\n')) {
    const [name, status] = line.split(' ');
    if (status === 'installed') installed.add(name);
  }
  return wanted.filter((name) => !installed.has(name));
}

async function consent(question, command) {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = (await reader.question(question)).trim().toLowerCase();
  reader.close();
  if (answer !== '' && !answer.startsWith('y')) {
    throw new Stop(`Nothing was installed; when you are ready run: ${command}`);
  }
}

async function npmPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const time = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
  if (time(installed) >= time(join(root, 'package-lock.json'))) return;
  await stage('npm packages', (log) =>
    run(log, 'npm', ['ci', '--no-audit', '--no-fund'], {
      advice: 'The npm packages could not be installed; check the network, then run this again.',
    }).then(() => ''),
  );
}

async function cargoTools() {
  for (const { name, version } of CARGO_TOOLS) {
    const said = await ask(join(toolsBin, name), ['--version']);
    if (said?.split(/\s+/).includes(version)) continue;
    await stage(`${name} ${version}`, (log) =>
      run(
        log,
        'cargo',
        ['install', name, '--version', version, '--locked', '--root', folder(toolsRoot)],
        {
          env: { CARGO_TARGET_DIR: join(toolsRoot, 'target') },
          advice: `${name} could not be installed; check the network, then run this again.`,
        },
      ).then(() => ''),
    );
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await main(() => setUp('test'));
}
