// What was typed and the newest answer to it; answers to older text are thrown away.
import type { ProblemView, SearchView } from '../generated/bindings';
import { host, problemOf } from '../host';

/** Something that can be opened. */
export type Hit = { kind: 'order' | 'asset'; id: string };

/** Most orders and most assets shown. */
export const SHOWN = 12;

export class SearchStore {
  query = $state('');
  answer: SearchView | null = $state(null);
  problem: ProblemView | null = $state(null);
  active = $state(0);
  /** What the answer shows, in the order of the arrow keys. */
  readonly hits = $derived.by((): Hit[] => {
    const orders = this.answer?.orders.slice(0, SHOWN) ?? [];
    const assets = this.answer?.assets.slice(0, SHOWN) ?? [];
    return [
      ...orders.map((order): Hit => ({ kind: 'order', id: order.id })),
      ...assets.map((asset): Hit => ({ kind: 'asset', id: asset.id })),
    ];
  });

  ask = async (query: string) => {
    this.query = query;
    this.active = 0;
    if (query.trim() === '') {
      this.answer = null;
      this.problem = null;
      return;
    }
    await this.#find();
  };

  /** Looks again for the same words, because something on this laptop changed. */
  again = async () => {
    if (this.query.trim() !== '') await this.#find();
  };

  async #find() {
    const wanted = this.query.trim();
    try {
      const answer = await host().search(wanted);
      if (answer.query !== this.query.trim()) return;
      this.answer = answer;
      this.problem = null;
      this.active = Math.max(0, Math.min(this.hits.length - 1, this.active));
    } catch (thrown) {
      if (wanted === this.query.trim()) this.problem = problemOf(thrown);
    }
  }

  clear = () => {
    this.query = '';
    this.problem = null;
    this.answer = null;
    this.active = 0;
  };

  move = (by: number) => {
    this.active = Math.max(0, Math.min(this.hits.length - 1, this.active + by));
  };
}
