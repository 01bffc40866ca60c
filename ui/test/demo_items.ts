// Items of the made-up world, and an answer of the search that found nothing.
import type { ItemRowView, ItemView, SearchView, StockBadgeView } from '../src/generated/bindings';
import { demoRow } from './demo_world';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function demoStock(over: Partial<StockBadgeView> = {}): StockBadgeView {
  return {
    kind: 'in_bin',
    amount: '5',
    unit: 'pc',
    bin: 'C-12',
    bins: 1,
    as_of: Date.now() - 4 * MINUTE_MS,
    certainty: 'fresh',
    ...over,
  };
}

/** What no figure has come of. */
export const unchecked = demoStock({
  kind: 'never_checked',
  amount: null,
  bin: null,
  bins: 0,
  as_of: null,
  certainty: 'old',
});

export function demoItem(over: Partial<ItemRowView> = {}): ItemRowView {
  return {
    id: 'i1',
    number: '1001-6310',
    description: 'Bearing 6310-2Z/C3',
    made_by: 'Nordlager 6310.2ZC3.NL',
    is_inactive: false,
    stock: demoStock({ amount: '4', bin: null, bins: 2 }),
    ...over,
  };
}

export function demoItems(): ItemRowView[] {
  const old = demoStock({ amount: '2', bin: 'D-04', as_of: Date.now() - 2 * DAY_MS, certainty: 'old' });
  const none = demoStock({ kind: 'none_found', amount: '0', bin: null, bins: 0 });
  return [
    demoItem(),
    demoItem({ id: 'i2', number: '1001-6311', description: 'Bearing 6310-2RS1/C3', stock: demoStock() }),
    demoItem({ id: 'i3', number: '1001-6312', description: 'Bearing 6310/C3, open', stock: none }),
    demoItem({ id: 'i4', number: '1009-3310', description: 'Bearing cover 6310', stock: old }),
    demoItem({ id: 'i5', number: '1012-0098', description: 'Mounting sleeve 6310', stock: unchecked }),
  ];
}

export function demoItemView(over: Partial<ItemView> = {}): ItemView {
  const as_of = Date.now() - 4 * MINUTE_MS;
  const bin = { storeroom: '01', soft_reserved: '0', unit: 'pc', as_of, certainty: 'fresh' as const };
  return {
    row: demoItem(),
    manufacturer: 'Nordlager',
    part_number: '6310.2ZC3.NL',
    unit: 'pc',
    unit_code: 'H87',
    class: 'Deep groove ball bearing',
    criticality: 'vital',
    abc: 'A',
    lead_time_days: 9,
    bins: [
      { ...bin, bin: 'C-11', on_hand: '3', hard_reserved: '2', reorder_point: '4' },
      {
        ...bin,
        bin: 'C-09',
        on_hand: '1',
        hard_reserved: '0',
        reorder_point: null,
        as_of: as_of - 2 * DAY_MS,
        certainty: 'old',
      },
    ],
    substitutes: demoItems().slice(1, 2),
    substitutes_elsewhere: 1,
    superseded_by: null,
    open_orders: [{ order: demoRow({ labour_since: null }), planned: '2', used: '0' }],
    past_orders: [
      {
        order: demoRow({ id: 'o9', number: '4181990', title: 'Drive end bearing', status: 'CLOSE' }),
        planned: null,
        used: '1',
      },
    ],
    price: null,
    holds: 'halls 1 to 3 and your crew',
    ...over,
  };
}

/** An answer that found nothing. */
export function demoAnswer(query: string): SearchView {
  const nothing = { count: 0, is_more: false };
  return {
    query,
    is_superseded: false,
    orders: [],
    orders_total: nothing,
    assets: [],
    assets_total: nothing,
    items: [],
    items_total: nothing,
    meant: null,
    holds: 'halls 1 to 3 and your crew',
  };
}
