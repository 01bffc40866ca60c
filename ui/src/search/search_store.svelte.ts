// What was typed and the newest answer to it; answers to older text are thrown away.
import type { ProblemView, SearchView, TotalView } from '../generated/bindings';
import { host, problemOf } from '../host';

/** Something that can be opened. */
export type Hit = { kind: 'order' | 'asset' | 'item'; id: string } | Every;

/** Everything found of a kind, for the words in `id`. */
export type Every = { kind: 'every_order' | 'every_item'; id: string };

/** What an answer shows, in the order of the arrow keys. */
export function hitsOf(answer: SearchView): Hit[] {
  const { orders, assets, items, query } = answer;
  const every = (kind: Every['kind'], shown: number, total: TotalView): Hit[] =>
    total.is_more || total.count > shown ? [{ kind, id: query }] : [];
  return [
    ...orders.map((order): Hit => ({ kind: 'order', id: order.id })),
    ...every('every_order', orders.length, answer.orders_total),
    ...assets.map((asset): Hit => ({ kind: 'asset', id: asset.id })),
    ...items.map((item): Hit => ({ kind: 'item', id: item.id })),
    ...every('every_item', items.length, answer.items_total),
  ];
}

export class SearchStore {
  query = $state('');
  answer: SearchView | null = $state(null);
  problem: ProblemView | null = $state(null);
  active = $state(0);
  /** What the answer shows, in the order of the arrow keys. */
  readonly hits = $derived(this.answer ? hitsOf(this.answer) : []);

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
      // Given up for another one that was not typed after it after all.
      if (answer.is_superseded) return void (await this.#find());
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
