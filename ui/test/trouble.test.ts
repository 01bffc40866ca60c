// Trouble and refusals: what a person can do about them without opening the desk again.
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { DemoHost, demoShell } from './demo_host';
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
