// `npm start`: builds what is needed, starts the demo systems and the hub, and opens the desk
// for a demo person. Without a display it plays the story and leaves pictures of it.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeKey } from '../e2e/desk.mjs';
import { Hub } from '../e2e/hub.mjs';
import { endAll, ended, start } from '../e2e/process.mjs';
import { buildPrograms, buildScreens } from './build.mjs';
import { folder, kept, root } from './place.mjs';
import { setUp } from './setup.mjs';
import { atEnd, elapsed, main, say, stage, Stop } from './stage.mjs';

const PASSWORD = 'fettle-demo';
const PLANT = '1200';
const LAPTOP = 'HW-14';

/** The demo people who work at a laptop, by account. */
const PEOPLE = {
  kowalska: 'J. Kowalska, technician, Mechanical 2',
  ode: 'M. Ode, technician',
  novak: 'P. Novak, technician',
  brandt: 'A. Brandt, planner',
};

const HELP = `npm start [-- OPTIONS]

Installs what is missing, builds, starts the demo CMMS, the demo ERP and the hub on loopback,
and opens Fettle Desk for a demo person. Without a display it does the same on a virtual one,
plays the story of one order in the real window and leaves numbered pictures and a page about
them in .fettle/story.

  --person ACCOUNT   who works: ${Object.keys(PEOPLE).join(', ')} (kowalska)
  --import FILE      brings the history or masters of a file into the hub first; with --mapping
  --mapping M        how to read that file: a file, or the name of a mapping of the hub
  --orders N         starts with a company of so many orders in plant 1200, up to 100000
  --items N          and so many items, up to 1000000; the first start then takes minutes
  --story            plays the story although there is a display
  --fresh            forgets the demo of earlier runs
  --key-file FILE    keeps the replica's key in a file instead of the keyring
  --help             this text

The demo's data lies in .fettle/demo (the story's in .fettle/story) and is yours to delete.
With a terminal the desk keeps the key of its replica in the keyring of this computer.
Without one nothing can be asked, so the key lies in a key file, which is named.
CARGO_TARGET_DIR says where cargo builds. Ctrl-C ends everything that was started.`;

const OPTIONS = {
  person: { type: 'string', default: 'kowalska' },
  import: { type: 'string' },
  mapping: { type: 'string' },
  orders: { type: 'string' },
  items: { type: 'string' },
  story: { type: 'boolean' },
  fresh: { type: 'boolean' },
  'key-file': { type: 'string' },
  help: { type: 'boolean' },
};

/** Most of what a company is made of. */
const SIZE_MAX = { orders: 100_000, items: 1_000_000 };

/** What the person at the terminal asked for, checked before anything is built. */
function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    throw new Stop(`${error.message.split('.')[0]}; "npm start -- --help" tells what there is.`);
  }
  if (!(values.person in PEOPLE)) {
    throw new Stop(
      `There is no demo person "${values.person}": name one of ${Object.keys(PEOPLE).join(', ')}.`,
    );
  }
  if (Boolean(values.import) !== Boolean(values.mapping)) {
    throw new Stop('--import FILE and --mapping M belong together: name both.');
  }
  for (const name of Object.keys(SIZE_MAX)) {
    const number = Number(values[name] ?? 0);
    if (!Number.isInteger(number) || number < 0 || number > SIZE_MAX[name]) {
      throw new Stop(`--${name} is a whole number up to ${SIZE_MAX[name]}.`);
    }
    values[name] = number;
  }
  const from = process.env.INIT_CWD ?? process.cwd();
  for (const name of ['import', 'key-file']) {
    if (values[name]) values[name] = resolve(from, values[name]);
  }
  if (values.mapping && existsSync(resolve(from, values.mapping))) {
    values.mapping = resolve(from, values.mapping);
  }
  if (values.import && !existsSync(values.import)) {
    throw new Stop(`There is no file ${values.import} to import; name one that exists.`);
  }
  return values;
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

