// Reads how many tests passed and failed from what each runner says at its end.

const FAILED = ['failed', 'timed out', 'exec failed', 'fail', 'cancelled'];
const PASSED = ['passed', 'pass'];
const SKIPPED = ['skipped', 'ignored', 'todo'];

const bare = (text) => text.replace(/\x1b\[[0-9;]*m/g, '');

/** Adds the numbers of the lines that sum a run up, by the word beside each. */
function sum(text, isSummary, pattern) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const line of bare(text).split('\n').filter(isSummary)) {
    for (const { groups } of line.matchAll(pattern)) {
      const number = Number(groups.number);
      if (PASSED.includes(groups.word)) total.passed += number;
      if (FAILED.includes(groups.word)) total.failed += number;
      if (SKIPPED.includes(groups.word)) total.skipped += number;
    }
  }
  return total;
}

const NUMBER_FIRST = /(?<number>\d+) (?<word>exec failed|timed out|[a-z]+)/g;
const WORD_FIRST = /^# (?<word>[a-z]+) (?<number>\d+)$/g;

/** A check that has no tests of its own counts as one. */
export const one = () => ({ passed: 1, failed: 0, skipped: 0 });

/** `Summary [ 1.2s] 45 tests run: 44 passed (1 slow), 1 failed, 2 skipped` */
export const nextest = (text) => sum(text, (line) => /^\s*Summary \[/.test(line), NUMBER_FIRST);

/** `test result: ok. 3 passed; 0 failed; 1 ignored; …`, once for each program */
export const cargoTest = (text) =>
  sum(text, (line) => line.startsWith('test result: '), NUMBER_FIRST);

/** `      Tests  2 failed | 41 passed | 1 skipped (44)` */
export const vitest = (text) => sum(text, (line) => /^\s*Tests\s+\d/.test(line), NUMBER_FIRST);

/** `# pass 12`, `# fail 0`, `# skipped 1` of the TAP reporter */
export const node = (text) => sum(text, (line) => line.startsWith('# '), WORD_FIRST);
