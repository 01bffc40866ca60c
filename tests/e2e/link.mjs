// The network between desk and hub, as a pair of scissors sees it: bytes are carried as they
// are, and the link can be cut, restored on the same port, and made bad.
import { connect, createServer } from 'node:net';

/** Bytes in one piece that no handshake sends up once it is over: something is being asked. */
const REQUEST_BYTES = 200;
/** Pieces that come down in the shortest handshake, a resumed one, before something is asked. */
const HANDSHAKE_PIECES = 1;

/** A link on loopback that stays at one port for its whole life. */
export class Link {
  #server;
  #sockets = new Set();
  #target;

  /** Port to connect to; the same before and after a cut. */
  port = 0;

  /** Bytes carried in each direction, and connections taken. */
  carried = { up: 0, down: 0, connections: 0 };

  /** What went wrong so far: requests cut in the middle, answers lost on their way down. */
  mishaps = { cuts: 0, lostAnswers: 0 };

  #manners = { delayMs: 0, cuts: 0, lostAnswers: 0 };

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

  /**
   * How the link behaves from now on. Cuts and lost answers take turns, a cut first.
   * @param {{ delayMs?: number, cuts?: number, lostAnswers?: number }} manners `delayMs` each way;
   *   `cuts` requests break in the middle; `lostAnswers` requests arrive and are not answered
   */
  behave({ delayMs = 0, cuts = 0, lostAnswers = 0 } = {}) {
    this.#manners = { delayMs, cuts, lostAnswers };
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
    const talk = { down: 0, isAnswerLost: false };
    near.on('data', (chunk) => {
      this.carried.up += chunk.length;
      this.#pass(far, this.#request(near, talk, chunk));
    });
    far.on('data', (chunk) => {
      this.carried.down += chunk.length;
      talk.down += 1;
      if (talk.isAnswerLost) {
        this.mishaps.lostAnswers += 1;
        near.resetAndDestroy();
      } else this.#pass(near, chunk);
    });
    near.on('end', () => this.#late(() => far.end()));
    far.on('end', () => this.#late(() => near.end()));
  }

  /** What of a piece that goes up is carried, after the link has misbehaved as it was told. */
  #request(near, talk, chunk) {
    const { cuts, lostAnswers } = this.#manners;
    const isRequest = talk.down >= HANDSHAKE_PIECES && chunk.length >= REQUEST_BYTES;
    if (!isRequest || cuts + lostAnswers === 0) return chunk;
    if (cuts >= lostAnswers) {
      this.#manners.cuts -= 1;
      this.mishaps.cuts += 1;
      this.#late(() => near.resetAndDestroy());
      return chunk.subarray(0, chunk.length / 2);
    }
    this.#manners.lostAnswers -= 1;
    talk.isAnswerLost = true;
    return chunk;
  }

  #pass(socket, chunk) {
    this.#late(() => socket.destroyed || socket.write(chunk));
  }

  /** Timers of one length end in the order they began, so bytes stay in order. */
  #late(act) {
    if (this.#manners.delayMs === 0) act();
    else setTimeout(act, this.#manners.delayMs);
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
