// A virtual display for windows that nobody looks at.
import { once } from 'node:events';
import { start, stop } from './process.mjs';

const SIZE = '1366x768x24';

/** Starts a display under a number that is free; the server itself chooses it. */
export async function openDisplay({ log, size = SIZE }) {
  const server = await start(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', size, '-nolisten', 'tcp'],
    { log, listen: true },
  );
  const [said] = await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'exit').then(() => [undefined]),
  ]);
  if (said === undefined) throw new Error(`The virtual display ended at its start; see ${log}.`);
  return { name: `:${String(said).trim()}`, close: () => stop(server) };
}
