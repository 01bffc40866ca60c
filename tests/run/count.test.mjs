// A count that reads nothing would let a failed run look like a passed one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as count from './count.mjs';

const check = (name, text, expected) =>
  test(`${name}: ${text.trim().split('\n')[0]}`, () => {
    assert.deepEqual(count[name](text), { failed: 0, skipped: 0, ...expected });
  });

check('nextest', '     Summary [   0.123s] 45 tests run: 45 passed, 0 skipped', { passed: 45 });
check('nextest', '     Summary [   1.2s] 9 tests run: 7 passed (1 slow), 2 failed, 3 skipped', {
  passed: 7,
  failed: 2,
  skipped: 3,
});
check('nextest', '     Summary [  60.2s] 3/4 tests run: 2 passed, 1 timed out, 1 skipped', {
  passed: 2,
  failed: 1,
  skipped: 1,
});
check(
  'nextest',
  '     Summary [   1.2s] 6 tests run: 3 passed, 1 failed, 2 exec failed, 0 skipped',
  {
    passed: 3,
    failed: 3,
  },
);
check('nextest', 'error: could not compile `fettle-hub`', { passed: 0 });

check(
  'cargoTest',
  'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured',
  { passed: 5, failed: 4, skipped: 1 },
);

check('vitest', '      Tests  2 failed | 41 passed | 1 skipped (44)', {
  passed: 41,
  failed: 2,
  skipped: 1,
});
check('vitest', '\x1b[2m      Tests \x1b[22m \x1b[32m3 passed\x1b[39m\x1b[90m (3)\x1b[39m', {
  passed: 3,
});
check('vitest', '      Tests  2 failed (2)', { passed: 0, failed: 2 });

check('node', '# tests 4\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0', {
  passed: 1,
  failed: 2,
  skipped: 1,
});
