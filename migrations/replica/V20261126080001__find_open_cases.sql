-- Open cases and those settled lately are found without reading all there ever were.
CREATE INDEX official_case ON official (body ->> '$.case.resolution.at') WHERE noun = 'case';
