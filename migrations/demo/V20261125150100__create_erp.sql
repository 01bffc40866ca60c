-- Tables of the demo ERP.
CREATE TABLE erp_counter (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT;
CREATE TABLE erp_master (
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    change INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT;
CREATE INDEX erp_master_change ON erp_master (kind, change);
CREATE TABLE erp_stock (
    material TEXT NOT NULL,
    plant TEXT NOT NULL,
    storeroom TEXT NOT NULL,
    bin TEXT NOT NULL,
    -- Exact decimals as text: a binary float would lose thousandths.
    on_hand TEXT NOT NULL,
    reserved TEXT NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (material, plant, storeroom, bin)
) STRICT;
CREATE INDEX erp_stock_change ON erp_stock (change);
CREATE TABLE erp_document (
    number TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- Bin a goods issue moved stock of; empty for labour.
    place TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX erp_document_place ON erp_document (place, number);
CREATE INDEX erp_document_reference ON erp_document (reference);
