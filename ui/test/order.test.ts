// The order page and the lock screen as a person uses them.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { OrderView } from '../src/generated/bindings';
import { Problem } from '../src/host';
import { DemoHost } from './demo_host';
import { demoOrder, demoRow, demoShell } from './demo_world';
import { openOrder, start } from './screens';

async function opened(order?: OrderView): Promise<DemoHost> {
  const host = new DemoHost(demoShell());
  if (order) host.orderPages.set('o1', order);
  await openOrder(host);
  host.calls = [];
  return host;
}

test('a tick is saved and the order is read again', async () => {
  const host = await opened();
  await page.getByRole('checkbox', { name: /Torque gland nuts/ }).click();
  await expect.poll(() => host.calls).toEqual(['tickStep s6', 'order']);
});

test('a reading is nudged, typed and recorded', async () => {
  const host = await opened();
  const field = page.getByRole('textbox', { name: 'Value: Measure shaft runout' });
  await field.fill('0.02');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect.element(field).toHaveValue('0.03');
  await page.getByRole('button', { name: 'Record' }).first().click();
  await expect.poll(() => host.calls).toContain('recordStep 0.03');
});

test('a part is taken from its bin', async () => {
  const host = await opened();
  await page.getByRole('button', { name: 'Take Gland gasket set' }).click();
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect.poll(() => host.calls).toContain('takePart 1 C-02');
});

