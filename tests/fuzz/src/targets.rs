//! What is fuzzed: every decoder that bytes from outside reach first, and what is done next with
//! what it lets through.
//!
//! Checksums, compression and seals would keep a fuzzer outside for ever. So where bytes carry one,
//! the input is also taken for what stands inside, and wrapped as an attacker would wrap it.

// A plain test takes this file in from another folder, so each path is named.
#[path = "targets/attachment.rs"]
mod attachment;
#[path = "targets/bundle.rs"]
mod bundle;
#[path = "targets/document.rs"]
mod document;
#[path = "targets/exchange.rs"]
mod exchange;
#[path = "targets/sign_in.rs"]
mod sign_in;
#[path = "targets/wrap.rs"]
pub(crate) mod wrap;

/// Takes any bytes and panics when a promise does not hold.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name, which is also the name of its folder of inputs.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("attachment", attachment::attachment),
    ("bundle", bundle::bundle),
    ("change", document::change),
    ("document", document::document),
    ("down", exchange::down),
    ("picture", attachment::picture),
    ("sign_in", sign_in::sign_in),
    ("up", exchange::up),
];
