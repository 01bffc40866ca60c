//! Two versions of a step: both are kept, fail stands, and who may choose what.

use fettle_domain::person::Role::{self, Planner, Supervisor, Technician};
use fettle_domain::work_order::settlement::{
    PASS_AGAINST_FAIL, PLANNER_ASKED, check_choice, settle,
};
use fettle_domain::work_order::step::{StepResult, StepState, Verdict};
use fettle_domain::work_order::{Choice, Clash, ResultId, Settled, StepKind};
use fettle_domain::{ActorId, Decimal, EntryId, PersonId, StepId, Unit};

use crate::{at, id};

fn runout() -> StepKind {
    StepKind::Value {
        unit: Unit("MMT".to_owned()),
        lower: None,
        upper: Some(Decimal::from_typed("0.05").unwrap()),
    }
}

/// What person `by` measured.
fn measured(by: u8, value: &str) -> StepResult {
    StepResult {
        is_done: true,
        value: Some(Decimal::from_typed(value).unwrap()),
        unit: None,
        text: None,
        photos: Vec::new(),
        scanned_code: None,
        second_signature: None,
        permit_acknowledged: None,
        at: at(by.into()),
        actor: ActorId([by; 16]),
        person: Some(PersonId(id(by.into()))),
    }
}

fn ana() -> StepResult {
    measured(1, "0.03")
}

fn ben() -> StepResult {
    measured(2, "0.07")
}

fn carl() -> StepResult {
    measured(3, "0.04")
}

fn chose(is_office: bool, choice: Choice, seen: &[StepResult], reason: &str) -> Settled {
    Settled {
        note: EntryId(id(9)),
        actor: ActorId([9; 16]),
        person: None,
        is_office,
        choice,
        seen: seen.iter().map(StepResult::id).collect(),
        reason: reason.to_owned(),
        at: at(9),
    }
}

fn state(versions: Vec<StepResult>, settlements: Vec<Settled>) -> StepState {
    settle(StepId(id(1)), &runout(), versions, Vec::new(), settlements)
}

fn values(state: &StepState) -> Vec<String> {
    let values = state.results.iter().filter_map(|result| result.value);
    values.map(|value| value.to_string()).collect()
}

#[test]
fn a_result_is_the_same_whoever_carried_it_and_another_when_measured_again() {
    let again = StepResult { at: at(7), ..ana() };
    let other_epoch = StepResult {
        actor: ActorId([8; 16]),
        person: None,
        ..ana()
    };
    assert_eq!(ana().id(), other_epoch.id());
    assert_ne!(ana().id(), again.id());
    assert_ne!(ana().id(), ben().id());
}

#[test]
fn a_pass_against_a_fail_is_open_and_the_planners() {
    let state = state(vec![ana(), ben()], vec![]);
    assert_eq!(state.clash(&runout()), Clash::Open);
    assert_eq!(state.verdict(&runout()), Verdict::Fail);
    assert_eq!(state.case(&runout()), Some(PASS_AGAINST_FAIL));
}

#[test]
fn two_passing_values_wait_for_a_choice_and_trouble_nobody() {
    let state = state(vec![ana(), carl()], vec![]);
    assert_eq!(state.clash(&runout()), Clash::Open);
    assert_eq!(state.case(&runout()), None);
}

#[test]
fn a_technician_keeps_both_and_the_fail_stands_for_the_planner() {
    let seen = [ana(), ben()];
    let kept = chose(false, Choice::KeepBoth, &seen, "");
    let state = state(seen.to_vec(), vec![kept]);
    assert!(matches!(state.clash(&runout()), Clash::Kept(_)));
    assert_eq!(values(&state), ["0.03", "0.07"]);
    assert_eq!(state.verdict(&runout()), Verdict::Fail);
    assert_eq!(state.case(&runout()), Some(PASS_AGAINST_FAIL));
}

#[test]
fn the_planner_keeps_both_and_the_matter_is_closed() {
    let seen = [ana(), ben()];
    let kept = chose(true, Choice::KeepBoth, &seen, "");
    let state = state(seen.to_vec(), vec![kept]);
    assert_eq!(state.case(&runout()), None);
    assert_eq!(state.verdict(&runout()), Verdict::Fail);
}

#[test]
fn a_version_that_came_later_opens_what_was_kept() {
    let kept = chose(true, Choice::KeepBoth, &[ana(), ben()], "");
    let state = state(vec![ana(), ben(), carl()], vec![kept]);
    assert_eq!(state.clash(&runout()), Clash::Open);
    assert_eq!(state.case(&runout()), Some(PASS_AGAINST_FAIL));
}

