// The list of changes this laptop has not sent, over all orders.
import type { ProblemView, UnsentView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class UnsentStore {
  rows: UnsentView[] | null = $state(null);
  problem: ProblemView | null = $state(null);

  refresh = async () => {
    try {
      this.rows = await host().unsent();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  };
}
