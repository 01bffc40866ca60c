// The exceptions page: the list by cause, the open case, and the decision being confirmed.
import type { CaseGroupView, CaseRowView, CasesView, CaseView, ProblemView } from '../generated/bindings';
import { host, problemOf } from '../host';
import type { Action } from './case_words';

export type Line =
  | { kind: 'group'; key: string; group: CaseGroupView; isOpen: boolean }
  | { kind: 'case'; key: string; row: CaseRowView }
  | { kind: 'settled'; key: string; count: number };

export class CaseStore {
  view: CasesView | null = $state(null);
  detail: CaseView | null = $state(null);
  problem: ProblemView | null = $state(null);
  /** The case that is open. */
  id: string | null = $state(null);
  /** Role whose cases alone are shown. */
  owner: string | null = $state(null);
  /** The decision that waits to be confirmed. */
  panel: Action | null = $state(null);
  #closed: string[] = $state([]);

  readonly owners = $derived.by(() => {
    const counts: Record<string, number> = {};
    for (const group of this.view?.groups ?? []) {
      counts[group.owner] = (counts[group.owner] ?? 0) + group.rows.length;
    }
    return Object.entries(counts);
  });

  readonly lines = $derived.by((): Line[] => {
    const groups = (this.view?.groups ?? []).filter(
      (group) => this.owner === null || group.owner === this.owner,
    );
    const lines = groups.flatMap((group): Line[] => {
      const isOpen = !this.#closed.includes(group.key);
      const head: Line = { kind: 'group', key: group.key, group, isOpen };
      return isOpen ? [head, ...group.rows.map(caseLine)] : [head];
    });
    const settled = this.view?.settled ?? [];
    if (settled.length > 0) lines.push({ kind: 'settled', key: 'settled', count: settled.length });
    return [...lines, ...settled.map(caseLine)];
  });

  /** The open case's group. */
  readonly group = $derived(
    this.view?.groups.find((group) => group.rows.some((row) => row.id === this.id)) ?? null,
  );

  /** Cases of the open one's cause that can be sent again. */
  readonly alike = $derived(
    (this.group?.rows ?? []).filter((row) => row.decided === null && row.stage !== 'sent_again'),
  );

  can(action: Action): boolean {
    const actions = this.detail?.actions ?? [];
    return action === 'fix' ? actions.includes('replay') && this.alike.length > 1 : actions.includes(action);
  }

  refresh = async () => {
    try {
      this.view = await host().cases();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
    if (this.id !== null) await this.open(this.id);
  };

  open = async (id: string | null) => {
    this.id = id;
    if (id === null) {
      this.detail = null;
      return;
    }
    try {
      const detail = await host().case(id);
      if (this.id === id) this.detail = detail;
    } catch (thrown) {
      // It went to somebody else, or its order left this laptop.
      if (this.id !== id) return;
      this.id = null;
      this.detail = null;
      this.problem = problemOf(thrown);
    }
  };

  toggle = (key: string) => {
    this.#closed = this.#closed.includes(key)
      ? this.#closed.filter((other) => other !== key)
      : [...this.#closed, key];
  };

  /** Opens the next or previous case that is shown. */
  move = (by: number) => {
    const shown = this.lines.flatMap((line) => (line.kind === 'case' ? [line.row.id] : []));
    const at = shown.indexOf(this.id ?? '');
    const next = shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next !== undefined && next !== this.id) void this.open(next);
  };

  show = (action: Action) => {
    this.problem = null;
    if (this.can(action)) this.panel = action;
  };

  /** Does what was confirmed; true when it was saved. */
  decide = async (action: Action, reason: string): Promise<boolean> => {
    if (!this.detail) return false;
    const rows = action === 'fix' ? this.alike : [this.detail.row];
    try {
      for (const row of rows) {
        await host().decideCase({
          case_id: row.id,
          order_id: row.order_id,
          action: action === 'fix' ? 'replay' : action,
          reason,
        });
      }
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    }
    this.panel = null;
    await this.refresh();
    return true;
  };
}

function caseLine(row: CaseRowView): Line {
  return { kind: 'case', key: row.id, row };
}
