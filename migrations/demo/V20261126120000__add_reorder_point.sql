-- Balance at which the plant orders again; none where it does not plan by one.
ALTER TABLE erp_stock ADD COLUMN reorder_point TEXT;
