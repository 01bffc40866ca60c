//! The simulation itself, on a few seeds; `npm test` and `npm run sim` play many more, optimised.

#![expect(clippy::expect_used, reason = "tests")]

use fettle_tests::sim::{Bug, Template, play};

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
