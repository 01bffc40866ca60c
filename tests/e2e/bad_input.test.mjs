// Bad input and bad days at every border, in one world: a clear sentence each time, and what was
// not sent is still there.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { begin, chapters, close, tell } from './scene.mjs';

const LAPTOP = 'HW-14';
const HOUR_MS = 3_600_000;
/** Longer than the twelve hours a session lasts. */
const AFTER_A_SHIFT_MS = 13 * HOUR_MS;
const SIX_YEARS_MS = 6 * 365 * 24 * HOUR_MS;
/** A note of ten megabytes. */
const HUGE = { piece: '0123456789abcdef', times: 655_360 };
/** A note that is only somewhat too long. */
const LONG = { piece: 'The shaft runs true. ', times: 1_000 };

const WRONG_PASSWORD = 'Account or password is not right.';
const TOO_LONG = /The text has [\d,]+ characters, 20,000 are possible\. Shorten it\./;
const NO_KEY = "The key of this laptop's data was not found.";
const EXPIRED = 'Your sign-in has ended. Sign in again; your unsent work is kept.';
const OTHER_CERTIFICATE = 'is not the one this laptop knows.';
const REVOKED =
  'This laptop may no longer exchange with the hub. What could be read on it was removed; your unsent work is kept';
const NOTHING_WAITS = 'Everything is sent';

const NOTES = {
  short: 'Shortened to what matters.',
  offline: 'Written after the shift had ended.',
  behind: 'Written with a clock six years behind.',
  ahead: 'Written with a clock six years ahead.',
  strange: 'Written while the hub was another one.',
  unsent: 'Written before the laptop was revoked.',
};

