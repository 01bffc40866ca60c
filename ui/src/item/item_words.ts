// What is said of an item and of its stock, in words; what no system has said is said to be missing.
import type { Certainty, ItemView, StockBadgeView } from '../generated/bindings';
import { decimal, moment, quantity } from '../shared/format';
import type { Glyph } from '../shared/Icon.svelte';
import { t } from '../shared/translate';

export type Fact = { label: string; value: string | null; isNumber?: boolean };
export type Badge = { tone: 'ok' | 'bad' | 'plain' | 'stale'; glyph: Glyph; text: string };

const CRITICALITY: Record<string, string> = {
  vital: 'item-criticality-vital',
  essential: 'item-criticality-essential',
  desirable: 'item-criticality-desirable',
};
const ABC: Record<string, string> = { A: 'item-abc-a', B: 'item-abc-b', C: 'item-abc-c' };

/** Never green past its limit, dashed when old, and never zero when unknown. */
export function stockBadge(stock: StockBadgeView): Badge {
  if (stock.kind === 'never_checked' || stock.amount === null)
    return { tone: 'stale', glyph: 'question', text: t('item-stock-none') };
  const amount = quantity(stock.amount, stock.unit);
  const what =
    stock.kind === 'none_found'
      ? t('stock-none')
      : stock.bin !== null
        ? t('stock-in-bin', { amount, bin: stock.bin })
        : t('stock-in-bins', { amount, count: stock.bins });
  if (stock.certainty !== 'fresh')
    return {
      tone: stock.certainty === 'old' ? 'stale' : 'plain',
      glyph: 'clock',
      text: t('stock-aged', { what, time: moment(stock.as_of) }),
    };
  return stock.kind === 'none_found'
    ? { tone: 'bad', glyph: 'cross', text: what }
    : { tone: 'ok', glyph: 'pin', text: what };
}

export function ageTone(certainty: Certainty): 'plain' | 'stale' {
  return certainty === 'old' ? 'stale' : 'plain';
}

export function criticalityWord(criticality: string | null): string | null {
  const id = criticality === null ? undefined : CRITICALITY[criticality];
  return id ? t(id) : criticality;
}

export function itemFacts(item: ItemView): Fact[] {
  const abc = item.abc === null ? undefined : ABC[item.abc];
  const facts: Fact[] = [
    { label: t('item-number'), value: item.row.number, isNumber: true },
    { label: t('item-manufacturer'), value: item.manufacturer },
    { label: t('item-part-number'), value: item.part_number, isNumber: true },
    {
      label: t('item-unit'),
      value: item.unit === item.unit_code ? item.unit : `${item.unit} (${item.unit_code})`,
    },
    { label: t('item-class'), value: item.class },
    { label: t('item-criticality'), value: criticalityWord(item.criticality) },
    { label: t('item-abc'), value: abc ? t(abc) : item.abc },
    {
      label: t('item-lead-time'),
      value: item.lead_time_days === null ? null : t('item-days', { count: item.lead_time_days }),
    },
  ];
  if (item.price) {
    const { amount, currency, per, unit } = item.price;
    const value = t('item-price-per', { amount: decimal(amount), currency, per: quantity(per, unit) });
    facts.push({ label: t('item-price'), value });
  }
  return facts;
}
