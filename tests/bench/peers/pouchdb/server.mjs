// The hub of this contestant: a PouchDB server over files, told where by its parent.
import express from 'express';
import expressPouchdb from 'express-pouchdb';
import PouchDB from 'pouchdb';

const [folder] = process.argv.slice(2);
process.chdir(folder);
const app = express();
const Stored = PouchDB.defaults({ prefix: `${folder}/` });
app.use(
  '/hub',
  expressPouchdb(Stored, { mode: 'minimumForPouchDB', logPath: `${folder}/log.txt` }),
);
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
server.keepAliveTimeout = 600_000;
