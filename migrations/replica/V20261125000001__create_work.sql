-- The work file: what a laptop may never lose. Masters that the hub can send again are in the catalogue file.
CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Documents with their whole history, and changes of the hub that wait for others.
CREATE TABLE document (
    id BLOB PRIMARY KEY NOT NULL,
    saved BLOB NOT NULL,
    feed INTEGER,
    is_leaving INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE document_author (
    actor BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (actor, document)
) STRICT, WITHOUT ROWID;
CREATE TABLE held_change (
    document BLOB NOT NULL,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;

-- Authorship and what is still to be sent. Places count the items of an actor from 1.
CREATE TABLE chain (
    actor BLOB PRIMARY KEY NOT NULL,
    count INTEGER NOT NULL,
    link BLOB NOT NULL,
    stopped TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    actor BLOB NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    item BLOB NOT NULL,
    bytes BLOB NOT NULL,
    signature BLOB,
    committed_at INTEGER NOT NULL,
    sent_at INTEGER,
    quarantined TEXT,
    is_waiting INTEGER NOT NULL DEFAULT 0,
    UNIQUE (actor, place)
) STRICT;
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_item ON outbox (item);

-- What people made here, in their words: the newest change of each subject.
CREATE TABLE made (
    order_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    person BLOB NOT NULL,
    actor BLOB NOT NULL,
    place INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (order_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX made_unsent ON made (actor, place) WHERE sent_at IS NULL;
CREATE TABLE claim (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    intent BLOB NOT NULL UNIQUE,
    order_id BLOB NOT NULL,
    actor BLOB NOT NULL,
    place INTEGER NOT NULL,
    person BLOB NOT NULL,
    sent_at INTEGER,
    verdict_key TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX claim_order ON claim (order_id);

-- The feeds this laptop follows, how far it has come, and their official rows.
CREATE TABLE feed (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE cursor (
    feed INTEGER PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE official (
    feed INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    noun TEXT NOT NULL,
    order_id BLOB,
    is_attention INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX official_key ON official (key);
CREATE INDEX official_order ON official (order_id, noun);
CREATE INDEX official_noun ON official (noun);
CREATE INDEX official_attention ON official (order_id) WHERE is_attention = 1;

-- Projections: rebuilt from documents, official rows and claims.
CREATE TABLE order_list (
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    status TEXT NOT NULL,
    crew BLOB,
    asset BLOB,
    finished_at INTEGER,
    line TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX order_list_asset ON order_list (asset);
CREATE TABLE assignee (
    person BLOB NOT NULL,
    order_id BLOB NOT NULL,
    PRIMARY KEY (person, order_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE running_labour (
    order_id BLOB NOT NULL,
    entry BLOB NOT NULL,
    person BLOB NOT NULL,
    start TEXT NOT NULL,
    PRIMARY KEY (order_id, entry)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE order_search USING fts5(words, plain, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
