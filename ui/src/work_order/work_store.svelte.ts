// My work: the groups of the list and which row the keyboard is on.
import type { OrderRowView, ProblemView, WorkGroup, WorkGroupView } from '../generated/bindings';
import { host, problemOf } from '../host';

export type ListRow =
  | { kind: 'group'; group: WorkGroup; count: number }
  | { kind: 'order'; order: OrderRowView; position: number };

/** Groups and orders as one run of rows. */
export function listRows(groups: WorkGroupView[]): ListRow[] {
  let position = 0;
  return groups.flatMap((group): ListRow[] => [
    { kind: 'group', group: group.kind, count: group.orders.length },
    ...group.orders.map((order): ListRow => ({ kind: 'order', order, position: ++position })),
  ]);
}

export class WorkStore {
  groups: WorkGroupView[] | null = $state.raw(null);
  problem: ProblemView | null = $state(null);
  focusedId: string | null = $state(null);
  readonly rows = $derived(listRows(this.groups ?? []));
  readonly orders = $derived(this.rows.flatMap((row) => (row.kind === 'order' ? [row.order] : [])));

  refresh = async () => {
    try {
      this.groups = (await host().myWork()).groups;
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  };

  move = (by: number) => {
    const at = this.orders.findIndex((order) => order.id === this.focusedId);
    const next = at < 0 ? 0 : Math.max(0, Math.min(this.orders.length - 1, at + by));
    this.focusedId = this.orders[next]?.id ?? null;
  };
}
