// The hands and eyes of one person at the desk: every word of the screen that the story relies
// on stands here and nowhere else.
import assert from 'node:assert/strict';

/** Time for the first copy. */
const FILL_MS = 120_000;
/** Time for a change to travel to an outside system and its answer back to the screen. */
const TRAVEL_MS = 120_000;

/** The words of the four states; a word that is none of them is no state. */
const STATE = /^(Saved on this laptop|Sent|Accepted by (ERP|CMMS)( \S+)?|Needs attention)$/;
const SAVED = /^Saved on this laptop$/;
const SENT = /^Sent$|^Accepted by /;
const ACCEPTED_BY_ERP = /^Accepted by ERP \S+$/;
const ACCEPTED_BY_CMMS = /^Accepted by CMMS \S+$/;

/** One person before one window. */
export class Person {
  /**
   * @param {import('./desk.mjs').Desk} desk
   * @param {{ account: string, password: string, pin: string }} who
   */
  constructor(desk, { account, password, pin }) {
    this.desk = desk;
    this.account = account;
    this.password = password;
    this.pin = pin;
  }

  get window() {
    return this.desk.window;
  }

  async press(name, options) {
    await (await this.window.one('button', name, options)).click();
  }

  async fill(label, text, options) {
    await (await this.window.one('textbox', label, options)).fill(text);
  }

  /** Enrols the laptop and signs in. */
  async enrol({ hub, code }) {
    await this.fill('Address of the hub', hub);
    await this.fill('Enrolment code', code);
    await this.signIn();
  }

  signIn() {
    return this.tryToSignIn(this.account, this.password);
  }

  /** Types any account and password, and waits for the answer. */
  async tryToSignIn(account, password) {
    await this.fill('Account', account);
    await this.fill('Password', password);
    await this.press('Sign in');
    await this.window.none('button', 'Signing in', { withinMs: TRAVEL_MS });
  }

  /** Chooses a PIN, typed twice. */
  async choosePin() {
    for (const title of ['Set your PIN', 'Enter the PIN again']) {
      await this.window.one('heading', title, { withinMs: FILL_MS });
      await this.window.keys(this.pin);
    }
    await this.atWork();
  }

  /** Opens the laptop again with the PIN; its last person is the chosen one. */
  async unlock() {
    await this.window.one('heading', 'Who is working?', { withinMs: FILL_MS });
    await this.window.keys(this.pin);
    await this.atWork();
  }

  /** Waits until My work is there with at least one order. */
  async atWork() {
    await this.window.first('option', undefined, { withinMs: FILL_MS });
  }

  /**
   * Opens an order: by its number through the search, else the first of My work that can be
   * worked on and whose parts are still to be taken.
   * @returns {Promise<string>} its number
   */
  async openOrder(number) {
    if (number) await this.#searchOrder(number);
    else await this.#chooseOrder();
    const shown = (await this.window.text()).match(/^WO (\S+)$/m)?.[1];
    assert.ok(shown, 'an open order shows its number');
    return shown;
  }

  async #chooseOrder() {
    const choose = async () => {
      for (const row of await this.window.all('option', /Parts 0 of [1-9]/)) {
        await row.click();
        await this.window.first('heading', /^Steps /);
        if (await this.#canBeWorkedOn()) return true;
      }
    };
    await this.window.until(choose, 'an order to work on whose parts are in a bin here', FILL_MS);
  }

