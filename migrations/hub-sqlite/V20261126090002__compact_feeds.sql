-- Tombstones by the time they were set, and how far each feed's have left.
ALTER TABLE official_row ADD COLUMN removed_at INTEGER;
CREATE INDEX official_row_removed ON official_row (removed_at) WHERE removed_at IS NOT NULL;
ALTER TABLE feed ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;
-- Changes of a document, to be folded once they are many.
CREATE INDEX log_change ON log (document, feed, number) WHERE kind = 'change';
-- Versions that a later one replaced.
DELETE FROM log WHERE kind = 'row' AND number != (
    SELECT version FROM official_row r WHERE r.feed = log.feed AND r.key = log.row_key);
