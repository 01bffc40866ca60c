-- Effects of a lane of an order go one after the other; without a lane each goes by itself.
ALTER TABLE effect ADD COLUMN lane TEXT;
UPDATE effect SET lane = 'status' WHERE outside = 'CMMS';
-- Times in a row the system was not reached: its failure, not the effect's.
ALTER TABLE effect ADD COLUMN unreached INTEGER NOT NULL DEFAULT 0;
-- Since when it is unknown whether it arrived.
ALTER TABLE effect ADD COLUMN unknown_since INTEGER;
CREATE INDEX effect_lane ON effect (work_order, outside, lane, sequence) WHERE is_settled = 0;

-- What an effect rests on: it waits until that is posted or given up, and nothing else waits.
CREATE TABLE effect_dependency (
    effect BLOB NOT NULL REFERENCES effect (id),
    depends_on BLOB NOT NULL REFERENCES effect (id),
    PRIMARY KEY (effect, depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX effect_dependency_on ON effect_dependency (depends_on);
