// Where everything lies: the clone, what a run leaves behind, and the cache outside the clone.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the clone. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What runs leave behind: logs, programs, pictures, the demo's data. Ignored by git. */
export const kept = join(root, '.fettle');

/** One log file per step of the last run. */
export const logs = join(kept, 'log');

/** Kept between clones: the checking tools. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fettle');

/** Cargo's output; one given by the caller wins, so that it can be shared between clones. */
export const target = process.env.CARGO_TARGET_DIR
  ? resolve(root, process.env.CARGO_TARGET_DIR)
  : join(root, 'target');

/** A program that npm installed. */
export const npmProgram = (name) => join(root, 'node_modules', '.bin', name);

/** Makes a folder and names it. */
export function folder(...parts) {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
