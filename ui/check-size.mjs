// Holds the first load of scripts under the budget of the screens.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 120 * 1024;
const assets = new URL('./dist/assets/', import.meta.url);
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
const total = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets))).length, 0);
console.log(
  `first load: ${(total / 1024).toFixed(1)} KB of scripts after gzip, limit ${LIMIT_BYTES / 1024} KB`,
);
if (total > LIMIT_BYTES) {
  console.error('the first load is too large; load the new part later or leave it out');
  process.exit(1);
}
