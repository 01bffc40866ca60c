-- Which documents name a content; whoever follows one of them is served it.
CREATE TABLE attachment_name (
    content BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (content, document)
) STRICT, WITHOUT ROWID;

-- Contents whose files were whole at some time; a copy of the store says by it what must be with it.
CREATE TABLE attachment (
    content BLOB PRIMARY KEY NOT NULL,
    size INTEGER NOT NULL,
    whole_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
