// The search: answers to older text are thrown away, faults are said, and held keys decide nothing.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SearchView } from '../src/generated/bindings';
import { installHost, Problem } from '../src/host';
import { SearchStore } from '../src/search/search_store.svelte';
import { ALONE_MS } from '../src/shared/scan_guard';
import { DemoHost } from './demo_host';
import { demoShell } from './demo_world';
import { demoAnswer } from './demo_items';
import { openOrder, start } from './screens';

/** One key of a person: the next one comes after the guard has let this one through. */
async function press(key: string): Promise<void> {
  await userEvent.keyboard(key);
  await new Promise((settle) => setTimeout(settle, 2 * ALONE_MS));
}

/** A host whose answers arrive when the test says so. */
function slowHost() {
  const host = new DemoHost(demoShell());
  const waiting = new Map<string, { answer(): void; refuse(): void }>();
  host.search = (query) =>
    new Promise<SearchView>((settle, refuse) =>
      waiting.set(query, {
        answer: () => settle(demoAnswer(query)),
        refuse: () => refuse(new Problem({ code: 'text.too_long', arguments: [] })),
      }),
    );
  installHost(host);
  return waiting;
}

test('a late answer to older text is thrown away', async () => {
  const waiting = slowHost();
  const store = new SearchStore();
  const older = store.ask('pu');
  const newer = store.ask('pump');
  waiting.get('pump')?.answer();
  await newer;
  expect(store.answer?.query).toBe('pump');
  waiting.get('pu')?.answer();
  await older;
  expect(store.answer?.query).toBe('pump');
});

test('a late fault of older text is not shown', async () => {
  const waiting = slowHost();
  const store = new SearchStore();
  const older = store.ask('pu');
  const newer = store.ask('pump');
  waiting.get('pump')?.answer();
  waiting.get('pu')?.refuse();
  await Promise.all([older, newer]);
  expect(store.problem).toBeNull();
});

test('an answer after the field was cleared shows nothing', async () => {
  const waiting = slowHost();
  const store = new SearchStore();
  const asked = store.ask('pump');
  store.clear();
  waiting.get('pump')?.answer();
  await asked;
  expect(store.answer).toBeNull();
});

test('a fault of the search is said under the field', async () => {
  const host = new DemoHost(demoShell());
  host.search = () => Promise.reject(new Problem({ code: 'replica.damaged', arguments: [] }));
  await start(host);
  await page.getByRole('combobox').fill('pump');
  await expect.element(page.getByText('The data on this laptop is damaged.', { exact: false })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect
    .element(page.getByText('The data on this laptop is damaged.', { exact: false }))
    .not.toBeInTheDocument();
});

test('G and S go to the unsent list, Escape comes back', async () => {
  const host = new DemoHost(demoShell());
  await openOrder(host);
  await press('g');
  await press('s');
  await expect.element(page.getByRole('heading', { name: /^Changes not sent/ })).toBeVisible();
  await press('n');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
  expect(page.getByRole('dialog').elements()).toEqual([]);
  await press('g');
  await press('s');
  await press('g');
  await press('m');
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
});

test('control and Enter held down opens Finish and does not confirm it', async () => {
  const host = new DemoHost(demoShell());
  await openOrder(host);
  const send = (repeat: boolean) =>
    window.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, repeat, bubbles: true }),
    );
  send(false);
  await expect.element(page.getByText('Parts not taken')).toBeVisible();
  send(true);
  expect(host.calls).not.toContain('finishOrder');
  send(false);
  await expect.poll(() => host.calls).toContain('finishOrder');
});

test('an asset found opens with its orders, and one of them opens from there', async () => {
  const host = new DemoHost(demoShell());
  await start(host);
  await page.getByRole('combobox').fill('pump');
  await expect.element(page.getByRole('option', { name: /P-204A Feedwater pump/ })).toBeVisible();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Feedwater pump' })).toBeVisible();
  expect(host.calls).toContain('asset a1');
  await expect.element(page.getByText('Not recorded').first()).toBeVisible();
  await page.getByRole('button', { name: /Replace mechanical seal/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
});

test('an open search looks again when something changed', async () => {
  const host = new DemoHost(demoShell());
  await start(host);
  await page.getByRole('combobox').fill('pump');
  const found = page.getByRole('listbox', { name: 'Search results' });
  const gearbox = found.getByRole('option', { name: /Gearbox oil sample/ });
  await expect.element(gearbox).toBeVisible();
  host.next = [];
  host.emit({ shell: false, orders: ['o2'] });
  await expect.element(gearbox).not.toBeInTheDocument();
});

test('a search that was given up is asked again when it is still wanted', async () => {
  const host = new DemoHost(demoShell());
  let times = 0;
  host.search = (query) => Promise.resolve({ ...demoAnswer(query), is_superseded: times++ === 0 });
  installHost(host);
  const store = new SearchStore();
  await store.ask('pump');
  expect(times).toBe(2);
  expect(store.answer?.is_superseded).toBe(false);
});

test('what was found instead is said', async () => {
  const host = new DemoHost(demoShell());
  host.search = (query) =>
    Promise.resolve({
      ...demoAnswer(query),
      meant: 'bearing',
      items: host.itemsFound,
      items_total: { count: 5, is_more: false },
    });
  await start(host);
  await page.getByRole('combobox').fill('baering');
  await expect.element(page.getByText('This is for “bearing”.', { exact: false })).toBeVisible();
});

test('every part found opens as a list that is narrowed to the words', async () => {
  const host = new DemoHost(demoShell());
  await start(host);
  await page.getByRole('combobox').fill('6310');
  await page.getByRole('option', { name: 'Show every part found' }).click();
  await expect.element(page.getByText('Found for 6310')).toBeVisible();
  expect(host.calls).toContain('items 6310');
});
