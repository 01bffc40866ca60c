//! Two versions of a step reach the planner by themselves, and the planner's settlement ends it.

use fettle_document::{Edit, StepEntry, hydrate};
use fettle_domain::case::ExceptionCase;
use fettle_domain::person::Role;
use fettle_domain::row::Row;
use fettle_domain::work_order::{
    Choice, Note, Settlement, Status, Step, StepKind, StepSettlement, StepState, StepVerdict,
    WorkOrderContent, WorkOrderRow,
};
use fettle_domain::{Decimal, EntryId};
use fettle_hub::clock::now;
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::world::World;

fn content(desk: &Desk, order: &WorkOrderRow) -> WorkOrderContent {
    let authors = desk
        .rows
        .values()
        .filter_map(|(_, row)| match row {
            Row::Actor(actor) => Some(actor.clone()),
            _ => None,
        })
        .collect();
    hydrate(&desk.documents[&order.id.into()], &authors)
}

/// An order with a measuring step that has an upper limit.
fn measured(desk: &Desk) -> (WorkOrderRow, Step, Decimal) {
    let orders: Vec<_> = desk.orders().cloned().collect();
    for order in orders {
        if order.status.status != Status::Disp && order.status.status != Status::Inprg {
            continue;
        }
        let tasks = content(desk, &order).tasks;
        for step in tasks.into_iter().flat_map(|task| task.steps) {
            if let StepKind::Value {
                upper: Some(upper), ..
            } = step.kind
            {
                return (order, step, upper);
            }
        }
    }
    panic!("the demo world has no step with an upper limit");
}

fn record(step: &Step, value: Decimal, minutes_ago: i64) -> Edit {
    Edit::RecordStep {
        step: step.id,
        entry: Box::new(StepEntry {
            is_done: true,
            value: Some(value),
            unit: None,
            text: None,
            photos: vec![],
            scanned_code: None,
            second_signature: None,
            permit_acknowledged: None,
            at: time(minutes_ago),
        }),
    }
}

fn state(desk: &Desk, order: &WorkOrderRow, step: &Step) -> StepState {
    let results = content(desk, order).results;
    let mut found = results.into_iter().filter(|state| state.step == step.id);
    found.next().unwrap()
}

fn choose(
    desk: &Desk,
    (order, step): (&WorkOrderRow, &Step),
    id: u128,
    choice: Choice,
    reason: &str,
) -> Edit {
    Edit::PutNote {
        id: EntryId(Uuid::from_u128(id)),
        entry: Note {
            text: reason.to_owned(),
            at: time(0),
            proposes: None,
            settles: Some(Settlement::Step(StepSettlement {
                step: step.id,
                choice,
                seen: state(desk, order, step).on_view(),
            })),
        },
    }
}

fn cases(desk: &Desk) -> Vec<&ExceptionCase> {
    let cases = desk.rows.values().filter_map(|(_, row)| match row {
        Row::Case(case) => Some(case),
        _ => None,
    });
    cases.collect()
}

/// Kowalska and Ode measure the same step without knowing of each other; both have both after.
async fn clash(
    world: &World,
    values: impl Fn(Decimal) -> [Decimal; 2],
) -> (Desk, WorkOrderRow, Step) {
    let mut one = world.desk("kowalska", 1).await;
    let mut other = world.desk("ode", 2).await;
    one.sync(world).await;
    other.sync(world).await;
    let (order, step, upper) = measured(&one);
    let [first, second] = values(upper);
    let items = vec![one.edit(order.id, &[record(&step, first, 20)])];
    one.send(world, items).await;
    let items = vec![other.edit(order.id, &[record(&step, second, 10)])];
    let push = other.push(items);
    // Sending it again opens nothing anew.
    for _ in 0..3 {
        other.exchange(world, vec![push.clone()]).await;
    }
    one.sync(world).await;
    (one, order, step)
}

