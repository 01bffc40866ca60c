-- Items that were accepted and of which the hub put something back as it was, with the reason.
CREATE TABLE compensation (
    actor BLOB NOT NULL,
    position INTEGER NOT NULL,
    refusal TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (actor, position)
) STRICT, WITHOUT ROWID;
