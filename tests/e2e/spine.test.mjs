// The spine of Fettle: one order in the real window, against a running hub, CMMS and ERP.
// The programs are built with fault points; `npm test` names them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { begin, chapters, close, tell } from './scene.mjs';

const EXCAVATORS = 'excavators-cleaned.csv';

describe('a technician works without a network', () => {
  let story;
  after(() => close(story));

  chapters(
    () => story,
    [
      [
        'signs in and the laptop fills',
        async () => {
          story = await tell(await begin('spine'));
          await story.signIn();
        },
      ],
      ['works while the link is cut, each change saved', () => story.workWithoutLink()],
      ['is killed in the middle and loses nothing', () => story.dieAndReopen()],
      ['finishes without a network', () => story.finish()],
      ['leaves a copy of the laptop from before anything is sent', () => story.keepCopy()],
      ['comes back, and labour and parts stand exactly once', () => story.linkReturns()],
      ['sends everything ten times more and changes nothing', () => story.sendAgain()],
    ],
  );
});

describe('hub and ERP die at the worst moment', () => {
  let story;
  after(() => close(story));

  chapters(
    () => story,
    [
      [
        'the work is done without a network',
        async () => {
          story = await tell(await begin('faults'));
          await story.signIn();
          await story.workWithoutLink();
          await story.finish();
        },
      ],
      [
        'the hub dies between its commit and its answer',
        async () => {
          const { hub, link } = story;
          await hub.kill();
          await hub.startAgain({ env: { FETTLE_FAULT: 'hub.after_commit:1' } });
          await hub.askDemo('erp', 'POST', '/admin/fault', { count: 1 });
          await link.restore();
          await hub.ended();
        },
      ],
      [
        'the ERP dies between its effect and its answer',
        async () => {
          const { hub } = story;
          await hub.startAgain();
          await story.person.window.until(() => hub.demo('erp').length === 0, 'the ERP to die');
          // A hub that starts finds what runs and starts what does not.
          await hub.kill();
          await hub.startAgain();
        },
      ],
      [
        'still exactly one document each',
        async () => {
          story.answered = await story.person.everythingIsAccepted();
          await story.standsOnce();
        },
      ],
    ],
  );
});

describe('a real order of an excavator', () => {
  const file = join(process.env.FETTLE_REAL_DATA ?? '', EXCAVATORS);
  const skip = existsSync(file) ? false : 'FETTLE_REAL_DATA names no folder with the real records';
  let story;
  after(() => close(story));

  test('comes out of the file and is worked on like any other', { skip }, async () => {
    const scene = await begin('excavators');
    const report = await scene.hub.command('import', file, '--mapping', 'excavators');
    const order = report.match(/^open order (\S+)/im)?.[1];
    assert.ok(order, `the report names the open order:\n${report}`);
    story = await tell(scene, order);
    await story.signIn();
    await story.workWithoutLink();
    await story.dieAndReopen();
    await story.finish();
    await story.linkReturns();
  });
});