await main(async () => {
  const options = readOptions();
  if (options.help) return say(HELP);
  const isStory = options.story || !hasDisplay();
  await setUp(isStory ? 'play' : 'start');
  await buildScreens();
  const programs = await buildPrograms({ withFaults: false });
  atEnd(endAll);
  try {
    await (isStory ? leaveStory(options, programs) : openDesk(options, programs));
  } finally {
    await endAll();
  }
});

async function startHub(programs, top, { orders, items }) {
  return stage('Start the demo CMMS, the demo ERP and the hub', async () => {
    const log = join(top, 'hub.log');
    const size = orders || items ? { orders, items } : undefined;
    const hub = await Hub.start({ program: programs.hub, data: folder(top, 'hub'), log, size });
    return Object.assign(hub, { toString: () => hub.url });
  });
}

/** Brings a file into the hub; names the order that is open for the demo person, if there is one. */
async function importFile(hub, options) {
  if (!options.import) return undefined;
  let report;
  await stage(`Import ${relative(root, options.import)}`, async () => {
    report = await hub.command('import', options.import, '--mapping', options.mapping);
  });
  for (const line of report.split('\n')) say(`  ${line}`);
  return report.match(/^open order (\S+)/im)?.[1];
}

async function openDesk(options, programs) {
  const top = join(kept, 'demo');
  if (options.fresh) rmSync(top, { recursive: true, force: true });
  const hub = await startHub(programs, folder(top), options);
  const order = await importFile(hub, options);
  const data = join(top, 'desk');
  const isNew = !existsSync(data);
  const keyFile =
    options['key-file'] ?? (process.stdin.isTTY ? undefined : join(top, 'replica.key'));
  if (keyFile) {
    makeKey(keyFile);
    say(`  The replica's key lies in ${keyFile}.`);
  }
  if (isNew) {
    const code = await hub.deviceCode({ plant: PLANT, name: LAPTOP });
    say();
    say('Sign in with these:');
    say(`  Hub address     ${hub.url}`);
    say(`  Enrolment code  ${code}`);
    say(`  Account         ${options.person}   (${PEOPLE[options.person]})`);
    say(`  Password        ${PASSWORD}`);
  }
  if (order) say(`The order made after it is ${order}; it is on My work, and the search finds it.`);
  else if (options.import) say('What the file brought is on the asset pages and in the search.');
  const desk = await start(programs.desk, [], {
    env: { FETTLE_DATA_DIR: folder(data), FETTLE_KEY_FILE: keyFile },
    log: join(top, 'desk.log'),
  });
  say();
  say(
    `Fettle Desk is open after ${elapsed()}. Close its window or press Ctrl-C to end everything.`,
  );
  await ended(desk);
  if (desk.exitCode !== 0) {
    throw new Stop(`The desk ended by itself; read ${relative(root, join(top, 'desk.log'))}.`);
  }
}

async function leaveStory(options, programs) {
  const top = join(kept, 'story');
  rmSync(top, { recursive: true, force: true });
  const { tellStory } = await import('../e2e/story.mjs');
  const hub = await startHub(programs, folder(top), options);
  const order = await importFile(hub, options);
  say(`  Without a terminal the replica's key lies in ${relative(root, top)}/desk/replica.key.`);
  let pictures;
  await stage('Play the story in the real window', async () => {
    pictures = await tellStory({
      hub,
      desk: programs.desk,
      folder: top,
      account: options.person,
      password: PASSWORD,
      order,
    });
  });
  const page = join(top, 'story.md');
  writeFileSync(page, summary(pictures, { order, person: PEOPLE[options.person] }));
  say();
  say(`The story is told in ${relative(root, page)}, with ${pictures.length} pictures beside it.`);
}

function summary(pictures, { order, person }) {
  const lines = [
    '# One order, from the window to the ERP',
    '',
    `Played in the real window by ${person}, against a running hub, demo CMMS and demo ERP.`,
    ...(order ? [`The order is ${order}, made after a row of an imported history.`] : []),
    '',
  ];
  for (const { picture, says } of pictures) {
    lines.push(`${says}`, '', `![${says}](pictures/${picture})`, '');
  }
  return lines.join('\n');
}
