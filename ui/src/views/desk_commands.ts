// Carries out the keyboard map on the stores of the desk.
import type { AssetStore } from '../asset/asset_store.svelte';
import type { CaseStore } from '../case/case_store.svelte';
import type { SearchStore } from '../search/search_store.svelte';
import type { ShellStore } from '../person/shell_store.svelte';
import { allSteps, currentStep } from '../work_order/order_words';
import type { OrderStore } from '../work_order/order_store.svelte';
import type { Command, Place } from './desk_keys';

export type Room = 'work' | 'orders' | 'assets' | 'parts' | 'cases' | 'sync';

export type Desk = {
  readonly room: Room;
  shell: ShellStore;
  order: OrderStore;
  asset: AssetStore;
  cases: CaseStore;
  search: SearchStore;
  focusSearch(): void;
  /** True when something stands beside the list. */
  readonly isOpened: boolean;
  move(by: number): void;
  openFocused(): void;
  openRoom(room: Room): void;
  /** Opens an order to write a question on it. */
  ask(orderId: string): void;
  /** Closes what stands beside the list. */
  leave(): void;
};

export function placeOf(desk: Desk): Place {
  if (desk.room === 'sync') return 'sync';
  if (desk.room === 'assets') return desk.asset.history.panel === null ? 'assets' : 'panel';
  if (desk.room === 'cases') return desk.cases.panel === null ? 'cases' : 'panel';
  if (desk.room === 'parts') return 'list';
  if (desk.order.panel !== null) return 'panel';
  return desk.order.order === null ? 'list' : 'order';
}

export function run(command: Command, desk: Desk): void {
  const { cases, order } = desk;
  if (command === 'search') desk.focusSearch();
  else if (command === 'lock') void desk.shell.lock();
  else if (command === 'room_work') desk.openRoom('work');
  else if (command === 'room_orders') desk.openRoom('orders');
  else if (command === 'room_parts') desk.openRoom('parts');
  else if (command === 'room_sync') desk.openRoom('sync');
  else if (command === 'room_assets') desk.openRoom('assets');
  else if (command === 'count_once') void desk.asset.history.toggleOnce();
  else if (command === 'room_cases') openCases(desk);
  else if (command === 'up') up(desk);
  else if (command === 'next') desk.move(1);
  else if (command === 'previous') desk.move(-1);
  else if (command === 'case_fix') cases.show('fix');
  else if (command === 'case_resend') cases.show('replay');
  else if (command === 'case_ask' && cases.detail) desk.ask(cases.detail.row.order_id);
  else if (command === 'open') desk.openFocused();
  else if (command === 'note' && order.can('work')) void order.show('note');
  else if (command === 'photo' && order.can('work')) void order.show('photo');
  else if (command === 'failure' && order.can('work')) void order.show('failure');
  else if (command === 'keep_both') press('[data-keep-both]');
  else if (command.startsWith('version_')) press(`[data-version="${command.slice('version_'.length)}"]`);
  else if (command === 'labour' && (order.can('work') || order.isLabourRunning)) void order.toggleLabour();
  else if (command === 'tick') tick(order);
  else if (command === 'part') press('[data-part-take]');
  else if (command === 'main') main(desk);
}

/** Presses the first control of its kind on the open order. */
function press(selector: string): void {
  const control = document.querySelector<HTMLElement>(selector);
  control?.scrollIntoView({ block: 'nearest' });
  control?.click();
}

/** Only whose roles have exceptions goes there. */
function openCases(desk: Desk): void {
  if (typeof desk.shell.shell?.cases === 'number') desk.openRoom('cases');
}

/** One level up: from what is open to its list or tree, from another room to the work. */
function up(desk: Desk): void {
  if (desk.room === 'cases' && desk.cases.id !== null) void desk.cases.open(null);
  else if (['orders', 'assets', 'parts'].includes(desk.room) && desk.isOpened) desk.leave();
  else if (desk.room !== 'work') desk.openRoom('work');
  else desk.leave();
}

function tick(store: OrderStore): void {
  if (!store.order || !store.can('work')) return;
  const step = currentStep(store.order, store.stepId);
  if (!step) return;
  const row = document.getElementById(`step-${step.id}`);
  row?.scrollIntoView({ block: 'nearest' });
  if (step.kind === 'tick') {
    void store.act((desk, id) => desk.tickStep({ order_id: id, step_id: step.id, is_done: !step.is_done }));
    store.stepId = allSteps(store.order).find((other) => !other.is_done && other.id !== step.id)?.id ?? null;
  } else row?.querySelector('input')?.focus();
}

function main(desk: Desk): void {
  const store = desk.order;
  if (desk.room === 'cases') {
    const action = (['fix', 'replay', 'accept'] as const).find((one) => desk.cases.can(one));
    if (action) desk.cases.show(action);
    return;
  }
  if (store.can('finish')) void store.show('finish');
  else if (store.can('resume')) void store.act((desk, id) => desk.resumeOrder(id));
  else if (store.can('start')) void store.act((desk, id) => desk.startOrder(id));
}
