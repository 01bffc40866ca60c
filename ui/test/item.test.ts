// Parts: the list that comes page by page, the page of one, and what is said of stock.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { stockBadge } from '../src/item/item_words';
import { problemOf } from '../src/host';
import { speakEnglish } from '../src/locale/english';
import { PagedRows, type Asked } from '../src/shared/paged_rows.svelte';
import { ALONE_MS } from '../src/shared/scan_guard';
import { DemoHost } from './demo_host';
import { demoItem, demoItemView, demoStock, unchecked } from './demo_items';
import { start } from './screens';
import { demoShell } from './demo_world';

async function press(key: string): Promise<void> {
  await userEvent.keyboard(key);
  await new Promise((settle) => setTimeout(settle, 2 * ALONE_MS));
}

async function parts(host = new DemoHost(demoShell())): Promise<DemoHost> {
  await start(host);
  await page.getByRole('button', { name: 'Parts' }).click();
  await expect.element(page.getByRole('option', { name: /6310-2Z/ })).toBeVisible();
  return host;
}

test('stock that was never checked is not drawn as none', () => {
  speakEnglish();
  expect(stockBadge(unchecked).text).toBe('Never checked on this laptop');
  expect(stockBadge(unchecked).tone).toBe('stale');
});

test('a figure past its limit is never green and has its time', () => {
  speakEnglish();
  const badge = (over: Parameters<typeof demoStock>[0]) => stockBadge(demoStock(over));
  expect(badge({}).text).toBe('5 pc in bin C-12');
  expect(badge({}).tone).toBe('ok');
  expect(badge({ certainty: 'past' }).tone).toBe('plain');
  expect(badge({ certainty: 'past' }).text).toMatch(/as of \d\d:\d\d|as of \w+ \d+/);
  expect(badge({ certainty: 'old' }).tone).toBe('stale');
  const none = { kind: 'none_found' as const, amount: '0', bin: null };
  expect(badge(none)).toMatchObject({ tone: 'bad', text: 'None found' });
  expect(badge({ ...none, certainty: 'old' }).tone).toBe('stale');
});

test('a part opens from the list with its bins, substitutes and orders', async () => {
  await parts();
  await page.getByRole('option', { name: /6310-2Z/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Bearing 6310-2Z/C3' })).toBeVisible();
  const stock = page.getByRole('region', { name: 'Stock' });
  await expect.element(stock.getByRole('cell', { name: 'C-11' })).toBeVisible();
  await expect.element(stock.getByText('Not recorded')).toBeInTheDocument();
  await expect.element(page.getByText('1 more is not on this laptop')).toBeVisible();
  expect(page.getByText('Price', { exact: true }).elements()).toEqual([]);
  await page.getByRole('button', { name: /Bearing 6310-2RS1/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Bearing 6310-2RS1/C3' })).toBeVisible();
  await page.getByRole('button', { name: /Replace mechanical seal/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
});

test('a price is shown when the desk gives one', async () => {
  const host = new DemoHost(demoShell());
  const price = { amount: '74.00', currency: 'EUR', per: '1', unit: 'pc', as_of: Date.now() };
  host.item = (id) => Promise.resolve(demoItemView({ row: demoItem({ id }), price }));
  await parts(host);
  await page.getByRole('option', { name: /6310-2Z/ }).click();
  await expect.element(page.getByText('74.00 EUR for 1 pc')).toBeVisible();
});

test('G and P go to the parts, J and Enter open one, Escape comes back', async () => {
  await start(new DemoHost(demoShell()));
  await press('g');
  await press('p');
  await expect.element(page.getByRole('option', { name: /6310-2Z/ })).toBeVisible();
  await press('j');
  await press('j');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Bearing 6310-2RS1/C3' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Bearing 6310-2RS1/C3' })).not.toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByTestId('order-row').first()).toBeVisible();
});

test('nothing found names what this laptop holds', async () => {
  await parts();
  await page.getByRole('textbox', { name: 'Number or words of a part' }).fill('x1');
  await expect.element(page.getByText('This laptop holds halls 1 to 3', { exact: false })).toBeVisible();
});

test('a long list shows few rows and reads on while it is scrolled', async () => {
  const host = new DemoHost(demoShell());
  host.itemsFound = Array.from({ length: 1200 }, (_, at) =>
    demoItem({
      id: `n${at}`,
      number: `N-${at}`,
      description: at === 0 ? 'Bearing 6310-2Z/C3' : `Bolt ${at}`,
    }),
  );
  await parts(host);
  expect(page.getByTestId('item-row').elements().length).toBeLessThanOrEqual(30);
  await expect.element(page.getByText('more than 1,000')).toBeVisible();
  const list = page.getByRole('listbox', { name: 'Every part on this laptop' });
  for (let round = 0; round < 8; round += 1) {
    list.element().scrollTop = list.element().scrollHeight;
    await new Promise((settle) => setTimeout(settle, 60));
  }
  expect(host.calls.filter((call) => call.startsWith('items ')).length).toBeGreaterThan(3);
  expect(page.getByTestId('item-row').elements().length).toBeLessThanOrEqual(30);
});

/** A list of numbered rows that counts what it holds. */
function numbered(total: number, rows: number) {
  const asked: (string | null)[] = [];
  const ask = async ({ after }: { after: string | null }): Promise<Asked<{ id: string }>> => {
    asked.push(after);
    const from = after === null ? 0 : Number(after);
    const end = Math.min(total, from + rows);
    return {
      rows: Array.from({ length: end - from }, (_, at) => ({ id: String(from + at) })),
      next: end < total ? String(end) : null,
      total: { count: total, is_more: false },
      meant: null,
      holds: '',
    };
  };
  return { list: new PagedRows(ask, problemOf), asked };
}

test('pages far from what is in view are let go and read again by their key', async () => {
  const { list, asked } = numbered(1000, 50);
  await list.begin();
  for (let row = 0; row < 1000; row += 25) await list.look(row, Math.min(1000, row + 25));
  expect(list.length).toBe(1000);
  expect(list.rowAt(999)?.id).toBe('999');
  expect(list.rowAt(0)).toBeNull();
  const held = Array.from({ length: 1000 }, (_, at) => list.rowAt(at)).filter((row) => row !== null);
  expect(held.length).toBeLessThanOrEqual(200);
  asked.length = 0;
  await list.look(0, 25);
  expect(asked).toEqual([null]);
  expect(list.rowAt(3)?.id).toBe('3');
});

test('an answer to words that were typed over is thrown away', async () => {
  const answers: (() => void)[] = [];
  const list = new PagedRows<{ id: string }>(
    ({ query }) =>
      new Promise((settle) =>
        answers.push(() =>
          settle({
            rows: [{ id: query }],
            next: null,
            total: { count: 1, is_more: false },
            meant: null,
            holds: '',
          }),
        ),
      ),
    problemOf,
  );
  const older = list.begin('be');
  const newer = list.begin('bear');
  answers[1]?.();
  await newer;
  answers[0]?.();
  await older;
  expect(list.rowAt(0)?.id).toBe('bear');
  expect(list.length).toBe(1);
});
