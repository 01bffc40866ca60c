// The story of one order: a technician without a network works, is cut off in the middle, comes
// back, and labour and parts stand in CMMS and ERP exactly once. Told by `npm start` where there
// is no display, and held against its promises by `spine.test.mjs`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Desk } from './desk.mjs';
import { openDisplay } from './display.mjs';
import { Link } from './link.mjs';
import { Person } from './person.mjs';

/** Plant and laptop of the demo. */
const PLANT = '1200';
const LAPTOP = 'HW-14';
const PIN = '274916';
const NOTE = 'Coupling runs true again; the old shim was worn through.';
/** How often everything travels to the hub again at the end. */
const TIMES_MORE = 10;
/** Figures of the hub about what it stores, not about what it did. */
const STORED = /^(orders|changes|held_changes|waiting_intents|quarantined_items|effects)/;

/** One telling of the story, chapter by chapter. */
export class Story {
  #options;

  /** @type {Desk} */ desk;
  /** @type {Person} */ person;
  /** @type {Link} */ link;

  /**
   * @param {{ hub: import('./hub.mjs').Hub, desk: string, folder: string, account: string,
   *   password: string, order?: string, env?: Record<string, string | undefined> }} options
   */
  constructor(options) {
    this.#options = options;
    this.hub = options.hub;
  }

  /** Opens display, link and window. */
  async open() {
    const { folder, desk, env, account, password } = this.#options;
    this.display = await openDisplay({ log: join(folder, 'display.log') });
    this.link = await Link.to(this.hub.port);
    this.desk = await Desk.open({
      program: desk,
      display: this.display.name,
      folder: join(folder, 'desk'),
      pictures: join(folder, 'pictures'),
      log: join(folder, 'desk.log'),
      env,
    });
    this.person = new Person(this.desk, { account, password, pin: PIN });
  }

  /** Closes what this telling opened. */
  async close() {
    await this.desk?.close();
    await this.link?.cut();
    await this.display?.close();
  }

  /** Chapter 1: signs in, lets the laptop fill, and chooses an order. */
  async signIn() {
    const { person, desk } = this;
    const code = await this.hub.deviceCode({ plant: PLANT, name: LAPTOP });
    await desk.picture('A new laptop asks for its hub and its person.');
    await person.enrol({ hub: this.link.url, code });
    await person.choosePin();
    await desk.picture('The orders of the person are on the laptop.');
    this.order = await person.openOrder(this.#options.order);
    await desk.picture('An order with its steps and parts.');
  }

  /** Chapter 2: the link is cut; everything is done on the laptop alone. */
  async workWithoutLink() {
    const { person, desk } = this;
    this.before = await this.hub.documents();
    await this.link.cut();
    await person.startWork();
    await desk.picture('Without a connection the work begins and the clock of the labour runs.');
    this.done = await person.doSteps();
    await desk.picture('Steps are ticked and readings are entered.');
    await person.writeNote(NOTE);
    this.hasPart = await person.takePart();
    this.kept = await this.#everyChangeIsSaved();
    await desk.picture('A note is written and a part is taken; each is saved on this laptop.');
    assert.deepEqual(await this.hub.documents(), this.before, 'the ERP cannot know yet');
  }

  async #everyChangeIsSaved() {
    const states = await this.person.everythingIsSaved();
    const { ticks, values, texts } = this.done;
    assert.equal(states.steps.length, ticks + values + texts, 'each step says where it is');
    assert.equal(states.notes.length, 1);
    assert.equal(states.labour.length, 1);
    assert.equal(states.parts.length, this.hasPart ? 1 : 0);
    return states;
  }

