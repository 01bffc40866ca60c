-- Roles a person held before, each until it was changed.
CREATE TABLE held_roles (
    person BLOB NOT NULL,
    until INTEGER NOT NULL,
    roles TEXT NOT NULL,
    PRIMARY KEY (person, until)
) STRICT, WITHOUT ROWID;
