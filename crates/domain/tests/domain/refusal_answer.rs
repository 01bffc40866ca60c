//! Which refusal is answered how.

use fettle_domain::Refusal;
use fettle_domain::refusal_answer::{
    RefusalAnswer, ends_actor, refusal_answer, rests_on_kept_aside,
};

#[test]
fn every_refusal_of_an_item_has_its_answer() {
    use RefusalAnswer::{AwaitRelease, Compensate, KeepWords, MakeAgain};
    let field = |name: &str| Refusal::new("document.field_protected").with("field", name);
    let rests_on =
        |reason: &str| Refusal::new("change.dependency_quarantined").with("reason", reason);
    let cases = [
        // A right was lost while the laptop was away.
        (field("order"), Compensate),
        (field("tasks"), Compensate),
        (Refusal::new("entry.closed"), Compensate),
        (Refusal::new("entry.not_yours"), Compensate),
        // No program of ours writes there.
        (field("root"), KeepWords),
        (field("unknown"), KeepWords),
        // Two copies of a laptop, or good work on top of something bad.
        (Refusal::new("change.fork"), MakeAgain),
        (Refusal::new("change.dependency_quarantined"), MakeAgain),
        (Refusal::new("intent.dependency_quarantined"), MakeAgain),
        // Bad bytes, foreign scope, too large.
        (Refusal::new("change.malformed"), KeepWords),
        (Refusal::new("change.not_taken"), KeepWords),
        (Refusal::new("document.out_of_scope"), KeepWords),
        (Refusal::new("document.unknown"), KeepWords),
        (Refusal::new("document.too_large"), KeepWords),
        (Refusal::new("change.other_author"), KeepWords),
        // Somebody decided about a person or a laptop, and decides about this, too.
        (Refusal::new("author.disabled"), AwaitRelease),
        (Refusal::new("device.revoked"), AwaitRelease),
        (rests_on("author.disabled"), AwaitRelease),
        (rests_on("change.malformed"), MakeAgain),
        // What a later hub may say loses nobody's words.
        (Refusal::new("something.new"), KeepWords),
    ];
    for (refusal, answer) in cases {
        assert_eq!(refusal_answer(&refusal), answer, "{refusal}");
    }
}

#[test]
fn a_copy_of_the_laptop_or_a_forgetful_hub_ends_an_actor_and_nothing_else_does() {
    assert!(ends_actor(&Refusal::new("chain.fork")));
    assert!(ends_actor(&Refusal::new("actor.unknown")));
    assert!(!ends_actor(&Refusal::new("chain.gap")));
    assert!(!ends_actor(&Refusal::new("chain.signature")));
}

/// Found by seed 211 of the simulation: the third of three notes of a disabled person was kept as
/// words alone, because what it rested on only said that it rested on something.
#[test]
fn all_that_was_made_on_top_of_what_awaits_release_awaits_it() {
    let mut refusal = Refusal::new("author.disabled");
    for code in ["change.dependency_quarantined"; 3] {
        refusal = rests_on_kept_aside(code, &refusal);
        assert_eq!(
            refusal,
            Refusal::new(code).with("reason", "author.disabled")
        );
        assert_eq!(refusal_answer(&refusal), RefusalAnswer::AwaitRelease);
    }
    let claim = rests_on_kept_aside("intent.dependency_quarantined", &refusal);
    assert_eq!(refusal_answer(&claim), RefusalAnswer::AwaitRelease);
}
