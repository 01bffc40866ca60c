// A host with the small made-up world. It answers like the desk does.
import type {
  CarriedView,
  ChangedView,
  OrderRowView,
  OrderView,
  SaveUnsentInput,
  Shell,
  UnsentView,
} from '../src/generated/bindings';
import { type Host, type Problem } from '../src/host';
import { demoHistory, demoHistoryPage, demoTree } from './demo_history';
import { demoCases, demoCaseView } from './demo_cases';
import { demoAnswer, demoItem, demoItems, demoItemView } from './demo_items';
import { demoChange, demoOrder, demoRow, demoShell, plainRow, picture } from './demo_world';

const HOUR_MS = 3_600_000;

/** A host that remembers what was called; `shell` may be replaced. */
export class DemoHost implements Host {
  calls: string[] = [];
  orderPages = new Map<string, OrderView>([['o1', demoOrder()]]);
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
      this.orderPages.get(id) ?? demoOrder({ row: demoRow({ id, labour_since: null }), actions: ['start'] }),
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
  search: Host['search'] = (query) => {
    const isFound = !query.startsWith('x');
    const orders = isFound ? [demoRow(), ...this.next] : [];
    const items = isFound && query.startsWith('63') ? this.itemsFound.slice(0, 3) : [];
    return this.#note(`search ${query}`, {
      ...demoAnswer(query),
      orders,
      orders_total: { count: orders.length, is_more: false },
      assets: isFound
        ? [{ id: 'a1', tag: 'P-204A', name: 'Feedwater pump', location: 'Hall 3', open_orders: 1 }]
        : [],
      assets_total: { count: isFound ? 1 : 0, is_more: false },
      items,
      items_total: { count: items.length, is_more: items.length > 0 },
    });
  };
  ordersFound = [demoRow(), ...this.next];
  itemsFound = demoItems();
  /** Rows of one page. */
  pageRows = 50;
  #page<T>(rows: T[], after: string | null) {
    const from = Number(after ?? 0);
    const end = from + this.pageRows;
    return {
      rows: rows.slice(from, end),
      next: end < rows.length ? String(end) : null,
      total: { count: Math.min(1000, rows.length), is_more: rows.length > 1000 },
      meant: null,
      holds: 'halls 1 to 3 and your crew',
    };
  }
  #asked = (query: string, after: string | null) =>
    [query, after].filter((word) => word !== null && word !== '').join(' ');
  orders: Host['orders'] = ({ query, after }) =>
    this.#note(`orders ${this.#asked(query, after)}`, this.#page(this.ordersFound, after));
  items: Host['items'] = ({ query, after }) => {
    const rows = query.startsWith('x') ? [] : this.itemsFound;
    return this.#note(`items ${this.#asked(query, after)}`, this.#page(rows, after));
  };
  item: Host['item'] = (id) => {
    const row = this.itemsFound.find((one) => one.id === id) ?? demoItem({ id });
    return this.#note(`item ${id}`, demoItemView({ row }));
  };
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
