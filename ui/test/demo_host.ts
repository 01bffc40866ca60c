// A host with a small made-up world, for pictures and component tests. It answers like the desk does.
import type {
  ChangedView,
  CarriedView,
  ChangeView,
  OrderRowView,
  OrderView,
  PhotoView,
  ResultView,
  SaveUnsentInput,
  Shell,
  StepView,
  UnsentView,
} from '../src/generated/bindings';
import type { Problem } from '../src/host';
import { demoHistory, demoHistoryPage, demoTree } from './demo_history';
import { demoCases, demoCaseView } from './demo_cases';
import { type Host } from '../src/host';

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
function picture(content: string): string {
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

/** A host that remembers what was called; `shell` may be replaced. */
export class DemoHost implements Host {
  calls: string[] = [];
  orders = new Map<string, OrderView>([['o1', demoOrder()]]);
  canFinish = true;
  refusal: Problem | null = null;
  files: CarriedView[] = [];
  #heard: ((changed: ChangedView) => void) | null = null;

  constructor(public frame: Shell = demoShell()) {}

  emit = (changed: ChangedView) => this.#heard?.(changed);
  onChanged: Host['onChanged'] = async (heard) => {
    this.#heard = heard;
    return () => (this.#heard = null);
  };
  #note<T>(name: string, answer: T): Promise<T> {
    this.calls.push(name);
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve(answer);
  }

  shell = () => Promise.resolve({ ...this.frame });
  tryAgain: Host['tryAgain'] = () =>
    this.#note('tryAgain', (this.frame = { ...this.frame, stage: 'locked' }));
  signIn: Host['signIn'] = () => this.#note('signIn', (this.frame = { ...this.frame, stage: 'set_pin' }));
  setPin: Host['setPin'] = (pin) =>
    this.#note(`setPin ${pin}`, (this.frame = { ...this.frame, stage: 'open' }));
  unlock: Host['unlock'] = (input) =>
    this.#note(`unlock ${input.pin}`, (this.frame = { ...this.frame, stage: 'open' }));
  lock = () => this.#note('lock', (this.frame = { ...this.frame, stage: 'locked' }));
  myWork: Host['myWork'] = () =>
    this.#note('myWork', {
      groups: [
        { kind: 'in_progress' as const, orders: [demoRow()] },
        { kind: 'next' as const, orders: this.next },
        {
          kind: 'waiting_for_parts' as const,
          orders: [
            demoRow({
              id: 'w1',
              priority: 2,
              title: 'Coupling alignment after rebuild',
              asset: 'B-31 blower',
              location: 'Hall 1',
              labour_since: null,
              unsent: 0,
              attention: 1,
              steps_total: 0,
            }),
          ],
        },
      ],
    });
  next: OrderRowView[] = [
    demoRow({
      id: 'o2',
      priority: 2,
      title: 'Gearbox oil sample and top-up',
      asset: 'CV-12 raw mill conveyor',
      location: 'Hall 2',
      due: Date.now() + HOUR_MS,
      labour_since: null,
      unsent: 0,
      parts_taken: 0,
      parts_total: 1,
      steps_done: 0,
      steps_total: 4,
    }),
    demoRow({
      id: 'o3',
      priority: 3,
      title: 'Monthly inspection, fire pump',
      asset: 'FP-01 pump house',
      location: 'Yard',
      due: Date.now() + 30 * HOUR_MS,
      labour_since: null,
      unsent: 0,
      parts_total: 0,
      steps_done: 0,
      steps_total: 12,
    }),
    demoRow({
      id: 'o4',
      priority: 4,
      title: 'Replace filter elements',
      asset: 'AHU-07',
      location: 'Control room roof',
      labour_since: null,
      unsent: 0,
      parts_total: 0,
      steps_done: 0,
      steps_total: 3,
    }),
  ];
  order: Host['order'] = (id) =>
    this.#note(
      'order',
      this.orders.get(id) ?? demoOrder({ row: demoRow({ id, labour_since: null }), actions: ['start'] }),
    );
  tickStep: Host['tickStep'] = (input) => this.#note(`tickStep ${input.step_id}`, demoChange());
  recordStep: Host['recordStep'] = (input) =>
    this.#note(`recordStep ${input.value ?? input.text}`, demoChange());
  settleStep: Host['settleStep'] = (input) =>
    this.#note(
      ['settleStep', input.step_id, input.choice, input.result_id, input.reason].filter(Boolean).join(' '),
      demoChange(),
    );
  takeBack: Host['takeBack'] = (input) =>
    this.#note(['takeBack', input.entry_id, input.minutes].filter(Boolean).join(' '), demoChange());
  failureCodes: Host['failureCodes'] = () => {
    const codes = (words: Record<string, string>) =>
      Object.entries(words).map(([code, words]) => ({ code, words }));
    return this.#note('failureCodes', {
      modes: codes({
        ELP: 'Leaks process medium',
        ELU: 'Leaks oil or water',
        VIB: 'Vibration',
        NOI: 'Noise',
        OHE: 'Runs hot',
        FTS: 'Does not start',
        UST: 'Stops by itself',
        PTF: 'Power or signal does not get through',
        SER: 'Small fault, still in service',
        UNK: 'Not known',
      }),
      parts: codes({ seal: 'Shaft seal', bearing: 'Bearing', impeller: 'Impeller', other: 'Something else' }),
      causes: codes({ '3.4': 'Wear as expected', '2.2': 'Installed wrongly', '5.2': 'No cause found' }),
    });
  };
  reportFailure: Host['reportFailure'] = ({ mode, part, cause, text }) =>
    this.#note(`reportFailure ${mode} ${part} ${cause} ${text}`, demoChange());
  nameReport: Host['nameReport'] = (input) => this.#note(`nameReport ${input.report_id}`, demoChange());
  writeNote: Host['writeNote'] = (input) => this.#note(`writeNote ${input.text}`, demoChange());
  changePlan: Host['changePlan'] = (input) => this.#note(`changePlan ${input.priority}`, demoChange());
  proposePlan: Host['proposePlan'] = (input) =>
    this.#note(`proposePlan ${input.priority} ${input.reason}`, demoChange());
  addPhoto: Host['addPhoto'] = (input) =>
    this.#note(`addPhoto ${input.content} ${input.caption}`, demoChange());
  takeBackPhoto: Host['takeBackPhoto'] = (input) =>
    this.#note(`takeBackPhoto ${input.photo_id}`, demoChange());
  fetchPhoto: Host['fetchPhoto'] = (input) => this.#note(`fetchPhoto ${input.photo_id}`, this.frame);
  draftRefusal: Problem | null = null;
  draftPhoto: Host['draftPhoto'] = (bytes) =>
    this.draftRefusal
      ? Promise.reject(this.draftRefusal)
      : this.#note(`draftPhoto ${bytes.length}`, {
          content: `c${bytes.length}`,
          thumbnail: 'near',
          kind: 'image/jpeg',
          size_bytes: 1_240_000,
        });
  attachmentUrl: Host['attachmentUrl'] = (content) => picture(content);
  takePart: Host['takePart'] = (input) => this.#note(`takePart ${input.quantity} ${input.bin}`, demoChange());
  startOrder: Host['startOrder'] = () => this.#note('startOrder', demoChange());
  startLabour: Host['startLabour'] = () => this.#note('startLabour', demoChange());
  stopLabour: Host['stopLabour'] = () => this.#note('stopLabour', demoChange());
  holdOrder: Host['holdOrder'] = (input) => this.#note(`holdOrder ${input.reason}`, demoChange());
  resumeOrder: Host['resumeOrder'] = () => this.#note('resumeOrder', demoChange());
  finishCheck: Host['finishCheck'] = () =>
    this.#note('finishCheck', {
      open_steps: this.canFinish ? [] : ['Test run, 15 minutes'],
      failed_steps: ['Vibration at the drive end'],
      untaken_parts: ['Gland gasket set'],
      is_labour_running: true,
      can_finish: this.canFinish,
    });
  finishOrder: Host['finishOrder'] = () => this.#note('finishOrder', demoChange());
  waiting: UnsentView[] = [
    ...demoOrder().unsent,
    {
      ...plainRow,
      kind: 'part' as const,
      text: '2 EA Bearing 6310',
      by: 'J. Kowalska',
      change: demoChange({
        state: 'attention',
        owner: 'storekeeper',
        reason: { code: 'erp.stock_short', arguments: [{ name: 'message', value: 'Bin C-14 holds 1 EA' }] },
      }),
    },
  ];
  unsent: Host['unsent'] = () => this.#note('unsent', this.waiting);
  exceptions = demoCases();
  /** Why a decision is refused. */
  decided: Problem | null = null;
  cases: Host['cases'] = () => this.#note('cases', this.exceptions);
  case: Host['case'] = (id) => {
    const rows = [...this.exceptions.groups.flatMap((group) => group.rows), ...this.exceptions.settled];
    const row = rows.find((one) => one.id === id);
    return row ? this.#note(`case ${id}`, demoCaseView(row)) : Promise.reject(new Error(id));
  };
  decideCase: Host['decideCase'] = (input) => {
    this.calls.push(`decideCase ${input.case_id} ${input.action} ${input.reason}`);
    return this.decided ? Promise.reject(this.decided) : Promise.resolve(demoChange());
  };
  search: Host['search'] = (query) =>
    this.#note(`search ${query}`, {
      query,
      holds: 'halls 1 to 3 and your crew',
      orders: query.startsWith('x') ? [] : [demoRow(), ...this.next],
      assets: query.startsWith('x')
        ? []
        : [{ id: 'a1', tag: 'P-204A', name: 'Feedwater pump', location: 'Hall 3', open_orders: 1 }],
    });
  asset: Host['asset'] = (id) =>
    this.#note(`asset ${id}`, {
      id,
      tag: id === 'a7' ? 'EX-7' : 'P-204A',
      name: id === 'a7' ? 'Excavator 7' : 'Feedwater pump',
      location: '1200-H3-L0 Hall 3, level 0',
      criticality: 'A',
      status: null,
      part_of: 'BO-02 Boiler 2',
      manufacturer: 'Sulzer',
      model: 'MSD 4x8',
      serial: null,
      orders: id === 'a7' ? [] : [demoRow(), ...this.next],
    });
  /** The excavator EX-7, of which there is history alone. */
  excavator = demoHistory();
  assetHistory: Host['assetHistory'] = (input) => {
    const view = input.asset_id === 'a7' ? { ...this.excavator, is_once: input.is_once } : null;
    return this.#note(`assetHistory ${input.asset_id}${input.is_once ? ' once' : ''}`, view);
  };
  historyPage: Host['historyPage'] = (input) =>
    this.#note(`historyPage ${input.selection.of}`, demoHistoryPage(input.after));
  assetTree: Host['assetTree'] = (place) => {
    const level = demoTree[place.at === 'top' ? 'top' : place.id] ?? { nodes: [], is_cut: false };
    return this.#note(`assetTree ${place.at}`, level);
  };
  setLook: Host['setLook'] = (look) => this.#note('setLook', (this.frame = { ...this.frame, ...look }));
  syncNow = () => this.#note('syncNow', this.frame);
  rescue = () => this.#note('rescue', this.frame);
  rescueRead = () => this.#note('rescueRead', this.frame);
  saveUnsent = (input: SaveUnsentInput) =>
    this.#note('saveUnsent', {
      files: [`${input.folder ?? '/data/fettle/to carry'}/HW-14 2026-11-25.fettle`],
      changes: 5,
    });
  carryFile = () => this.#note('carryFile', this.files);
  carried = () => this.#note('carried', this.files);
  appReady = () => this.#note('appReady', null);
}
