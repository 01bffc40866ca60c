// Exceptions: grouped by cause, decided with a confirmation and never by a scanner.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { age } from '../src/case/case_words';
import { Problem } from '../src/host';
import { speakEnglish } from '../src/locale/english';
import { ALONE_MS } from '../src/shared/scan_guard';
import { demoCases } from './demo_cases';
import { DemoHost } from './demo_host';
import { demoShell } from './demo_world';
import { start } from './screens';

const owner = () => new DemoHost(demoShell({ cases: 6 }));

async function press(key: string): Promise<void> {
  await userEvent.keyboard(key);
  await new Promise((settle) => setTimeout(settle, 2 * ALONE_MS));
}

async function openCases(host = owner()): Promise<DemoHost> {
  await start(host);
  await page.getByRole('button', { name: 'Exceptions, 6 open' }).click();
  await expect.element(page.getByRole('list', { name: 'Exceptions by cause' })).toBeVisible();
  return host;
}

async function openLabour(host = owner()): Promise<DemoHost> {
  await openCases(host);
  await page.getByRole('button', { name: /Labour 3:30, J\. Kowalska/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Labour 3:30, J. Kowalska' })).toBeVisible();
  return host;
}

test('whose roles have no exceptions does not see the page', async () => {
  const host = new DemoHost(demoShell({ cases: null }));
  await start(host);
  await expect.element(page.getByRole('button', { name: 'My work' })).toBeVisible();
  expect(page.getByRole('button', { name: /^Exceptions/ }).elements()).toEqual([]);
  await press('g');
  await press('e');
  expect(host.calls).not.toContain('cases');
});

test('G and E go to the exceptions, Escape closes one and then leaves', async () => {
  const host = owner();
  await start(host);
  await press('g');
  await press('e');
  await expect.element(page.getByRole('heading', { name: 'Exceptions', exact: true })).toBeVisible();
  await press('j');
  await expect.element(page.getByRole('heading', { name: 'Labour 3:30, J. Kowalska' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByText('Choose an exception')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('option').first()).toBeVisible();
});

test('a group says its cause, who has it and since when it is overdue, and closes', async () => {
  await openCases();
  const group = page.getByRole('button', { name: /period 2026-10 is not open/ });
  await expect.element(group).toHaveTextContent(/3 changes/);
  await expect.element(group).toHaveTextContent(/The integration owner/);
  await expect.element(group).toHaveTextContent(/Overdue since/);
  await group.click();
  await expect.element(page.getByRole('button', { name: /Labour 3:30/ })).not.toBeInTheDocument();
});

test('one owner alone is shown where it is asked for', async () => {
  await openCases();
  await page.getByRole('button', { name: 'The storekeeper 2' }).click();
  await expect.element(page.getByRole('button', { name: /6310/ })).toBeVisible();
  await expect.element(page.getByRole('button', { name: /Labour 3:30/ })).not.toBeInTheDocument();
});

test('R only opens the confirmation; a pointer sends again', async () => {
  const host = await openLabour();
  await press('r');
  await expect.element(page.getByRole('dialog', { name: 'Resend as is' })).toBeVisible();
  expect(host.calls.filter((call) => call.startsWith('decideCase'))).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Resend as is' }).click();
  await expect.poll(() => host.calls).toContain('decideCase c1 replay ');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('F sends everything of one cause again, each once', async () => {
  const host = await openLabour();
  await press('f');
  await expect.element(page.getByText(/3 changes are sent again/)).toBeVisible();
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  const made = () => host.calls.filter((call) => call.startsWith('decideCase'));
  await expect
    .poll(made)
    .toEqual(['decideCase c1 replay ', 'decideCase c2 replay ', 'decideCase c3 replay ']);
});

test('what is dropped needs a reason, and the refusal is said where it was asked', async () => {
  const host = await openLabour();
  host.decided = new Problem({ code: 'case.reason_missing', arguments: [] });
  await page.getByRole('button', { name: 'Drop' }).click();
  const sheet = page.getByRole('dialog', { name: 'Drop' });
  await sheet.getByRole('button', { name: 'Drop' }).click();
  await expect.element(sheet.getByText('Enter a reason.')).toBeVisible();
  host.decided = null;
  await sheet.getByLabelText('Reason').fill('On the sheet of October');
  await sheet.getByRole('button', { name: 'Drop' }).click();
  await expect.poll(() => host.calls).toContain('decideCase c1 discard On the sheet of October');
});

test('a scanner neither sends again nor drops', async () => {
  const host = await openLabour();
  for (const key of 'RFQR4182207') {
    window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  }
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await new Promise((settle) => setTimeout(settle, 3 * ALONE_MS));
  expect(page.getByRole('dialog').elements()).toEqual([]);
  expect(host.calls.filter((call) => call.startsWith('decideCase'))).toEqual([]);
});

test('a race is accepted or not, and Ask opens the order with a note', async () => {
  const host = await openCases();
  await page.getByRole('button', { name: /Two claims at once: COMP/ }).click();
  await expect.element(page.getByRole('button', { name: 'Accept the claim' })).toBeVisible();
  await expect.element(page.getByText('A. Brandt has it.', { exact: false })).toBeVisible();
  expect(page.getByRole('button', { name: /^Resend/ }).elements()).toEqual([]);
  await press('q');
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  expect(host.calls.filter((call) => call.startsWith('decideCase'))).toEqual([]);
});

test('a decision made here is shown until the hub has carried it out, and not made twice', async () => {
  await openCases();
  await page.getByRole('button', { name: /Gearbox oil cooler/ }).click();
  const detail = page.getByRole('region', { name: 'What happened' });
  await expect.element(detail.getByText('Your decision')).toBeVisible();
  await expect.element(detail.getByText('Saved on this laptop')).toBeVisible();
  expect(page.getByRole('button', { name: /^Resend as is/ }).elements()).toEqual([]);
});

test('nothing waits in words', async () => {
  const host = new DemoHost(demoShell({ cases: 0 }));
  host.exceptions = { ...demoCases(), groups: [], settled: [], open: 0, overdue: 0 };
  await start(host);
  await page.getByRole('button', { name: 'Exceptions' }).click();
  await expect.element(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
});

test('an age is said in the largest unit that tells something', () => {
  speakEnglish();
  const minute = 60_000;
  const ages = [0, 59, 60, 47 * 60, 48 * 60].map((minutes) => age(0, minutes * minute));
  expect(ages).toEqual(['0 min', '59 min', '1 h', '47 h', '2 d']);
});
