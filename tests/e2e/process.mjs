// Starts the programs a test or a story needs and leaves none of them behind.
// Every child carries a tag in its environment, which its own children inherit: so even a
// program that outlives its parent on purpose, as the demo systems do, is found at the end.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const TAG = 'FETTLE_RUN';
const tag = randomUUID();
/** How long a program may take to end after it was asked to. */
const GRACE_MS = 8_000;
const POLL_MS = 50;

/**
 * Starts a program of its own process group, its words into a log file.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, log: string, cwd?: string, listen?: boolean }} options
 *   `listen` keeps standard output out of the log, for the caller to read
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
export function start(command, args, { env, log, cwd, listen = false }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  const child = spawn(command, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...env, [TAG]: tag },
    stdio: ['ignore', listen ? 'pipe' : file, file],
  });
  closeSync(file);
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', (error) =>
      reject(new Error(`${command} could not be started (${error.code ?? error.message}).`)),
    );
  });
}

/** Whether a child has not ended yet. */
export const isAlive = (child) => child.exitCode === null && child.signalCode === null;

/** Resolves when a child has ended. */
export function ended(child) {
  if (!isAlive(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Ends one child without a word, as a power cut would, and waits until it is gone. */
export async function kill(child) {
  child.kill('SIGKILL');
  await ended(child);
}

/** Asks one child to end; ends it by force when it does not listen. */
export async function stop(child) {
  if (!isAlive(child)) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended(child);
  clearTimeout(force);
}

/**
 * Programs of this run, also those whose parent has gone.
 * @param {(words: string[], environment: string[]) => boolean} [wanted] judged by the words of
 *   its command line and its environment (`NAME=value`)
 * @returns {{ pid: number, words: string[] }[]}
 */
export function running(wanted = () => true) {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      // A kernel thread or a zombie has no program behind it.
      readlinkSync(`/proc/${name}/exe`);
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${TAG}=${tag}`)) continue;
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
      if (wanted(words, environment)) found.push({ pid: Number(name), words });
    } catch {
      // It ended while we looked, or is not ours to read.
    }
  }
  return found;
}

/** Ends by force the programs of this run that `wanted` names, and waits until they are gone. */
export async function killRunning(wanted) {
  const named = running(wanted);
  signalAll(named, 'SIGKILL');
  await gone(wanted, GRACE_MS);
  return named.length;
}

/** Ends everything of this run: first asked, then by force. */
export async function endAll() {
  signalAll(running(), 'SIGTERM');
  if (await gone(undefined, GRACE_MS)) return;
  signalAll(running(), 'SIGKILL');
  await gone(undefined, GRACE_MS);
}

/** Ends everything of this run by force, at once; the last thing this process does. */
export function endAllNow() {
  signalAll(running(), 'SIGKILL');
}

function signalAll(programs, signal) {
  for (const { pid } of programs) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

async function gone(wanted, withinMs) {
  const until = Date.now() + withinMs;
  while (running(wanted).length > 0) {
    if (Date.now() > until) return false;
    await wait(POLL_MS);
  }
  return true;
}

process.on('exit', endAllNow);
