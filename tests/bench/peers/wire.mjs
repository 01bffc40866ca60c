// Counts what two parties say to each other over TCP on loopback, above TCP itself.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Silence after which everything counts as said. */
const QUIET_MS = 1_000;
const LOOK_MS = 100;

/** A wire that leads to a port and counts. */
export class Wire {
  #server;
  #sockets = new Set();
  #lastSpeaker;
  #up = 0;
  #down = 0;
  #turns = 0;

  /** @param {number} target port on loopback */
  static async to(target) {
    const wire = new Wire();
    wire.#server = createServer((near) => wire.#carry(near, connect(target, '127.0.0.1')));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  get port() {
    return this.#server.address().port;
  }

  #carry(near, far) {
    this.#join(near, far, (bytes) => {
      this.#up += bytes;
      if (this.#lastSpeaker !== 'near') this.#turns += 1;
      this.#lastSpeaker = 'near';
    });
    this.#join(far, near, (bytes) => {
      this.#down += bytes;
      this.#lastSpeaker = 'far';
    });
  }

  #join(from, to, count) {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      count(chunk.length);
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** Starts to count anew. */
  clear() {
    this.#up = this.#down = this.#turns = 0;
    this.#lastSpeaker = undefined;
  }

  /** What was carried: bytes in both directions, and how often the near side spoke first. */
  get carried() {
    return { bytes: this.#up + this.#down, up: this.#up, down: this.#down, turns: this.#turns };
  }

  /** Waits until nothing was said for a while. */
  async quiet() {
    let last = -1;
    for (let still = 0; still < QUIET_MS; still += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const now = this.carried.bytes;
      if (now !== last) still = 0;
      last = now;
    }
  }

  close() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
