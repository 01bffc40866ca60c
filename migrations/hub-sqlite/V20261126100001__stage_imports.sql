-- Imports of files: what each is, and since when its rows are to be seen or no longer.
CREATE TABLE import (
    id BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,
    visible_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

-- Rows that wait until all of their import is here; nobody sees them before.
CREATE TABLE import_stage (
    import BLOB NOT NULL,
    position INTEGER NOT NULL,
    feed INTEGER NOT NULL REFERENCES feed (number),
    key TEXT NOT NULL,
    work_order BLOB,
    -- History stands as it came first; a master is replaced by a later one.
    is_fact INTEGER NOT NULL,
    -- Day a sealed order ended on, and when a tombstone was set.
    ended_on INTEGER,
    removed_at INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (import, position)
) STRICT, WITHOUT ROWID;

-- Which import brought which row; a removed one may be brought again.
CREATE TABLE import_brought (
    feed INTEGER NOT NULL REFERENCES feed (number),
    key TEXT NOT NULL,
    import BLOB NOT NULL REFERENCES import (id),
    is_removed INTEGER NOT NULL,
    PRIMARY KEY (feed, key, import)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_brought_import ON import_brought (import);
