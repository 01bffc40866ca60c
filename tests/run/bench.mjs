// `npm run bench`: one table of ratios, ours beside physical limits and beside the peers.
// The figures are of one run on one machine and nothing passes or fails by them, but for one: a
// shift's work arrives over a bad link, text before pictures, within four minutes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { order } from '../bench/peers/orders.mjs';
import { folder, kept, root, target } from './place.mjs';
import { setUp } from './setup.mjs';
import { main, run, say, stage, Stop } from './stage.mjs';

const HELP = `npm run bench [-- [--only PART] [--no-peers] [--orders N --items N]]

Measures Fettle and prints one table of ratios: an edit beside a raw SQLite transaction,
the exchange in bytes and round trips beside the compressed size of the same facts and beside
PouchDB and automerge-repo on the same work, the hub's changes per second, a shift's work
over a bad link, which must arrive within four minutes, a thousand devices at one hub, and a
company of 100,000 orders and 1,000,000 items: its first copy, search, lists and saves.

  --only PART  measures one part alone: exchange, bad-link, crowd or company
  --orders N   orders of the company's largest plant (100000)
  --items N    items of the company (1000000)
  --no-peers   leaves the peers out; their rows say so
  --help       this text

The peers are installed in tests/bench/peers when they are first needed. Everything that was
measured lies in .fettle/bench.`;

/** Orders and edits a device of the exchange that ours plays. */
const ORDERS = 2_000;
const EDITS = 500;

/** automerge-repo does not complete the full work, so it is compared per order and per edit. */
const PEERS = [
  { name: 'pouchdb', title: 'PouchDB', orders: ORDERS, edits: EDITS },
  { name: 'automerge-repo', title: 'automerge-repo', orders: 1_000, edits: 250 },
];

/** Long enough for a slow machine, short enough to say "did not complete". */
const PEER_MS = 15 * 60_000;

/** The steps of the exchange, in their order, and what their figures are counted for. */
const STEPS = [
  ['push_all', `push ${ORDERS} orders`, 'orders'],
  ['cold', `cold device, ${ORDERS} orders`, 'orders'],
  ['nothing_changed', 'nothing changed', 'orders'],
  ['push_edits', `push ${EDITS} edits`, 'edits'],
  ['push_and_pull', `push ${EDITS} and pull ${EDITS} edits`, 'edits'],
];

/** Our row of the orders on which both edits survived. */
const KEPT = 'orders with both edits kept';

const leftOut = { reason: 'left out' };

const everyOrder = () =>
  Array.from({ length: ORDERS }, (_, index) => `${JSON.stringify(order(index))}\n`).join('');

/**
 * Runs our own measurements. Each line is
 * `{"row": text, "ours": number, "beside": number, "unit": text, "note"?: text}`; the rows of the
 * exchange are named `exchange/<step>/bytes` and `exchange/<step>/round_trips`.
 */
async function measureOurs(orders, { only, ...size }) {
  const env = { CARGO_TARGET_DIR: target };
  const program = ['--release', '--locked', '-p', 'fettle-tests', '--bin', 'bench'];
  await stage('Build the benchmark', (log) =>
    run(log, 'cargo', ['build', ...program], { env }).then(() => ''),
  );
  let said;
  await stage('Measure Fettle', async (log) => {
    const asked = ['--orders', orders, ...(only ? ['--only', only] : [])];
    if (size.orders) asked.push('--company-orders', size.orders);
    if (size.items) asked.push('--company-items', size.items);
    said = await run(log, join(target, 'release', 'bench'), asked, { env });
  });
  const rows = said.split('\n').filter((line) => line.startsWith('{'));
  if (rows.length === 0) throw new Stop('The benchmark measured nothing; read its log.');
  return rows.map((line) => JSON.parse(line));
}

async function measurePeer({ name, title, orders, edits }) {
  const cwd = join(root, 'tests', 'bench', 'peers', name);
  try {
    await stage(`Install ${title}`, (log) =>
      run(log, 'npm', ['ci', '--no-audit', '--no-fund'], { cwd }).then(() => ''),
    );
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { reason: 'cannot be installed here' };
  }
  try {
    let result;
    await stage(`Measure ${title}`, async (log) => {
      const said = await run(log, process.execPath, ['run.mjs', String(orders), String(edits)], {
        cwd,
        withinMs: PEER_MS,
      });
      result = JSON.parse(said.split('\n').find((line) => line.startsWith('{')));
    });
    return { result };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { reason: 'did not complete' };
  }
}

