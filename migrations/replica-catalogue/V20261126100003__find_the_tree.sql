-- The tree of locations and assets, downwards, and machines of one class.
CREATE INDEX master_location_parent ON master (ifnull(body ->> '$.location.parent', ''))
    WHERE noun = 'location';
CREATE INDEX master_asset_parent ON master (body ->> '$.asset.parent') WHERE noun = 'asset';
CREATE INDEX master_asset_location ON master (ifnull(body ->> '$.asset.location', ''))
    WHERE noun = 'asset';
CREATE INDEX master_asset_class ON master (body ->> '$.asset.class') WHERE noun = 'asset';
