-- Orders at a place by their rank, open ones first and each kind newest first, so that lists and the
-- search read them in that order. All of it is projected anew at the next opening.
DROP TABLE order_list;
DROP TABLE order_search;
DELETE FROM assignee;
DELETE FROM running_labour;
CREATE TABLE order_list (
    -- Rank first, then the order of arrival: see `rank.rs`.
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    status TEXT NOT NULL,
    crew BLOB,
    asset BLOB,
    finished_at INTEGER,
    line TEXT NOT NULL,
    -- None of a sealed order: its sealed row has it.
    content TEXT,
    -- Fingerprint of the words indexed.
    words INTEGER NOT NULL
) STRICT;
CREATE INDEX order_list_asset ON order_list (asset, place);
-- Items an order plans or used.
CREATE TABLE order_item (
    item BLOB NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (item, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_item_place ON order_item (place);
CREATE VIRTUAL TABLE order_search USING fts5(
    words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3 4', tokenize = 'ascii'
);
CREATE TABLE order_word (
    length INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (length, word)
) STRICT, WITHOUT ROWID;
INSERT INTO setting (name, value) VALUES ('projections/stale', x'01');