describe('bad input and bad days', () => {
  let day;
  let scene;
  let backup;
  let backedUp;
  after(() => close(day));

  /** Opens the day's order again, from wherever the person is. */
  const backToOrder = async () => {
    await day.person.press('My work');
    await day.person.openOrder(day.order);
  };
  /** The unsent list holds this note still. */
  const stillThere = async (note) => {
    const list = await day.person.window.one('list', 'Changes not sent');
    await list.one('listitem', new RegExp(note));
  };
  const writeWithoutLink = async (note) => {
    await day.link.cut();
    await backToOrder();
    await day.person.writeNote(note);
  };
  const reopen = async (options) => {
    await day.desk.kill();
    await day.desk.openAgain(options);
  };
  const restartHub = async (options) => {
    await day.hub.stop();
    await day.hub.startAgain(options);
  };

  chapters(
    () => day,
    [
      [
        'a wrong password is told and what was typed stays',
        async () => {
          scene = await begin('bad-input');
          day = await tell(scene);
          const { person, hub, link } = day;
          const code = await hub.deviceCode({ plant: '1200', name: LAPTOP });
          await person.fill('Address of the hub', link.url);
          await person.fill('Enrolment code', code);
          await person.tryToSignIn('kowalska', 'not-the-password');
          await person.window.reads(WRONG_PASSWORD);
          const field = await person.window.one('textbox', 'Enrolment code');
          assert.equal(await field.property('value'), code);
          await day.desk.picture('A wrong password.');
        },
      ],
      [
        'an account is locked after too many tries, and others sign in',
        async () => {
          const { person } = day;
          await person.window.until(async () => {
            await person.tryToSignIn('ode', 'not-the-password');
            return /This account is locked until .+, after too many tries\./.test(
              await person.window.text(),
            );
          }, 'the account to be locked');
          await day.desk.picture('A locked account.');
          await person.signIn();
          await person.choosePin();
          day.order = await person.openOrder();
        },
      ],
      [
        'a note of ten megabytes is refused and its words are kept',
        async () => {
          const { person } = day;
          await person.press('Note');
          await person.putIntoNote(NOTES.short, 1);
          await person.insertIntoNote(HUGE.piece, HUGE.times);
          await person.window.reads(TOO_LONG);
          assert.equal(await person.noteInSheet(), NOTES.short);
          await day.desk.picture('A note of ten megabytes.');
          await person.putIntoNote(LONG.piece, LONG.times);
          await person.press('Save note');
          await person.window.reads(TOO_LONG);
          assert.equal(await person.noteInSheet(), LONG.piece.repeat(LONG.times));
          await person.putIntoNote(NOTES.short, 1);
          await person.press('Save note');
          await person.window.none('dialog', 'Write a note');
          assert.match((await person.notes()).join('\n'), new RegExp(NOTES.short));
        },
      ],
      [
        'a session ends while the link is cut; work goes on and is sent after signing in',
        async () => {
          const { person, link } = day;
          await writeWithoutLink(NOTES.offline);
          await restartHub({ env: { FETTLE_CLOCK_OFFSET_MS: String(AFTER_A_SHIFT_MS) } });
          await link.restore();
          await person.exchangeUntil(EXPIRED);
          await stillThere(NOTES.offline);
          await day.desk.picture('A session that has ended.');
          await person.press('Sign in again');
          await person.signIn();
          await person.choosePin();
          await person.exchangeUntil(NOTHING_WAITS);
          await restartHub();
        },
      ],
      [
        'a clock six years behind puts nothing out of order',
        async () => {
          const { person } = day;
          await reopen({ env: { FETTLE_CLOCK_OFFSET_MS: String(-SIX_YEARS_MS) } });
          await person.exchangedAtLock();
          await person.unlock();
          await person.openOrder(day.order);
          await person.writeNote(NOTES.behind);
          await person.takePart();
          await person.everythingIsAccepted();
          await day.desk.picture('A clock six years behind.');
        },
      ],
      [
        'a clock six years ahead neither',
        async () => {
          const { person } = day;
          await reopen({ env: { FETTLE_CLOCK_OFFSET_MS: String(SIX_YEARS_MS) } });
          await person.exchangedAtLock();
          await person.unlock();
          await person.openOrder(day.order);
          await person.writeNote(NOTES.ahead);
          await person.everythingIsAccepted();
          const notes = await person.notes();
          const expected = [NOTES.ahead, NOTES.behind, NOTES.offline, NOTES.short];
          assert.equal(notes.length, expected.length);
          const year = new RegExp(`\\b20(?!${String(new Date().getFullYear()).slice(2)})\\d\\d\\b`);
          for (const [place, note] of notes.entries()) {
            assert.match(note, new RegExp(expected[place]));
            assert.doesNotMatch(note, year, 'the hub tells what time it is');
          }
          await day.desk.picture('A clock six years ahead.');
        },
      ],
      [
        'a key that is missing is said, and trying again opens the data once it is back',
        async () => {
          const { person, desk } = day;
          await desk.kill();
          desk.setKeyAside(true);
          await desk.openAgain();
          await person.window.reads(NO_KEY);
          await person.press('Try again');
          await person.window.reads(NO_KEY);
          await desk.picture('The key is missing.');
          desk.setKeyAside(false);
          await person.press('Try again');
          await person.exchangedAtLock();
          await person.unlock();
        },
      ],
      [
        'an asset that was found opens with its orders',
        async () => {
          const { person } = day;
          await person.openOrder(day.order);
          await person.openAsset(await person.assetOfOrder());
          const facts = await person.window.one('region', 'What the CMMS says');
          await facts.one('term', 'Criticality');
          await day.desk.picture('An asset with its orders.');
          const orders = await person.window.one('region', 'Orders on this laptop');
          await person.press(new RegExp(day.order), { within: orders });
          await person.window.first('heading', /^Steps /);
        },
      ],
      [
        'another certificate is refused until the known one is back',
        async () => {
          const { person, hub, link } = day;
          await writeWithoutLink(NOTES.strange);
          await hub.stop();
          hub.setCertificateAside(true);
          await hub.startAgain();
          await link.restore();
          await person.exchangeUntil(OTHER_CERTIFICATE);
          await stillThere(NOTES.strange);
          const { pushed_items_total: arrived } = await hub.figures();
          assert.equal(arrived, 0, 'nothing goes to a hub that is another one');
          await day.desk.picture('A hub with another certificate.');
          await hub.stop();
          hub.setCertificateAside(false);
          await hub.startAgain();
          await person.exchangeUntil(NOTHING_WAITS);
        },
      ],
      [
        'a revoked laptop keeps its unsent work and says why it waits',
        async () => {
          const { person, hub, link } = day;
          backup = join(scene.folder, 'hub-copy.db');
          await hub.command('backup', backup);
          backedUp = await hub.figures();
          await writeWithoutLink(NOTES.unsent);
          await hub.command('device', 'revoke', LAPTOP);
          await link.restore();
          await person.exchangeUntil(REVOKED);
          await stillThere(NOTES.unsent);
          await day.desk.picture('A revoked laptop.');
          await reopen();
          await person.window.reads(REVOKED);
          await person.unlock();
          await person.openOrder(day.order);
          assert.match((await person.notes())[0], new RegExp(NOTES.unsent));
        },
      ],
      [
        'a hub restored from a backup gets what it lost, and nobody waits',
        async () => {
          const { person, hub } = day;
          await hub.stop();
          await hub.restore(backup);
          await hub.startAgain();
          await person.exchangeUntil(NOTHING_WAITS);
          await day.desk.picture('A hub restored from a backup.');
          await reopen();
          await person.unlock();
          await person.openOrder(day.order);
          assert.match((await person.notes())[0], new RegExp(NOTES.unsent));
          const { changes } = await hub.figures();
          assert.equal(changes, backedUp.changes + 1, 'what was never sent is there, once');
        },
      ],
    ],
  );
});