#[test]
fn a_technician_cannot_set_a_failing_value_aside() {
    let seen = [ana(), ben()];
    for choice in [Choice::SetAside(ben().id()), Choice::Use(ana().id())] {
        let settled = chose(false, choice, &seen, "my gauge is better");
        let state = state(seen.to_vec(), vec![settled]);
        assert_eq!(values(&state), ["0.03", "0.07"]);
        assert_eq!(state.clash(&runout()), Clash::Open);
    }
}

#[test]
fn the_office_sets_a_failing_value_aside_with_a_reason_and_it_stays_in_the_history() {
    let seen = [ana(), ben()];
    let without = chose(true, Choice::SetAside(ben().id()), &seen, " ");
    assert_eq!(
        values(&state(seen.to_vec(), vec![without])),
        ["0.03", "0.07"]
    );
    let with = chose(
        true,
        Choice::SetAside(ben().id()),
        &seen,
        "gauge out of date",
    );
    let state = state(seen.to_vec(), vec![with]);
    assert_eq!(values(&state), ["0.03"]);
    assert_eq!(state.verdict(&runout()), Verdict::Pass);
    assert_eq!(state.case(&runout()), None);
    assert_eq!(state.history, [ben()]);
    assert_eq!(state.settlements[0].reason, "gauge out of date");
}

#[test]
fn the_same_failing_value_measured_anew_stands_again() {
    let aside = chose(
        true,
        Choice::SetAside(ben().id()),
        &[ana(), ben()],
        "gauge out of date",
    );
    let again = measured(3, "0.07");
    let state = state(vec![ana(), ben(), again], vec![aside]);
    assert_eq!(values(&state), ["0.03", "0.07"]);
    assert_eq!(state.verdict(&runout()), Verdict::Fail);
}

#[test]
fn two_who_measured_the_same_are_set_aside_together() {
    let same = measured(3, "0.07");
    let seen = [ana(), ben(), same];
    let aside = chose(
        true,
        Choice::SetAside(ben().id()),
        &seen,
        "gauge out of date",
    );
    assert_eq!(values(&state(seen.to_vec(), vec![aside])), ["0.03"]);
}

#[test]
fn of_two_passing_values_anybody_chooses_one_and_the_last_word_counts() {
    let seen = [ana(), carl()];
    let mine = || chose(false, Choice::Use(ana().id()), &seen, "");
    let theirs = || chose(false, Choice::Use(carl().id()), &seen, "");
    assert_eq!(values(&state(seen.to_vec(), vec![mine()])), ["0.03"]);
    assert_eq!(
        values(&state(seen.to_vec(), vec![mine(), theirs()])),
        ["0.04"]
    );
    let planner = chose(true, Choice::Use(ana().id()), &seen, "");
    let state = state(seen.to_vec(), vec![planner, theirs()]);
    assert_eq!(values(&state), ["0.03"], "the office outranks a technician");
}

#[test]
fn who_asks_hands_the_step_to_the_planner() {
    let seen = [ana(), carl()];
    let asked = chose(false, Choice::Ask, &seen, "which gauge?");
    let state = state(seen.to_vec(), vec![asked]);
    assert!(matches!(state.clash(&runout()), Clash::Asked(_)));
    assert_eq!(state.case(&runout()), Some(PLANNER_ASKED));
}

#[test]
fn what_may_be_chosen_depends_on_the_versions_and_the_role() {
    let clash = state(vec![ana(), ben()], vec![]);
    let pass = state(vec![ana(), carl()], vec![]);
    let one = state(vec![ana()], vec![]);
    let check = |state: &StepState, choice: Choice, reason: &str, role: Role, expected| {
        let answer = check_choice(&runout(), state, &choice, reason, &[role]);
        assert_eq!(
            answer.err().map(|refusal| refusal.code).as_deref(),
            expected,
            "{choice:?}"
        );
    };
    check(&clash, Choice::KeepBoth, "", Technician, None);
    check(&clash, Choice::Ask, "", Technician, None);
    check(
        &one,
        Choice::KeepBoth,
        "",
        Technician,
        Some("step.no_two_versions"),
    );
    check(&pass, Choice::Use(carl().id()), "", Technician, None);
    check(
        &clash,
        Choice::Use(ana().id()),
        "",
        Planner,
        Some("step.fail_stands"),
    );
    let unknown = Choice::Use(ResultId("0".repeat(32)));
    check(&pass, unknown, "", Technician, Some("step.version_unknown"));
    let aside = || Choice::SetAside(ben().id());
    check(
        &clash,
        aside(),
        "why",
        Technician,
        Some("step.set_aside_not_yours"),
    );
    check(
        &clash,
        aside(),
        " ",
        Supervisor,
        Some("step.reason_missing"),
    );
    check(&clash, aside(), "why", Supervisor, None);
}
