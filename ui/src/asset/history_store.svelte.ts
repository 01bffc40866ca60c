// The history of the open asset: counted as asked for, with what stands over its page.
import type { AssetHistoryView, HistoryPageView, ProblemView, SelectionInput } from '../generated/bindings';
import { host, problemOf } from '../host';
import type { Panel } from './history_words';

export class HistoryStore {
  id: string | null = $state(null);
  view: AssetHistoryView | null = $state.raw(null);
  isRead = $state(false);
  isOnce = $state(false);
  system: string | null = $state(null);
  problem: ProblemView | null = $state(null);
  panel: Panel | null = $state.raw(null);
  page: HistoryPageView | null = $state.raw(null);
  pageProblem: ProblemView | null = $state(null);

  open = async (id: string | null) => {
    this.id = id;
    this.view = null;
    this.isRead = false;
    this.isOnce = false;
    this.system = null;
    this.close();
    await this.refresh();
  };

  refresh = async () => {
    const { id, isOnce, system } = this;
    if (id === null) return;
    const isStill = () => this.id === id && this.isOnce === isOnce && this.system === system;
    try {
      const view = await host().assetHistory({ asset_id: id, is_once: isOnce, system });
      if (!isStill()) return;
      this.view = view;
      this.isRead = true;
      this.problem = null;
    } catch (thrown) {
      if (isStill()) this.problem = problemOf(thrown);
    }
  };

  /** Counts repeated lines once, or all again; only where some are known to repeat. */
  toggleOnce = async () => {
    if ((this.view?.repeated?.lines ?? 0) === 0) return;
    this.isOnce = !this.isOnce;
    await this.refresh();
  };

  choose = async (system: string) => {
    this.system = system;
    await this.refresh();
  };

  show = (panel: Panel) => {
    this.panel = panel;
    this.page = null;
    this.pageProblem = null;
    if (panel.kind === 'list') void this.more();
  };

  close = () => {
    this.panel = null;
    this.page = null;
  };

  /** Reads the next page of the open list. */
  more = async () => {
    const { id, panel, page } = this;
    if (id === null || panel?.kind !== 'list') return;
    try {
      const next = await this.#read(id, panel.selection, page?.rows.at(-1)?.id ?? null);
      if (this.panel === panel) this.page = { ...next, rows: [...(page?.rows ?? []), ...next.rows] };
    } catch (thrown) {
      if (this.panel === panel) this.pageProblem = problemOf(thrown);
    }
  };

  #read(id: string, selection: SelectionInput, after: string | null): Promise<HistoryPageView> {
    return host().historyPage({ asset_id: id, is_once: this.isOnce, selection, after });
  }
}