test('the planner changes the priority', async () => {
  const host = await opened(demoOrder({ plan_action: 'change' }));
  await page.getByRole('button', { name: 'Change priority or finish' }).click();
  await page.getByRole('radio', { name: '2' }).click();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await expect.poll(() => host.calls).toContain('changePlan 2');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('anybody else proposes it in their own words', async () => {
  const host = await opened(demoOrder({ plan_action: 'propose' }));
  await page.getByRole('button', { name: 'Propose priority or finish' }).click();
  await page.getByRole('radio', { name: '2' }).click();
  await page.getByLabelText('Why, for the planner').fill('The leak is worse.');
  await page.getByRole('button', { name: 'Write it as a note' }).click();
  await expect.poll(() => host.calls).toContain('proposePlan 2 The leak is worse.');
});

test('a note is written with the keyboard', async () => {
  const host = await opened();
  await userEvent.keyboard('n');
  await page.getByLabelText('Text', { exact: true }).fill('Sleeve is fine.');
  await page.getByRole('button', { name: 'Save note' }).click();
  await expect.poll(() => host.calls).toContain('writeNote Sleeve is fine.');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

const file = (name: string, bytes: number, type = 'image/jpeg') =>
  new File([new Uint8Array(bytes)], name, { type });

test('a photo is chosen with the keyboard, named and saved', async () => {
  const host = await opened();
  await userEvent.keyboard('p');
  await userEvent.upload(page.getByTestId('photo-file'), [file('seal.jpg', 12), file('pump.jpg', 7)]);
  await page.getByLabelText('Caption').first().fill('Seal face');
  await page.getByRole('button', { name: 'Save 2 photos' }).click();
  await expect
    .poll(() => host.calls.filter((call) => !/order|myWork/i.test(call)))
    .toEqual(['draftPhoto 12', 'draftPhoto 7', 'addPhoto c12 Seal face', 'addPhoto c7 ']);
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('a file that cannot be attached says why and the others are saved', async () => {
  const host = await opened();
  await page.getByRole('button', { name: 'Photo', exact: true }).click();
  host.draftRefusal = new Problem({ code: 'attachment.kind', arguments: [] });
  await userEvent.upload(page.getByTestId('photo-file'), file('run.exe', 3));
  await expect
    .element(page.getByText('Only JPEG, PNG and WebP pictures and PDF files can be attached.'))
    .toBeVisible();
  expect(page.getByRole('button', { name: /^Save/ }).elements()).toEqual([]);
  host.draftRefusal = null;
  await userEvent.upload(page.getByTestId('photo-file'), file('seal.jpg', 9));
  await page.getByRole('button', { name: 'Save photo' }).click();
  await expect.poll(() => host.calls).toContain('addPhoto c9 ');
});

test('a picture pasted or dropped on the order is chosen', async () => {
  const host = await opened();
  const brought = new DataTransfer();
  brought.items.add(file('pasted.png', 5, 'image/png'));
  window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: brought, cancelable: true }));
  await expect.poll(() => host.calls).toContain('draftPhoto 5');
  await expect.element(page.getByRole('button', { name: 'Save photo' })).toBeVisible();
});

test('a photo opens large, Escape closes it, and it is taken back in two taps', async () => {
  const host = await opened();
  await page.getByRole('button', { name: 'Seal face, drive end' }).click();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Seal face, drive end' }).click();
  await page.getByRole('button', { name: 'Take back' }).click();
  expect(host.calls.filter((call) => call.startsWith('takeBack'))).toEqual([]);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await expect.poll(() => host.calls).toContain('takeBackPhoto f1');
});

test('a photo that is not on this laptop is asked for', async () => {
  const host = await opened();
  await page.getByRole('button', { name: /Ask when connected.*Pump before work/ }).click();
  await expect.poll(() => host.calls).toContain('fetchPhoto f2');
  await expect
    .element(page.getByText('Comes when this laptop is connected and the hub has it.'))
    .toBeVisible();
});

test('finish shows what is missing before it commits', async () => {
  const host = await opened();
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.element(page.getByText('Gland gasket set').last()).toBeVisible();
  expect(host.calls).not.toContain('finishOrder');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => host.calls).toContain('finishOrder');
});

test('a plain Enter never presses Finish', async () => {
  const host = await opened();
  const button = page.getByRole('button', { name: 'Finish work' });
  (button.element() as HTMLElement).focus(); // A button of this page is an HTML element.
  await userEvent.keyboard('{Enter}');
  expect(host.calls).toEqual([]);
});

test('finish that is not possible offers no button', async () => {
  const host = await opened();
  host.canFinish = false;
  await page.getByRole('button', { name: 'Finish work' }).click();
  await expect.element(page.getByText('Finish is possible when every step has a result.')).toBeVisible();
  expect(page.getByRole('dialog').getByRole('button', { name: 'Finish work' }).elements()).toEqual([]);
});

test('a refusal is said in a sentence', async () => {
  const host = await opened();
  host.refusal = new Problem({ code: 'order.reason_missing', arguments: [] });
  await page.getByRole('checkbox', { name: /Torque gland nuts/ }).click();
  await expect.element(page.getByText('Enter a reason.')).toBeVisible();
});

test('a change from outside reads only this order again', async () => {
  const host = await opened();
  host.orderPages.set('o1', demoOrder({ row: demoRow({ title: 'Replace both seals' }) }));
  host.emit({ shell: false, orders: ['o1'] });
  await expect.element(page.getByRole('heading', { name: 'Replace both seals' })).toBeVisible();
  expect(host.calls.sort()).toEqual(['myWork', 'order']);
});

test('a locked order says why and offers no work', async () => {
  const host = new DemoHost(demoShell());
  host.orderPages.set(
    'o1',
    demoOrder({
      actions: ['resume'],
      locked_reason: { code: 'order.not_open_for_work', arguments: [{ name: 'status', value: 'HOLD' }] },
    }),
  );
  await openOrder(host);
  await expect.element(page.getByText('The order is on hold. Resume work to continue.')).toBeVisible();
  expect(page.getByRole('checkbox').elements()).toEqual([]);
  await page.getByRole('button', { name: 'Resume work' }).click();
  await expect.poll(() => host.calls).toContain('resumeOrder');
});

test('a list of five hundred orders keeps thirty rows in the document', async () => {
  const host = new DemoHost(demoShell());
  host.next = Array.from({ length: 500 }, (_, index) =>
    demoRow({ id: `x${index}`, title: `Order ${index}`, labour_since: null }),
  );
  await start(host);
  await expect.element(page.getByRole('option').first()).toBeVisible();
  expect(page.getByRole('option').elements().length).toBeLessThanOrEqual(30);
  expect(page.getByRole('option').first().element().getAttribute('aria-setsize')).toBe('502');
});

test('the slash finds an order and Enter opens it', async () => {
  const host = new DemoHost(demoShell());
  await start(host);
  await expect.element(page.getByRole('option').first()).toBeVisible();
  await userEvent.keyboard('/');
  await expect.element(page.getByRole('combobox')).toHaveFocus();
  await page.getByRole('combobox').fill('x99');
  await expect
    .element(page.getByText('This laptop holds halls 1 to 3 and your crew. It may exist elsewhere.'))
    .toBeVisible();
  await page.getByRole('combobox').fill('seal');
  await expect
    .element(page.getByRole('listbox', { name: 'Search results' }).getByRole('option').first())
    .toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
});

test('six digits unlock', async () => {
  const host = await start(new DemoHost(demoShell({ stage: 'locked', person: null })));
  await page.getByRole('button', { name: /M. Ode/ }).click();
  await userEvent.keyboard('24');
  for (const key of ['6', '8', '0', '2']) await page.getByRole('button', { name: key, exact: true }).click();
  await expect.poll(() => host.calls).toContain('unlock 246802');
  await expect.element(page.getByRole('option').first()).toBeVisible();
});

test('control and L lock', async () => {
  const host = await opened();
  await userEvent.keyboard('{Control>}l{/Control}');
  await expect.poll(() => host.calls).toContain('lock');
  await expect.element(page.getByText('Who is working?')).toBeVisible();
});

test('a second PIN that differs starts again', async () => {
  const host = await start(new DemoHost(demoShell({ stage: 'set_pin' })));
  await userEvent.keyboard('111111222222');
  await expect.element(page.getByText('The two entries differ. Start again.')).toBeVisible();
  await userEvent.keyboard('135790135790');
  await expect.poll(() => host.calls).toContain('setPin 135790');
});

test('a scanned label goes to the search, never to a shortcut or a reading', async () => {
  const host = await opened();
  const field = page.getByRole('textbox', { name: 'Value: Measure shaft runout' });
  await field.fill('0.02');
  const input = field.element();
  for (const key of ['n', 't', 'c', '-', '4', 'Enter']) {
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }
  await expect.poll(() => host.calls).toContain('search ntc-4');
  expect(host.calls.filter((call) => !call.startsWith('search'))).toEqual([]);
  await expect.element(field).toHaveValue('0.02');
});

test('with gloves at least seven steps stand above the bar on the smallest screen', async () => {
  await page.viewport(1366, 768);
  const host = new DemoHost(demoShell({ density: 'glove' }));
  const order = demoOrder();
  const tasks = order.tasks.map((task) => ({
    ...task,
    steps: task.steps.filter((step) => step.results.length < 2),
  }));
  const more = tasks.map((task) => ({
    ...task,
    id: `${task.id}-more`,
    steps: task.steps.map((step) => ({ ...step, id: `${step.id}-more` })),
  }));
  const steps = [...tasks, ...more].flatMap((task) => task.steps);
  host.orderPages.set('o1', { ...order, tasks: tasks.slice(0, 1).map((task) => ({ ...task, steps })) });
  await openOrder(host);
  const bar = document.querySelector('footer')?.getBoundingClientRect().top ?? 0;
  const rows = [...document.querySelectorAll('[data-testid=step]')];
  expect(rows.filter((row) => row.getBoundingClientRect().bottom <= bar).length).toBeGreaterThanOrEqual(7);
});
