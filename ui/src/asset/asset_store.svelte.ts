// One open asset as the replica holds it.
import type { AssetView, ProblemView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class AssetStore {
  id: string | null = $state(null);
  asset: AssetView | null = $state.raw(null);
  problem: ProblemView | null = $state(null);

  open = async (id: string | null) => {
    this.id = id;
    this.asset = null;
    this.problem = null;
    await this.refresh();
  };

  refresh = async () => {
    const id = this.id;
    if (id === null) return;
    try {
      const asset = await host().asset(id);
      if (this.id === id) this.asset = asset;
    } catch (thrown) {
      if (this.id === id) this.problem = problemOf(thrown);
    }
  };
}
