// What waits for somebody else, and what the CMMS removed, as a person reads it.
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { DemoHost } from './demo_host';
import { demoShell } from './demo_world';
import { demoRaced } from './demo_raced';
import { openOrder, start } from './screens';

async function raced(): Promise<DemoHost> {
  const host = new DemoHost(demoShell());
  host.orderPages.set('o1', demoRaced());
  host.waiting = demoRaced().unsent.slice(0, 2);
  return host;
}

const has = /Needs attention.* no longer INPRG\..* A\. Brandt has it, due /s;

test('the order and the list say in the same words who has a race and until when', async () => {
  await openOrder(await raced());
  // At the head of the order, and in the card of what waits.
  await expect.poll(() => page.getByText(/A\. Brandt has it, due /).elements().length).toBe(2);
  const card = page.getByRole('region', { name: 'Needs attention' });
  await expect.element(card).toHaveTextContent('Two claims at once: COMP');
  await expect.element(card).toHaveTextContent(has);
  await page.getByRole('button', { name: /^Sync, / }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'Two claims at once: COMP' });
  await expect.element(row).toHaveTextContent(has);
});

test('words the hub keeps aside are read whole and copied', async () => {
  const host = await raced();
  await start(host);
  await page.getByRole('button', { name: /^Sync, / }).click();
  await page.getByRole('button', { name: 'Read it whole' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'Note, as J. Kowalska wrote it' });
  await expect.element(sheet).toHaveTextContent(/bolts on the floor.*after the first hour\./s);
  await sheet.getByRole('button', { name: 'Copy' }).click();
  // A browser that closes the clipboard to us has the words selected instead.
  const told = () =>
    sheet.getByText('Copied').elements().length > 0 || `${getSelection()}`.includes('Oil is dark');
  await expect.poll(told).toBe(true);
});

test('what was set aside stays readable once somebody has decided', async () => {
  await openOrder(await raced());
  const settled = page.getByRole('region', { name: 'Settled' });
  await expect
    .element(settled)
    .toHaveTextContent('R. Sander decided against it: Entered in the follow-up order');
  await expect.element(settled.getByRole('button', { name: 'Read it whole' })).toBeVisible();
});

test('steps the CMMS removed stand apart with their results', async () => {
  await openOrder(await raced());
  const removed = page.getByRole('region', { name: 'Removed by the CMMS' });
  await expect
    .element(removed)
    .toHaveTextContent(/Measure coupling gap.*0\.03 mm.*0\.07 mm.*Outside the limit/s);
  expect(removed.getByRole('checkbox').elements()).toEqual([]);
});
