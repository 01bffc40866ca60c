// A small made-up world, for pictures and component tests.
import type {
  CarriedView,
  ChangeView,
  OrderRowView,
  OrderView,
  PhotoView,
  ResultView,
  Shell,
  StepView,
} from '../src/generated/bindings';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function demoShell(over: Partial<Shell> = {}): Shell {
  const now = Date.now();
  return {
    stage: 'open',
    laptop: 'HW-14',
    plant: { code: '1200', name: 'Havel Works', time_zone: 'Europe/Berlin' },
    person: { id: 'p1', name: 'J. Kowalska', initials: 'JK', craft: 'Mechanical 2' },
    people: [
      {
        id: 'p1',
        name: 'J. Kowalska',
        initials: 'JK',
        unsent: 5,
        labour_since: null,
        wait_until: null,
        offline_until: now + 72 * HOUR_MS,
      },
      {
        id: 'p2',
        name: 'M. Ode',
        initials: 'MO',
        unsent: 0,
        labour_since: null,
        wait_until: null,
        offline_until: null,
      },
      {
        id: 'p3',
        name: 'P. Novak',
        initials: 'PN',
        unsent: 0,
        labour_since: now - 70 * MINUTE_MS,
        wait_until: null,
        offline_until: null,
      },
    ],
    link: {
      state: 'no_connection',
      since: now - 50 * MINUTE_MS,
      last_exchange: now - 51 * MINUTE_MS,
      reason: null,
      unsent: 5,
      is_raised: true,
      attention: 0,
      notice: null,
      disk: null,
    },
    fill: null,
    theme: 'day',
    density: 'glove',
    unsent: 5,
    cases: null,
    photos_unsent: { count: 1, size_bytes: 2_340_000 },
    trouble: null,
    rescued: null,
    ...over,
  };
}

export function demoChange(over: Partial<ChangeView> = {}): ChangeView {
  return {
    state: 'saved',
    system: null,
    number: null,
    reason: null,
    owner: null,
    holder: null,
    due: null,
    at: Date.now() - 5 * MINUTE_MS,
    ...over,
  };
}

export function demoRow(over: Partial<OrderRowView> = {}): OrderRowView {
  return {
    id: 'o1',
    number: '4182207',
    title: 'Replace mechanical seal',
    priority: 1,
    status: 'INPRG',
    asset: 'P-204A feedwater pump',
    location: 'Hall 3, level 0',
    due: null,
    steps_done: 3,
    steps_total: 8,
    parts_total: 3,
    parts_taken: 2,
    labour_since: Date.now() - 42 * MINUTE_MS - 18_000,
    unsent: 5,
    attention: 0,
    now_with: [],
    clashes: 0,
    ...over,
  };
}

/** A recorded result of J. Kowalska, who is at work here. */
export function demoResult(over: Partial<ResultView> = {}): ResultView {
  return {
    id: `r${over.value ?? ''}${over.by ?? ''}`,
    is_mine: true,
    beyond: null,
    value: null,
    text: null,
    is_pass: true,
    by: 'J. Kowalska',
    at: Date.now() - 20 * MINUTE_MS,
    laptop: 'HW-14',
    ...over,
  };
}

/** What M. Ode recorded meanwhile on another laptop. */
export function demoOther(over: Partial<ResultView> = {}): ResultView {
  const at = Date.now() - 10 * MINUTE_MS;
  return demoResult({ is_mine: false, by: 'M. Ode', laptop: 'HW-22', at, ...over });
}

export function step(id: string, text: string, over: Partial<StepView> = {}): StepView {
  return {
    id,
    kind: 'tick',
    text,
    unit: null,
    lower: null,
    upper: null,
    increment: null,
    is_done: false,
    results: [],
    clash: null,
    history: [],
    choices: [],
    change: null,
    ...over,
  };
}

function done(minutes: number): Partial<StepView> {
  const at = Date.now() - minutes * MINUTE_MS;
  return {
    is_done: true,
    results: [demoResult({ at })],
    change: demoChange({ at }),
  };
}

