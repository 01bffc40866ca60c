// The open order as two people compare it: what a screen says of steps, entries and plan, without
// the state of each change, which differs from laptop to laptop.
import assert from 'node:assert/strict';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The row of one step. */
export function stepRow(window, text) {
  return window.first('listitem', new RegExp(escaped(text)));
}

/** Ticks a step. */
export async function tick(window, text) {
  const box = await window.one('checkbox', `Done: ${text}`);
  await box.click();
  await window.until(
    async () => (await box.attribute('aria-checked')) === 'true',
    `the step ${text} to be ticked`,
  );
}

/** Records the reading of a step. */
export async function measure(window, text, value) {
  const row = await stepRow(window, text);
  await (await row.one('textbox', `Value: ${text}`)).typeByHand(value);
  await (await row.one('button', 'Record')).click();
  await window.none('textbox', `Value: ${text}`);
}

/** Adds a picture or file to the order. */
export async function addPhoto(window, file) {
  await (await window.one('button', 'Photo')).click();
  const sheet = await window.one('dialog', 'Add photos or files');
  const input = await window.run(() => document.querySelector('[data-testid=photo-file]'));
  await window.ofElement(input, 'POST', '/value', { text: file });
  await (await window.one('button', 'Save photo', { within: sheet })).click();
  await window.none('dialog', 'Add photos or files');
  await window.until(async () => (await photos(window)) > 0, 'the photo to stand with the order');
}

/** How many photos the order shows. */
export async function photos(window) {
  const card = await window.one('region', 'Photos and files');
  return (await card.all('listitem')).length;
}

/** Reports a failure with the first code of each question: three taps. */
export async function reportFailure(window) {
  await (await window.one('button', 'Failure')).click();
  const sheet = await window.one('dialog', 'Report a failure');
  for (const question of ['What was noticed', 'Which part', 'Why']) {
    const codes = await window.one('list', question, { within: sheet });
    await (await codes.all('button'))[0].click();
  }
  await (await window.one('button', 'Save report', { within: sheet })).click();
  await window.none('dialog', 'Report a failure');
}

/** Puts the order on hold. */
export async function hold(window, reason) {
  await (await window.one('button', 'Hold')).click();
  const sheet = await window.one('dialog', 'Put the order on hold');
  await (await sheet.one('textbox', 'Reason')).fill(reason);
  await (await sheet.one('button', 'Hold')).click();
  await window.none('dialog', 'Put the order on hold');
}

/**
 * What the open order says that every laptop must say alike.
 * @returns {Promise<{ steps: string[][], notes: string[], labour: string[], parts: string[],
 *   priority: string, due: string }>}
 */
export async function said(window) {
  const seen = await window.run(() => {
    const words = (selector, within) =>
      [...document.querySelectorAll(selector)].map((row) => {
        const found = within ? [...row.querySelectorAll(within)] : [row];
        return found.map((element) => element.textContent.trim().replace(/\s+/g, ' '));
      });
    const facts = document.querySelector('main > header .facts')?.innerText ?? '';
    return {
      steps: words('[data-testid=step]', '.text, .value, .version .num').map((row) => row.sort()),
      notes: words('[data-testid=note] .text').flat().sort(),
      labour: words('[data-testid=labour] .b:first-child').flat().sort(),
      parts: words('[data-testid=part] .used > .mut').flat().sort(),
      priority: document.querySelector('main > header .line > *')?.textContent.trim() ?? '',
      due: facts.match(/^due .*$/m)?.[0] ?? '',
    };
  });
  assert.ok(seen.steps.length > 0, 'an order with steps is open');
  return seen;
}
