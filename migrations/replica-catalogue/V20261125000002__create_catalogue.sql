-- The catalogue file: masters and their search. The hub can send all of it again.
CREATE TABLE cursor (
    feed INTEGER PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE master (
    place INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    noun TEXT NOT NULL,
    item BLOB,
    body TEXT NOT NULL,
    UNIQUE (feed, key)
) STRICT;
CREATE INDEX master_key ON master (key);
CREATE INDEX master_item ON master (item) WHERE item IS NOT NULL;
CREATE VIRTUAL TABLE asset_search USING fts5(words, plain, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
