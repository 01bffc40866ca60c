// One open item as the replica holds it.
import type { ItemView, ProblemView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class ItemStore {
  id: string | null = $state(null);
  item: ItemView | null = $state.raw(null);
  problem: ProblemView | null = $state(null);

  open = async (id: string | null) => {
    this.id = id;
    this.item = null;
    this.problem = null;
    await this.refresh();
  };

  refresh = async () => {
    const id = this.id;
    if (id === null) return;
    try {
      const item = await host().item(id);
      if (this.id === id) this.item = item;
    } catch (thrown) {
      if (this.id === id) this.problem = problemOf(thrown);
    }
  };
}
