-- What the hub proved that it sent, kept until it is in a backup: a restored hub gets it back.
CREATE TABLE proven_slice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    proof BLOB NOT NULL,
    accepted BLOB NOT NULL,
    at INTEGER
) STRICT;
CREATE INDEX proven_slice_at ON proven_slice (at);

-- While a restored hub is read anew: how far it has come with each document.
CREATE TABLE hub_heads (
    document BLOB PRIMARY KEY NOT NULL,
    heads BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What is given back, in this order, until the hub has dealt with it.
CREATE TABLE offer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body BLOB NOT NULL
) STRICT;

-- The keys of the people of this laptop, by actor.
CREATE TABLE actor_key (
    actor BLOB PRIMARY KEY NOT NULL,
    key BLOB NOT NULL,
    epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
