//! Effects: the reference of a fact and what the worker may do next.

use fettle_domain::effect::{
    EffectState, NextStep, Reference, Rejection, RejectionClass, Remedy, next_step,
    outage_retry_after_ms, remedy, retry_after_ms,
};
use fettle_domain::{EffectId, PersonId};

use crate::id;

#[test]
fn the_same_fact_has_the_same_reference_and_no_other_has_it() {
    let labour = Reference::of_fact("labour", b"entry 1");
    assert_eq!(labour, Reference::of_fact("labour", b"entry 1"));
    assert_ne!(labour, Reference::of_fact("part_used", b"entry 1"));
    assert_ne!(labour, Reference::of_fact("labour", b"entry 2"));
    assert_eq!(labour.0.len(), 16);
}

#[test]
fn what_may_have_arrived_is_searched_before_it_is_sent_again() {
    let rejection = Rejection {
        class: RejectionClass::ProcessState,
        code: "PERIOD_CLOSED".to_owned(),
        message: "period 10 is closed".to_owned(),
    };
    let cases = [
        (EffectState::Recorded, NextStep::Send),
        (EffectState::Sending, NextStep::Search),
        (EffectState::Unknown, NextStep::Search),
        (
            EffectState::Posted {
                number: "49".to_owned(),
            },
            NextStep::Rest,
        ),
        (EffectState::Rejected(rejection), NextStep::Rest),
    ];
    for (state, expected) in cases {
        assert_eq!(next_step(&state), expected, "{state:?}");
        assert_eq!(state.is_settled(), expected == NextStep::Rest);
    }
}

#[test]
fn what_was_given_up_is_never_sent_again() {
    let discarded = EffectState::Discarded {
        reason: "Entered by hand".to_owned(),
        by: PersonId(id(1)),
    };
    assert_eq!(next_step(&discarded), NextStep::Rest);
    assert!(discarded.is_settled());
}

#[test]
fn only_faults_of_software_and_consequences_are_tried_again_by_themselves() {
    let again = [RejectionClass::Software, RejectionClass::Consequential];
    let person = [
        RejectionClass::MasterData,
        RejectionClass::TransactionData,
        RejectionClass::ProcessState,
        RejectionClass::Authorisation,
        RejectionClass::SchemaDrift,
    ];
    assert!(
        again
            .map(remedy)
            .iter()
            .all(|remedy| *remedy == Remedy::Again)
    );
    assert!(
        person
            .map(remedy)
            .iter()
            .all(|remedy| *remedy == Remedy::Person)
    );
}

/// Within a tenth above the wait of the schedule, in seconds.
fn check_wait(wait_ms: i64, seconds: i64) {
    let (least, most) = (seconds * 1_000, seconds * 1_100);
    assert!(
        (least..=most).contains(&wait_ms),
        "{wait_ms} for {seconds} s"
    );
}

#[test]
fn retries_slow_down_from_seconds_to_once_a_day_and_never_end() {
    let effect = EffectId(id(1));
    let hour = 3_600;
    let waits = [1, 5, 15, 60, 300, 900, hour, 2 * hour, 6 * hour, 24 * hour];
    for (failure, seconds) in (1..).zip(waits) {
        check_wait(retry_after_ms(effect, failure), seconds);
    }
    for failure in [11, 1_000, u32::MAX] {
        check_wait(retry_after_ms(effect, failure), 24 * hour);
    }
}

#[test]
fn a_system_that_is_down_all_night_is_found_back_within_about_a_minute() {
    let effect = EffectId(id(1));
    for (times, seconds) in [(1, 1), (2, 2), (3, 4), (7, 64), (8, 64), (u32::MAX, 64)] {
        check_wait(outage_retry_after_ms(effect, times), seconds);
    }
}

#[test]
fn what_failed_together_is_not_tried_together_but_each_at_a_time_that_is_known() {
    let waits: std::collections::BTreeSet<i64> = (0..100)
        .map(|number| retry_after_ms(EffectId(id(number)), 5))
        .collect();
    assert!(waits.len() > 90, "{} different waits", waits.len());
    let effect = EffectId(id(1));
    assert_eq!(retry_after_ms(effect, 5), retry_after_ms(effect, 5));
}