  /** Chapter 3: the power goes in the middle of it. */
  async dieAndReopen() {
    const { person, desk } = this;
    const clock = await person.labourClock();
    await desk.kill();
    await desk.openAgain();
    await desk.picture('After a power cut the laptop asks who is working.');
    await person.unlock();
    await person.openOrder(this.order);
    assert.deepEqual(await this.#everyChangeIsSaved(), this.kept, 'nothing may be lost');
    await person.window.reads(NOTE);
    assert.ok((await person.labourClock()) >= clock, 'the clock of the labour went on');
    await desk.picture('Nothing is lost and the clock of the labour still runs.');
  }

  /** Chapter 4: the work is finished, still without a link. */
  async finish() {
    await this.person.finish();
    const states = await this.#everyChangeIsSaved();
    assert.equal(states.status.length, 1);
    assert.deepEqual(await this.hub.documents(), this.before, 'the ERP cannot know yet');
    await this.desk.picture('The work is finished, saved on this laptop.');
  }

  /** Sets a copy of the laptop aside while nothing of it is sent. */
  async keepCopy() {
    const { desk, person } = this;
    await desk.kill();
    desk.keepCopy();
    await desk.openAgain();
    await person.unlock();
    await person.openOrder(this.order);
  }

  /** Chapter 5: the link returns; everything is answered, once. */
  async linkReturns() {
    const arrived = await this.#arrived();
    await this.link.restore();
    this.answered = await this.person.everythingIsAccepted();
    this.sent = (await this.#arrived()) - arrived;
    assert.ok(this.sent > 0, 'the hub counts what arrived');
    await this.desk.picture('Every change arrived; CMMS and ERP gave their numbers.');
    await this.standsOnce();
  }

  /** Chapter 6: a laptop put back to before it sent anything sends all of it, again and again. */
  async sendAgain() {
    const { desk, person } = this;
    const before = await this.#standing();
    for (let time = 0; time < TIMES_MORE; time += 1) {
      const arrived = await this.#arrived();
      await desk.kill();
      desk.putCopyBack();
      await desk.openAgain();
      await person.allIsSent();
      assert.equal(await this.#arrived(), arrived + this.sent, 'all of it travelled again');
      assert.deepEqual(await this.#standing(), before, 'and changed nothing');
    }
    await person.unlock();
    await person.openOrder(this.order);
    await person.everythingIsAccepted();
    assert.deepEqual(await person.states(), this.answered);
    await this.standsOnce();
    await desk.picture('Everything was sent ten times more, and nothing changed.');
  }

  /** Everything that sending twice could double: documents, log lines, effects, changes. */
  async #standing() {
    const figures = Object.entries(await this.hub.figures());
    return {
      erp: await this.hub.documents(),
      cmms: await this.hub.cmmsLog(),
      hub: figures.filter(([name]) => STORED.test(name)),
    };
  }

  /** Changes and claims the hub received since it started. */
  async #arrived() {
    const { pushed_items_total: arrived } = await this.hub.figures();
    return arrived;
  }

  /** One labour posting, and one goods issue when a part was taken; no reference twice. */
  async standsOnce() {
    const known = new Set(this.before.map(({ reference }) => reference));
    const made = (await this.hub.documents()).filter(({ reference }) => !known.has(reference));
    for (const { kind, reference, count } of made) {
      assert.equal(count, 1, `${kind} ${reference} stands ${count} times in the ERP`);
    }
    const kinds = made.map(({ kind }) => kind).sort();
    assert.deepEqual(
      kinds,
      this.hasPart ? ['GoodsIssue', 'TimeConfirmation'] : ['TimeConfirmation'],
    );
  }
}

/**
 * Tells the story to its end and gives its pictures.
 * @returns {Promise<{ picture: string, says: string }[]>}
 */
export async function tellStory(options) {
  const story = new Story(options);
  try {
    await story.open();
    await story.signIn();
    await story.workWithoutLink();
    await story.dieAndReopen();
    await story.finish();
    await story.keepCopy();
    await story.linkReturns();
    await story.sendAgain();
    return story.desk.pictures;
  } finally {
    await story.close();
  }
}
