// Brings one screen up with a demo host, in a theme and a density.
import { render } from 'vitest-browser-svelte';
import { expect } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../src/style/fonts.css';
import '../src/style/tokens.css';
import '../src/style/base.css';
import { installHost } from '../src/host';
import { speakEnglish } from '../src/locale/english';
import App from '../src/views/App.svelte';
import { DemoHost } from './demo_host';
import { demoHistory } from './demo_history';
import { demoCorrected, demoFiles, demoShell } from './demo_world';
import { demoRaced } from './demo_raced';

export const themes = ['day', 'night', 'sun'];
export const densities = ['desk', 'touch', 'glove'];

const fill = { done: 620, total: 1000, is_usable: true, is_complete: false };
const nobody = { person: null, plant: null, people: [] };

export async function start(host: DemoHost): Promise<DemoHost> {
  speakEnglish();
  installHost(host);
  document.body.style.height = '100vh';
  const shown = render(App);
  shown.container.style.height = '100%';
  return host;
}

export async function openOrder(host: DemoHost): Promise<void> {
  await start(host);
  await page.getByRole('option', { name: /mechanical seal/ }).click();
  await expect.element(page.getByRole('heading', { name: 'Replace mechanical seal' })).toBeVisible();
}

export async function openExcavator(host: DemoHost): Promise<void> {
  await start(host);
  await page.getByRole('button', { name: 'Assets' }).click();
  await page.getByRole('button', { name: 'Open what is below 1200-PIT Pit' }).click();
  await page.getByRole('button', { name: 'EX-7 Excavator 7', exact: true }).click();
  await expect.element(page.getByRole('heading', { name: 'Excavator 7' })).toBeVisible();
  await expect.element(page.getByRole('region', { name: 'Bad actors' })).toBeVisible();
}

