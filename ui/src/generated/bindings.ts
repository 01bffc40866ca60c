import { invoke } from '@tauri-apps/api/core';
import * as event from '@tauri-apps/api/event';

export type Result<T, E> = { status: 'ok'; data: T } | { status: 'error'; error: E };

async function typedError<T, E>(answer: Promise<T>): Promise<Result<T, E>> {
  try {
    return { status: 'ok', data: await answer };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { status: 'error', error: error as E };
  }
}

export const commands = {
  async shell(): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('shell'));
  },
  async signIn(input: SignInInput): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('sign_in', { input }));
  },
  async setPin(pin: string): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('set_pin', { pin }));
  },
  async unlock(input: UnlockInput): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('unlock', { input }));
  },
  async lock(): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('lock'));
  },
  async myWork(): Promise<Result<MyWorkView, ProblemView>> {
    return await typedError(invoke('my_work'));
  },
  async order(id: string): Promise<Result<OrderView, ProblemView>> {
    return await typedError(invoke('order', { id }));
  },
  async tickStep(input: TickStepInput): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('tick_step', { input }));
  },
  async recordStep(input: RecordStepInput): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('record_step', { input }));
  },
  async writeNote(input: WriteNoteInput): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('write_note', { input }));
  },
  async takePart(input: TakePartInput): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('take_part', { input }));
  },
  async startOrder(orderId: string): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('start_order', { orderId }));
  },
  async startLabour(orderId: string): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('start_labour', { orderId }));
  },
  async stopLabour(orderId: string): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('stop_labour', { orderId }));
  },
  async holdOrder(input: HoldInput): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('hold_order', { input }));
  },
  async resumeOrder(orderId: string): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('resume_order', { orderId }));
  },
  async finishCheck(orderId: string): Promise<Result<FinishView, ProblemView>> {
    return await typedError(invoke('finish_check', { orderId }));
  },
  async finishOrder(orderId: string): Promise<Result<ChangeView, ProblemView>> {
    return await typedError(invoke('finish_order', { orderId }));
  },
  async unsent(): Promise<Result<UnsentView[], ProblemView>> {
    return await typedError(invoke('unsent'));
  },
  async search(query: string): Promise<Result<SearchView, ProblemView>> {
    return await typedError(invoke('search', { query }));
  },
  async setLook(input: LookInput): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('set_look', { input }));
  },
  async syncNow(): Promise<Result<Shell, ProblemView>> {
    return await typedError(invoke('sync_now'));
  },
  async appReady(): Promise<Result<null, ProblemView>> {
    return await typedError(invoke('app_ready'));
  },
};

export const events = {
  changed: {
    listen: (heard: event.EventCallback<ChangedView>) => event.listen<ChangedView>('changed', heard),
  },
};

