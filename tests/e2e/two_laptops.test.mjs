// Two people work on one order without a network, and everything goes wrong: nothing is lost,
// nothing is doubled, and every clash reaches the person who can decide it.
// The programs are built with fault points; `npm test` names them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { converged, Mate } from './crew.mjs';
import { writeFileSync } from 'node:fs';
import { addPhoto, hold, measure, photos, reportFailure, said, tick } from './order_page.mjs';
import { endAll } from './process.mjs';
import { begin, chapters, DESK } from './scene.mjs';

const RUNOUT = 'Measure shaft runout';
const PASSING = '0.03';
const FAILING = '0.07';
const TICKED_BY_BOTH = 'Isolate, lock and tag';
const TICKED_BY_ODE = 'Drain casing and open vents';
const NOTES = {
  kowalska: 'New seal cartridge fitted, faces photographed.',
  ode: 'Casing drained, the vent valve is stiff.',
  later: 'Cleaned up after the work.',
};
const REASON = 'Runout is outside the limit, the shaft must be checked.';
const ADDED_STEP = 'Check the coupling guard';
/** What the office changes in the CMMS while both laptops are away. */
const OFFICE = { priority: 3, due: '2027-03-01T12:00:00Z' };
/** A round trip of 300 ms, requests that break, answers that are lost after the hub's commit. */
const BAD = { delayMs: 150, cuts: 3, lostAnswers: 3 };

/** Time for something to travel to hub, ERP and back. */
const TRAVEL_MS = 120_000;

