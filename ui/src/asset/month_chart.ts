// Where the bars of the months stand: orders upwards, costs downwards, years between them.
import type { AssetHistoryView } from '../generated/bindings';

export const LEFT = 44;
export const TOP = 6;
export const AXIS = 72;
export const COST_AXIS = 112;
export const BOTTOM = 172;
export const MARK = 188;
export const HEIGHT = 200;

export type Mark = { value: number; y: number };
export type Year = { year: number; x: number; width: number; orders: number; cost: string | null };
export type Dearest = {
  number: number;
  id: string;
  title: string;
  cost: string | null;
  x: number;
  y: number;
};
export type MonthChart = {
  corrective: string;
  others: string;
  cost: string;
  orderMarks: Mark[];
  costMarks: Mark[];
  years: Year[];
  dearest: Dearest[];
  months: { year: number; month: number; x: number; width: number }[];
};

/** Two or three round values up to a largest one. */
export function roundMarks(most: number): number[] {
  if (most <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(most));
  const step =
    [0.2, 0.5, 1, 2, 5].map((part) => part * power).find((part) => most / part <= 3.5) ?? power * 5;
  const marks: number[] = [];
  for (let value = step; value <= most; value += step) marks.push(value);
  return marks;
}

const bar = (x: number, y: number, width: number, height: number) =>
  height > 0
    ? `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`
    : '';

export function monthChart(view: AssetHistoryView, width: number): MonthChart {
  const firstYear = view.years[0]?.year ?? 0;
  const slots = Math.max(1, view.years.length * 12);
  const slot = (width - LEFT) / slots;
  const barWidth = Math.max(1, slot * 0.8);
  const at = (year: number, month: number) => LEFT + ((year - firstYear) * 12 + month - 1) * slot;
  const mostOrders = Math.max(1, ...view.months.map((month) => month.lines));
  const costs = view.months.map((month) => Number(month.cost ?? 0));
  const mostCost = Math.max(0, ...costs);
  const up = (orders: number) => (orders / mostOrders) * (AXIS - TOP - 2);
  const down = (cost: number) => (mostCost > 0 ? (Math.max(0, cost) / mostCost) * (BOTTOM - COST_AXIS) : 0);
  const chart: MonthChart = {
    corrective: '',
    others: '',
    cost: '',
    orderMarks: roundMarks(mostOrders).map((value) => ({ value, y: AXIS - up(value) })),
    costMarks: roundMarks(mostCost).map((value) => ({ value, y: COST_AXIS + down(value) })),
    years: view.years.map((year) => ({
      year: year.year,
      x: at(year.year, 1),
      width: slot * 12,
      orders: year.all.lines,
      cost: year.all.cost,
    })),
    dearest: [],
    months: [],
  };
  for (const [place, month] of view.months.entries()) {
    const x = at(month.year, month.month);
    const solid = up(month.corrective);
    const outlined = up(month.lines - month.corrective);
    chart.corrective += bar(x, AXIS - solid, barWidth, solid);
    chart.others += bar(x + 0.5, AXIS - solid - outlined + 0.5, Math.max(0.5, barWidth - 1), outlined - 1);
    chart.cost += bar(x, COST_AXIS, barWidth, down(costs[place] ?? 0));
    chart.months.push({ year: month.year, month: month.month, x, width: slot });
  }
  chart.dearest = dearest(view, { at, barWidth, down, width });
  return chart;
}

type Scale = {
  at: (year: number, month: number) => number;
  barWidth: number;
  down: (cost: number) => number;
  width: number;
};

/** The dearest orders under their months; those of near months stand beside each other. */
function dearest(view: AssetHistoryView, scale: Scale): Dearest[] {
  let before = -Infinity;
  return view.dearest.map((row, place) => {
    const [year = 0, month = 1] = row.day.split('-').map(Number);
    const of = view.months.find((one) => one.year === year && one.month === month);
    const x = Math.max(scale.at(year, month) + scale.barWidth / 2, before + 20);
    before = x;
    const y = COST_AXIS + scale.down(Number(of?.cost ?? 0));
    return {
      number: place + 1,
      id: row.id,
      title: row.title,
      cost: row.cost,
      x: Math.min(x, scale.width - 10),
      y,
    };
  });
}
