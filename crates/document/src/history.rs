//! Who wrote what: every operation of a document by object and key, with its author and change.
//!
//! Hydration and rights read this instead of Automerge's current values, because those show only
//! what was written last, whoever was entitled to write it.
