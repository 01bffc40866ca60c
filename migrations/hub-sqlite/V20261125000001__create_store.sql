-- Facts of the store itself, such as the epoch of the log.
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO meta (name, value) VALUES ('log_epoch', 1), ('device_count', 0);

-- Feeds and the number given last; the row is the lock under which numbers are taken.
CREATE TABLE feed (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    last INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What every subscriber of a feed reads, in order. Rows stand in official_row; here only their key.
CREATE TABLE log (
    feed INTEGER NOT NULL REFERENCES feed (number),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    document BLOB,
    hash BLOB,
    row_key TEXT,
    body BLOB,
    PRIMARY KEY (feed, number)
) STRICT, WITHOUT ROWID;

-- Latest version of every official row.
CREATE TABLE official_row (
    feed INTEGER NOT NULL REFERENCES feed (number),
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    work_order BLOB,
    body BLOB NOT NULL,
    PRIMARY KEY (feed, key)
) STRICT;
CREATE INDEX official_row_work_order ON official_row (work_order) WHERE work_order IS NOT NULL;

-- One accept record per change, for ever. Without a number it is held: its dependencies are missing.
CREATE TABLE accept (
    document BLOB NOT NULL,
    actor BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    feed INTEGER,
    number INTEGER,
    hub_time INTEGER NOT NULL,
    UNIQUE (document, actor, seq),
    UNIQUE (document, hash)
) STRICT;

-- Bytes of held changes.
CREATE TABLE held_change (
    document BLOB NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (document, hash)
) STRICT, WITHOUT ROWID;

-- Every item of an actor's chain, with the link after it; signed where a push ended.
CREATE TABLE chain_item (
    actor BLOB NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    hash BLOB NOT NULL,
    link BLOB NOT NULL,
    signature BLOB,
    PRIMARY KEY (actor, position)
) STRICT, WITHOUT ROWID;

-- Items that are durable here and go no further, with the reason.
CREATE TABLE quarantine (
    actor BLOB NOT NULL,
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    refusal TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (actor, position)
) STRICT;
CREATE INDEX quarantine_item ON quarantine (id, hash);

-- Documents as they stand, whole history included.
CREATE TABLE document (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    feed INTEGER NOT NULL REFERENCES feed (number),
    body BLOB NOT NULL
) STRICT;

-- Orders, as far as the hub sorts and decides by them.
CREATE TABLE work_order (
    id BLOB PRIMARY KEY NOT NULL,
    feed INTEGER NOT NULL REFERENCES feed (number),
    number TEXT,
    is_ended INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX work_order_feed ON work_order (feed, is_ended, id);

-- Who is assigned to an order.
CREATE TABLE assignment (
    person BLOB NOT NULL,
    work_order BLOB NOT NULL REFERENCES work_order (id),
    PRIMARY KEY (person, work_order)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_work_order ON assignment (work_order);

-- Who made each official revision of an order's status; nobody when the CMMS did.
CREATE TABLE revision (
    work_order BLOB NOT NULL REFERENCES work_order (id),
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    person BLOB,
    at INTEGER NOT NULL,
    PRIMARY KEY (work_order, revision)
) STRICT, WITHOUT ROWID;

-- Orders whose status could not be believed when they were read, to be read again.
CREATE TABLE order_reread (
    number TEXT PRIMARY KEY NOT NULL
) STRICT;

-- Claims; a verdict is given once.
CREATE TABLE intent (
    id BLOB PRIMARY KEY NOT NULL,
    actor BLOB NOT NULL,
    position INTEGER NOT NULL,
    work_order BLOB NOT NULL,
    body BLOB NOT NULL,
    verdict BLOB,
    received INTEGER NOT NULL
) STRICT;
CREATE INDEX intent_waiting ON intent (received) WHERE verdict IS NULL;

-- Facts that belong to no document.
CREATE TABLE record (
    id BLOB PRIMARY KEY NOT NULL,
    actor BLOB NOT NULL,
    plant TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT;
