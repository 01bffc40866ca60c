// One open asset as the replica holds it, with its history and the parts below it.
import type { AssetView, ProblemView, TreeNodeView } from '../generated/bindings';
import { host, problemOf } from '../host';
import { HistoryStore } from './history_store.svelte';

export type AssetTab = 'now' | 'reliability' | 'parts';

export class AssetStore {
  readonly history = new HistoryStore();
  id: string | null = $state(null);
  asset: AssetView | null = $state.raw(null);
  parts: TreeNodeView[] = $state.raw([]);
  tab: AssetTab = $state('now');
  problem: ProblemView | null = $state(null);

  /** Only tabs with something on them. */
  readonly tabs = $derived.by((): AssetTab[] => {
    const view = this.history.view;
    if (!view) return ['now'];
    return view.parts.length > 0 ? ['now', 'reliability', 'parts'] : ['now', 'reliability'];
  });

  open = async (id: string | null) => {
    this.id = id;
    this.asset = null;
    this.parts = [];
    this.tab = 'now';
    this.problem = null;
    await Promise.all([this.#read(), this.history.open(id)]);
    // A history without open orders is what there is to see.
    if (this.id === id && this.history.view && !this.#hasOpenOrders()) this.tab = 'reliability';
  };

  refresh = async () => {
    await Promise.all([this.#read(), this.history.refresh()]);
  };

  #hasOpenOrders(): boolean {
    return this.asset?.orders.some((order) => !ENDED.includes(order.status)) ?? false;
  }

  async #read() {
    const id = this.id;
    if (id === null) return;
    try {
      const asset = await host().asset(id);
      const below = await host().assetTree({ at: 'asset', id });
      if (this.id !== id) return;
      this.asset = asset;
      this.parts = below.nodes;
    } catch (thrown) {
      if (this.id === id) this.problem = problemOf(thrown);
    }
  }
}

/** Statuses of work that is over. */
const ENDED = ['COMP', 'CLOSE', 'CAN'];
