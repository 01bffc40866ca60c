-- Masters at the size of a company: items, stock and words in tables of their own, items and assets
-- at a place by their rank, so that the first rows found are the first rows of the answer.
CREATE TABLE item (
    -- Rank first, then the order of arrival: see `rank.rs`.
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    feed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    description TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    part_number TEXT NOT NULL,
    unit TEXT NOT NULL,
    class TEXT NOT NULL,
    criticality TEXT,
    abc TEXT,
    lead_time_days INTEGER,
    is_inactive INTEGER NOT NULL,
    superseded_by BLOB,
    -- Ids one after the other, best first.
    substitutes BLOB,
    external_ids TEXT NOT NULL
) STRICT;
CREATE TABLE item_substitute (
    substitute BLOB NOT NULL,
    item BLOB NOT NULL,
    PRIMARY KEY (substitute, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_substitute_item ON item_substitute (item);
CREATE TABLE stock (
    item BLOB NOT NULL,
    storeroom TEXT NOT NULL,
    bin TEXT NOT NULL,
    plant TEXT NOT NULL,
    feed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    unit TEXT NOT NULL,
    on_hand TEXT NOT NULL,
    hard_reserved TEXT NOT NULL,
    soft_reserved TEXT NOT NULL,
    reorder_point TEXT,
    as_of INTEGER NOT NULL,
    -- Ids one after the other.
    includes BLOB,
    PRIMARY KEY (item, storeroom, bin, plant)
) STRICT, WITHOUT ROWID;

-- Words of items and assets by their place; what they are of is read there. The tokens are made by
-- `words.rs`, so that the list of words and the index never disagree.
CREATE VIRTUAL TABLE item_search USING fts5(
    words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3 4', tokenize = 'ascii'
);
CREATE TABLE item_word (
    length INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (length, word)
) STRICT, WITHOUT ROWID;
DROP TABLE asset_search;
CREATE VIRTUAL TABLE asset_search USING fts5(
    words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3 4', tokenize = 'ascii'
);
CREATE TABLE asset_word (
    length INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (length, word)
) STRICT, WITHOUT ROWID;

-- What is no more, so that an older version that comes later stays away.
CREATE TABLE removed_row (
    feed INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;

-- Rows of before; the program puts each at its place and empties this table.
ALTER TABLE master RENAME TO unplaced_row;
DROP INDEX master_key;
DROP INDEX master_item;
CREATE TABLE master (
    place INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    noun TEXT NOT NULL,
    -- Location of an asset.
    location BLOB,
    body TEXT NOT NULL,
    UNIQUE (feed, key)
) STRICT;
CREATE INDEX master_key ON master (key);
CREATE INDEX master_location ON master (location) WHERE location IS NOT NULL;
