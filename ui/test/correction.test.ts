// Two versions, corrections and failure reports as a person uses them.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { DemoHost } from './demo_host';
import { demoCorrected, demoOther, demoRow, demoShell } from './demo_world';
import { openOrder, start } from './screens';

async function opened(order = demoCorrected()): Promise<DemoHost> {
  const host = new DemoHost(demoShell());
  host.orderPages.set('o1', order);
  await openOrder(host);
  host.calls = [];
  return host;
}

const clash = (index: number) => page.getByTestId('clash').nth(index);

test('two readings stand side by side with who, when, where and the limit', async () => {
  await opened();
  await expect.element(clash(1).getByText('You and M. Ode recorded different readings')).toBeVisible();
  await expect.element(clash(1).getByText('On HW-14. Inside the limit.')).toBeVisible();
  await expect.element(clash(1).getByText('On HW-22. Above 0.05 mm.')).toBeVisible();
  await expect.element(clash(1).getByText('The planner has it.')).toBeVisible();
});

test('keeping both is one key', async () => {
  const host = await opened();
  await userEvent.keyboard('b');
  await expect.poll(() => host.calls).toEqual(['settleStep s4 keep_both', 'order']);
});

test('a digit selects a version and Enter uses it', async () => {
  const host = await opened();
  await userEvent.keyboard('2');
  await expect.element(clash(0).getByRole('button', { name: 'Use M. Ode’s' })).toHaveFocus();
  expect(host.calls).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => host.calls).toContain(`settleStep s4 use ${demoOther({ value: '0.04' }).id}`);
});

test('a scanned label chooses nothing', async () => {
  const host = await opened();
  for (const key of ['b', '1', '2', 'b', 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await expect.poll(() => host.calls).toContain('search b12b');
  expect(host.calls.filter((call) => call.startsWith('settleStep'))).toEqual([]);
});

test('a failing value is set aside with a reason, and never used away', async () => {
  const host = await opened();
  expect(clash(1).getByRole('button', { name: 'Use mine' }).elements()).toEqual([]);
  await clash(1).getByRole('button', { name: 'Set 0.07 mm aside' }).click();
  await page.getByLabelText('Why does 0.07 mm not count?').fill('Gauge 12 was out of date.');
  await page.getByRole('button', { name: 'Set it aside' }).click();
  await expect.poll(() => host.calls[0]).toMatch(/^settleStep s7 set_aside .* Gauge 12 was out of date\.$/);
});

test('a technician asks the planner', async () => {
  const host = await opened();
  await clash(0).getByRole('button', { name: 'Ask the planner' }).click();
  await expect.poll(() => host.calls).toContain('settleStep s4 ask');
});

test('what was settled stays readable', async () => {
  await opened();
  const history = page.getByRole('list', { name: 'History of Measure coupling gap' });
  await expect.element(history.getByText(/^0.09 mm, M. Ode/)).toBeVisible();
  await expect
    .element(history.getByText(/P. Novak set 0.09 mm aside.*Gauge 12 was out of date\./))
    .toBeVisible();
});

test('the list shows which orders have two versions', async () => {
  const host = new DemoHost(demoShell());
  host.next = [demoRow({ id: 'c1', title: 'Align coupling', clashes: 2, labour_since: null })];
  await start(host);
  const row = page.getByRole('option', { name: /Align coupling/ });
  await expect.element(row.getByText('2 steps have two versions')).toBeInTheDocument();
});

test('a tick is taken away in two taps', async () => {
  const host = await opened(new DemoHost().orderPages.get('o1'));
  const box = page.getByRole('checkbox', { name: /Drain casing/ });
  await box.click();
  expect(host.calls).toEqual([]);
  await page.getByRole('button', { name: 'Untick' }).click();
  await expect.poll(() => host.calls).toEqual(['tickStep s2', 'order']);
});

test('labour is taken back in two taps', async () => {
  const host = await opened();
  await page.getByRole('button', { name: /^Correct J. Kowalska/ }).click();
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect.poll(() => host.calls).toEqual(['takeBack b4', 'order']);
});

test('the right time is recorded in the place of the wrong one', async () => {
  const host = await opened();
  await page.getByRole('button', { name: /^Correct J. Kowalska/ }).click();
  await page.getByLabelText(/The right time in minutes/).fill('45');
  await page.getByRole('button', { name: 'Take back and record' }).click();
  await expect.poll(() => host.calls).toEqual(['takeBack b4 45', 'order']);
});

test('what was taken back is struck through beside the number of its reversal', async () => {
  await opened();
  const back = page.getByTestId('labour').nth(1).getByTestId('taken-back');
  await expect.element(back.getByText('Accepted by ERP 5000000413')).toBeVisible();
  const line = page.getByTestId('labour').nth(1).element().querySelector('.gone');
  expect(line && getComputedStyle(line).textDecorationLine).toBe('line-through');
  await expect.element(page.getByText('Overlaps other labour')).toBeVisible();
});

test('a part is taken back in two taps', async () => {
  const host = await opened(new DemoHost().orderPages.get('o1'));
  await page.getByRole('button', { name: /^Correct 1 EA from C-14/ }).click();
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect.poll(() => host.calls).toEqual(['takeBack u1', 'order']);
});

test('a failure is reported with three taps', async () => {
  const host = await opened();
  await userEvent.keyboard('f');
  await page.getByRole('button', { name: 'Leaks process medium' }).click();
  await page.getByRole('button', { name: 'Shaft seal' }).click();
  await page.getByRole('button', { name: 'Wear as expected' }).click();
  await page.getByLabelText('In your words, if it helps').fill('Scored.');
  await page.getByRole('button', { name: 'Save report' }).click();
  await expect.poll(() => host.calls).toContain('reportFailure ELP seal 3.4 Scored.');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('a wrong tap is taken again and nothing is saved before the third', async () => {
  await opened();
  await page.getByRole('button', { name: 'Failure' }).click();
  await page.getByRole('button', { name: 'Vibration' }).click();
  expect(page.getByRole('button', { name: 'Save report' }).elements()).toEqual([]);
  await page.getByRole('button', { name: /What was noticed Vibration/ }).click();
  await expect.element(page.getByRole('button', { name: 'Leaks process medium' })).toBeVisible();
});

test('two reports are both shown and the office names the official one', async () => {
  const host = await opened();
  const reports = page.getByTestId('failure-report');
  expect(reports.elements().length).toBe(2);
  await expect.element(reports.nth(1).getByText('Official report')).toBeVisible();
  await reports.nth(0).getByRole('button', { name: 'Make it the official report' }).click();
  await expect.poll(() => host.calls).toContain('nameReport f1');
});
