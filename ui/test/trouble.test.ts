// Trouble and refusals: what a person can do about them without opening the desk again.
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { DemoHost } from './demo_host';
import { demoShell } from './demo_world';
import { screens, start } from './screens';

test('trying again opens the data that could not be opened', async () => {
  const trouble = { code: 'keyring.unavailable', arguments: [] };
  const host = new DemoHost(demoShell({ stage: 'trouble', trouble }));
  await start(host);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByText('Who is working?')).toBeVisible();
  expect(host.calls).toContain('tryAgain');
});

test('an ended session leads to signing in', async () => {
  await screens['refused']?.({ theme: 'day', density: 'touch' });
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect.element(page.getByRole('heading', { name: 'Sign in with a password' })).toBeVisible();
});

test('a refusal stands in full at the lock', async () => {
  const shell = demoShell({ stage: 'locked', person: null });
  const reason = { code: 'device.revoked', arguments: [] };
  await start(new DemoHost({ ...shell, link: { ...shell.link, state: 'refused', reason } }));
  await expect
    .element(page.getByText('This laptop may no longer exchange with the hub.', { exact: false }))
    .toBeVisible();
});

test('damaged data is saved as far as it can be read, and what was lost is named', async () => {
  const trouble = { code: 'replica.damaged', arguments: [] };
  const host = new DemoHost(demoShell({ stage: 'trouble', trouble }));
  await start(host);
  await page.getByRole('button', { name: 'Save what can be read' }).click();
  expect(host.calls).toContain('rescue');
});

test('what could not be read is shown until somebody goes on', async () => {
  await screens['rescued']?.({ theme: 'day', density: 'touch' });
  await expect.element(page.getByText('2 unsent changes could not be read.')).toBeVisible();
  await expect.element(page.getByText('Bearing runs hot', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
});

test('a revoked laptop is offered the file', async () => {
  await screens['revoked']?.({ theme: 'day', density: 'touch' });
  await page.getByRole('button', { name: 'Save unsent work to a file' }).click();
  await expect.element(page.getByText('HW-14 2026-11-25.fettle', { exact: false })).toBeVisible();
});

test('a full disk says how much to free', async () => {
  await screens['disk']?.({ theme: 'day', density: 'touch' });
  const words = page.getByText('Free 64 MB before you go on', { exact: false });
  await expect.element(words.first()).toBeVisible();
});

test('a colleague may sign in where an account was switched off', async () => {
  const shell = demoShell();
  const reason = { code: 'sign_in.disabled', arguments: [] };
  await start(new DemoHost({ ...shell, link: { ...shell.link, state: 'refused', reason } }));
  await page.getByRole('button', { name: /^Sync, / }).click();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect.element(page.getByRole('heading', { name: 'Sign in with a password' })).toBeVisible();
});
