-- Calls to outside systems, one per business fact.
CREATE TABLE effect (
    sequence INTEGER PRIMARY KEY NOT NULL,
    id BLOB NOT NULL UNIQUE,
    reference TEXT NOT NULL UNIQUE,
    outside TEXT NOT NULL,
    work_order BLOB NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    is_settled INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER NOT NULL,
    sent_at INTEGER,
    settled_at INTEGER,
    correlation BLOB NOT NULL
) STRICT;
CREATE INDEX effect_due ON effect (next_attempt) WHERE is_settled = 0;
CREATE INDEX effect_work_order ON effect (work_order, outside, sequence);

-- Every attempt, kept: written before the call, answered after it.
CREATE TABLE attempt (
    effect BLOB NOT NULL REFERENCES effect (id),
    number INTEGER NOT NULL,
    step TEXT NOT NULL,
    started INTEGER NOT NULL,
    answered INTEGER,
    outcome TEXT,
    message TEXT,
    PRIMARY KEY (effect, number)
) STRICT, WITHOUT ROWID;

-- Our ids of what outside systems know.
CREATE TABLE external_id (
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (system, kind, value)
) STRICT;
CREATE INDEX external_id_id ON external_id (id, kind);

-- How far each list of an outside system has been read.
CREATE TABLE poll_cursor (
    list TEXT PRIMARY KEY NOT NULL,
    cursor TEXT NOT NULL,
    read_at INTEGER NOT NULL
) STRICT;

-- Items of the company; a plant's feed has those it stocks or plans.
CREATE TABLE item (
    id BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE item_plant (
    item BLOB NOT NULL,
    plant TEXT NOT NULL,
    PRIMARY KEY (item, plant)
) STRICT, WITHOUT ROWID;
