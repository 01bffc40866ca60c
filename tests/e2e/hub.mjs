// The hub and its demo systems as an operator and a power cut handle them.
import { execFile } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { isAlive, kill, killRunning, running, start, stop } from './process.mjs';

/** How long a hub may take to be ready; the first start makes certificate and world. */
const READY_MS = 120_000;
/** The same with a world of the size of a company. */
const READY_GROWN_MS = 900_000;
const COMMAND_MS = 60_000;

/** One hub over one data folder, at one port for its whole life. */
export class Hub {
  #child;
  #options;

  /** Where it listens, and the fingerprint of the certificate it shows there. */
  url = '';
  fingerprint = '';
  /** Addresses of the demo systems. */
  cmms = '';
  erp = '';

  /**
   * Starts a hub and waits until it is ready.
   * @param {{ program: string, data: string, log: string, config?: string,
   *   size?: { orders: number, items: number },
   *   env?: Record<string, string | undefined> }} options
   */
  static async start(options) {
    const hub = new Hub();
    hub.#options = options;
    await hub.startAgain();
    return hub;
  }

  /** Port on loopback. */
  get port() {
    return this.url ? Number(new URL(this.url).port) : 0;
  }

  /** Whether the process lives. */
  get isRunning() {
    return this.#child !== undefined && isAlive(this.#child);
  }

  /**
   * Starts it again over the same data at the same port.
   * @param {{ env?: Record<string, string | undefined> }} [options] for this life alone
   */
  async startAgain({ env } = {}) {
    const { program, data, config, log, size } = this.#options;
    const args = ['serve', '--data', data, '--listen', `127.0.0.1:${this.port}`];
    if (config) args.push('--config', config);
    if (size) args.push('--orders', `${size.orders}`, '--items', `${size.items}`);
    const child = await start(program, args, {
      env: { ...this.#options.env, ...env },
      log,
      listen: true,
    });
    const ready = await firstLine(child, log, size ? READY_GROWN_MS : READY_MS);
    this.#child = child;
    this.url = ready.url;
    this.fingerprint = ready.fingerprint;
    this.cmms = ready.demo_cmms;
    this.erp = ready.demo_erp;
  }

  /** Ends it as a power cut does; the demo systems go on. */
  async kill() {
    await kill(this.#child);
  }

  /** Resolves when the process has ended by itself, as a fault point makes it. */
  async ended() {
    if (!this.isRunning) return;
    await new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Asks it to end. */
  async stop() {
    await stop(this.#child);
  }

  /** Ends hub and demo systems. */
  async close() {
    if (this.#child) await stop(this.#child);
    await killRunning(isDemo('cmms'));
    await killRunning(isDemo('erp'));
  }

  /**
   * Ends one demo system as a power cut does.
   * @param {'cmms' | 'erp'} system
   */
  async killDemo(system) {
    const found = await killRunning(isDemo(system));
    if (found === 0) throw new Error(`No demo ${system} is running.`);
  }

  /** Processes of one demo system. */
  demo(system) {
    return running(isDemo(system));
  }

  /** Runs a command of the hub's program to its end and gives what it printed. */
  async command(...args) {
    const run = promisify(execFile);
    try {
      const { stdout } = await run(this.#options.program, [...args, '--data', this.#options.data], {
        timeout: COMMAND_MS,
        env: { ...process.env, ...this.#options.env },
      });
      return stdout.trim();
    } catch (error) {
      throw new Error(
        `fettle-hub ${args.join(' ')} failed: ${error.stderr?.trim() || error.message}`,
        { cause: error },
      );
    }
  }

  /** Sets the certificate aside, so that the next start makes another; false puts it back. */
  setCertificateAside(isAside) {
    const [here, aside] = ['tls', 'tls-aside'].map((name) => join(this.#options.data, name));
    if (isAside) return renameSync(here, aside);
    rmSync(here, { recursive: true });
    renameSync(aside, here);
  }

  /** Loses the store and puts a backup in its place; the hub is not running. */
  async restore(backup) {
    for (const end of ['', '-shm', '-wal']) {
      rmSync(join(this.#options.data, `hub.db${end}`), { force: true });
    }
    await this.command('restore', backup);
  }

  /** Makes a code with which one laptop may enrol. */
  async deviceCode({ plant, name }) {
    const said = await this.command('device', 'code', '--plant', plant, '--name', name);
    return said.split(/\s+/).at(-1);
  }

  /**
   * What stands in the demo ERP: how many documents each reference has.
   * @returns {Promise<{ kind: string, reference: string, count: number }[]>}
   */
  async documents() {
    const { value } = await this.askDemo('erp', 'GET', '/admin/documents');
    return value.map((row) => ({
      kind: row.Kind,
      reference: row.ReferenceDocument,
      count: row.Count,
    }));
  }

  /**
   * What the demo CMMS wrote down: how many work logs and changes of status each reference has.
   * @returns {Promise<{ reference: string, count: number }[]>}
   */
  async cmmsLog() {
    const { member } = await this.askDemo('cmms', 'GET', '/admin/worklog');
    return member.map((row) => ({ reference: row.externalrefid, count: row.count }));
  }

  /**
   * What the hub counts of itself, each line's name with its labels.
   * @returns {Promise<Record<string, number>>}
   */
  async figures() {
    const text = await this.#read('/metrics');
    const lines = text.matchAll(/^fettle_hub_(\S+) (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, name, count]) => [name, Number(count)]));
  }

  /** Reads a page of the hub's; its certificate is its own and known by its fingerprint. */
  #read(path) {
    return new Promise((resolve, reject) => {
      const timeout = AbortSignal.timeout(COMMAND_MS);
      const asked = get(
        this.url + path,
        { rejectUnauthorized: false, signal: timeout },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece) => (text += piece));
          answer.on('end', () => resolve(text));
          answer.on('error', reject);
        },
      );
      asked.on('error', reject);
    });
  }

  /** Asks the demo ERP or CMMS something over its own HTTP. */
  async askDemo(system, method, path, body) {
    const response = await fetch(this[system] + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(COMMAND_MS),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(
        `The demo ${system} answered ${response.status} to ${method} ${path}: ${JSON.stringify(answer)}`,
      );
    }
    return answer;
  }
}

const isDemo = (system) => (words) => words.includes('demo') && words.includes(system);

/** The line in which a hub says that it is ready. */
async function firstLine(child, log, readyMs) {
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`The hub was not ready within ${readyMs / 1000} s; see ${log}.`)),
      readyMs,
    );
    lines.once('line', (text) => {
      clearTimeout(late);
      resolve(text);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`The hub ended at its start (${signal ?? code}); see ${log}.`));
    });
  });
  const ready = JSON.parse(line);
  if (ready.ready !== true) throw new Error(`The hub is not ready: ${line}`);
  return ready;
}
