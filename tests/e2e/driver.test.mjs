// The eyes and hands of the story, tried on a page whose names are known.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDisplay } from './display.mjs';
import { Window } from './driver.mjs';
import { endAll } from './process.mjs';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Order</title>
<main>
  <h1>Replace the <em>shaft</em></h1>
  <ol>
    <li id="s1"><button aria-label="Tick step 10">✓</button><span>Isolate</span></li>
    <li id="s2"><button aria-label="Tick step 20">✓</button><span>Lock</span></li>
  </ol>
  <label>Runout <input id="runout" inputmode="decimal"></label>
  <label for="note">Note</label><textarea id="note"></textarea>
  <button hidden>Tick step 30</button>
  <div aria-hidden="true"><button>Tick step 40</button></div>
  <div role="dialog" aria-labelledby="d"><h2 id="d">Finish work</h2><button>Finish</button></div>
  <button id="finish"><svg aria-hidden="true"><text>x</text></svg> Finish</button>
  <p role="status" id="said"></p>
</main>
<script>
  for (const button of document.querySelectorAll('button'))
    button.onclick = () => setTimeout(() => (said.textContent = button.getAttribute('aria-label') ?? 'finish'), 300);
  addEventListener('keydown', (event) => (document.title += event.key));
</script>`;

const folder = mkdtempSync(join(tmpdir(), 'fettle-'));
const log = join(folder, 'driver.log');
const pages = createServer((_, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(PAGE);
});
let window;

function miniBrowser() {
  const found = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'webkit2gtk-4.1', 'MiniBrowser'))
    .find(existsSync);
  assert.ok(found, 'WebKitGTK brings a small browser; install libwebkit2gtk-4.1-0');
  return found;
}

before(async () => {
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
  const display = await openDisplay({ log });
  window = await Window.open({
    program: miniBrowser(),
    args: ['--automation'],
    browserName: 'MiniBrowser',
    env: {
      DISPLAY: display.name,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CACHE_HOME: folder,
    },
    log,
  });
  await window.goTo(`http://127.0.0.1:${pages.address().port}/`);
});

after(async () => {
  await window?.close();
  await endAll();
  pages.closeAllConnections();
  pages.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a thing is found by its whole name', async () => {
  await window.one('heading', 'Replace the shaft');
  assert.equal((await window.all('button', 'Tick step')).length, 0);
  assert.equal((await window.all('button', /^Tick step/)).length, 2);
});

test('hidden things are not there', async () => {
  await window.none('button', 'Tick step 30', { withinMs: 0 });
  await window.none('button', 'Tick step 40', { withinMs: 0 });
});

test('two of one name need a place', async () => {
  await assert.rejects(
    window.one('button', 'Finish', { withinMs: 0 }),
    /2 things are the button Finish/,
  );
  const dialog = await window.one('dialog', 'Finish work');
  await dialog.one('button', 'Finish');
});

test('a click is answered later and waited for', async () => {
  await (await window.one('button', 'Tick step 20')).click();
  await window.until(
    async () => (await (await window.one('status')).text()) === 'Tick step 20',
    'the answer',
  );
});

test('labels lead to fields', async () => {
  const runout = await window.one('textbox', 'Runout');
  await runout.fill('0.03');
  await runout.fill('0.04');
  assert.equal(await runout.property('value'), '0.04');
  const note = await window.one('textbox', 'Note');
  await note.type('Coupling runs true – ½ turn');
  assert.equal(await note.property('value'), 'Coupling runs true – ½ turn');
});

test('keys go to the page', async () => {
  await window.run(() => {
    document.activeElement?.blur();
    document.title = '';
  });
  await window.keys('f7');
  assert.equal(await window.run(() => document.title), 'f7');
});

test('what never comes is named, with what the page says instead', async () => {
  await assert.rejects(
    window.one('button', 'Reopen', { withinMs: 200 }),
    /Waited 0\.2 s for the button Reopen to appear[^]*Isolate/,
  );
});

test('a picture is a PNG', async () => {
  const picture = await window.picture();
  assert.equal(picture.subarray(1, 4).toString(), 'PNG');
});
