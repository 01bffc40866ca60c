//! The plan of an order, both ways with a CMMS that keeps one value of each field.

use std::sync::Arc;

use fettle_document::{Authors, Edit, StepEntry, hydrate};
use fettle_domain::case::{CaseAction, CaseSubject, ExceptionCase};
use fettle_domain::person::Role;
use fettle_domain::row::{Row, Subject};
use fettle_domain::work_order::{Priority, Status, WorkOrderContent, WorkOrderRow};
use fettle_domain::{CaseId, Refusal, Timestamp};
use fettle_hub::clock::now;
use fettle_hub::effects::perform;
use fettle_hub::store::Store;
use fettle_sync::exchange::PushItem;
use serde_json::{Value, json};

use crate::desk::{Desk, time};
use crate::world::{Trouble, World};

/// A technician and the planner of one plant with everything on their laptops.
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
        planner.sync(&world).await;
        let order = technician.mine(Status::Disp);
        world.office(&order, json!({ "wopriority": 3 }));
        let mut scene = Self {
            world,
            technician,
            planner,
            order,
        };
        scene.hear().await;
        scene
    }

    /// The hub reads the CMMS, and both laptops the hub.
    async fn hear(&mut self) {
        self.world.poll().await;
        self.technician.sync(&self.world).await;
        self.planner.sync(&self.world).await;
    }

    fn due(&self) -> Timestamp {
        "2026-12-24T12:00:00Z".parse().unwrap()
    }

    /// The planner sets the priority on a laptop without a link.
    fn rates(&mut self, priority: u8) -> PushItem {
        let edit = Edit::SetPriority(Priority::clamped(priority));
        self.planner.edit(self.order.id, &[edit])
    }

    async fn content(&self) -> WorkOrderContent {
        self.world.held(self.order.id).await.content
    }

    async fn priority(&self) -> u8 {
        self.content().await.priority.unwrap().number()
    }

    fn in_cmms(&self, field: &str) -> Value {
        self.world.in_cmms(&self.order)[field].clone()
    }

    /// Changes of the plan the CMMS took from us.
    fn taken(&self) -> usize {
        let number = self.order.number.as_deref().unwrap();
        let found = self
            .world
            .at_cmms(&format!("/os/planchange?wonum={number}"), &Value::Null);
        found["member"].as_array().unwrap().len()
    }

    /// Both laptops and the hub say the same of the order.
    async fn check_agree(&self) {
        let held = self.content().await;
        for desk in [&self.technician, &self.planner] {
            let authors = desk.rows.values().filter_map(|(_, row)| match row {
                Row::Actor(actor) => Some(actor.clone()),
                _ => None,
            });
            let authors: Authors = authors.collect();
            let document = &desk.documents[&self.order.id.into()];
            assert_eq!(hydrate(document, &authors), held);
        }
    }
}

#[tokio::test]
async fn what_the_office_changed_while_laptops_were_away_is_on_them_afterwards() {
    let mut scene = Scene::new().await;
    let mut tasks = scene.in_cmms("woactivity").as_array().unwrap().clone();
    tasks.push(
        json!({ "taskid": 80, "description": "Change the seal", "craft": "MECH",
        "estdurmin": 60, "quantity": 1, "checklist": [
            { "line": 10, "description": "Seal out", "kind": "CHECK" },
            { "line": 20, "description": "Seal in", "kind": "CHECK" }] }),
    );
    scene
        .world
        .office(&scene.order, json!({ "woactivity": tasks }));
    scene.hear().await;
    let before = scene.content().await;
    let (kept, lost) = (
        before.tasks[0].clone(),
        before.tasks.last().unwrap().clone(),
    );
    // The technician works through the last task without a link.
    let step = lost.steps[0].clone();
    let ticked = scene.technician.edit(
        scene.order.id,
        &[Edit::RecordStep {
            step: step.id,
            entry: Box::new(done()),
        }],
    );
    // Meanwhile the office rates it higher, wants it earlier, takes that task out, adds another.
    tasks.pop();
    tasks.push(
        json!({ "taskid": 90, "description": "Check the alignment", "craft": "MECH",
        "estdurmin": 20, "quantity": 1, "checklist": [] }),
    );
    scene.world.office(
        &scene.order,
        json!({ "wopriority": 1, "targcompdate": scene.due(), "woactivity": tasks }),
    );
    scene.world.poll().await;
    scene.technician.send(&scene.world, vec![ticked]).await;
    scene.hear().await;
    let content = scene.content().await;
    assert_eq!(content.priority, Some(Priority::clamped(1)));
    assert_eq!(content.required_finish, Some(scene.due()));
    let texts: Vec<&str> = content
        .tasks
        .iter()
        .map(|task| task.text.as_str())
        .collect();
    assert!(texts.contains(&kept.text.as_str()) && texts.contains(&"Check the alignment"));
    assert!(content.tasks.iter().all(|task| task.id != lost.id));
    // What was recorded of the task stays, with the words it was recorded under.
    assert_eq!(content.removed_tasks.len(), 1);
    assert_eq!(content.removed_tasks[0].text, lost.text);
    assert_eq!(content.removed_tasks[0].steps, std::slice::from_ref(&step));
    assert!(content.results.iter().any(|state| state.step == step.id));
    scene.check_agree().await;
    // Nothing of ours was pushed: nothing of ours was changed.
    assert_eq!(scene.taken(), 0);
}

