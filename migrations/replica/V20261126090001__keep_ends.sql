-- When orders without a document ended, by which old ones leave the laptop.
CREATE TABLE sealed_order (
    order_id BLOB PRIMARY KEY NOT NULL,
    ended_on INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_order_end ON sealed_order (ended_on) WHERE ended_on IS NOT NULL;
