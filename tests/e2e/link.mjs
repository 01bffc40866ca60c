// The network between desk and hub, as a pair of scissors sees it: bytes are carried as they
// are, and the link can be cut and restored on the same port.
import { connect, createServer } from 'node:net';

/** A link on loopback that stays at one port for its whole life. */
export class Link {
  #server;
  #sockets = new Set();
  #target;

  /** Port to connect to; the same before and after a cut. */
  port = 0;

  /** Bytes carried in each direction, and connections taken. */
  carried = { up: 0, down: 0, connections: 0 };

  /**
   * Opens a link to a port on loopback.
   * @param {number} target
   */
  static async to(target) {
    const link = new Link();
    link.#target = target;
    await link.restore();
    return link;
  }

  /** Address of this end. */
  get url() {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Whether connections are taken. */
  get isUp() {
    return this.#server !== undefined;
  }

  /** Leads to another port from the next connection on, as after a move of the hub. */
  leadTo(target) {
    this.#target = target;
  }

  /** Cuts the link: what is open breaks in the middle, what is new is refused. */
  async cut() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Restores the link on its port. */
  async restore() {
    if (this.#server) return;
    const server = createServer((near) => this.#carry(near));
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: this.port }, () => resolve());
    });
    this.port = server.address().port;
    this.#server = server;
  }

  #carry(near) {
    this.carried.connections += 1;
    const far = connect({ host: '127.0.0.1', port: this.#target });
    this.#keep(near, far);
    this.#keep(far, near);
    near.on('data', (chunk) => (this.carried.up += chunk.length));
    far.on('data', (chunk) => (this.carried.down += chunk.length));
    near.pipe(far);
    far.pipe(near);
  }

  #keep(socket, other) {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A broken end is what this link is for; the other end learns of it and nobody else.
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