/** A row of ours beside its physical limit. */
function ownRow({ row, ours, beside, unit, note }) {
  const match = row.match(/^exchange\/(\w+)\/(\w+)$/);
  const step = match && STEPS.find(([name]) => name === match[1]);
  return {
    what: step ? `${step[1]}, ${words(match[2])}` : row,
    ours: `${figure(ours)} ${unit}`,
    beside: beside === null || beside === undefined ? '' : `${figure(beside)} ${unit}`,
    ratio: beside ? figure(ours / beside) : '',
    note: note ?? '',
  };
}

/** Rows of the same steps beside each peer, scaled to the same work. */
function peerRows(rows, peers) {
  const rowsOf = (peer) =>
    STEPS.flatMap(([step, title, counted]) =>
      ['bytes', 'round_trips'].map((unit) => {
        const what = `${title}, ${words(unit)}, beside ${peer.title}`;
        const ours = rows.find(({ row }) => row === `exchange/${step}/${unit}`)?.ours;
        const measured = peer.result?.steps[step]?.[unit];
        if (measured === undefined || ours === undefined) {
          return { what, ours: '', beside: 'not measured', ratio: '', note: peer.reason ?? '' };
        }
        const full = counted === 'orders' ? ORDERS : EDITS;
        const played = peer.result[counted];
        const scaled = (measured * full) / played;
        const notes = [peer.result.version];
        if (unit === 'round_trips') notes.push(peer.result.counted);
        if (played !== full) notes.push(`${played} ${counted}, scaled`);
        return {
          what,
          ours: `${figure(ours)} ${words(unit)}`,
          beside: `${figure(scaled)} ${words(unit)}`,
          ratio: ours === 0 ? '' : `1 : ${figure(scaled / ours)}`,
          note: notes.join('; '),
        };
      }),
    );
  return peers.flatMap((peer) => [...rowsOf(peer), keptRow(rows, peer)]);
}

/** Whether two devices that edited different fields of one order both find their edit again. */
function keptRow(rows, peer) {
  const ours = rows.find(({ row }) => row === KEPT)?.ours;
  const what = `${KEPT}, beside ${peer.title}`;
  const measured = peer.result?.both_kept;
  if (measured === undefined || ours === undefined) {
    return { what, ours: '', beside: 'not measured', ratio: '', note: peer.reason ?? '' };
  }
  return {
    what,
    ours: `${figure(ours)} of ${figure(EDITS)}`,
    beside: `${figure(measured)} of ${figure(peer.result.edits)}`,
    ratio: '',
    note: peer.result.version,
  };
}

const words = (unit) => unit.replace('_', ' ');

function figure(number) {
  if (Number.isInteger(number)) return number.toLocaleString('en').replaceAll(',', ' ');
  return Math.abs(number) >= 100
    ? figure(Math.round(number))
    : String(Number(number.toPrecision(3)));
}

function table(rows) {
  const columns = ['what', 'ours', 'beside', 'ratio', 'note'];
  const width = Object.fromEntries(
    columns.map((name) => [name, Math.max(name.length, ...rows.map((row) => row[name].length))]),
  );
  width.note = 'note'.length;
  const line = (cells) =>
    `| ${columns.map((name) => cells[name].padEnd(width[name])).join(' | ')} |`;
  const head = Object.fromEntries(columns.map((name) => [name, name]));
  const rule = Object.fromEntries(columns.map((name) => [name, '-'.repeat(width[name])]));
  return [head, rule, ...rows].map(line).join('\n');
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      orders: { type: 'string' },
      items: { type: 'string' },
      'no-peers': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(HELP);
  await setUp('start');
  const place = folder(kept, 'bench');
  const orders = join(place, 'orders.jsonl');
  writeFileSync(orders, everyOrder());
  const rows = await measureOurs(orders, values);
  const peers = [];
  for (const peer of (values.only ?? 'exchange') === 'exchange' ? PEERS : []) {
    peers.push({ ...peer, ...(values['no-peers'] ? leftOut : await measurePeer(peer)) });
  }
  writeFileSync(join(place, 'result.json'), `${JSON.stringify({ rows, peers }, null, 2)}\n`);
  say();
  say(table([...rows.map(ownRow), ...peerRows(rows, peers)]));
});
