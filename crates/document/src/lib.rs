//! The CRDT shape of each document: genesis, edits, hydration, who may write what.
