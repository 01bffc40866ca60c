// Reads how many tests passed and failed from what each runner says at its end.

const bare = (text) => text.replace(/\x1b\[[0-9;]*m/g, '');

const sum = (text, pattern) =>
  [...bare(text).matchAll(pattern)].reduce(
    (all, found) => ({
      passed: all.passed + Number(found.groups.passed ?? 0),
      failed: all.failed + Number(found.groups.failed ?? 0),
      skipped: all.skipped + Number(found.groups.skipped ?? 0),
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** A check that has no tests of its own counts as one. */
export const one = () => ({ passed: 1, failed: 0, skipped: 0 });

/** `Summary [ 1.2s] 45 tests run: 44 passed (1 slow), 1 failed, 2 skipped` */
export const nextest = (text) =>
  sum(
    text,
    /^\s*Summary \[.*?\].*?: (?:(?<passed>\d+) passed)?(?: \([^)]*\))?(?:, )?(?:(?<failed>\d+) failed)?(?:, \d+ (?:exec failed|timed out))*(?:, )?(?:(?<skipped>\d+) skipped)?/gm,
  );

/** `test result: ok. 3 passed; 0 failed; 1 ignored; …`, once for each binary */
export const cargoTest = (text) =>
  sum(
    text,
    /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored/gm,
  );

/** `      Tests  2 failed | 41 passed | 1 skipped (44)` */
export const vitest = (text) =>
  sum(
    text,
    /^\s*Tests\s+(?:(?<failed>\d+) failed)?(?: \| )?(?:(?<passed>\d+) passed)?(?: \| )?(?:(?<skipped>\d+) skipped)?/gm,
  );

/** `# pass 12`, `# fail 0`, `# skipped 1` of the TAP reporter */
export const node = (text) => {
  const number = (word) =>
    Number(bare(text).match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  return {
    passed: number('pass'),
    failed: number('fail') + number('cancelled'),
    skipped: number('skipped') + number('todo'),
  };
};
