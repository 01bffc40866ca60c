// What was typed and the newest answer to it; answers to older text are thrown away.
import type { ProblemView, SearchView } from '../generated/bindings';
import { host, problemOf } from '../host';

export class SearchStore {
  query = $state('');
  answer: SearchView | null = $state(null);
  problem: ProblemView | null = $state(null);
  active = $state(0);

  ask = async (query: string) => {
    this.query = query;
    this.active = 0;
    const wanted = query.trim();
    if (wanted === '') {
      this.answer = null;
      this.problem = null;
      return;
    }
    try {
      const answer = await host().search(wanted);
      if (answer.query !== this.query.trim()) return;
      this.answer = answer;
      this.problem = null;
    } catch (thrown) {
      if (wanted === this.query.trim()) this.problem = problemOf(thrown);
    }
  };

  clear = () => {
    this.query = '';
    this.problem = null;
    this.answer = null;
    this.active = 0;
  };

  move = (by: number) => {
    const last = (this.answer?.orders.length ?? 0) - 1;
    this.active = Math.max(0, Math.min(last, this.active + by));
  };
}