  /** Work can start, and the first part lies in a bin that this laptop knows. */
  async #canBeWorkedOn() {
    const part = await this.window.run(
      () => document.querySelector('[data-testid=part]')?.innerText ?? '',
    );
    const starts = await this.window.all('button', /^Start (work|labour)$/);
    return starts.length > 0 && /^Bin \S+$/m.test(part);
  }

  async #searchOrder(number) {
    const field = await this.window.one('combobox', 'Scan or type an asset, part or order');
    await (await this.#orderFound(field, number)).click();
    await this.window.first('heading', /^Steps /);
    await this.window.reads(new RegExp(`^WO ${escaped(number)}$`, 'm'));
  }

  /** Asks again until the order is found: it may still be on its way down. */
  async #orderFound(field, number) {
    return this.window.until(
      async () => {
        await field.fill(number);
        const within = await this.window.one('listbox', 'Search results');
        const option = new RegExp(escaped(number));
        return this.window
          .first('option', option, { within, withinMs: 2000 })
          .catch(() => undefined);
      },
      `order ${number} to come down`,
      FILL_MS,
    );
  }

  /** Tag of the asset the open order is about. */
  async assetOfOrder() {
    const facts = await this.window.run(
      () => document.querySelector('main > header .facts')?.innerText ?? '',
    );
    const tag = facts.match(/\b[A-Z]{1,4}-\d+[A-Z]?\b/)?.[0];
    assert.ok(tag, `an order names its asset, the screen says: ${facts}`);
    return tag;
  }

  /** Opens an asset by its tag through the search. */
  async openAsset(tag) {
    const field = await this.window.one('combobox', 'Scan or type an asset, part or order');
    await field.fill(tag);
    const within = await this.window.one('group', 'Assets');
    await (await this.window.first('option', new RegExp(escaped(tag)), { within })).click();
    await this.window.one('main', 'Asset');
    await this.window.reads(tag);
  }

  /** Starts labour, and first the work where it has not started. */
  async startWork() {
    if ((await this.window.all('button', 'Start work')).length > 0) {
      await this.press('Start work');
      // The bar moves once the work has begun: nobody aims while it does.
      await this.window.none('button', 'Start work');
    }
    await this.press('Start labour');
    await this.window.one('button', 'Pause');
  }

  /** The running labour of the screen, in seconds. */
  async labourClock() {
    const shown = await (await this.window.one('timer')).text();
    const clock = shown.match(/(\d+):(\d\d):(\d\d)/);
    assert.ok(clock, `labour should run, the screen says: ${shown}`);
    const [, hours, minutes, seconds] = clock.map(Number);
    return hours * 3600 + minutes * 60 + seconds;
  }

  /**
   * Ticks and answers every step of the open order that has no result.
   * @returns {Promise<{ ticks: number, values: number, texts: number }>}
   */
  async doSteps() {
    const done = { ticks: 0, values: 0, texts: 0 };
    for (const box of await this.window.all('checkbox', /^Done: /)) {
      if ((await box.attribute('aria-checked')) === 'true') continue;
      await box.click();
      await this.window.until(
        async () => (await box.attribute('aria-checked')) === 'true',
        'the step to be ticked',
      );
      done.ticks += 1;
    }
    done.values = await this.#answer(/^Value: /, (limits) => reading(limits));
    done.texts = await this.#answer(/^Text: /, () => 'No finding');
    return done;
  }

  async #answer(label, answer) {
    let answered = 0;
    for (;;) {
      const open = await this.window.all('textbox', label);
      if (open.length === 0) return answered;
      const [row] = await this.window.all('listitem', new RegExp(escaped(await stepText(open[0]))));
      await open[0].typeByHand(answer(await row.text()));
      await this.press('Record', { within: row });
      await this.window.until(
        async () => (await this.window.all('textbox', label)).length < open.length,
        'the entry to be kept',
      );
      answered += 1;
    }
  }

  /** Writes a note. */
  async writeNote(text) {
    await this.press('Note');
    const sheet = await this.window.one('dialog', 'Write a note');
    await this.fill('Text', text, { within: sheet });
    await this.press('Save note', { within: sheet });
    await this.window.none('dialog', 'Write a note');
    const notes = await this.window.one('region', 'Notes');
    await notes.one('listitem', new RegExp(escaped(text)));
  }

  /** Adds a photo to the open order from a file. */
  async addPhoto(path, caption) {
    await this.press('Photo');
    const sheet = await this.window.one('dialog', 'Add photos or files');
    await this.window.giveFile(path);
    await (await sheet.one('textbox', /^Caption/, { withinMs: TRAVEL_MS })).fill(caption);
    await this.press('Save photo', { within: sheet });
    await this.window.none('dialog', 'Add photos or files');
    await (await this.#photos()).one('listitem', new RegExp(escaped(caption)));
  }

  /** The photos of the open order with their times and states, from top to bottom. */
  async photos() {
    return Promise.all((await (await this.#photos()).all('listitem')).map((photo) => photo.text()));
  }

  #photos() {
    return this.window.one('region', 'Photos and files');
  }

  /** Waits at the lock until the hub was heard. */
  async exchangedAtLock() {
    await this.window.one('heading', 'Who is working?', { withinMs: FILL_MS });
    await this.window.reads('Up to date', { withinMs: TRAVEL_MS });
  }

  /** Puts a text into the sheet of a note without saving it, in the place of what it holds. */
  async putIntoNote(text, times) {
    const put = (field, words, count) => {
      field.value = words.repeat(count);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    await this.window.run(put, (await this.#noteField()).reference, text, times);
  }

  /** Inserts a text into the sheet of a note as pasting does. */
  async insertIntoNote(text, times) {
    const insert = (field, words, count) => {
      field.focus();
      document.execCommand('insertText', false, words.repeat(count));
    };
    await this.window.run(insert, (await this.#noteField()).reference, text, times);
  }

  /** What the sheet of a note holds. */
  async noteInSheet() {
    return (await this.#noteField()).property('value');
  }

  async #noteField() {
    const sheet = await this.window.one('dialog', 'Write a note');
    return sheet.one('textbox', 'Text');
  }

  /** The notes of the open order with their times and states, from top to bottom. */
  async notes() {
    const card = await this.window.one('region', 'Notes');
    return Promise.all((await card.all('listitem')).map((note) => note.text()));
  }

  /** Asks for exchanges in the sync room until it says these words. */
  async exchangeUntil(words) {
    await this.press(/^Sync/);
    await this.window.until(
      async () => {
        await this.press('Exchange now');
        return (await this.window.text()).includes(words);
      },
      `an exchange to end with: ${words}`,
      TRAVEL_MS,
    );
  }

  /** Asks for exchanges in the sync room until nothing is on this laptop alone. */
  async exchangeUntilSent() {
    await this.press(/^Sync/);
    await this.window.until(
      async () => {
        await this.press('Exchange now');
        const rows = await this.window.all('listitem', /Saved on this laptop/);
        return rows.length === 0 && (await this.window.text()).includes('Up to date');
      },
      'everything to be sent',
      TRAVEL_MS,
    );
  }

  /**
   * Takes what the first part line plans from the bin it names.
   * @returns {Promise<boolean>} false when the order has no parts
   */
  async takePart() {
    const card = await this.window.one('region', 'Parts');
    const [take] = await card.all('button', /^Take /);
    if (!take) return false;
    await take.click();
    await this.press('Take it', { within: card });
    await this.window.reads(/\bfrom \S+, /);
    return true;
  }

  /** Finishes the open order. */
  async finish() {
    await this.press('Finish work');
    const sheet = await this.window.one('dialog', 'Finish work');
    await this.press('Finish work', { within: sheet });
    await this.window.none('dialog', 'Finish work');
  }

  /** Waits at the lock until the laptop says that all work of the person is sent. */
  async allIsSent() {
    await this.window.one('heading', 'Who is working?', { withinMs: FILL_MS });
    await this.window.reads('All sent', { withinMs: TRAVEL_MS });
  }

  /**
   * What the open order says about where its changes are, place by place.
   * @returns {Promise<Record<'steps' | 'notes' | 'labour' | 'parts' | 'status', string[]>>}
   */
  async states() {
    const region = (name) => this.window.one('region', name);
    const within = async (element) => {
      const lines = await this.window.run(
        (place) =>
          [...place.querySelectorAll('.change .chip')].map((chip) => chip.textContent.trim()),
        element.reference,
      );
      for (const line of lines) assert.match(line, STATE);
      return lines;
    };
    const head = await this.window.run(() =>
      [...document.querySelectorAll('main > header .change .chip')].map((chip) =>
        chip.textContent.trim(),
      ),
    );
    return {
      steps: await within(await region('Steps')),
      notes: await within(await region('Notes')),
      labour: await within(await region('Labour')),
      parts: await within(await region('Parts')),
      status: head,
    };
  }

  /** Each change of the open order says that it is saved on this laptop, and so does the list. */
  async everythingIsSaved() {
    const states = await this.states();
    for (const [place, lines] of Object.entries(states)) {
      for (const line of lines) assert.match(line, SAVED, place);
    }
    return states;
  }

  /** Waits until each change reached the last state its domain knows, with the number of it. */
  async everythingIsAccepted() {
    const last = {
      steps: SENT,
      notes: SENT,
      labour: ACCEPTED_BY_ERP,
      parts: ACCEPTED_BY_ERP,
      status: ACCEPTED_BY_CMMS,
    };
    let states;
    await this.window.until(
      async () => {
        states = await this.states();
        return Object.entries(states).every(([place, lines]) =>
          lines.every((line) => last[place].test(line)),
        );
      },
      'every change to be accepted',
      TRAVEL_MS,
    );
    return states;
  }
}

/** A reading inside the limits a step states. */
function reading(row) {
  const [, lower, upper] = row.match(/Limit ([\d.,]+) to ([\d.,]+)/) ?? [];
  if (lower) return lower;
  const most = row.match(/Limit ([\d.,]+)/)?.[1] ?? upper;
  if (most) return most;
  return row.match(/At least ([\d.,]+)/)?.[1] ?? '1';
}

/** The words of the step that a field belongs to: what follows the colon of its label. */
async function stepText(field) {
  const label = await field.attribute('aria-label');
  return label.slice(label.indexOf(': ') + 2);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
