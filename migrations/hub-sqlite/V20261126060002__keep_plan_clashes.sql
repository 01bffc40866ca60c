-- Both values of a field of a plan that both sides changed, by the case that tells them.
CREATE TABLE plan_clash (
    id BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL
) STRICT;
