//! Exception cases: who may do what with them, once, and when they are overdue.

use fettle_domain::case::{
    CaseAction, CaseEvent, CaseState, CaseStep, CaseSubject, EVENTS_MAX, ExceptionCase, REASON_MAX,
    case_id, decide_case, due,
};
use fettle_domain::charter::{Charter, Domain};
use fettle_domain::effect::{Outside, RejectionClass};
use fettle_domain::person::Role;
use fettle_domain::row::Subject;
use fettle_domain::{
    EffectId, EntryId, IntentId, PersonId, PlantId, Refusal, Timestamp, WorkOrderId,
};

use crate::id;

const ANA: PersonId = PersonId(uuid::Uuid::from_u128(1));
const LENZ: PersonId = PersonId(uuid::Uuid::from_u128(2));

fn refused_posting() -> ExceptionCase {
    let subject = CaseSubject::Effect {
        effect: EffectId(id(7)),
        subject: Subject::Entry(EntryId(id(8))),
    };
    case(subject, Role::Storekeeper)
}

fn case(subject: CaseSubject, owner: Role) -> ExceptionCase {
    let order = WorkOrderId(id(9));
    ExceptionCase {
        id: case_id(Some(order), Some(Outside::Erp), &subject, "effect.refused"),
        plant: PlantId::new("1200").unwrap(),
        order: Some(order),
        subject,
        cause: Refusal::new("effect.refused").with("code", "PERIOD_CLOSED"),
        class: Some(RejectionClass::ProcessState),
        outside: Some(Outside::Erp),
        owner,
        author: Some(ANA),
        opened: Timestamp::from_ms(0),
        due: Timestamp::from_ms(1_000),
        state: CaseState::Open,
        attempts: 1,
        blocks: vec![],
        resolution: None,
        events: vec![],
    }
}

fn discard(reason: &str) -> CaseAction {
    CaseAction::Discard {
        reason: reason.to_owned(),
    }
}

fn check(action: &CaseAction, case: &ExceptionCase, role: Role, expected: Result<(), &str>) {
    let decided = decide_case(action, case, &[role], LENZ);
    let decided = decided.as_ref().map_err(|refusal| refusal.code.as_str());
    assert_eq!(
        decided,
        expected.as_ref().map_err(|code| *code),
        "{action:?}"
    );
}

#[test]
fn the_owner_and_the_integration_owner_act_and_nobody_else() {
    let case = refused_posting();
    check(&CaseAction::Replay, &case, Role::Storekeeper, Ok(()));
    check(&CaseAction::Replay, &case, Role::IntegrationOwner, Ok(()));
    for role in [Role::Technician, Role::Planner, Role::Administrator] {
        check(&CaseAction::Replay, &case, role, Err("case.not_yours"));
        check(&CaseAction::Take, &case, role, Err("case.not_yours"));
    }
}

#[test]
fn what_is_given_up_needs_a_reason_of_bearable_length() {
    let case = refused_posting();
    let long = "x".repeat(REASON_MAX + 1);
    let owner = Role::Storekeeper;
    check(&discard(" "), &case, owner, Err("case.reason_missing"));
    check(&discard(&long), &case, owner, Err("case.reason_too_long"));
    check(&discard("Taken twice"), &case, owner, Ok(()));
}

#[test]
fn nobody_gives_up_what_they_wrote_themselves() {
    let mut case = refused_posting();
    case.author = Some(LENZ);
    let owner = Role::Storekeeper;
    check(&discard("Not needed"), &case, owner, Err("case.own_work"));
    // Sending it again hides nothing.
    check(&CaseAction::Replay, &case, owner, Ok(()));
}

#[test]
fn a_case_is_settled_and_sent_again_only_once() {
    let mut case = refused_posting();
    case.state = CaseState::WaitingOn {
        outside: Outside::Erp,
        by: ANA,
    };
    let owner = Role::Storekeeper;
    check(&CaseAction::Replay, &case, owner, Err("case.sent_again"));
    check(&discard("Too late"), &case, owner, Err("case.sent_again"));
    for state in [CaseState::Resolved, CaseState::Waived] {
        case.state = state;
        check(&CaseAction::Replay, &case, owner, Err("case.settled"));
        check(&CaseAction::Take, &case, owner, Err("case.settled"));
    }
}

#[test]
fn a_call_is_sent_again_or_dropped_and_a_claim_accepted_or_rejected() {
    let call = refused_posting();
    let race = case(CaseSubject::Intent(IntentId(id(3))), Role::Planner);
    let reject = CaseAction::Reject {
        reason: "The other crew stays".to_owned(),
    };
    let unfit = Err("case.action_does_not_fit");
    check(&CaseAction::Accept, &call, Role::Storekeeper, unfit);
    check(&reject, &call, Role::Storekeeper, unfit);
    check(&CaseAction::Replay, &race, Role::Planner, unfit);
    check(&discard("No"), &race, Role::Planner, unfit);
    check(&CaseAction::Accept, &race, Role::Planner, Ok(()));
    check(&reject, &race, Role::Planner, Ok(()));
}

#[test]
fn the_same_subject_and_cause_are_the_same_case_after_a_restore_too() {
    let order = Some(WorkOrderId(id(9)));
    let entry = Subject::Entry(EntryId(id(8)));
    let subject = |effect| CaseSubject::Effect {
        effect: EffectId(id(effect)),
        subject: entry,
    };
    let of = |outside, subject: &CaseSubject, code| case_id(order, Some(outside), subject, code);
    let first = of(Outside::Erp, &subject(1), "effect.refused");
    assert_eq!(first, of(Outside::Erp, &subject(2), "effect.refused"));
    assert_ne!(first, of(Outside::Cmms, &subject(1), "effect.refused"));
    assert_ne!(first, of(Outside::Erp, &subject(1), "effect.unknown"));
    let field = CaseSubject::Field("priority".to_owned());
    let other = case_id(Some(WorkOrderId(id(10))), None, &field, "plan.clash");
    assert_ne!(case_id(order, None, &field, "plan.clash"), other);
}

#[test]
fn a_case_is_due_by_the_charter_and_escalated_once_it_is_late() {
    let charter = Charter::embedded().unwrap();
    let opened = Timestamp::from_ms(1_764_000_000_000);
    let due = due(charter.row(Domain::PartUsed), opened);
    assert_eq!(due.ms_since(opened), 4 * 3_600_000);
    let mut case = refused_posting();
    case.due = due;
    assert!(!case.is_escalated(due));
    assert!(case.is_escalated(due.plus_ms(1)));
    case.state = CaseState::Waived;
    assert!(!case.is_escalated(due.plus_ms(1)));
}

#[test]
fn of_very_many_events_the_first_and_the_newest_are_kept() {
    let mut case = refused_posting();
    for minute in 0..100 {
        case.happened(CaseEvent {
            at: Timestamp::from_ms(minute),
            what: CaseStep::Again,
            by: None,
            words: None,
        });
    }
    let times: Vec<i64> = case.events.iter().map(|event| event.at.as_ms()).collect();
    assert_eq!((times.len(), times[0], times[1]), (EVENTS_MAX, 0, 77));
    assert_eq!(times.last(), Some(&99));
}

#[test]
fn a_person_has_a_case_once_one_took_it() {
    let mut case = refused_posting();
    assert_eq!(case.holder(), None);
    case.state = CaseState::Working { by: LENZ };
    assert_eq!(case.holder(), Some(LENZ));
}