fn done() -> StepEntry {
    StepEntry {
        is_done: true,
        value: None,
        unit: None,
        text: None,
        photos: Vec::new(),
        scanned_code: None,
        second_signature: None,
        permit_acknowledged: None,
        at: time(5),
    }
}

#[tokio::test]
async fn what_the_planner_changed_is_in_the_cmms_once() {
    let mut scene = Scene::new().await;
    let due = scene.due();
    let start = scene.content().await.required_start;
    let dates = Edit::SetRequired {
        start,
        finish: Some(due),
    };
    let items = vec![scene.rates(1), scene.planner.edit(scene.order.id, &[dates])];
    scene.planner.send(&scene.world, items).await;
    scene.world.carry().await;
    assert_eq!(scene.in_cmms("wopriority"), json!(1));
    assert_eq!(scene.in_cmms("targcompdate"), json!(due));
    assert_eq!(scene.taken(), 1);
    // Reading it back and working on changes nothing more.
    scene.hear().await;
    let note = scene.technician.note(&scene.order.id, "Seal face worn");
    scene.technician.send(&scene.world, vec![note]).await;
    scene.world.carry().await;
    scene.hear().await;
    scene.world.carry().await;
    assert_eq!((scene.priority().await, scene.taken()), (1, 1));
    // Changed there and here again, each time on top of what the other said: each is taken.
    scene.world.office(&scene.order, json!({ "wopriority": 3 }));
    scene.hear().await;
    assert_eq!(scene.priority().await, 3);
    let again = scene.rates(1);
    scene.planner.send(&scene.world, vec![again]).await;
    scene.world.carry().await;
    scene.hear().await;
    assert_eq!(scene.in_cmms("wopriority"), json!(1));
    assert_eq!((scene.priority().await, scene.taken()), (1, 2));
    scene.check_agree().await;
}

#[tokio::test]
async fn two_wishes_in_a_row_arrive_in_their_order() {
    let mut scene = Scene::new().await;
    for priority in [1, 2] {
        let item = scene.rates(priority);
        scene.planner.send(&scene.world, vec![item]).await;
    }
    scene.world.carry().await;
    scene.hear().await;
    assert_eq!(scene.in_cmms("wopriority"), json!(2));
    assert_eq!((scene.priority().await, scene.taken()), (2, 2));
}

#[tokio::test]
async fn a_lost_answer_of_the_cmms_is_searched_and_not_sent_again() {
    let mut scene = Scene::new().await;
    let item = scene.rates(1);
    scene.planner.send(&scene.world, vec![item]).await;
    scene.world.cmms.trouble(Trouble::LostAnswer);
    scene.world.carry().await;
    assert_eq!((scene.in_cmms("wopriority"), scene.taken()), (json!(1), 1));
    assert_eq!(scene.world.cmms.posts(), 1);
}

