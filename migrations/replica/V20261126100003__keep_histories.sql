-- What was done on each asset: one line for every order that is over, read as a whole by its page.
CREATE TABLE history (
    order_id BLOB PRIMARY KEY NOT NULL,
    asset BLOB NOT NULL,
    -- Days since 1970.
    day INTEGER NOT NULL,
    line TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX history_asset ON history (asset, day);
-- Orders that are here already get their line at the next opening.
INSERT OR REPLACE INTO setting (name, value) VALUES ('projections/stale', x'01');