export type Stage = 'enrol' | 'set_pin' | 'locked' | 'open' | 'trouble';
export type Shell = {
  stage: Stage;
  laptop: string | null;
  plant: PlantView | null;
  person: PersonView | null;
  people: LockPersonView[];
  link: LinkView;
  fill: FillView | null;
  theme: string;
  density: string;
  unsent: number;
  trouble: ProblemView | null;
};
export type PlantView = {
  code: string;
  name: string;
  time_zone: string;
};
export type PersonView = {
  id: string;
  name: string;
  initials: string;
  craft: string;
};
export type LockPersonView = {
  id: string;
  name: string;
  initials: string;
  unsent: number;
  labour_since: number | null;
  wait_until: number | null;
  offline_until: number | null;
};
export type LinkState = 'up_to_date' | 'exchanging' | 'no_connection' | 'outside_not_answering' | 'refused';
export type LinkView = {
  state: LinkState;
  since: number;
  last_exchange: number | null;
  system: string | null;
  reason: ProblemView | null;
  unsent: number;
  is_raised: boolean;
  attention: number;
};
export type FillView = {
  done: number;
  total: number;
  is_usable: boolean;
  is_complete: boolean;
};
export type ProblemView = {
  code: string;
  arguments: ArgumentView[];
};
export type ArgumentView = {
  name: string;
  value: string;
};
export type ChangeState = 'saved' | 'sent' | 'accepted' | 'attention';
export type ChangeView = {
  state: ChangeState;
  system: string | null;
  number: string | null;
  reason: ProblemView | null;
  owner: string | null;
  at: number;
};
export type MyWorkView = {
  groups: WorkGroupView[];
};
export type WorkGroup = 'in_progress' | 'next' | 'on_hold' | 'waiting_for_parts' | 'finished';
export type WorkGroupView = {
  kind: WorkGroup;
  orders: OrderRowView[];
};
export type OrderRowView = {
  id: string;
  number: string;
  title: string;
  priority: number;
  status: string;
  asset: string;
  location: string;
  due: number | null;
  steps_done: number;
  steps_total: number;
  parts_total: number;
  parts_taken: number;
  labour_since: number | null;
  unsent: number;
  attention: number;
};
export type OrderView = {
  row: OrderRowView;
  kind: string;
  description: string;
  job_plan: string | null;
  down_since: number | null;
  permits: PermitView[];
  transition: ChangeView | null;
  tasks: TaskView[];
  parts: PartView[];
  labour: LabourView[];
  notes: NoteView[];
  unsent: UnsentView[];
  actions: string[];
  locked_reason: ProblemView | null;
};
export type PermitView = {
  number: string;
  kind: string;
  ends: number | null;
};
export type TaskView = {
  id: string;
  number: number;
  text: string;
  steps: StepView[];
};
export type StepKind = 'tick' | 'value' | 'text';
export type StepView = {
  id: string;
  kind: StepKind;
  text: string;
  unit: string | null;
  lower: string | null;
  upper: string | null;
  increment: string | null;
  is_done: boolean;
  results: ResultView[];
  change: ChangeView | null;
};
export type ResultView = {
  value: string | null;
  text: string | null;
  is_pass: boolean;
  by: string;
  at: number;
  laptop: string;
};
export type PartView = {
  id: string;
  item_id: string;
  item: string;
  description: string;
  planned: string | null;
  taken: string;
  unit: string;
  bins: BinView[];
  as_of: number | null;
  is_stale: boolean;
  used: PartUsedView[];
};
export type BinView = {
  bin: string;
  on_hand: string;
};
export type PartUsedView = {
  id: string;
  quantity: string;
  bin: string;
  by: string;
  at: number;
  change: ChangeView;
};
export type LabourView = {
  id: string;
  by: string;
  start: number;
  end: number | null;
  is_time_doubtful: boolean;
  change: ChangeView;
};
export type NoteView = {
  id: string;
  text: string;
  by: string;
  at: number;
  change: ChangeView;
};
export type UnsentKind = 'step' | 'note' | 'labour' | 'part' | 'transition';
export type UnsentView = {
  order_id: string;
  order_number: string;
  kind: UnsentKind;
  text: string;
  change: ChangeView;
  by: string;
};
export type FinishView = {
  open_steps: string[];
  failed_steps: string[];
  untaken_parts: string[];
  is_labour_running: boolean;
  can_finish: boolean;
};
export type SearchView = {
  query: string;
  orders: OrderRowView[];
  assets: AssetRowView[];
  holds: string;
};
export type AssetRowView = {
  id: string;
  tag: string;
  name: string;
  location: string;
  open_orders: number;
};
export type SignInInput = {
  hub: string | null;
  code: string | null;
  account: string;
  password: string;
};
export type UnlockInput = {
  person_id: string;
  pin: string;
};
export type TickStepInput = {
  order_id: string;
  step_id: string;
  is_done: boolean;
};
export type RecordStepInput = {
  order_id: string;
  step_id: string;
  value: string | null;
  text: string | null;
};
export type WriteNoteInput = {
  order_id: string;
  text: string;
};
export type TakePartInput = {
  order_id: string;
  part_line_id: string | null;
  item_id: string;
  bin: string;
  quantity: string;
};
export type HoldInput = {
  order_id: string;
  reason: string;
};
export type LookInput = {
  theme: string;
  density: string;
};
export type ChangedView = {
  shell: boolean;
  orders: string[];
};
