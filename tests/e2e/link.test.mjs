// The link must itself be trusted before it may prove anything about the desk.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { Link } from './link.mjs';

const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
await new Promise((resolve) => echo.listen(0, '127.0.0.1', resolve));
const links = [];
after(async () => {
  for (const link of links) await link.cut();
  echo.close();
});

async function open() {
  const link = await Link.to(echo.address().port);
  links.push(link);
  return link;
}

async function dial(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(socket, words) {
  socket.write(words);
  const [answer] = await once(socket, 'data');
  return answer.toString();
}

const codeOf = (socket) => once(socket, 'error').then(([error]) => error.code);

test('bytes are carried both ways and counted', async () => {
  const link = await open();
  const socket = await dial(link.port);
  assert.equal(await ask(socket, 'tick'), 'tick');
  assert.deepEqual(link.carried, { up: 4, down: 4, connections: 1 });
  socket.destroy();
});

test('a cut breaks what is open and refuses what is new', async () => {
  const link = await open();
  const socket = await dial(link.port);
  assert.equal(await ask(socket, 'tick'), 'tick');
  const broken = codeOf(socket);
  await link.cut();
  assert.equal(await broken, 'ECONNRESET');
  assert.equal(await codeOf(connect(link.port, '127.0.0.1')), 'ECONNREFUSED');
  assert.equal(link.isUp, false);
});

test('a restored link has the port it had', async () => {
  const link = await open();
  const before = link.port;
  await link.cut();
  await link.restore();
  assert.equal(link.port, before);
  const socket = await dial(before);
  assert.equal(await ask(socket, 'tock'), 'tock');
  socket.destroy();
});

test('cutting and restoring twice is the same as once', async () => {
  const link = await open();
  await link.restore();
  await link.cut();
  await link.cut();
  await link.restore();
  const socket = await dial(link.port);
  assert.equal(await ask(socket, 'again'), 'again');
  socket.destroy();
});

test('a hub that is not there breaks the connection, not the link', async () => {
  const link = await open();
  const vacant = createServer();
  await new Promise((resolve) => vacant.listen(0, '127.0.0.1', resolve));
  const { port } = vacant.address();
  await new Promise((resolve) => vacant.close(resolve));
  link.leadTo(port);
  const lost = await dial(link.port);
  lost.on('error', () => {});
  await once(lost, 'close');
  link.leadTo(echo.address().port);
  const socket = await dial(link.port);
  assert.equal(await ask(socket, 'found'), 'found');
  socket.destroy();
});

const REQUEST = 'r'.repeat(400);

/** A connection whose handshake is over, as far as the link can tell. */
async function dialAndGreet(link) {
  const socket = await dial(link.port);
  await ask(socket, 'hello');
  await ask(socket, 'hello');
  return socket;
}

test('a bad link cuts requests and loses answers in turns, then carries everything', async () => {
  const link = await open();
  link.behave({ cuts: 1, lostAnswers: 1 });
  for (const mishaps of [
    { cuts: 1, lostAnswers: 0 },
    { cuts: 1, lostAnswers: 1 },
  ]) {
    const socket = await dialAndGreet(link);
    const broken = codeOf(socket);
    socket.write(REQUEST);
    assert.equal(await broken, 'ECONNRESET');
    assert.deepEqual(link.mishaps, mishaps);
  }
  const socket = await dialAndGreet(link);
  assert.equal(await ask(socket, REQUEST), REQUEST);
  socket.destroy();
});

test('a slow link carries in order', async () => {
  const link = await open();
  link.behave({ delayMs: 20 });
  const socket = await dial(link.port);
  for (const piece of ['one ', 'two ', 'three']) socket.write(piece);
  let heard = '';
  while (heard.length < 'one two three'.length) {
    const [piece] = await once(socket, 'data');
    heard += piece.toString();
  }
  assert.equal(heard, 'one two three');
  socket.destroy();
});