export function demoOrder(over: Partial<OrderView> = {}): OrderView {
  const now = Date.now();
  const part = (id: string, item: string, description: string, bin: string, onHand: string) => ({
    id,
    item_id: `i-${id}`,
    item,
    description,
    planned: '1',
    taken: '0',
    unit: 'EA',
    bins: [{ bin, on_hand: onHand }],
    as_of: now - 62 * MINUTE_MS,
    is_stale: true,
    used: [],
  });
  return {
    row: demoRow(),
    kind: 'corrective',
    description: 'Seal leaks since the last start. Line 2 waits for this pump.',
    job_plan: 'JP-0117, rev 4',
    down_since: now - 100 * MINUTE_MS,
    permits: [{ number: 'PTW-8831', kind: 'hot work', ends: now + 4 * HOUR_MS }],
    transition: demoChange({ state: 'accepted', system: 'CMMS', number: 'WO-4182207' }),
    tasks: [
      {
        id: 't1',
        number: 10,
        text: 'Replace the seal',
        steps: [
          step('s1', 'Isolate, lock and tag', { ...done(80), change: demoChange({ state: 'sent' }) }),
          step('s2', 'Drain casing and open vents', done(60)),
          step('s3', 'Remove old seal, photograph faces', done(30)),
          step('s4', 'Measure shaft runout', {
            kind: 'value',
            unit: 'mm',
            lower: '0.00',
            upper: '0.05',
            increment: '0.01',
          }),
          step('s5', 'Number of the new seal', { kind: 'text' }),
          step('s6', 'Torque gland nuts, cross pattern, 45 Nm, three passes'),
          step('s7', 'Vibration at the drive end', {
            kind: 'value',
            unit: 'mm/s',
            upper: '4.5',
            increment: '0.1',
            is_done: true,
            change: demoChange({ state: 'sent' }),
            clash: { state: 'open', may: ['keep_both', 'ask'], owner: 'planner' },
            results: [
              demoResult({ value: '3.1' }),
              demoOther({ value: '5.2', is_pass: false, beyond: 'upper' }),
            ],
          }),
          step('s8', 'Test run, 15 minutes'),
        ],
      },
    ],
    removed_tasks: [],
    parts: [
      {
        ...part('l1', '1004-2217', 'Seal cartridge 55 mm', 'C-14', '3'),
        taken: '1',
        used: [
          {
            id: 'u1',
            quantity: '1',
            bin: 'C-14',
            by: 'J. Kowalska',
            at: now,
            may_take_back: true,
            taken_back: null,
            change: demoChange(),
          },
        ],
      },
      part('l2', '1004-0931', 'Gland gasket set', 'C-02', '6'),
      { ...part('l3', '1001-6310', 'Bearing 6310-2Z/C3', 'C-09', '0'), bins: [], as_of: null },
    ],
    labour: [
      {
        id: 'b1',
        by: 'J. Kowalska',
        start: now - 42 * MINUTE_MS,
        end: null,
        is_time_doubtful: true,
        is_overlapping: false,
        may_take_back: false,
        taken_back: null,
        change: demoChange(),
      },
      {
        id: 'b2',
        by: 'M. Ode',
        start: now - 26 * HOUR_MS,
        end: now - 25 * HOUR_MS,
        is_time_doubtful: false,
        is_overlapping: false,
        may_take_back: false,
        taken_back: null,
        change: demoChange({ state: 'accepted', system: 'ERP', number: '4900001234' }),
      },
    ],
    failure_reports: [],
    notes: [
      {
        id: 'n1',
        text: 'Old faces are scored, sleeve is fine.',
        by: 'J. Kowalska',
        at: now - 30 * MINUTE_MS,
        change: demoChange({ state: 'sent' }),
      },
    ],
    photos: [
      demoPhoto({ id: 'f1', caption: 'Seal face, drive end', change: demoChange() }),
      demoPhoto({
        id: 'f2',
        caption: 'Pump before work',
        by: 'M. Ode',
        thumbnail: 'far',
        file: 'not_here',
        can_take_back: false,
        change: demoChange({ state: 'sent' }),
      }),
      demoPhoto({
        id: 'f3',
        caption: '',
        kind: 'application/pdf',
        is_picture: false,
        thumbnail: null,
        file: 'asked',
        by: 'M. Ode',
        can_take_back: false,
        change: demoChange({ state: 'sent' }),
      }),
    ],
    unsent: [
      {
        ...plainRow,
        kind: 'step',
        text: 'Remove old seal, photograph faces',
        change: demoChange(),
        by: 'J. Kowalska',
      },
      {
        ...plainRow,
        kind: 'part',
        text: '1 EA Seal cartridge 55 mm from C-14',
        change: demoChange(),
        by: 'J. Kowalska',
      },
      {
        ...plainRow,
        kind: 'labour',
        text: 'running',
        change: demoChange(),
        by: 'J. Kowalska',
      },
    ],
    actions: ['work', 'hold', 'finish'],
    locked_reason: null,
    plan_action: null,
    ...over,
  };
}

export function demoPhoto(over: Partial<PhotoView> = {}): PhotoView {
  return {
    id: 'f1',
    caption: '',
    by: 'J. Kowalska',
    at: Date.now() - 20 * MINUTE_MS,
    kind: 'image/jpeg',
    is_picture: true,
    size_bytes: 2_340_000,
    content: 'near',
    thumbnail: 'near',
    file: 'here',
    change: demoChange(),
    can_take_back: true,
    ...over,
  };
}

