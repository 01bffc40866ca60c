// The W3C WebDriver wire, as far as a person at the desk needs it, straight to WebKitWebDriver.
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { find } from './find.mjs';
import { isAlive, start, stop } from './process.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** How long the driver may take to listen, and the window to open. */
const START_MS = 60_000;
/** How long an answer of the driver may take. */
const ANSWER_MS = 60_000;
/** How long a thing may take to appear on the screen. */
const APPEAR_MS = 20_000;
const POLL_MS = 100;
/** Between two keys of a person: long enough not to be taken for a scanner. */
const FINGER_MS = 90;

/** What the driver refused, with its own error code. */
export class DriverError extends Error {
  constructor(code, message) {
    super(`${code}: ${message.split('\n')[0]}`);
    this.code = code;
  }
}

/** One window under a driver of its own. */
export class Window {
  #base;
  #driver;
  #session;

  /**
   * Opens a program in a driver of its own.
   * @param {{ program: string, args?: string[], browserName?: string,
   *   env: Record<string, string | undefined>, log: string }} options
   */
  static async open({ program, args = [], browserName = 'wry', env, log }) {
    const window = new Window();
    const port = await freePort();
    window.#base = `http://127.0.0.1:${port}`;
    window.#driver = await start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env: { ...env, TAURI_WEBVIEW_AUTOMATION: 'true' },
      log,
    });
    await window.#listening(log);
    const capabilities = {
      browserName,
      'webkitgtk:browserOptions': { binary: program, args },
    };
    const { sessionId } = await window.#call('POST', '/session', {
      capabilities: { alwaysMatch: capabilities },
    });
    window.#session = `/session/${sessionId}`;
    return window;
  }

  async #listening(log) {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      if (!isAlive(this.#driver))
        throw new Error(`WebKitWebDriver ended at its start; see ${log}.`);
      try {
        await this.#call('GET', '/status');
        return;
      } catch (error) {
        if (error instanceof DriverError) throw error;
        await wait(POLL_MS);
      }
    }
    throw new Error(`WebKitWebDriver did not listen within ${START_MS / 1000} s; see ${log}.`);
  }

  async #call(method, path, body) {
    const response = await fetch(this.#base + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const { value } = await response.json();
    if (!response.ok)
      throw new DriverError(value?.error ?? String(response.status), value?.message ?? '');
    return value;
  }

  #ask(method, path, body) {
    return this.#call(method, this.#session + path, body);
  }

  /** Runs a function of ours inside the page; it must not reach outside itself. */
  run(code, ...args) {
    const script = `return (${code}).apply(null, arguments)`;
    return this.#ask('POST', '/execute/sync', { script, args });
  }

  /** Goes to an address; for pages of the tests' own. */
  goTo(url) {
    return this.#ask('POST', '/url', { url });
  }

  /** Gives the window its size on the display. */
  resize(width, height) {
    return this.#ask('POST', '/window/rect', { x: 0, y: 0, width, height });
  }

  /**
   * What has this role and name now, in the order of the page. Hidden things do not count.
   * @param {string} role an ARIA role, given or implied by the tag
   * @param {string | RegExp} [name] accessible name: the whole of it, or a pattern
   * @param {Element} [within]
   */
  async all(role, name, within) {
    const wanted = name instanceof RegExp ? { source: name.source, flags: name.flags } : name;
    const found = await this.run(find, role, wanted ?? null, within?.reference ?? null);
    return found.map((reference) => new Element(this, reference));
  }

  /** Waits until something has this role and name; two of them need `within`, or `first`. */
  async one(role, name, { within, withinMs = APPEAR_MS } = {}) {
    return this.until(
      async () => {
        const found = await this.all(role, name, within);
        if (found.length > 1)
          throw new Error(`${found.length} things are ${spoken(role, name)}, one was meant.`);
        return found[0];
      },
      `${spoken(role, name)} to appear`,
      withinMs,
    );
  }

  /** Waits until something has this role and name; takes the first of several. */
  first(role, name, { within, withinMs = APPEAR_MS } = {}) {
    return this.until(
      async () => (await this.all(role, name, within))[0],
      `${spoken(role, name)} to appear`,
      withinMs,
    );
  }

  /** Waits until nothing has this role and name. */
  none(role, name, { within, withinMs = APPEAR_MS } = {}) {
    return this.until(
      async () => (await this.all(role, name, within)).length === 0,
      `${spoken(role, name)} to go`,
      withinMs,
    );
  }

  /** Waits until the page's visible text holds these words. */
  reads(words, { withinMs = APPEAR_MS } = {}) {
    const holds =
      words instanceof RegExp ? (text) => words.test(text) : (text) => text.includes(words);
    return this.until(
      async () => holds(await this.text()),
      `the words ${words} to appear`,
      withinMs,
    );
  }

  /** The page's visible text. */
  text() {
    return this.run(() => document.body?.innerText ?? '');
  }

  /**
   * Waits until `seen` gives something; an element that goes while we look is looked for again.
   * @template T
   * @param {() => T | Promise<T>} seen
   */
  async until(seen, what, withinMs = APPEAR_MS) {
    const until = Date.now() + withinMs;
    for (;;) {
      const result = await Promise.resolve()
        .then(seen)
        .catch((error) => {
          if (error instanceof DriverError && PASSING.has(error.code)) return undefined;
          throw error;
        });
      if (result) return result;
      if (Date.now() > until) {
        const text = await this.text().catch(() => '(the page does not answer)');
        throw new Error(`Waited ${withinMs / 1000} s for ${what}. The page says:\n${text}`);
      }
      await wait(POLL_MS);
    }
  }

  /**
   * Types on whatever has the focus: with pauses as fingers do, or without as a wedge scanner.
   * @param {{ pauseMs?: number }} [pace]
   */
  async keys(text, { pauseMs = 0 } = {}) {
    const pause = pauseMs > 0 ? [{ type: 'pause', duration: pauseMs }] : [];
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
      ...pause,
    ]);
    await this.#ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** The window as a PNG, in its own typeface. */
  async picture() {
    await this.until(
      () => this.run(() => document.fonts.status === 'loaded'),
      'the typeface to be loaded',
    );
    return Buffer.from(await this.#ask('GET', '/screenshot'), 'base64');
  }

  /** Gives the first file field of the page a file, as choosing one does; no dialog opens. */
  async giveFile(path) {
    const field = await this.run(() => document.querySelector('input[type=file]'));
    await this.ofElement(field, 'POST', '/value', { text: path });
  }

  /** Asks for something of one element. */
  async ofElement(reference, method, path, body) {
    return this.#ask(method, `/element/${reference[ELEMENT]}${path}`, body);
  }

  /** Closes window and driver. A window that was killed is closed too. */
  async close() {
    if (this.#session && isAlive(this.#driver)) {
      await this.#ask('DELETE', '').catch(() => {});
    }
    await stop(this.#driver);
  }

  /** Ends the driver alone, after the program was killed. */
  async abandon() {
    await stop(this.#driver);
  }
}

/** What passes by itself while a page redraws. */
const PASSING = new Set([
  'stale element reference',
  'no such element',
  'element not interactable',
  'element click intercepted',
]);

const spoken = (role, name) => (name === undefined ? `a ${role}` : `the ${role} ${name}`);

/** Something on the page. */
class Element {
  constructor(window, reference) {
    this.window = window;
    this.reference = reference;
  }

  /** Clicks as the mouse does; what covers it for a moment is waited for. */
  async click() {
    await this.window.until(async () => {
      await this.window.ofElement(this.reference, 'POST', '/click', {});
      return true;
    }, 'the thing to be free for a click');
  }

  /** Types into it, after what it holds. */
  type(text) {
    return this.window.ofElement(this.reference, 'POST', '/value', { text });
  }

  /** Replaces what it holds. */
  async fill(text) {
    await this.window.ofElement(this.reference, 'POST', '/clear', {});
    await this.type(text);
  }

  /** Replaces what it holds, key by key, with the pauses of fingers. */
  async typeByHand(text) {
    await this.click();
    await this.window.ofElement(this.reference, 'POST', '/clear', {});
    await this.click();
    await this.window.keys(text, { pauseMs: FINGER_MS });
  }

  /** Its visible text. */
  text() {
    return this.window.ofElement(this.reference, 'GET', '/text');
  }

  /** One attribute, or null. */
  attribute(name) {
    return this.window.ofElement(this.reference, 'GET', `/attribute/${name}`);
  }

  /** One property, such as `value` or `checked`. */
  property(name) {
    return this.window.ofElement(this.reference, 'GET', `/property/${name}`);
  }

  /** The one thing inside it with this role and name. */
  one(role, name, options = {}) {
    return this.window.one(role, name, { ...options, within: this });
  }

  /** Everything inside it with this role and name. */
  all(role, name) {
    return this.window.all(role, name, this);
  }
}

/** A port on loopback that is free now. */
export function freePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
