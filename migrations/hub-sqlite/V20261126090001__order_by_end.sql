-- Orders that are over are served newest first; of those kept until now the last change is the end.
ALTER TABLE work_order ADD COLUMN ended_on INTEGER NOT NULL DEFAULT 0;
DROP INDEX work_order_feed;
CREATE INDEX work_order_open ON work_order (feed, id) WHERE is_ended = 0;
CREATE INDEX work_order_ended ON work_order (feed, -ended_on, id) WHERE is_ended = 1;
CREATE INDEX work_order_version ON work_order (feed, version);
