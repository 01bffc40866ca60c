-- Secrets of the store itself, kept in its backups: the key by which it recognises what it once sent.
CREATE TABLE secret (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO secret (name, value) VALUES ('proof', randomblob(32));

-- Verdicts that desks gave back after a restore, until their intents are decided with them.
CREATE TABLE restored_verdict (
    intent BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
