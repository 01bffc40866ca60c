-- People as the system of record has them, and what was decided here.
CREATE TABLE person (
    id BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,
    roles_here TEXT,
    is_disabled_here INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Local accounts.
CREATE TABLE account (
    name TEXT PRIMARY KEY NOT NULL,
    person BLOB NOT NULL REFERENCES person (id),
    password_hash TEXT NOT NULL,
    failed INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER
) STRICT;

-- Laptops and workstations.
CREATE TABLE device (
    id BLOB PRIMARY KEY NOT NULL,
    secret_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    revoked_at INTEGER
) STRICT;

-- One-time codes.
CREATE TABLE enrolment_code (
    secret_hash BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    plant TEXT NOT NULL,
    areas TEXT NOT NULL,
    expires INTEGER NOT NULL,
    used_by BLOB
) STRICT;

-- Whose key stands behind an actor.
CREATE TABLE actor (
    actor BLOB PRIMARY KEY NOT NULL,
    person BLOB,
    device BLOB,
    key BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    valid_from INTEGER NOT NULL
) STRICT;
CREATE INDEX actor_person ON actor (person);

-- Open sessions, by the hash of their token.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY NOT NULL,
    device BLOB NOT NULL REFERENCES device (id),
    person BLOB NOT NULL REFERENCES person (id),
    expires INTEGER NOT NULL
) STRICT;

-- When and where each device stood at its last push.
CREATE TABLE device_cursor (
    device BLOB NOT NULL REFERENCES device (id),
    feed INTEGER NOT NULL,
    cursor TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (device, feed)
) STRICT, WITHOUT ROWID;

-- Who did what to people, devices and the store; each line holds the hash of the one before.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
