-- The restricted feeds this person reads, and the way to a row by its key alone.
CREATE TABLE feed (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
) STRICT;
CREATE INDEX restricted_row_key ON restricted_row (key);
