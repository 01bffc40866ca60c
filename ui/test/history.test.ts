// The history of an asset: its tabs, what is counted once, and the lines behind a figure.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AssetHistoryView } from '../src/generated/bindings';
import { correctiveLines, short, span, trendWords, worstYear } from '../src/asset/history_words';
import { monthChart, roundMarks } from '../src/asset/month_chart';
import { speakEnglish } from '../src/locale/english';
import { demoHistory } from './demo_history';
import { DemoHost } from './demo_host';
import { demoShell } from './demo_world';
import { openExcavator, openOrder, start } from './screens';

const planner = () => new DemoHost(demoShell({ theme: 'day', density: 'desk' }));

/** A letter, once the guard has seen that no scanner typed it. */
async function press(letter: string) {
  await userEvent.keyboard(letter);
  await new Promise((settle) => setTimeout(settle, 150));
}

test('an asset with history alone opens on its reliability', async () => {
  await openExcavator(planner());
  await expect
    .element(page.getByRole('button', { name: 'Reliability' }))
    .toHaveAttribute('aria-pressed', 'true');
  const tabs = page.getByRole('group', { name: 'Parts of this page' });
  await tabs.getByRole('button', { name: 'Parts' }).click();
  await expect.element(page.getByRole('region', { name: 'Spare parts replaced' })).toBeVisible();
  await tabs.getByRole('button', { name: 'Now' }).click();
  await expect.element(page.getByText('EX-7-EN')).toBeVisible();
});

test('O counts repeated lines once and then all again', async () => {
  const host = planner();
  await openExcavator(host);
  await press('o');
  await expect.poll(() => host.calls.at(-1)).toBe('assetHistory a7 once');
  await expect.element(page.getByRole('button', { name: /Count all lines/ })).toBeVisible();
  await press('o');
  await expect.poll(() => host.calls.at(-1)).toBe('assetHistory a7');
});

test('a figure opens how it is counted and the lines it was counted from', async () => {
  const host = planner();
  await openExcavator(host);
  await page.getByRole('button', { name: /^How this is counted: Hydraulics/ }).click();
  await expect.element(page.getByText('so this is no MTBF', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Leak', exact: true }).click();
  expect(host.calls).toContain('historyPage mode');
  const rows = page.getByRole('list', { name: 'Leak' }).getByRole('listitem');
  await expect.poll(() => rows.elements().length).toBe(3);
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await expect.poll(() => rows.elements().length).toBe(6);
  await expect.element(page.getByRole('button', { name: 'Show older ones' })).not.toBeInTheDocument();
});

test('days between failures are called days of the calendar and never MTBF', async () => {
  await openExcavator(planner());
  await expect.element(page.getByText('calendar days, not MTBF', { exact: false })).toBeVisible();
});

test('who may not see costs is told so and finds none', async () => {
  const host = planner();
  host.excavator = demoHistory({ costs: 'not_yours' });
  await openExcavator(host);
  await expect.element(page.getByText('for planners and supervisors', { exact: false })).toBeVisible();
  expect(page.getByRole('columnheader', { name: 'Cost' }).elements()).toEqual([]);
  expect(page.getByText('Count them once').elements()).toEqual([]);
});

test('what the history does not hold is said', async () => {
  await openExcavator(planner());
  for (const words of ['Status not in the file', 'Never read here', 'Line 812: the cost is not a number']) {
    await expect.element(page.getByText(words, { exact: false })).toBeVisible();
  }
});

test('Escape goes from the asset to the tree and from the tree to the work', async () => {
  const host = planner();
  await openOrder(host);
  await press('g');
  await press('a');
  await page.getByRole('button', { name: 'CR-01 Workshop crane' }).click();
  await expect.element(page.getByRole('heading', { name: 'Feedwater pump' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Locations and assets' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
});

test('a level of the tree that is cut says so, and closes again', async () => {
  await start(planner());
  await page.getByRole('button', { name: 'Assets' }).click();
  await page.getByRole('button', { name: 'Open what is below 1200-H3 Hall 3' }).click();
  await expect.element(page.getByText('More than 200', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Close what is below 1200-H3 Hall 3' }).click();
  await expect.element(page.getByText('More than 200', { exact: false })).not.toBeInTheDocument();
});

test('amounts are short from ten thousand on', () => {
  speakEnglish();
  expect([short('9999.40'), short('10499'), short('5128534.49'), short('-12600'), short(null)]).toEqual([
    '9,999',
    '10k',
    '5,129k',
    '-13k',
    '',
  ]);
});

test('the words of a history follow its figures', () => {
  speakEnglish();
  const view = demoHistory();
  expect(correctiveLines(view)).toBe(931);
  expect(span(view)).toBe('3 May 2018 to 28 Sept 2025; 2018, 2025 are part years');
  expect(trendWords(1.28)).toContain('closer together');
  expect(trendWords(1.001)).toBe(', 1.00 is steady.');
  expect(trendWords(0.8)).toContain('further apart');
  const gaps = view.gaps && {
    ...view.gaps,
    years: [
      { year: 2020, failures: 10, days: 366 },
      { year: 2021, failures: 0, days: 365 },
      { year: 2022, failures: 5, days: 20 },
    ],
  };
  expect(worstYear({ ...view, gaps } satisfies AssetHistoryView)).toBe(2022);
});

test('marks of a chart are round and few', () => {
  expect([roundMarks(59), roundMarks(335_000), roundMarks(1), roundMarks(0)]).toEqual([
    [20, 40],
    [100_000, 200_000, 300_000],
    [0.5, 1],
    [],
  ]);
});

test('a month without costs has no bar downwards', () => {
  const view = demoHistory();
  const bare = { ...view, months: view.months.map((month) => ({ ...month, cost: null })) };
  expect(monthChart(bare, 900).cost).toBe('');
  expect(monthChart(view, 900).cost.split('z').length - 1).toBe(view.months.length);
});
