-- Photos and files: what of them lies encrypted in the folder beside this file, and what the hub has.
-- `made_at` is set where they were added here, `wanted_at` where somebody asked for them.
CREATE TABLE attachment (
    content BLOB PRIMARY KEY NOT NULL,
    size INTEGER NOT NULL,
    is_thumbnail INTEGER NOT NULL,
    is_here INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER,
    sent_at INTEGER,
    refused TEXT,
    wanted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_unsent ON attachment (is_thumbnail DESC, made_at)
    WHERE made_at IS NOT NULL AND sent_at IS NULL;

-- Which orders name a content; a projection of their documents.
CREATE TABLE attachment_name (
    order_id BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (order_id, content)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_name_content ON attachment_name (content);

-- The content a photo made here names: it counts as sent once the hub has that, too.
ALTER TABLE made ADD COLUMN content BLOB;
