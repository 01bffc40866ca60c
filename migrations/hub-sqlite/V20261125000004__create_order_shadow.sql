-- What the CMMS last said about the shared fields of an order: only what it changed since is written.
CREATE TABLE order_shadow (
    work_order BLOB PRIMARY KEY NOT NULL REFERENCES work_order (id),
    body BLOB NOT NULL
) STRICT;
