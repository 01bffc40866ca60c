//! Step results: what is recorded and what stands.

use fettle_domain::work_order::plan::StepKind;
use fettle_domain::work_order::step::{
    Entry, StepResult, StepState, TEXT_MAX, Verdict, record_step,
};
use fettle_domain::{ActorId, Decimal, StepId, Unit};

use crate::{at, id};

fn runout() -> StepKind {
    StepKind::Value {
        unit: Unit("MMT".to_owned()),
        lower: None,
        upper: Some(Decimal::from_typed("0.05").unwrap()),
    }
}

fn measured(value: &str) -> StepResult {
    StepResult {
        is_done: true,
        value: Some(Decimal::from_typed(value).unwrap()),
        unit: None,
        text: None,
        photos: Vec::new(),
        scanned_code: None,
        second_signature: None,
        permit_acknowledged: None,
        at: at(1),
        actor: ActorId([1; 16]),
        person: None,
    }
}

fn stands(values: &[&str]) -> Verdict {
    let results = values.iter().map(|value| measured(value)).collect();
    StepState {
        results,
        ..StepState::new(StepId(id(1)))
    }
    .verdict(&runout())
}

#[test]
fn a_value_on_the_limit_passes() {
    assert_eq!(stands(&["0.05"]), Verdict::Pass);
    assert_eq!(stands(&["0.0501"]), Verdict::Fail);
}

#[test]
fn of_a_pass_and_a_fail_the_fail_stands() {
    assert_eq!(stands(&["0.03", "0.07"]), Verdict::Fail);
    assert_eq!(stands(&["0.07", "0.03"]), Verdict::Fail);
    assert_eq!(stands(&["0.03", "0.04"]), Verdict::Pass);
    assert_eq!(stands(&[]), Verdict::Open);
}

fn check(kind: &StepKind, entry: Entry, expected: Result<&str, &str>) {
    let recorded = record_step(kind, &entry);
    match expected {
        Ok(value) => {
            let recorded = recorded.unwrap();
            let said = recorded
                .value
                .map(|v| v.to_string())
                .or(recorded.text)
                .unwrap_or_default();
            assert_eq!(said, value);
        }
        Err(code) => assert_eq!(recorded.unwrap_err().code, code),
    }
}

#[test]
fn both_decimal_signs_are_read() {
    check(&runout(), Entry::Value("0,03".to_owned()), Ok("0.03"));
    check(&runout(), Entry::Value(" 0.03 ".to_owned()), Ok("0.03"));
}

#[test]
fn what_is_no_number_is_refused_with_the_words() {
    for typed in ["", "three", "0.0.3", "1,000.5", "NaN", "∞", "1e5"] {
        check(
            &runout(),
            Entry::Value(typed.to_owned()),
            Err("step.value_not_a_number"),
        );
    }
    let refusal = record_step(&runout(), &Entry::Value("three".to_owned())).unwrap_err();
    assert_eq!(refusal.arguments[0].value, "three");
}

#[test]
fn a_failing_value_is_recorded_because_it_was_measured() {
    check(&runout(), Entry::Value("0.9".to_owned()), Ok("0.9"));
}

#[test]
fn a_measuring_step_cannot_be_ticked_without_a_value() {
    check(&runout(), Entry::Tick(true), Err("step.value_missing"));
    check(&StepKind::Text, Entry::Tick(true), Err("step.text_missing"));
}

#[test]
fn a_text_as_long_as_a_book_is_refused() {
    check(
        &StepKind::Text,
        Entry::Text("x".repeat(TEXT_MAX)),
        Ok(&"x".repeat(TEXT_MAX)),
    );
    check(
        &StepKind::Text,
        Entry::Text("x".repeat(10 << 20)),
        Err("text.too_long"),
    );
    check(
        &StepKind::Text,
        Entry::Text(" \n ".to_owned()),
        Err("text.empty"),
    );
}
