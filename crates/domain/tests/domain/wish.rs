//! Who changes priority and required finish, and what others may say instead.

use fettle_domain::Timestamp;
use fettle_domain::person::Role;
use fettle_domain::work_order::wish::{PlanDecision, PlanWish, change_plan, propose_plan};
use fettle_domain::work_order::{Priority, Status, WorkOrderContent};

use crate::at;

fn order() -> WorkOrderContent {
    WorkOrderContent {
        priority: Some(Priority::clamped(3)),
        required_start: Some(at(10).at),
        required_finish: Some(at(600).at),
        ..WorkOrderContent::default()
    }
}

fn wish(priority: Option<u8>, minute: Option<i64>) -> PlanWish {
    PlanWish {
        priority,
        required_finish: minute.map(|minute| at(minute).at),
    }
}

/// The priority set and whether the finish is, or the code of the refusal.
type Decided = Result<(Option<u8>, bool), &'static str>;

#[test]
fn the_planner_alone_changes_it_and_only_to_what_makes_sense() {
    let table: &[(PlanWish, Status, &[Role], Decided)] = &[
        (
            wish(Some(1), None),
            Status::Disp,
            &[Role::Planner],
            Ok((Some(1), false)),
        ),
        (
            wish(Some(3), Some(900)),
            Status::Inprg,
            &[Role::Planner],
            Ok((None, true)),
        ),
        (
            wish(Some(1), Some(900)),
            Status::Wappr,
            &[Role::Technician, Role::Planner],
            Ok((Some(1), true)),
        ),
        (
            wish(Some(1), None),
            Status::Disp,
            &[Role::Technician],
            Err("plan.planners_only"),
        ),
        (
            wish(Some(1), None),
            Status::Disp,
            &[Role::Supervisor],
            Err("plan.planners_only"),
        ),
        (
            wish(Some(1), None),
            Status::Close,
            &[Role::Planner],
            Err("plan.order_ended"),
        ),
        (
            wish(Some(9), None),
            Status::Disp,
            &[Role::Planner],
            Err("plan.priority_unknown"),
        ),
        (
            wish(Some(0), None),
            Status::Disp,
            &[Role::Planner],
            Err("plan.priority_unknown"),
        ),
        (
            wish(None, Some(5)),
            Status::Disp,
            &[Role::Planner],
            Err("plan.finish_before_start"),
        ),
        (
            wish(Some(3), Some(600)),
            Status::Disp,
            &[Role::Planner],
            Err("plan.nothing_changes"),
        ),
        (
            wish(None, None),
            Status::Disp,
            &[Role::Planner],
            Err("plan.nothing_changes"),
        ),
    ];
    for (wish, status, roles, expected) in table {
        let decided = change_plan(*wish, &order(), *status, roles);
        let said = decided
            .map(
                |PlanDecision {
                     priority,
                     required_finish,
                 }| { (priority.map(Priority::number), required_finish.is_some()) },
            )
            .map_err(|refusal| refusal.code);
        assert_eq!(said, expected.map_err(str::to_owned), "{wish:?} {status:?}");
    }
}

#[test]
fn anybody_else_proposes_it_in_their_own_words() {
    let finish: Timestamp = at(900).at;
    let proposed = propose_plan(
        wish(Some(1), Some(900)),
        " Leak is worse ",
        &order(),
        Status::Inprg,
    );
    let (proposal, words) = proposed.unwrap();
    assert_eq!(
        words,
        format!("Proposed: priority 1, finish by {finish}. Leak is worse")
    );
    assert_eq!(proposal.wanted().len(), 2);
    assert!(!proposal.is_met(&order()));
    let met = WorkOrderContent {
        priority: proposal.priority,
        required_finish: proposal.required_finish,
        ..order()
    };
    assert!(proposal.is_met(&met));
    let nothing = propose_plan(wish(Some(3), None), "Leak", &order(), Status::Inprg);
    assert_eq!(nothing.unwrap_err().code, "plan.nothing_changes");
}
