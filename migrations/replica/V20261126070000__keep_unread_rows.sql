-- Rows of a later program, as CBOR, until this one knows them.
CREATE TABLE unread_row (
    feed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (feed, version)
) STRICT, WITHOUT ROWID;
