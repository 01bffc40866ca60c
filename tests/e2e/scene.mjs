// A scene of the end-to-end tests: a hub in a folder of its own, and a story told in chapters.
// The programs are built with fault points; `npm test` names them.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Hub } from './hub.mjs';
import { endAll } from './process.mjs';
import { Story } from './story.mjs';

const PLACE = fileURLToPath(new URL('../../.fettle/e2e', import.meta.url));
const WHO = { account: 'kowalska', password: 'fettle-demo' };
const PROGRAMS = { hub: process.env.FETTLE_HUB, desk: process.env.FETTLE_DESK };

assert.ok(
  PROGRAMS.hub && PROGRAMS.desk,
  'FETTLE_HUB and FETTLE_DESK name the programs; "npm test -- --only e2e" builds and names them',
);

/** The desk's program, for scenes with several windows. */
export const DESK = PROGRAMS.desk;

/** A hub in a folder of its own; what it leaves stays there until the next run. */
export async function begin(name) {
  const folder = join(PLACE, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const hub = await Hub.start({
    program: PROGRAMS.hub,
    data: join(folder, 'hub'),
    log: join(folder, 'hub.log'),
  });
  return { folder, hub };
}

/** Opens a window for the demo person; a story may be about one order. */
export async function tell({ folder, hub }, order) {
  const story = new Story({ hub, desk: PROGRAMS.desk, folder, order, ...WHO });
  await story.open();
  return story;
}

/** Ends a story and everything that was started for it. */
export async function close(story) {
  await story?.close();
  await endAll();
}

/** Chapters depend on one another: after one that failed, the others say nothing new. */
export function chapters(story, titles) {
  let hasFailed = false;
  for (const [title, play] of titles) {
    test(title, async (context) => {
      if (hasFailed) return context.skip('an earlier chapter failed');
      hasFailed = true;
      try {
        await play(story());
      } catch (error) {
        await story()
          ?.desk?.picture(`Here it failed: ${title}`)
          .catch(() => {});
        throw error;
      }
      hasFailed = false;
    });
  }
}
