//! Canonical records and every business rule as a pure function.
