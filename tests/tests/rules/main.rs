//! The structure of the project, checked by a program: who may depend on whom, and what may
//! stand where. A rule here fails with the file and the line that breaks it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod arrows;
mod manifest;
mod placement;
mod tree;
