-- What became of changes that were made again under a new epoch, or left out.
CREATE TABLE moved_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX moved_change_document ON moved_change (document);

-- Why the hub put something of an item back, why an item is to be made again, and whether it stands
-- in its document no more, because it was made again or kept as words.
ALTER TABLE outbox ADD COLUMN compensated TEXT;
ALTER TABLE outbox ADD COLUMN remake TEXT;
ALTER TABLE outbox ADD COLUMN is_handled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN remakes INTEGER NOT NULL DEFAULT 0;
