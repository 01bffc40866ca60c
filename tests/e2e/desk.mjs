// One laptop: its folder, its key, its window, and the hands of the person before it.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Window } from './driver.mjs';
import { killRunning } from './process.mjs';

/** Bytes of a replica key. */
const KEY_BYTES = 32;

/** A laptop with Fettle Desk. */
export class Desk {
  #options;
  #pictures = [];

  /** The window, while it is open. @type {Window} */
  window;

  /**
   * Opens the desk in a folder of its own.
   * @param {{ program: string, display: string, folder: string, pictures?: string, log: string,
   *   env?: Record<string, string | undefined> }} options
   */
  static async open(options) {
    const desk = new Desk();
    desk.#options = options;
    mkdirSync(join(options.folder, 'data'), { recursive: true });
    makeKey(desk.keyFile);
    await desk.openAgain();
    return desk;
  }

  /** The file that holds the replica's key in place of a keyring. */
  get keyFile() {
    return join(this.#options.folder, 'replica.key');
  }

  /**
   * Opens the window again over the same data.
   * @param {{ env?: Record<string, string | undefined> }} [options] for this life alone
   */
  async openAgain({ env } = {}) {
    const { program, display, folder, log } = this.#options;
    this.window = await Window.open({
      program,
      env: {
        ...this.#options.env,
        ...env,
        DISPLAY: display,
        FETTLE_DATA_DIR: join(folder, 'data'),
        FETTLE_KEY_FILE: this.keyFile,
      },
      log,
    });
  }

  /** Ends the window's process in the middle of whatever it does. */
  async kill() {
    const name = basename(this.#options.program);
    const ours = `FETTLE_KEY_FILE=${this.keyFile}`;
    const found = await killRunning(
      (words, environment) => basename(words[0] ?? '') === name && environment.includes(ours),
    );
    if (found === 0) throw new Error('No desk is running.');
    await this.window.abandon();
  }

  /** Sets the key of the data aside; false puts it back. */
  setKeyAside(isAside) {
    const aside = `${this.keyFile}.aside`;
    if (isAside) renameSync(this.keyFile, aside);
    else renameSync(aside, this.keyFile);
  }

  /** Sets a copy of the laptop's data aside, as a backup does; the desk is not running. */
  keepCopy() {
    cpSync(this.#replica, this.#copy, { recursive: true });
  }

  /** Puts that copy in the place of the data, as a restore does; the desk is not running. */
  putCopyBack() {
    rmSync(this.#replica, { recursive: true });
    cpSync(this.#copy, this.#replica, { recursive: true });
  }

  get #replica() {
    return join(this.#options.folder, 'data', 'replica');
  }

  get #copy() {
    return join(this.#options.folder, 'copy');
  }

  /** Closes the window as a person does. */
  async close() {
    await this.window?.close();
  }

  /**
   * Leaves a numbered picture.
   * @param {string} says one sentence about what it shows
   */
  async picture(says) {
    const { pictures } = this.#options;
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    const number = String(this.#pictures.length + 1).padStart(2, '0');
    const slug = says
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 48)
      .replace(/-$/, '');
    const file = `${number}-${slug}.png`;
    writeFileSync(join(pictures, file), await this.window.picture());
    this.#pictures.push({ picture: file, says });
  }

  /** All pictures so far, in order. */
  get pictures() {
    return [...this.#pictures];
  }
}

/** Makes a key file that only its owner can read, when there is none. */
export function makeKey(path) {
  if (existsSync(path)) return;
  writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600 });
}
