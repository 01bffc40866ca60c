// What the benchmark counts must be what was said.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { order } from './orders.mjs';
import { Wire } from './wire.mjs';

test('bytes of both directions and changes of speaker are counted', async () => {
  const answers = createServer((socket) => socket.on('data', () => socket.write('four')));
  answers.listen(0, '127.0.0.1');
  await once(answers, 'listening');
  const wire = await Wire.to(answers.address().port);
  const socket = connect(wire.port, '127.0.0.1');
  for (const words of ['ask', 'again']) {
    socket.write(words);
    await once(socket, 'data');
  }
  assert.deepEqual(wire.carried, { bytes: 16, up: 8, down: 8, turns: 2 });
  wire.clear();
  assert.equal(wire.carried.bytes, 0);
  wire.close();
  answers.close();
});

test('orders are the same every time and no two alike', () => {
  assert.deepEqual(order(7), order(7));
  const all = Array.from({ length: 500 }, (_, index) => JSON.stringify(order(index)));
  assert.equal(new Set(all).size, 500);
  const size = Buffer.byteLength(all.join('')) / all.length;
  assert.ok(size > 1_800 && size < 2_200, `about 2 kB, not ${size}`);
});
