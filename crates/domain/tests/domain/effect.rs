//! Effects: the reference of a fact and what the worker may do next.

use fettle_domain::effect::{
    EffectState, NextStep, Reference, Rejection, RejectionClass, next_step, retry_after_ms,
};

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
fn retries_slow_down_to_about_a_minute() {
    let waits: Vec<i64> = [1, 2, 3, 7, 8, u32::MAX].map(retry_after_ms).to_vec();
    assert_eq!(waits, [1_000, 2_000, 4_000, 64_000, 64_000, 64_000]);
}
