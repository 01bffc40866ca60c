// One open order: what the replica holds of it, and the one action that runs.
import type { ChangeView, FinishView, OrderView, ProblemView } from '../generated/bindings';
import { type Host, host, problemOf } from '../host';

export type OrderPanel = 'note' | 'failure' | 'hold' | 'finish' | 'plan' | 'photo' | 'look' | null;

export class OrderStore {
  id: string | null = $state(null);
  order: OrderView | null = $state.raw(null);
  problem: ProblemView | null = $state(null);
  panel: OrderPanel = $state(null);
  finish: FinishView | null = $state.raw(null);
  /** The photo that is looked at. */
  photoId: string | null = $state(null);
  /** Files pasted or dropped before the photo sheet was open. */
  #brought: File[] = [];
  /** The step the keyboard is on; the first open one until somebody moves. */
  stepId: string | null = $state(null);

  open = async (id: string | null) => {
    this.id = id;
    this.order = null;
    this.problem = null;
    this.panel = null;
    this.stepId = null;
    await this.refresh();
  };

  refresh = async () => {
    const id = this.id;
    if (id === null) return;
    try {
      const order = await host().order(id);
      if (this.id === id) this.order = order;
    } catch (thrown) {
      if (this.id === id) this.problem = problemOf(thrown);
    }
  };

  /** Runs one action and reads the order again; the answer says whether it was saved. */
  act = async (run: (host: Host, id: string) => Promise<ChangeView>): Promise<boolean> => {
    if (this.id === null) return false;
    try {
      await run(host(), this.id);
      this.problem = null;
      await this.refresh();
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    }
  };

  show = async (panel: OrderPanel) => {
    this.problem = null;
    this.finish = null;
    this.panel = panel;
    if (panel !== 'finish' || this.id === null) return;
    try {
      this.finish = await host().finishCheck(this.id);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  };

  look = (photoId: string) => {
    this.problem = null;
    this.photoId = photoId;
    this.panel = 'look';
  };

  /** Opens the photo sheet on files pasted or dropped; the answer says whether there were any. */
  bring = (files: Iterable<File>): boolean => {
    this.#brought = [...files];
    if (this.#brought.length === 0 || this.panel !== null || !this.can('work')) return false;
    void this.show('photo');
    return true;
  };

  takeFiles = (): File[] => {
    const files = this.#brought;
    this.#brought = [];
    return files;
  };

  can = (action: string): boolean => this.order?.actions.includes(action) ?? false;

  get isLabourRunning(): boolean {
    return typeof this.order?.row.labour_since === 'number';
  }

  toggleLabour = () =>
    this.act((desk, id) => (this.isLabourRunning ? desk.stopLabour(id) : desk.startLabour(id)));
}
