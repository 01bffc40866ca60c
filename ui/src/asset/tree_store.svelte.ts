// The tree of locations and assets: each level is read when it is opened.
import type { ProblemView, TreeLevelView, TreeNodeView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class TreeStore {
  top: TreeLevelView | null = $state.raw(null);
  /** Open levels by the id of their node. */
  levels: Record<string, TreeLevelView> = $state.raw({});
  problem: ProblemView | null = $state(null);

  /** Reads the topmost level; open ones below stay as they are. */
  refresh = async () => {
    await this.#try(async () => {
      this.top = await host().assetTree({ at: 'top' });
    });
  };

  toggle = async (node: TreeNodeView) => {
    if (this.levels[node.id]) {
      this.levels = Object.fromEntries(Object.entries(this.levels).filter(([id]) => id !== node.id));
      return;
    }
    await this.#try(async () => {
      const level = await host().assetTree({ at: node.kind, id: node.id });
      this.levels = { ...this.levels, [node.id]: level };
    });
  };

  async #try(read: () => Promise<void>) {
    try {
      await read();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}
