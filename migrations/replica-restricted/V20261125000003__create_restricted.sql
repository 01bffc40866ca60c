-- The restricted file of one person: prices and costs, opened by that person alone.
CREATE TABLE cursor (
    feed INTEGER PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE restricted_row (
    feed INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
