//! What crosses rooms: contracts, rules and the story; everything stands in `tests/tests` and beside it.
