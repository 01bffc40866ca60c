-- Who has proven under which session that they read what they alone may see.
CREATE TABLE session_reader (
    challenge BLOB NOT NULL,
    actor BLOB NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (challenge, actor)
) STRICT, WITHOUT ROWID;
