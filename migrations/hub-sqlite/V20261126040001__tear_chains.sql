-- Chains with items missing before others: a damaged laptop could not read them any more.
-- Everything before `first` is whole; a later item that fills the gap moves it on.
CREATE TABLE chain_gap (
    actor BLOB PRIMARY KEY NOT NULL,
    first INTEGER NOT NULL
) STRICT;