#[tokio::test]
async fn a_planned_quantity_is_the_planners_and_an_extra_need_a_line_of_its_own() {
    let mut scene = Scene::new().await;
    let seal = json!({ "line": 10, "itemnum": "1004-2217", "itemqty": "2", "orderunit": "EA" });
    scene
        .world
        .office(&scene.order, json!({ "wpmaterial": [seal] }));
    scene.hear().await;
    let content = scene.content().await;
    let line = content.part_lines[0].clone();
    let wanted = |pieces: i64| {
        let mut wanted = line.clone();
        wanted.quantity.value = pieces.into();
        Edit::PutPartLine(wanted)
    };
    let mut extra = line.clone();
    extra.id = fettle_domain::PartLineId(uuid::Uuid::from_u128(501));
    extra.quantity.value = 1.into();
    let planned = scene.planner.edit(scene.order.id, &[wanted(9)]);
    let needs = scene
        .technician
        .edit(scene.order.id, &[Edit::PutPartLine(extra.clone())]);
    scene.technician.send(&scene.world, vec![needs]).await;
    scene.planner.send(&scene.world, vec![planned]).await;
    scene.world.carry().await;
    scene.hear().await;
    let content = scene.content().await;
    let quantity = |id| {
        let found = content.part_lines.iter().find(|line| line.id == id);
        found.map(|line| line.quantity.value.to_string())
    };
    assert_eq!(quantity(line.id).as_deref(), Some("9"));
    assert_eq!(quantity(extra.id).as_deref(), Some("1"));
    let planned = scene.in_cmms("wpmaterial");
    assert_eq!(planned[0]["itemqty"], json!("9"));
    // The extra need is the planner's to take over; the CMMS is not told behind their back.
    assert_eq!(
        planned.as_array().unwrap().len(),
        content.part_lines.len() - 1
    );
    // A technician who writes into the planner's own line is stopped, and the planner's stands.
    let mine = scene.technician.edit(scene.order.id, &[wanted(1)]);
    let told = scene.technician.send(&scene.world, vec![mine]).await;
    assert_eq!(told.compensated[0].1.code, "document.field_protected");
    assert_eq!(scene.content().await.part_lines, content.part_lines);
}

#[tokio::test]
async fn a_cmms_that_takes_no_plans_leaves_the_change_with_the_planner() {
    let mut scene = Scene::new().await;
    scene.world.systems.plans = None;
    let item = scene.rates(1);
    scene.planner.send(&scene.world, vec![item]).await;
    scene.world.carry().await;
    scene.hear().await;
    assert_eq!((scene.in_cmms("wopriority"), scene.taken()), (json!(3), 0));
    assert_eq!(scene.priority().await, 1);
    let open = cases(&scene).await;
    assert_eq!(open.len(), 1);
    let code = open[0].cause.arguments.iter();
    assert!(
        code.clone()
            .any(|argument| argument.value == "FETTLE_NOT_OFFERED"),
        "{open:?}"
    );
}

#[tokio::test]
async fn a_time_observed_here_reaches_the_cmms_and_stands_against_its_own() {
    let mut scene = Scene::new().await;
    let began = time(60).at;
    let times = Edit::SetTimes {
        actual_start: Some(began),
        actual_finish: None,
    };
    let observed = scene.technician.edit(scene.order.id, &[times]);
    scene.technician.send(&scene.world, vec![observed]).await;
    // Somebody there typed what they guessed.
    scene
        .world
        .office(&scene.order, json!({ "actstart": scene.due() }));
    scene.hear().await;
    scene.world.carry().await;
    scene.hear().await;
    assert_eq!(scene.content().await.actual_start, Some(began));
    assert_eq!(scene.in_cmms("actstart"), json!(began));
    scene.check_agree().await;
}

#[tokio::test]
async fn what_was_read_before_our_change_arrived_does_not_take_it_back() {
    let mut scene = Scene::new().await;
    let item = scene.rates(1);
    scene.planner.send(&scene.world, vec![item]).await;
    // A page with the old priority is read while ours is on its way, and another one after it
    // was sent but before its answer is kept.
    scene.world.office(&scene.order, json!({ "crewid": null }));
    scene.world.poll().await;
    let at = now();
    let claimed = scene.world.store.claim_effects(at, 8).await.unwrap();
    scene.world.poll().await;
    for effect in claimed {
        let outcome = perform(&scene.world.systems, &effect).await;
        scene.world.poll().await;
        let store = Arc::clone(&scene.world.store);
        store
            .effect_answered(effect.id, effect.attempt, outcome, now())
            .await
            .unwrap();
    }
    scene.hear().await;
    scene.world.carry().await;
    scene.hear().await;
    assert_eq!((scene.priority().await, scene.taken()), (1, 1));
    assert_eq!(scene.in_cmms("wopriority"), json!(1));
}

/// Open cases of the order, by what they are about.
async fn cases(scene: &Scene) -> Vec<ExceptionCase> {
    let id = scene.order.id;
    let read = scene.world.store.read(move |core| core.cases_of_order(id));
    let all = read.await.unwrap();
    all.into_iter().filter(|case| !case.is_settled()).collect()
}

