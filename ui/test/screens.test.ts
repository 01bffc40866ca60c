import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { densities, screens, themes } from './screens';

const NODES_LIMIT = 1500;
const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

for (const [name, show] of Object.entries(screens)) {
  describe(name, () => {
    for (const theme of themes) {
      for (const density of densities) {
        test(`${theme} and ${density} has no accessibility fault`, async () => {
          await page.viewport(1366, 768);
          await show({ theme, density });
          await page.screenshot({ path: `pictures/${name}-${theme}-${density}.png` });
          const found = await axe.run(document.body, { runOnly: rules });
          expect(found.violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`)).toEqual([]);
          expect(document.querySelectorAll('*').length).toBeLessThanOrEqual(NODES_LIMIT);
          expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1366);
        });
      }
    }
    test('fits 1708 by 960 and a zoom of 200 %', async () => {
      await page.viewport(1708, 960);
      await show({ theme: 'day', density: 'glove' });
      await page.screenshot({ path: `pictures/${name}-wide.png` });
      await page.viewport(683, 384);
      await page.screenshot({ path: `pictures/${name}-zoom.png` });
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(683);
    });
  });
}
