//! The simulation itself, on a few seeds; `npm test` and `npm run sim` play many more, optimised.

#![expect(clippy::expect_used, reason = "tests")]

use fettle_tests::sim::{Bug, EDITS, Template, carry_shift, play};

#[test]
fn a_seed_plays_the_same_story_again() {
    let template = Template::new();
    let first = play(&template, 7, None).expect("seed 7 keeps every promise");
    let again = play(&template, 7, None).expect("seed 7 keeps every promise");
    assert_eq!(first, again);
    assert!(first.commits > 0 && first.claims > 0 && first.documents > 0);
    assert!(first.kills > 0 && first.mishaps > 0);
}

#[test]
fn a_planted_bug_breaks_a_promise() {
    let template = Template::new();
    let caught = (1..=200).any(|seed| play(&template, seed, Some(Bug::CursorPassesItem)).is_err());
    assert!(caught);
}

#[test]
fn every_bug_is_found_by_its_name() {
    for bug in Bug::ALL {
        assert_eq!(Bug::from_name(bug.name()), Some(bug));
    }
    assert_eq!(Bug::from_name("no-such-bug"), None);
}

#[test]
fn a_shift_of_edits_and_photos_arrives_text_first_at_2_kb_a_second_with_a_third_of_it_cut() {
    let carried = carry_shift(&Template::new(), 5).expect("a shift arrives, text before pictures");
    assert!(
        carried.edits >= EDITS && carried.text_cuts > 0,
        "{carried:?}"
    );
    assert!(carried.cuts > carried.text_cuts, "{carried:?}");
    // The floor is 41 bytes an edit; what a cut repeats comes on top.
    assert!(carried.text_bytes < 100_000, "{carried:?}");
    assert!(carried.text_seconds < 15 * 60, "{carried:?}");
    // A photo goes on where it was cut, so that cuts cost what asks again where that is.
    assert_eq!(carried.photos, 3, "{carried:?}");
    let beside = carried.bytes_up - carried.photo_bytes;
    assert!(beside < 100_000, "{carried:?}");
}
