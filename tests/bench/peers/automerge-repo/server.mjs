// The hub of this contestant: a repository behind a web socket, which announces nothing by
// itself. Tells its parent when it holds the heads it was asked for.
import { createServer } from 'node:http';
import { Repo } from '@automerge/automerge-repo';
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket';
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs';
import { WebSocketServer } from 'ws';

const LOOK_MS = 20;
const KEEP_ALIVE_MS = 120_000;

const [folder] = process.argv.slice(2);
const server = createServer();
const sockets = new WebSocketServer({ server, maxPayload: 1 << 30 });
const repo = new Repo({
  network: [new WebSocketServerAdapter(sockets, KEEP_ALIVE_MS)],
  storage: new NodeFSStorageAdapter(folder),
  peerId: 'hub',
  sharePolicy: async () => false,
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

const holds = ([id, heads]) => {
  const handle = repo.handles[id];
  return handle?.isReady() && JSON.stringify(handle.heads()) === heads;
};

process.on('message', ({ until }) => {
  const waiting = setInterval(() => {
    if (!Object.entries(until).every(holds)) return;
    clearInterval(waiting);
    process.send({ holds: true });
  }, LOOK_MS);
});