export const screens: Record<string, (look: { theme: string; density: string }) => Promise<void>> = {
  parts: async (look) => {
    await start(new DemoHost(demoShell({ ...look })));
    await page.getByRole('button', { name: 'Parts' }).click();
    await page.getByRole('option', { name: /6310-2Z/ }).click();
    await expect.element(page.getByRole('heading', { name: 'Bearing 6310-2Z/C3' })).toBeVisible();
  },
  orders: async (look) => {
    await start(new DemoHost(demoShell({ ...look })));
    await page.getByRole('button', { name: 'Orders' }).click();
    await expect.element(page.getByText('All', { exact: true })).toBeVisible();
  },
  found: async (look) => {
    await start(new DemoHost(demoShell({ ...look })));
    await page.getByRole('combobox').fill('6310');
    await expect.element(page.getByRole('option', { name: 'Show every part found' })).toBeVisible();
  },
  enrol: async (look) => {
    await start(new DemoHost(demoShell({ ...look, ...nobody, stage: 'enrol' })));
    await expect.element(page.getByLabelText('Enrolment code')).toBeVisible();
  },
  set_pin: async (look) => {
    await start(new DemoHost(demoShell({ ...look, stage: 'set_pin', fill })));
    await expect.element(page.getByRole('button', { name: 'Clear' })).toBeVisible();
  },
  locked: async (look) => {
    await start(new DemoHost(demoShell({ ...look, stage: 'locked', person: null })));
    await expect.element(page.getByText('Who is working?')).toBeVisible();
  },
  trouble: async (look) => {
    await start(
      new DemoHost(
        demoShell({ ...look, stage: 'trouble', trouble: { code: 'replica.damaged', arguments: [] } }),
      ),
    );
    await expect.element(page.getByRole('alert')).toBeVisible();
  },
  rescued: async (look) => {
    const rescued = {
      at: Date.now(),
      kept: 14,
      lost: 2,
      lines: [
        { order_number: '4182207', text: 'Bearing runs hot at the drive end, 82 °C' },
        { order_number: '4182311', text: 'Mechanical seal 45 mm, 1 piece' },
      ],
      folder: '/data/fettle/replica/damaged-1795670932240',
      is_unreadable: false,
    };
    await start(new DemoHost(demoShell({ ...look, stage: 'locked', person: null, rescued })));
    await expect.element(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  },
  revoked: async (look) => {
    const shell = demoShell(look);
    const reason = { code: 'device.revoked', arguments: [] };
    const host = new DemoHost({ ...shell, link: { ...shell.link, state: 'refused', reason } });
    host.files = demoFiles();
    await start(host);
    await page.getByRole('button', { name: /^Sync, / }).click();
    await expect.element(page.getByRole('button', { name: 'Save unsent work to a file' })).toBeVisible();
  },
  disk: async (look) => {
    const shell = demoShell(look);
    const disk = { free_mb: 3, needed_mb: 64, has_reserve: false };
    await start(new DemoHost({ ...shell, link: { ...shell.link, disk } }));
    await page.getByRole('button', { name: /^Sync, / }).click();
    await expect
      .element(page.getByRole('heading', { name: 'The disk of this laptop is full' }))
      .toBeVisible();
  },
  work: async (look) => {
    await start(new DemoHost(demoShell(look)));
    await expect.element(page.getByRole('option').first()).toBeVisible();
  },
  order: async (look) => openOrder(new DemoHost(demoShell(look))),
  waits: async (look) => {
    const host = new DemoHost(demoShell(look));
    host.orderPages.set('o1', demoRaced());
    await openOrder(host);
    await expect.element(page.getByRole('region', { name: 'Needs attention' })).toBeVisible();
  },
  removed: async (look) => {
    const host = new DemoHost(demoShell(look));
    const order = demoRaced();
    const tasks = order.tasks.map((task) => ({ ...task, steps: task.steps.slice(0, 2) }));
    host.orderPages.set('o1', { ...order, tasks });
    await openOrder(host);
    const removed = page.getByRole('region', { name: 'Removed by the CMMS' });
    removed.element().scrollIntoView({ block: 'end' });
    await expect.element(removed).toBeVisible();
  },
  kept_words: async (look) => {
    const host = new DemoHost(demoShell(look));
    host.waiting = demoRaced().unsent.slice(0, 2);
    await start(host);
    await page.getByRole('button', { name: /^Sync, / }).click();
    await page.getByRole('button', { name: 'Read it whole' }).first().click();
    await expect.element(page.getByRole('dialog')).toBeVisible();
  },
  photos: async (look) => {
    await openOrder(new DemoHost(demoShell(look)));
    const card = page.getByRole('region', { name: 'Photos and files' });
    card.element().scrollIntoView({ block: 'start' });
    await expect.element(card).toBeVisible();
  },
  photo: async (look) => {
    await openOrder(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'Photo', exact: true }).click();
    const chosen = new File([new Uint8Array(9)], 'IMG_2041.jpg', { type: 'image/jpeg' });
    await userEvent.upload(page.getByTestId('photo-file'), chosen);
    await expect.element(page.getByLabelText('Caption')).toBeVisible();
  },
  photo_large: async (look) => {
    await openOrder(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'Seal face, drive end' }).click();
    await expect.element(page.getByRole('button', { name: 'Take back' })).toBeVisible();
  },
  corrected: async (look) => {
    const host = new DemoHost(demoShell(look));
    host.orderPages.set('o1', demoCorrected());
    await openOrder(host);
    await expect.element(page.getByText('You and M. Ode recorded different readings').first()).toBeVisible();
  },
  failure: async (look) => {
    await openOrder(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'Failure' }).click();
    await page.getByRole('button', { name: 'Leaks process medium' }).click();
    await expect.element(page.getByRole('button', { name: 'Shaft seal' })).toBeVisible();
  },
  finish: async (look) => {
    await openOrder(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'Finish work' }).click();
    await expect.element(page.getByText('Parts not taken')).toBeVisible();
  },
  search: async (look) => {
    await start(new DemoHost(demoShell(look)));
    await page.getByRole('combobox').fill('pump');
    await expect.element(page.getByRole('listbox', { name: 'Search results' })).toBeVisible();
  },
  asset: async (look) => {
    await start(new DemoHost(demoShell(look)));
    await page.getByRole('combobox').fill('pump');
    await page.getByRole('option', { name: /P-204A Feedwater pump/ }).click();
    await expect.element(page.getByRole('heading', { name: 'Feedwater pump' })).toBeVisible();
  },
  assets: async (look) => {
    await start(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'Assets' }).click();
    await page.getByRole('button', { name: 'Open what is below 1200-PIT Pit' }).click();
    await expect.element(page.getByRole('button', { name: /EX-7/ }).last()).toBeVisible();
  },
  history: async (look) => openExcavator(new DemoHost(demoShell(look))),
  history_low: async (look) => {
    await openExcavator(new DemoHost(demoShell(look)));
    const last = page.getByRole('region', { name: 'Spare parts replaced' });
    last.element().scrollIntoView({ block: 'end' });
    await expect.element(last).toBeVisible();
  },
  history_plain: async (look) => {
    const host = new DemoHost(demoShell(look));
    host.excavator = demoHistory({ costs: 'not_yours' });
    await openExcavator(host);
  },
  history_list: async (look) => {
    await openExcavator(new DemoHost(demoShell(look)));
    await page.getByRole('button', { name: 'List: Bad actors' }).click();
    await expect.element(page.getByRole('button', { name: 'Show older ones' })).toBeVisible();
  },
  cases: async (look) => {
    await start(new DemoHost(demoShell({ ...look, cases: 6 })));
    await page.getByRole('button', { name: 'Exceptions, 6 open' }).click();
    await page.getByRole('button', { name: /6310/ }).click();
    await expect.element(page.getByRole('heading', { name: /6310/ })).toBeVisible();
  },
  drop_case: async (look) => {
    await start(new DemoHost(demoShell({ ...look, cases: 6 })));
    await page.getByRole('button', { name: 'Exceptions, 6 open' }).click();
    await page.getByRole('button', { name: /6310/ }).click();
    await page.getByRole('button', { name: 'Drop' }).click();
    await expect.element(page.getByLabelText('Reason')).toBeVisible();
  },
  refused: async (look) => {
    const shell = demoShell(look);
    const reason = { code: 'sign_in.expired', arguments: [] };
    await start(new DemoHost({ ...shell, link: { ...shell.link, state: 'refused', reason } }));
    await page.getByRole('button', { name: /^Sync, / }).click();
    await expect.element(page.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  },
  unsent: async (look) => {
    const host = new DemoHost(demoShell(look));
    host.waiting = [...host.waiting, ...demoRaced().unsent.slice(0, 2)];
    await start(host);
    await page.getByRole('button', { name: /^Sync, / }).click();
    await expect.element(page.getByRole('list', { name: 'Changes not sent' })).toBeVisible();
  },
};