/** A drawing in the place of a photo. */
export function picture(content: string): string {
  const tone = content === 'far' ? '#7d8a86' : '#4f6f78';
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><rect width="320" height="240" fill="${tone}"/><circle cx="160" cy="120" r="78" fill="#c9d2cf"/><circle cx="160" cy="120" r="34" fill="#2b3a3f"/><rect x="0" y="190" width="320" height="50" fill="#39484c"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}

/** Files carried for others: one that waits, one at the hub, one that was cut. */
export function demoFiles(): CarriedView[] {
  const file = { at: Date.now() - HOUR_MS, items: 0, set_aside: 0, lost: 0, reason: null };
  const reason = { code: 'bundle.ends_early', arguments: [] };
  return [
    { ...file, name: 'HW-07 2026-11-25.fettle', state: 'saved' },
    { ...file, name: 'HW-09 2026-11-24.fettle', state: 'sent', items: 31, set_aside: 2 },
    { ...file, name: 'HW-11 2026-11-24.fettle', state: 'attention', items: 8, lost: 3, reason },
  ];
}

/** What has no words of its own beside its text. */
export const plainRow = { order_id: 'o1', order_number: '4182207', whole: null, about: null };

/** An order on which people disagreed, corrected themselves and reported a failure twice. */
export function demoCorrected(): OrderView {
  const now = Date.now();
  const order = demoOrder();
  const [task] = order.tasks;
  if (!task) return order;
  const measured = { kind: 'value' as const, unit: 'mm', lower: '0.00', upper: '0.05', increment: '0.01' };
  const report = {
    id: 'f1',
    mode: 'Leaks process medium',
    part: 'Shaft seal',
    cause: 'Wear as expected',
    text: 'Faces are scored all around.',
    by: 'J. Kowalska',
    at: now - 30 * MINUTE_MS,
    is_official: false,
    may_name: true,
    change: demoChange({ state: 'sent' }),
  };
  const labour = {
    id: 'b3',
    by: 'J. Kowalska',
    start: now - 5 * HOUR_MS,
    end: now - 3 * HOUR_MS,
    is_time_doubtful: false,
    is_overlapping: false,
    may_take_back: false,
    taken_back: null,
    change: demoChange({ state: 'accepted', system: 'ERP', number: '5000000412' }),
  };
  return {
    ...order,
    row: demoRow({ clashes: 2 }),
    tasks: [
      {
        ...task,
        steps: [
          step('s4', 'Measure shaft runout', {
            ...measured,
            is_done: true,
            clash: { state: 'open', may: ['keep_both', 'use', 'ask'], owner: null },
            results: [demoResult({ value: '0.03' }), demoOther({ value: '0.04' })],
          }),
          step('s7', 'Measure shaft end float', {
            ...measured,
            is_done: true,
            clash: { state: 'asked', may: ['keep_both', 'set_aside'], owner: 'planner' },
            results: [
              demoResult({ value: '0.02' }),
              demoOther({ value: '0.07', is_pass: false, beyond: 'upper' }),
            ],
            choices: [
              {
                id: 'c1',
                kind: 'ask',
                value: null,
                by: 'M. Ode',
                at: now - 9 * MINUTE_MS,
                reason: 'Which gauge is right?',
              },
            ],
          }),
          step('s9', 'Measure coupling gap', {
            ...measured,
            is_done: true,
            results: [demoResult({ value: '0.03' })],
            history: [demoOther({ value: '0.09', is_pass: false, beyond: 'upper' })],
            choices: [
              {
                id: 'c2',
                kind: 'set_aside',
                value: '0.09 mm',
                by: 'P. Novak',
                at: now - 3 * MINUTE_MS,
                reason: 'Gauge 12 was out of date.',
              },
            ],
          }),
        ],
      },
    ],
    parts: order.parts.map((part) => ({
      ...part,
      used: part.used.map((used) => ({
        ...used,
        may_take_back: false,
        change: demoChange({ state: 'accepted', system: 'ERP', number: '4900001207' }),
        taken_back: { id: 'u2', at: now, change: demoChange({ state: 'sent' }) },
      })),
    })),
    labour: [
      { ...labour, id: 'b4', start: now - 4 * HOUR_MS, is_overlapping: true, may_take_back: true },
      {
        ...labour,
        taken_back: {
          id: 'b5',
          at: now - HOUR_MS,
          change: demoChange({ state: 'accepted', system: 'ERP', number: '5000000413' }),
        },
      },
    ],
    failure_reports: [
      report,
      { ...report, id: 'f2', by: 'M. Ode', mode: 'Vibration', text: '', is_official: true, may_name: false },
    ],
  };
}
