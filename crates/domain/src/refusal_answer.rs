//! What follows when the hub says no to something a person already did: one table for both sides.
//!
//! Dropping it is never an answer, because later work rests on it and people wrote it.

use crate::Refusal;

/// What becomes of an item the rules refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalAnswer {
    /// Honest but stale: the hub takes it, puts the protected field back as it was, and says so.
    Compensate,
    /// Kept in quarantine; the device makes it again under a new epoch with the same ids.
    MakeAgain,
    /// Kept in quarantine on both sides; the person keeps the words and is told who has it.
    KeepWords,
    /// Kept in quarantine until an administrator releases it.
    AwaitRelease,
}

/// The answer to a refusal of an item.
#[must_use]
pub fn refusal_answer(refusal: &Refusal) -> RefusalAnswer {
    match refusal.code.as_str() {
        // A place no program of ours writes to is no field whose owner could have changed.
        "document.field_protected" if has(refusal, "field", &["root", "unknown"]) => {
            RefusalAnswer::KeepWords
        }
        "document.field_protected" | "entry.closed" | "entry.not_yours" => {
            RefusalAnswer::Compensate
        }
        "author.disabled" | "device.revoked" => RefusalAnswer::AwaitRelease,
        // What it rests on is released some day, and it with it.
        "change.dependency_quarantined" | "intent.dependency_quarantined"
            if has(refusal, "reason", AWAIT_RELEASE) =>
        {
            RefusalAnswer::AwaitRelease
        }
        "change.fork" | "change.dependency_quarantined" | "intent.dependency_quarantined" => {
            RefusalAnswer::MakeAgain
        }
        // Bad bytes, foreign scope, too large, somebody else's name, and whatever comes later.
        _ => RefusalAnswer::KeepWords,
    }
}

/// True when nothing more can be sent under an actor, because another copy of the device wrote under
/// it or the hub does not know it any more: what is unsent is made again under a new epoch.
#[must_use]
pub fn ends_actor(refusal: &Refusal) -> bool {
    matches!(refusal.code.as_str(), "chain.fork" | "actor.unknown")
}

/// The refusal of what rests on something kept aside. It names why that is kept aside, however many
/// steps lie between: whoever waits for a release waits with all that was made on top.
#[must_use]
pub fn rests_on_kept_aside(code: &str, kept_aside: &Refusal) -> Refusal {
    let mut arguments = kept_aside.arguments.iter();
    let root = match kept_aside.code.as_str() {
        "change.dependency_quarantined" | "intent.dependency_quarantined" => {
            arguments.find(|argument| argument.name == "reason")
        }
        _ => None,
    };
    Refusal::new(code).with("reason", root.map_or(&kept_aside.code, |root| &root.value))
}

/// Codes of what an administrator decided about a person or a laptop.
const AWAIT_RELEASE: &[&str] = &["author.disabled", "device.revoked"];

fn has(refusal: &Refusal, name: &str, values: &[&str]) -> bool {
    let mut arguments = refusal.arguments.iter();
    arguments.any(|argument| argument.name == name && values.contains(&argument.value.as_str()))
}
