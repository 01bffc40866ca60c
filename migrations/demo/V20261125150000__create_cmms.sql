-- Tables of the demo CMMS. A demo file holds the tables of both demo systems; one half stays empty.
CREATE TABLE cmms_counter (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT;
CREATE TABLE cmms_master (
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    change INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT;
CREATE INDEX cmms_master_change ON cmms_master (kind, change);
CREATE TABLE cmms_order (
    wonum TEXT PRIMARY KEY NOT NULL,
    status TEXT NOT NULL,
    change INTEGER NOT NULL,
    reference TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX cmms_order_change ON cmms_order (change);
CREATE INDEX cmms_order_reference ON cmms_order (reference);
CREATE TABLE cmms_log (
    lognum TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    wonum TEXT NOT NULL REFERENCES cmms_order (wonum),
    reference TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX cmms_log_reference ON cmms_log (reference);
