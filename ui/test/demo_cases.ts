// Exceptions of the small made-up world, for pictures and component tests.
import type { CaseRowView, CasesView, CaseView } from '../src/generated/bindings';
import { demoChange } from './demo_world';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function demoCase(over: Partial<CaseRowView> = {}): CaseRowView {
  const now = Date.now();
  return {
    id: 'c1',
    order_id: 'o1',
    order_number: '4182207',
    order_title: 'Replace mechanical seal',
    kind: 'labour',
    text: 'J. Kowalska',
    minutes: 210,
    by: 'J. Kowalska',
    owner: 'integration_owner',
    holder: null,
    opened: now - 16 * HOUR_MS,
    due: now - 8 * HOUR_MS,
    is_overdue: true,
    stage: 'open',
    decided: null,
    settled_at: null,
    ...over,
  };
}

const period = {
  code: 'effect.refused',
  arguments: [
    { name: 'outside', value: 'ERP' },
    { name: 'code', value: 'PERIOD_CLOSED' },
    { name: 'message', value: 'period 2026-10 is not open' },
  ],
};
const short = {
  code: 'effect.refused',
  arguments: [
    { name: 'outside', value: 'ERP' },
    { name: 'code', value: 'STOCK_SHORT' },
    { name: 'message', value: 'bin C-09 holds 1 EA' },
  ],
};
const race = {
  code: 'order.status_changed_meanwhile',
  arguments: [
    { name: 'from', value: 'INPRG' },
    { name: 'to', value: 'COMP' },
    { name: 'now', value: 'HOLD' },
  ],
};

export function demoCases(): CasesView {
  const now = Date.now();
  const labour = [
    demoCase(),
    demoCase({
      id: 'c2',
      order_id: 'o2',
      order_number: '4182001',
      text: 'T. Sato',
      minutes: 360,
      opened: now - 15 * HOUR_MS,
    }),
    demoCase({
      id: 'c3',
      order_id: 'o3',
      order_number: '4181990',
      text: 'M. Ode',
      minutes: 30,
      stage: 'taken',
      holder: 'L. Okafor',
    }),
  ];
  const parts = [
    demoCase({
      id: 'c4',
      kind: 'part',
      text: '2 EA 6310 Deep groove ball bearing',
      minutes: null,
      owner: 'storekeeper',
      opened: now - 3 * HOUR_MS,
      due: now + HOUR_MS,
      is_overdue: false,
    }),
    demoCase({
      id: 'c5',
      kind: 'part',
      text: '1 EA OC-40 Gearbox oil cooler with bypass valve and flange set',
      minutes: null,
      owner: 'storekeeper',
      opened: now - 40 * MINUTE_MS,
      due: now + 3 * HOUR_MS,
      is_overdue: false,
      decided: demoChange(),
    }),
  ];
  const raced = demoCase({
    id: 'c6',
    kind: 'race',
    text: 'COMP',
    minutes: null,
    owner: 'planner',
    holder: 'A. Brandt',
    stage: 'taken',
    opened: now - 20 * MINUTE_MS,
    due: now + 3 * HOUR_MS,
    is_overdue: false,
  });
  const group = (key: string, cause: typeof period, rows: CaseRowView[]) => ({
    key,
    cause,
    owner: rows[0]?.owner ?? '',
    oldest: Math.min(...rows.map((row) => row.opened)),
    due: Math.min(...rows.map((row) => row.due)),
    overdue: rows.filter((row) => row.is_overdue).length,
    rows,
  });
  return {
    groups: [group('period', period, labour), group('short', short, parts), group('race', race, [raced])],
    settled: [
      demoCase({
        id: 'c7',
        text: 'P. Novak',
        minutes: 45,
        stage: 'settled',
        is_overdue: false,
        settled_at: now - HOUR_MS,
      }),
    ],
    open: 6,
    overdue: 3,
    as_of: now - 2 * MINUTE_MS,
  };
}

export function demoCaseView(row: CaseRowView): CaseView {
  const isRace = row.kind === 'race';
  return {
    row,
    cause: isRace ? race : row.kind === 'part' ? short : period,
    system: isRace ? null : 'ERP',
    code: isRace ? null : 'PERIOD_CLOSED',
    attempts: isRace ? 0 : 1,
    blocks: row.kind === 'part' ? [{ kind: 'part', text: '1 EA 6310 back to C-09', minutes: null }] : [],
    events: [
      { kind: 'made', at: row.opened - 5 * MINUTE_MS, by: row.by, words: null },
      {
        kind: 'opened',
        at: row.opened,
        by: '',
        words: isRace ? null : row.kind === 'part' ? 'bin C-09 holds 1 EA' : 'period 2026-10 is not open',
      },
    ],
    actions: row.decided ? [] : isRace ? ['accept', 'take', 'reject'] : ['replay', 'take', 'discard'],
  };
}
