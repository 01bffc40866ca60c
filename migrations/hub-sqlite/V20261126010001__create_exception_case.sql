-- What failed or clashed and waits for a person; kept for ever, settled or not.
CREATE TABLE exception_case (
    id BLOB PRIMARY KEY NOT NULL,
    plant TEXT NOT NULL,
    work_order BLOB,
    effect BLOB,
    owner TEXT NOT NULL,
    is_settled INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    due INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX exception_case_open ON exception_case (due) WHERE is_settled = 0;
CREATE INDEX exception_case_work_order ON exception_case (work_order);
CREATE INDEX exception_case_effect ON exception_case (effect) WHERE effect IS NOT NULL;
