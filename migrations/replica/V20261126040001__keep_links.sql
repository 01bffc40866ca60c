-- The chain's link before each item: what follows on one that can no longer be read is still
-- vouched for by its author's signature. Items of earlier versions have none.
ALTER TABLE outbox ADD COLUMN before BLOB;