async fn act(scene: &Scene, case: CaseId, action: CaseAction) -> Result<(), Refusal> {
    let person = scene.planner.info.person;
    let acted = scene
        .world
        .store
        .write(move |core| core.act_on_case(case, &action, (person, &[Role::Planner]), now()));
    acted.await.unwrap().map(drop)
}

/// The one open case says that the planner wanted 1 and the CMMS has 2.
fn check_clash(cases: &[ExceptionCase]) -> CaseId {
    let [case] = cases else { panic!("{cases:?}") };
    assert_eq!(case.subject, CaseSubject::Field("priority".to_owned()));
    assert_eq!(case.owner, Role::Planner);
    let said = |name: &str| {
        let mut arguments = case.cause.arguments.iter();
        arguments
            .find(|argument| argument.name == name)
            .map(|argument| argument.value.clone())
    };
    assert_eq!(said("ours").as_deref(), Some("1"));
    assert_eq!(said("theirs").as_deref(), Some("2"));
    case.id
}

/// Planner and CMMS rated the order at once; who comes first at the hub is one or the other.
async fn clashed(is_cmms_first: bool) -> (Scene, CaseId) {
    let mut scene = Scene::new().await;
    let item = scene.rates(1);
    scene.world.office(&scene.order, json!({ "wopriority": 2 }));
    if is_cmms_first {
        scene.world.poll().await;
    }
    scene.planner.send(&scene.world, vec![item]).await;
    scene.world.carry().await;
    scene.hear().await;
    scene.hear().await;
    assert_eq!((scene.priority().await, scene.taken()), (2, 0));
    assert_eq!(scene.in_cmms("wopriority"), json!(2));
    scene.check_agree().await;
    let case = check_clash(&cases(&scene).await);
    (scene, case)
}

#[tokio::test]
async fn of_a_priority_both_rated_the_cmmss_stands_and_the_planner_is_told_both() {
    for is_cmms_first in [true, false] {
        let (mut scene, case) = clashed(is_cmms_first).await;
        // Reading on opens nothing more.
        scene.hear().await;
        assert_eq!(check_clash(&cases(&scene).await), case);
        let reject = CaseAction::Reject {
            reason: "The office is right".to_owned(),
        };
        act(&scene, case, reject).await.unwrap();
        scene.world.carry().await;
        scene.hear().await;
        assert_eq!((scene.priority().await, scene.taken()), (2, 0));
        assert_eq!(cases(&scene).await, []);
    }
}

#[tokio::test]
async fn the_planner_who_wants_their_own_after_all_has_it_in_both() {
    for is_cmms_first in [true, false] {
        let (mut scene, case) = clashed(is_cmms_first).await;
        act(&scene, case, CaseAction::Accept).await.unwrap();
        scene.world.carry().await;
        scene.hear().await;
        assert_eq!((scene.priority().await, scene.taken()), (1, 1));
        assert_eq!(scene.in_cmms("wopriority"), json!(1));
        assert_eq!(cases(&scene).await, []);
        scene.check_agree().await;
    }
}

#[tokio::test]
async fn a_plan_the_cmms_refuses_is_asked_once_and_given_up_by_the_planner() {
    let mut scene = Scene::new().await;
    let item = scene.rates(1);
    scene
        .world
        .office(&scene.order, json!({ "status": "CLOSE" }));
    scene.planner.send(&scene.world, vec![item]).await;
    scene.world.carry().await;
    scene.hear().await;
    let open = cases(&scene).await;
    let [case] = &open[..] else {
        panic!("{open:?}")
    };
    assert!(matches!(
        case.subject,
        CaseSubject::Effect {
            subject: Subject::Plan(_),
            ..
        }
    ));
    // More work on the order does not ask again.
    let posts = scene.world.cmms.posts();
    let note = scene.technician.note(&scene.order.id, "Seal face worn");
    scene.technician.send(&scene.world, vec![note]).await;
    scene.world.office(&scene.order, json!({ "crewid": null }));
    scene.hear().await;
    scene.world.carry().await;
    assert_eq!(scene.world.cmms.posts(), posts);
    let discard = CaseAction::Discard {
        reason: "Closed meanwhile".to_owned(),
    };
    act(&scene, case.id, discard).await.unwrap();
    scene.hear().await;
    assert_eq!((scene.priority().await, scene.taken()), (3, 0));
    scene.check_agree().await;
}