describe('two people work on one order without a network', () => {
  /** @type {import('./hub.mjs').Hub} */ let hub;
  /** @type {{ kowalska: Mate, ode: Mate }} */ let mates;
  let folder;
  let order;
  let before;
  let backup;
  let agreed;
  let standing;
  let refused;

  after(async () => {
    for (const mate of Object.values(mates ?? {})) await mate.close();
    await endAll();
  });
  const both = (act) => Promise.all(Object.values(mates).map(act));
  const picture = (says) => both((mate) => mate.desk.picture(says));

  /** The documents that came to the ERP since the link was cut, each with its count. */
  const made = async () => {
    const known = new Set(before.map(({ reference }) => reference));
    return (await hub.documents()).filter(({ reference }) => !known.has(reference));
  };
  const standsOnce = async (kinds) => {
    const documents = await made();
    for (const { kind, reference, count } of documents) {
      assert.equal(count, 1, `${kind} ${reference} stands ${count} times in the ERP`);
    }
    assert.deepEqual(documents.map(({ kind }) => kind).sort(), kinds);
  };

  /** Opens or closes the period the ERP posts into today. */
  const setPeriod = (isOpen) =>
    hub.askDemo('erp', 'POST', '/admin/period', {
      FiscalPeriod: new Date().toISOString().slice(0, 7),
      IsOpen: isOpen,
    });
  /** The one case that waits for this cause, as the hub's operator lists it. */
  const waitingCase = (cause) =>
    mates.kowalska.window.until(
      async () => {
        const lines = (await hub.command('case', 'list')).split('\n').filter(Boolean);
        const rows = lines.map((line) => line.split('\t'));
        const found = rows.filter((row) => cause.test(row.at(-1)));
        assert.ok(found.length <= 1, `one case of ${cause}:\n${lines.join('\n')}`);
        return found.map(([id, owner]) => ({ id, owner }))[0];
      },
      `a case of ${cause}`,
      TRAVEL_MS,
    );

  chapters(
    () => ({ desk: mates?.kowalska?.desk }),
    [
      [
        'both fill and open the order; its work has begun',
        async () => {
          ({ hub, folder } = await begin('two-laptops'));
          const open = (account, laptop) =>
            Mate.open(hub, { account, laptop, program: DESK, folder });
          mates = { kowalska: await open('kowalska', 'HW-14'), ode: await open('ode', 'HW-22') };
          await both((mate) => mate.signIn());
          order = await orderWith(hub, RUNOUT);
          const { kowalska, ode } = mates;
          await kowalska.person.openOrder(order);
          await kowalska.person.press('Start work');
          await kowalska.window.reads(/Accepted by CMMS/, { withinMs: TRAVEL_MS });
          await ode.person.openOrder(order);
          await ode.window.reads('INPRG', { withinMs: TRAVEL_MS });
        },
      ],
      [
        'both lose the link and work on',
        async () => {
          const { kowalska, ode } = mates;
          before = await hub.documents();
          backup = join(folder, 'yesterday.db');
          await hub.command('backup', backup);
          await both((mate) => mate.link.cut());

          await kowalska.person.press('Start labour');
          await tick(kowalska.window, TICKED_BY_BOTH);
          await measure(kowalska.window, RUNOUT, PASSING);
          await kowalska.person.writeNote(NOTES.kowalska);
          assert.ok(await kowalska.person.takePart(), 'the order plans a part');
          const photo = join(folder, 'photo.png');
          writeFileSync(photo, await ode.window.picture());
          await addPhoto(kowalska.window, photo);

          await ode.person.press('Start labour');
          await tick(ode.window, TICKED_BY_BOTH);
          await tick(ode.window, TICKED_BY_ODE);
          await measure(ode.window, RUNOUT, FAILING);
          await ode.person.writeNote(NOTES.ode);
          await reportFailure(ode.window);
          await ode.person.press('Pause');
          await picture('Both work on the same order without a connection.');
        },
      ],
      [
        'one window is killed and reopened',
        async () => {
          const saidBefore = await said(mates.ode.window);
          await mates.ode.dieAndReopen(order);
          assert.deepEqual(await said(mates.ode.window), saidBefore);
        },
      ],
      [
        'one finishes, the other holds',
        async () => {
          const { kowalska, ode } = mates;
          await kowalska.person.doSteps();
          await kowalska.person.finish();
          await hold(ode.window, REASON);
          await both((mate) => mate.person.everythingIsSaved());
          await picture('One finished, the other put it on hold.');
          assert.deepEqual(await hub.documents(), before, 'the ERP cannot know yet');
        },
      ],
      [
        'the office changes priority and due date and adds a task meanwhile',
        async () => {
          const [held] = (await hub.askDemo('cmms', 'GET', '/os/wo?pagesize=500')).member.filter(
            ({ wonum }) => wonum === order,
          );
          const [task] = held.woactivity;
          const line = { ...task.checklist[0], line: 10, description: ADDED_STEP };
          await hub.askDemo('cmms', 'POST', `/admin/wo/${order}`, {
            wopriority: OFFICE.priority,
            targcompdate: OFFICE.due,
            woactivity: [
              ...held.woactivity,
              { ...task, taskid: 20, description: ADDED_STEP, checklist: [line] },
            ],
          });
        },
      ],
      [
        'the link returns badly, and both say the same',
        async () => {
          const { kowalska, ode } = mates;
          await both(async (mate) => {
            mate.link.behave(BAD);
            await mate.link.restore();
          });
          agreed = await converged(
            [kowalska, ode],
            ({ notes, labour, steps }) =>
              notes.length >= 2 &&
              labour.length === 2 &&
              steps.some((words) => words.includes(ADDED_STEP)),
          );
          await picture('Both laptops say the same.');
          for (const note of [NOTES.kowalska, NOTES.ode]) assert.ok(agreed.notes.includes(note));
          assert.match(agreed.priority, new RegExp(String(OFFICE.priority)));
          await both((mate) => mate.window.reads('Failure reports'));
          await mates.ode.window.until(
            async () => (await photos(mates.ode.window)) === 1,
            'the photo to reach the other laptop',
            TRAVEL_MS,
          );
          const count = (what) =>
            Object.values(mates).reduce((sum, { link }) => sum + link.mishaps[what], 0);
          assert.ok(count('cuts') > 0, 'a request was cut');
          assert.ok(count('lostAnswers') > 0, 'an answer was lost');
        },
      ],
      [
        'the clash shows as two versions on both laptops, and fail stands',
        async () => {
          const row = agreed.steps.find((words) => words.includes(RUNOUT));
          assert.ok(
            row.some((words) => words.startsWith(PASSING)),
            row.join(),
          );
          assert.ok(
            row.some((words) => words.startsWith(FAILING)),
            row.join(),
          );
          await both((mate) => mate.window.reads('Two versions'));
        },
      ],
      [
        'labour and parts stand once',
        async () => {
          await mates.kowalska.window.until(
            async () => (await made()).length === 3,
            'labour of both and the part to be posted',
            TRAVEL_MS,
          );
          await standsOnce(['GoodsIssue', 'TimeConfirmation', 'TimeConfirmation']);
        },
      ],
      [
        'finish against hold is a case for the planner, and the facts are kept',
        async () => {
          const race = await waitingCase(/order\.status_changed_meanwhile/);
          assert.equal(race.owner, 'planner');
          // Whoever came second is told who has it; the other's claim stands.
          const hasIt = (mate) =>
            mate.window.text().then((text) => text.includes('A. Brandt has it'));
          await mates.kowalska.window.until(
            async () => (await both(hasIt)).includes(true),
            'the laptop that came second to say who has it',
            TRAVEL_MS,
          );
          await picture('Finish against hold: the planner has it.');
          await hub.command('case', 'reject', race.id, '--by', 'brandt', '--reason', REASON);
          assert.deepEqual(await said(mates.ode.window), await said(mates.kowalska.window));
        },
      ],
      [
        'a posting into a closed period needs attention and blocks nothing else',
        async () => {
          const { kowalska } = mates;
          standing = await made();
          await setPeriod(false);
          await kowalska.person.press('Start labour');
          await kowalska.person.press('Pause');
          await kowalska.window.reads('Needs attention', { withinMs: TRAVEL_MS });
          await kowalska.window.reads('The integration owner has it');
          await kowalska.desk.picture('A posting into a closed period needs attention.');
          refused = await waitingCase(/effect\.refused/);
          assert.equal(refused.owner, 'integration_owner');
          // What does not rest on it goes on: a note is sent, a status reaches the CMMS.
          await kowalska.person.writeNote(NOTES.later);
          await kowalska.window.until(
            async () => (await kowalska.person.states()).notes.every((state) => state === 'Sent'),
            'the note to be sent',
            TRAVEL_MS,
          );
          assert.deepEqual(await made(), standing);
        },
      ],
      [
        'after the period is opened one replay posts it once',
        async () => {
          const { kowalska } = mates;
          await setPeriod(true);
          await hub.command('case', 'replay', refused.id, '--by', 'okafor');
          await kowalska.window.until(
            async () => (await made()).length === standing.length + 1,
            'the labour to be posted',
            60_000,
          );
          await assert.rejects(hub.command('case', 'replay', refused.id, '--by', 'okafor'));
          await standsOnce([
            'GoodsIssue',
            'TimeConfirmation',
            'TimeConfirmation',
            'TimeConfirmation',
          ]);
          await kowalska.window.none('status', 'Needs attention');
          await kowalska.desk.picture('After the replay it stands once.');
        },
      ],
      [
        'the hub is restored from yesterday, and what it lost comes back from the laptops',
        async () => {
          const { kowalska, ode } = mates;
          await both((mate) => mate.person.exchangeUntilSent());
          await both((mate) => mate.backTo(order));
          agreed = await converged([kowalska, ode], () => true);
          const standingNow = await made();
          const figures = await hub.figures();
          await hub.stop();
          await hub.restore(backup);
          await hub.startAgain();
          await kowalska.window.until(
            async () => {
              const { changes } = await hub.figures();
              return changes >= figures.changes;
            },
            'the hub to have again what it lost',
            180_000,
          );
          assert.deepEqual(await converged([kowalska, ode], () => true), agreed);
          await both((mate) => mate.person.exchangeUntilSent());
          await both((mate) => mate.backTo(order));
          assert.deepEqual(await made(), standingNow, 'nothing is posted twice');
          await picture(
            'The hub was restored from yesterday; nothing is lost and nothing doubled.',
          );
        },
      ],
    ],
  );
});

/** Number of the demo technician's order that has this step. */
async function orderWith(hub, step) {
  const { member } = await hub.askDemo('cmms', 'GET', '/os/wo?pagesize=500');
  const has = (order) =>
    order.status === 'DISPATCHED' &&
    order.woactivity.some((task) => task.checklist.some((line) => line.description === step));
  const found = member.find(has);
  assert.ok(found, `a dispatched order asks: ${step}`);
  return found.wonum;
}