#[tokio::test]
async fn a_pass_against_a_fail_is_the_planners_and_set_aside_it_is_settled() {
    let world = World::new().await;
    let (mut one, order, step) = clash(&world, |upper| [upper, upper + Decimal::from(1)]).await;
    let held = state(&one, &order, &step);
    assert_eq!(held.verdict(&step.kind), StepVerdict::Fail);
    let open: Vec<_> = cases(&one);
    assert_eq!(open.len(), 1);
    assert_eq!(
        (
            open[0].cause.code.as_str(),
            open[0].owner,
            open[0].is_settled()
        ),
        ("step.pass_against_fail", Role::Planner, false)
    );
    // A technician keeps both: the planner still has it.
    let both = choose(&one, (&order, &step), 50, Choice::KeepBoth, "");
    let items = vec![one.edit(order.id, &[both])];
    one.send(&world, items).await;
    one.sync(&world).await;
    assert!(!cases(&one)[0].is_settled());

    let mut planner = world.desk("brandt", 3).await;
    planner.sync(&world).await;
    let failing = held
        .results
        .iter()
        .find(|result| result.verdict(&step.kind) == StepVerdict::Fail);
    let aside = Choice::SetAside(failing.unwrap().id());
    let aside = choose(&planner, (&order, &step), 51, aside, "Gauge out of date");
    let items = vec![planner.edit(order.id, &[aside])];
    planner.send(&world, items).await;
    one.sync(&world).await;
    let case = cases(&one)[0];
    assert!(case.is_settled());
    let resolution = case.resolution.as_ref().unwrap();
    assert_eq!(resolution.by, Some(planner.info.person));
    assert_eq!(resolution.reason.as_deref(), Some("Gauge out of date"));
    let stands = state(&one, &order, &step);
    assert_eq!(stands.verdict(&step.kind), StepVerdict::Pass);
    assert_eq!(stands.history.len(), 1);

    // What the planner decided holds after the role has gone to somebody else.
    let later = now().plus_ms(1000);
    let set = move |core: fettle_hub::core::Core<'_>| {
        core.set_person_roles("brandt", &[Role::Technician], later)
    };
    world.store.write(set).await.unwrap().unwrap();
    let note = one.note(&order.id, "Goes on");
    one.send(&world, vec![note]).await;
    one.sync(&world).await;
    let stands = state(&one, &order, &step);
    assert_eq!(stands.verdict(&step.kind), StepVerdict::Pass);
    assert_eq!(cases(&one).len(), 1);
    assert!(cases(&one)[0].is_settled());
    let Row::Actor(known) = &one.rows[&format!("actor/{}", planner.actor)].1 else {
        panic!("an actor");
    };
    assert_eq!(known.roles, [Role::Technician]);
    assert_eq!(known.earlier.len(), 1);
    assert_eq!(known.device_name.as_deref(), Some("HW-3"), "names travel");
}

#[tokio::test]
async fn two_passing_values_are_a_case_only_when_somebody_asks() {
    let world = World::new().await;
    let (mut one, order, step) = clash(&world, |upper| [upper, upper - Decimal::from(1)]).await;
    assert_eq!(cases(&one).len(), 0);
    let asked = choose(&one, (&order, &step), 50, Choice::Ask, "Which gauge?");
    let items = vec![one.edit(order.id, &[asked])];
    one.send(&world, items).await;
    one.sync(&world).await;
    assert_eq!(cases(&one)[0].cause.code, "step.planner_asked");

    let mut planner = world.desk("brandt", 3).await;
    planner.sync(&world).await;
    let first = state(&planner, &order, &step).results[0].id();
    let uses = choose(&planner, (&order, &step), 51, Choice::Use(first), "");
    let items = vec![planner.edit(order.id, &[uses])];
    planner.send(&world, items).await;
    one.sync(&world).await;
    assert!(cases(&one)[0].is_settled());
    assert_eq!(state(&one, &order, &step).results.len(), 1);
}

#[tokio::test]
async fn equal_values_merge_and_trouble_nobody() {
    let world = World::new().await;
    let (one, order, step) = clash(&world, |upper| [upper, upper]).await;
    assert_eq!(state(&one, &order, &step).results.len(), 1);
    assert_eq!(cases(&one).len(), 0);
}
