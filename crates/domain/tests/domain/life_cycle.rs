//! Transitions: what is legal, for whom, and what happens in a race.

use fettle_domain::intent::Transition;
use fettle_domain::person::Role;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::status::{LIFE_CYCLE, Status};
use fettle_domain::work_order::transition::{
    Outcome, TransitionState, decide_transition, way_of_accepted,
};
use fettle_domain::{PersonId, Refusal, WorkOrderId};

use crate::id;

const ANA: PersonId = PersonId(uuid::Uuid::from_u128(1));
const BEN: PersonId = PersonId(uuid::Uuid::from_u128(2));

fn claim(from: Status, to: Status, based_on: u32, reason: Option<&str>) -> Transition {
    Transition {
        order: WorkOrderId(id(9)),
        from,
        to,
        based_on,
        reason: reason.map(str::to_owned),
    }
}

fn decide(
    transition: &Transition,
    official: (Status, u32),
    since: &[Option<PersonId>],
    role: Role,
) -> Result<Outcome, Refusal> {
    let official = OfficialStatus {
        status: official.0,
        revision: official.1,
        cmms: CmmsAnswer::Accepted,
    };
    decide_transition(
        transition,
        TransitionState {
            official: &official,
            since,
        },
        &[role],
        ANA,
    )
}

fn code(outcome: Result<Outcome, Refusal>) -> String {
    match outcome {
        Ok(Outcome::Accepted) => "accepted".to_owned(),
        Ok(Outcome::Race(refusal)) => format!("race {}", refusal.code),
        Err(refusal) => refusal.code,
    }
}

#[test]
fn a_technician_starts_holds_resumes_and_finishes() {
    let steps = [
        (Status::Disp, Status::Inprg, None),
        (Status::Inprg, Status::Hold, Some("no crane")),
        (Status::Hold, Status::Inprg, None),
        (Status::Inprg, Status::Comp, None),
    ];
    for (from, to, reason) in steps {
        let outcome = decide(
            &claim(from, to, 3, reason),
            (from, 3),
            &[],
            Role::Technician,
        );
        assert_eq!(
            code(outcome),
            "accepted",
            "{} to {}",
            from.word(),
            to.word()
        );
    }
}

#[test]
fn a_held_order_cannot_be_finished() {
    let outcome = decide(
        &claim(Status::Hold, Status::Comp, 1, None),
        (Status::Hold, 1),
        &[],
        Role::Planner,
    );
    assert_eq!(code(outcome), "order.transition_illegal");
}

#[test]
fn every_pair_outside_the_table_is_illegal() {
    for from in Status::ALL {
        for to in Status::ALL {
            let is_legal = LIFE_CYCLE
                .iter()
                .any(|legal| legal.from == from && legal.to == to);
            let outcome = decide(
                &claim(from, to, 1, Some("why")),
                (from, 1),
                &[],
                Role::Planner,
            );
            let is_illegal = code(outcome) == "order.transition_illegal";
            assert_eq!(is_illegal, !is_legal, "{} to {}", from.word(), to.word());
        }
    }
}

#[test]
fn nothing_leads_out_of_a_closed_or_cancelled_order() {
    assert!(LIFE_CYCLE.iter().all(|legal| !legal.from.is_ended()));
}

#[test]
fn only_the_office_closes_and_reopens() {
    let close = claim(Status::Comp, Status::Close, 1, None);
    assert_eq!(
        code(decide(&close, (Status::Comp, 1), &[], Role::Technician)),
        "order.transition_not_yours"
    );
    let reopen = claim(Status::Comp, Status::Inprg, 1, Some("leaks again"));
    assert_eq!(
        code(decide(&reopen, (Status::Comp, 1), &[], Role::Technician)),
        "order.transition_not_yours"
    );
    assert_eq!(
        code(decide(&reopen, (Status::Comp, 1), &[], Role::Planner)),
        "accepted"
    );
}

#[test]
fn holding_needs_a_reason_in_words() {
    for reason in [None, Some(""), Some("   ")] {
        let hold = claim(Status::Inprg, Status::Hold, 1, reason);
        let outcome = decide(&hold, (Status::Inprg, 1), &[], Role::Technician);
        assert_eq!(code(outcome), "order.reason_missing");
    }
}

#[test]
fn my_own_transitions_since_do_not_stand_in_my_way() {
    let finish = claim(Status::Inprg, Status::Comp, 1, None);
    let outcome = decide(
        &finish,
        (Status::Inprg, 3),
        &[Some(ANA), Some(ANA)],
        Role::Technician,
    );
    assert_eq!(code(outcome), "accepted");
}

#[test]
fn a_claim_on_an_old_revision_races_with_somebody_elses_transition() {
    let finish = claim(Status::Inprg, Status::Comp, 1, None);
    for since in [[Some(BEN)], [None]] {
        let outcome = decide(&finish, (Status::Hold, 2), &since, Role::Technician);
        assert_eq!(code(outcome), "race order.status_changed_meanwhile");
    }
    // Even when the status came back to where the claim started: a person decides.
    let outcome = decide(
        &finish,
        (Status::Inprg, 3),
        &[Some(BEN), Some(BEN)],
        Role::Technician,
    );
    assert_eq!(code(outcome), "race order.status_changed_meanwhile");
}

#[test]
fn facts_are_taken_between_approval_and_closing() {
    let taking: Vec<&str> = Status::ALL
        .into_iter()
        .filter(|status| status.takes_facts())
        .map(Status::word)
        .collect();
    assert_eq!(
        taking,
        [
            "APPR", "WMATL", "WPCOND", "WSCH", "SCHED", "DISP", "INPRG", "HOLD", "COMP"
        ]
    );
}

/// The way of a raced claim a planner accepts, as words.
fn check_way(claim: &Transition, official: Status, roles: &[Role], expected: &str) {
    let way = match way_of_accepted(claim, official, roles) {
        Ok(way) => way
            .iter()
            .map(|status| status.word())
            .collect::<Vec<_>>()
            .join(" "),
        Err(refusal) => refusal.code,
    };
    assert_eq!(way, expected, "from {}", official.word());
}

#[test]
fn a_finish_accepted_on_a_held_order_goes_by_work_in_progress() {
    let finish = claim(Status::Inprg, Status::Comp, 1, None);
    let planner = &[Role::Planner];
    check_way(&finish, Status::Hold, planner, "INPRG COMP");
    check_way(&finish, Status::Inprg, planner, "COMP");
    check_way(&finish, Status::Comp, planner, "");
    check_way(&finish, Status::Close, planner, "order.transition_illegal");
    check_way(
        &finish,
        Status::Hold,
        &[Role::Storekeeper],
        "order.transition_not_yours",
    );
}

#[test]
fn a_hold_accepted_on_a_finished_order_reopens_it_for_the_reason_of_the_hold() {
    let hold = claim(Status::Inprg, Status::Hold, 1, Some("no crane"));
    check_way(&hold, Status::Comp, &[Role::Planner], "INPRG HOLD");
    // A technician's own roles do not reopen.
    check_way(
        &hold,
        Status::Comp,
        &[Role::Technician],
        "order.transition_not_yours",
    );
}
