//! What a technician proposes of the plan reaches the planner, who decides about it.

use fettle_document::Edit;
use fettle_domain::EntryId;
use fettle_domain::case::{CaseAction, ExceptionCase, Settlement};
use fettle_domain::person::Role;
use fettle_domain::work_order::wish::Proposal;
use fettle_domain::work_order::{Note, Priority, Status, WorkOrderRow};
use fettle_sync::exchange::PushItem;
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::World;

/// An order of priority 3 that its technician wants to have priority 1.
struct Scene {
    world: World,
    technician: Desk,
    planner: Desk,
    order: WorkOrderRow,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let mut technician = world.desk("kowalska", 1).await;
        let mut planner = world.desk("brandt", 2).await;
        technician.sync(&world).await;
        let order = technician.mine(Status::Disp);
        world.office(&order, json!({ "wopriority": 3 }));
        world.poll().await;
        technician.sync(&world).await;
        let note = Note {
            text: "Proposed: priority 1. The leak is worse".to_owned(),
            at: time(1),
            proposes: Some(Proposal {
                priority: Some(Priority::clamped(1)),
                required_finish: None,
            }),
            settles: None,
        };
        let id = EntryId(Uuid::from_u128(91));
        let proposed = technician.edit(order.id, &[Edit::PutNote { id, entry: note }]);
        technician.send(&world, vec![proposed]).await;
        planner.sync(&world).await;
        Self {
            world,
            technician,
            planner,
            order,
        }
    }

    fn case(&self) -> ExceptionCase {
        let cases = self.planner.cases(self.order.id);
        assert_eq!(cases.len(), 1, "{cases:#?}");
        cases[0].clone()
    }

    async fn decides(&mut self, action: CaseAction) {
        let decision = self.planner.about(&self.case(), action, 20);
        self.planner.send(&self.world, vec![decision]).await;
        self.world.carry().await;
        self.world.poll().await;
        self.technician.sync(&self.world).await;
        self.planner.sync(&self.world).await;
    }

    /// The priority here and in the CMMS.
    async fn priority(&self) -> (u8, serde_json::Value) {
        let held = self.world.held(self.order.id).await;
        let there = self.world.in_cmms(&self.order)["wopriority"].clone();
        (held.content.priority.unwrap().number(), there)
    }

    fn ended(&self) -> Settlement {
        let cases = self.technician.cases(self.order.id);
        cases[0].resolution.as_ref().unwrap().how
    }
}

#[tokio::test]
async fn a_proposal_is_the_planners_and_accepted_it_is_the_plan_on_both_sides() {
    let mut scene = Scene::new().await;
    let case = scene.case();
    assert_eq!((case.owner, case.is_settled()), (Role::Planner, false));
    assert_eq!(
        case.cause.arguments[0].value,
        "Proposed: priority 1. The leak is worse"
    );
    assert_eq!(scene.priority().await, (3, json!(3)));
    scene.decides(CaseAction::Accept).await;
    assert_eq!(scene.priority().await, (1, json!(1)));
    assert_eq!(scene.ended(), Settlement::Accepted);
}

#[tokio::test]
async fn a_proposal_the_planner_rejects_changes_nothing_and_comes_no_second_time() {
    let mut scene = Scene::new().await;
    let reason = "It waits for the shutdown".to_owned();
    scene.decides(CaseAction::Reject { reason }).await;
    assert_eq!(scene.priority().await, (3, json!(3)));
    assert_eq!(scene.ended(), Settlement::Rejected);
    let note = scene.technician.note(&scene.order.id, "Goes on");
    scene.technician.send(&scene.world, vec![note]).await;
    scene.planner.sync(&scene.world).await;
    assert!(scene.case().is_settled());
}

#[tokio::test]
async fn a_proposal_the_planner_writes_by_hand_is_settled_by_that() {
    let mut scene = Scene::new().await;
    let edit = Edit::SetPriority(Priority::clamped(1));
    let written: PushItem = scene.planner.edit(scene.order.id, &[edit]);
    scene.planner.send(&scene.world, vec![written]).await;
    scene.technician.sync(&scene.world).await;
    assert_eq!(scene.ended(), Settlement::Overtaken);
}
