// Runs one step at a time: shows progress, keeps the child's words in a log, and fails with one
// sentence that says what to do. Whatever it started ends with it.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, relative } from 'node:path';
import { folder, logs, root } from './place.mjs';

const LAST_LINES = 40;
const HEARTBEAT_MS = 20_000;
const REDRAW_MS = 1_000;

/** A failure whose message is one sentence for the person at the terminal. */
export class Stop extends Error {
  /**
   * @param {string} sentence what went wrong and what to do
   * @param {{ lines?: string[], log?: string }} [evidence] the child's last words
   */
  constructor(sentence, { lines = [], log } = {}) {
    super(sentence);
    this.lines = lines;
    this.log = log;
  }
}

const groups = new Set();

/** Ends every process group that is still running; safe to call twice. */
export function endChildren(signal = 'SIGTERM') {
  for (const pid of groups) {
    try {
      process.kill(-pid, signal);
    } catch {
      groups.delete(pid);
    }
  }
}

/** Remembers a detached child, so that its whole group ends with this process. */
export function own(child) {
  groups.add(child.pid);
  return child;
}

/** Forgets a group that was ended on purpose. */
export function disown(child) {
  groups.delete(child.pid);
}

const endings = [];

/** Has something end in good order when this command is asked to end. */
export const atEnd = (work) => endings.push(work);

let isEnding = false;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, async () => {
    // Whoever asks twice does not want to wait.
    if (isEnding) process.exit(code);
    isEnding = true;
    process.stdout.write('\n');
    for (const work of endings) await work();
    process.exit(code);
  });
}
process.on('exit', () => endChildren('SIGKILL'));

const isTerminal = Boolean(process.stdout.isTTY);
const began = Date.now();

const duration = (from) => {
  const seconds = Math.round((Date.now() - from) / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};

/** Time since this command began, in words. */
export const elapsed = () => duration(began);

/** Says one line. */
export const say = (line = '') => process.stdout.write(`${line}\n`);

/**
 * Runs one named step with progress.
 * @template T
 * @param {string} title what is done, as a person would say it
 * @param {(log: Log) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function stage(title, work) {
  const from = Date.now();
  const log = new Log(title);
  const tick = setInterval(
    () => {
      if (isTerminal) process.stdout.write(`\r… ${title}  ${duration(from)} `);
      else say(`  … ${title}, ${duration(from)}`);
    },
    isTerminal ? REDRAW_MS : HEARTBEAT_MS,
  );
  if (isTerminal) process.stdout.write(`… ${title}`);
  try {
    const result = await work(log);
    const detail = typeof result === 'string' && result ? `, ${result}` : '';
    done('✓', title, `${duration(from)}${detail}`);
    return result;
  } catch (error) {
    done('✗', title, duration(from));
    throw error instanceof Stop ? error : new Stop(`${title} failed: ${error.message}.`, log.end());
  } finally {
    clearInterval(tick);
    log.close();
  }
}

function done(mark, title, detail) {
  const clear = isTerminal ? '\r\x1b[2K' : '';
  say(`${clear}${mark} ${title}  (${detail})`);
}

/** The words of the children of one step. */
export class Log {
  constructor(title) {
    const name = title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    this.path = join(folder(logs), `${name}.log`);
    this.file = openSync(this.path, 'w');
  }

  write(text) {
    if (this.file !== undefined) writeSync(this.file, text);
  }

  text() {
    return readFileSync(this.path, 'utf8');
  }

  end() {
    const lines = this.text().trimEnd().split('\n').slice(-LAST_LINES);
    return { lines, log: relative(root, this.path) };
  }

  close() {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

/**
 * Runs a program to its end, its words into the step's log.
 * @param {Log} log
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, advice?: string, withinMs?: number }} [options]
 * @returns {Promise<string>} everything it said
 */
export function run(log, command, args, { cwd = root, env, advice, withinMs } = {}) {
  log.write(`$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = own(
      spawn(command, args, {
        cwd,
        env: { ...process.env, NO_COLOR: '1', ...env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const late =
      withinMs && setTimeout(() => process.kill(-child.pid, 'SIGKILL'), withinMs).unref();
    let said = '';
    const hear = (chunk) => {
      said += chunk;
      log.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', (error) => {
      disown(child);
      reject(new Stop(`${command} could not be started (${error.code}); is it installed?`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(late);
      disown(child);
      if (code === 0) return resolve(said);
      const how = signal ? `was ended by ${signal}` : `ended with ${code}`;
      const failure = new Stop(advice ?? `${command} ${how}; read the lines above.`, log.end());
      failure.said = said;
      reject(failure);
    });
  });
}

/** What a program says, or undefined when it is not there or fails. */
export function ask(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      ...options,
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (said += chunk));
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? said.trim() : undefined));
  });
}

/** Runs a whole command; a failure ends it with the evidence and one sentence. */
export async function main(work) {
  try {
    await work();
    process.exitCode ??= 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    for (const line of error.lines) say(`    ${line}`);
    if (error.log) say(`    (all of it: ${error.log})`);
    say();
    say(error.message);
    process.exitCode = 1;
  }
}
