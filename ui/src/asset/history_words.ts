// Figures of a history in words: amounts short, shares, days, and which lines a figure counts.
import type { AssetHistoryView, BadActorView, ModeCountView, SelectionInput } from '../generated/bindings';
import { calendarDay, count } from '../shared/format';
import { t } from '../shared/translate';

/** Something a page can open: the lines a figure was counted from. */
export type Opened = { title: string; selection: SelectionInput };
/** What stands over the page. */
export type Panel = ({ kind: 'list' } & Opened) | { kind: 'formula'; title: string; text: string };

const SHORT_FROM = 10_000;

/** An amount without its minor units: `5,128,534`. */
export function whole(cost: string | null): string {
  return cost === null ? '' : count(Math.round(Number(cost)));
}

/** An amount for a table: thousands from ten thousand on, `5,129k`. */
export function short(cost: string | null): string {
  if (cost === null) return '';
  const value = Number(cost);
  return Math.abs(value) < SHORT_FROM ? whole(cost) : `${count(Math.round(value / 1000))}k`;
}

/** An amount, or the word for none. */
export function costOf(cost: string | null): string {
  return cost === null ? t('history-no-cost') : whole(cost);
}

/** The types that repair failures, as the source calls them. */
export function correctiveKinds(view: AssetHistoryView): string {
  const kinds = view.types.filter((type) => type.is_corrective).map((type) => type.kind);
  return kinds.join(', ');
}

export function correctiveLines(view: AssetHistoryView): number {
  const lines = view.types.filter((type) => type.is_corrective).map((type) => type.lines);
  return lines.reduce((sum, more) => sum + more, 0);
}

/** First and last day, and which years are not whole. */
export function span(view: AssetHistoryView): string {
  const parts = view.years.filter((year) => year.is_part).map((year) => String(year.year));
  const words = t('history-span', { first: calendarDay(view.first), last: calendarDay(view.last) });
  if (parts.length === 0) return words;
  const years = parts.join(', ');
  return `${words}; ${t('history-part-years', { count: parts.length, years })}`;
}

export function actorName(actor: BadActorView): string {
  return actor.kind === 'unnamed' ? t('history-unnamed') : actor.name;
}

export function modeName(mode: ModeCountView): string {
  if (mode.together > 0) return t('history-modes-others', { count: mode.together });
  return mode.mode ?? t('history-mode-none');
}

/** What the trend of failures says. */
export function trendWords(trend: number): string {
  const shown = Number(trend.toFixed(2));
  if (shown > 1) return t('history-trend-closer');
  return shown < 1 ? t('history-trend-apart') : t('history-trend-steady');
}

/** The year in which failures came closest together. */
export function worstYear(view: AssetHistoryView): number | null {
  const years = (view.gaps?.years ?? []).filter((year) => year.failures > 0);
  const sorted = years.sort((a, b) => a.days / a.failures - b.days / b.failures);
  return sorted[0]?.year ?? null;
}
