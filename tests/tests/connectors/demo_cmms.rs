//! The built-in CMMS through its connector: masters, orders, status, facts, refusals, search.

use fettle_connectors::{
    DemoCmms, Fact, FactReport, MaintenanceMasters, NewOrder, NewPartLine, NewStep, NewTask,
    OrderRecord, Posting, StatusChange, WorkOrders,
};
use fettle_demo::System;
use fettle_domain::effect::{Reference, RejectionClass};
use fettle_domain::person::Role;
use fettle_domain::work_order::{LabourKind, Priority, Status, StepKind, WorkOrderType};
use fettle_domain::{AreaId, Decimal, PlantId, Quantity, Unit};

use crate::demo_systems::{inline_cmms, reference, served, today};

const SEAL_JOB: &str = "4182207";

fn new_order(reference: Reference) -> NewOrder {
    NewOrder {
        reference,
        plant: PlantId::new("1200").unwrap(),
        area: AreaId::new("HALL-3").unwrap(),
        title: "Bucket teeth worn".to_owned(),
        description: "Two teeth missing.".to_owned(),
        kind: WorkOrderType::Corrective,
        status: Status::Appr,
        priority: Some(Priority::clamped(2)),
        asset: None,
        location: None,
        cost_centre: Some("1200300".to_owned()),
        assignees: vec!["104417".to_owned()],
        planner: Some("103310".to_owned()),
        required_start: None,
        required_finish: Some(today()),
        actual_start: None,
        actual_finish: None,
        tasks: vec![NewTask {
            number: 10,
            text: "Replace teeth".to_owned(),
            craft: "Mechanical".to_owned(),
            planned_minutes: 60,
            headcount: 1,
            steps: vec![
                NewStep {
                    text: "Bucket on the ground".to_owned(),
                    kind: StepKind::Tick,
                },
                NewStep {
                    text: "Length left".to_owned(),
                    kind: StepKind::Value {
                        unit: Unit("MMT".to_owned()),
                        lower: None,
                        upper: Some(Decimal::from(300)),
                    },
                },
                NewStep {
                    text: "Remarks".to_owned(),
                    kind: StepKind::Text,
                },
            ],
        }],
        part_lines: vec![NewPartLine {
            item: "1004-0931".to_owned(),
            quantity: Quantity::pieces(2),
            is_critical: true,
        }],
    }
}

fn change(order: &str, to: Status) -> StatusChange {
    StatusChange {
        reference: reference(&format!("{order} {}", to.word())),
        order: order.to_owned(),
        to,
        reason: None,
        at: today(),
        row_stamp: None,
    }
}

fn note(order: &str) -> FactReport {
    report(
        order,
        "note",
        Fact::Note {
            text: "Seal faces worn".to_owned(),
        },
    )
}

fn report(order: &str, name: &str, fact: Fact) -> FactReport {
    FactReport {
        reference: reference(name),
        order: order.to_owned(),
        person: Some("104417".to_owned()),
        at: today(),
        fact,
    }
}

fn number_of(posting: Posting) -> String {
    match posting {
        Posting::Posted { number } => number,
        Posting::Rejected(_) | Posting::Unknown { .. } | Posting::NotSent { .. } => {
            panic!("not posted: {posting:?}")
        }
    }
}

fn check_refused(posting: Posting, class: RejectionClass, code: &str) {
    let Posting::Rejected(rejection) = posting else {
        panic!("{code}: {posting:?}");
    };
    assert_eq!((rejection.class, rejection.code.as_str()), (class, code));
}

async fn seal_job(cmms: &DemoCmms) -> OrderRecord {
    cmms.read_order(SEAL_JOB).await.unwrap().unwrap()
}

#[tokio::test]
async fn masters_arrive_with_plants_areas_assets_and_the_demo_people() {
    let demo = served(System::Cmms).await;
    let cmms = DemoCmms::new(demo.transport.clone());
    let plants = cmms.plants(None).await.unwrap().rows;
    assert_eq!(plants.len(), 3);
    assert!(plants.iter().all(|plant| plant.neighbours.len() == 2));
    let people = cmms.people(None).await.unwrap().rows;
    let kowalska = people
        .iter()
        .find(|person| person.account == "kowalska")
        .unwrap();
    assert_eq!(
        (kowalska.name.as_str(), kowalska.roles.as_slice()),
        ("J. Kowalska", [Role::Technician].as_slice())
    );
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Cmms);
    for role in roles {
        assert!(
            people.iter().any(|person| person.roles.contains(&role)),
            "nobody is {role:?}"
        );
    }
    let assets = cmms.assets(None).await.unwrap().rows;
    assert!(assets.iter().any(|asset| asset.tag == "P-204A"));
    let page = cmms.locations(None).await.unwrap();
    assert!(
        page.rows
            .iter()
            .all(|location| location.cost_centre.is_some())
    );
}

#[tokio::test]
async fn every_order_of_the_world_can_be_read_and_a_change_comes_alone_after_it() {
    let demo = served(System::Cmms).await;
    let cmms = DemoCmms::new(demo.transport.clone());
    let mut orders = Vec::new();
    let mut since = None;
    loop {
        let page = cmms.changed_since(since.as_ref()).await.unwrap();
        orders.extend(page.rows);
        since = Some(page.next);
        if !page.has_more {
            break;
        }
    }
    assert!(orders.len() >= 150);
    let seal = orders
        .iter()
        .find(|order| order.number == SEAL_JOB)
        .unwrap();
    assert!(!seal.tasks.is_empty() && !seal.part_lines.is_empty() && !seal.permits.is_empty());

    number_of(cmms.set_status(&change(SEAL_JOB, Status::Inprg)).await);
    let changed = cmms.changed_since(since.as_ref()).await.unwrap().rows;
    let changed: Vec<_> = changed
        .iter()
        .map(|order| (order.number.as_str(), order.status))
        .collect();
    assert_eq!(changed, [(SEAL_JOB, Status::Inprg)]);
}

#[tokio::test]
async fn an_order_is_created_with_what_it_was_given_and_found_by_reference() {
    let demo = served(System::Cmms).await;
    let cmms = DemoCmms::new(demo.transport.clone());
    let new = new_order(reference("row 17"));
    assert_eq!(cmms.find_order(&new.reference).await, Ok(None));
    let number = number_of(cmms.create_order(&new).await);
    assert_eq!(
        cmms.find_order(&new.reference).await,
        Ok(Some(number.clone()))
    );
    let order = cmms.read_order(&number).await.unwrap().unwrap();
    assert_eq!(
        (
            order.reference,
            order.status,
            order.assignees,
            order.title,
            order.area
        ),
        (
            Some(new.reference),
            new.status,
            new.assignees,
            new.title,
            new.area
        )
    );
    let kinds: Vec<_> = order.tasks[0]
        .steps
        .iter()
        .map(|step| step.kind.clone())
        .collect();
    let wanted: Vec<_> = new.tasks[0]
        .steps
        .iter()
        .map(|step| step.kind.clone())
        .collect();
    assert_eq!(kinds, wanted);
    assert_eq!(order.part_lines[0].quantity, new.part_lines[0].quantity);
}

#[tokio::test]
async fn history_is_created_closed_and_takes_nothing_more() {
    let (cmms, _) = inline_cmms();
    let mut new = new_order(reference("history"));
    new.status = Status::Close;
    new.actual_finish = Some("2004-07-01T00:00:00Z".parse().unwrap());
    let number = number_of(cmms.create_order(&new).await);
    let order = cmms.read_order(&number).await.unwrap().unwrap();
    assert_eq!(
        (order.status, order.actual_finish),
        (Status::Close, new.actual_finish)
    );
    check_refused(
        cmms.report_fact(&note(&number)).await,
        RejectionClass::ProcessState,
        "CLOSED_ORDER",
    );
}

#[tokio::test]
async fn facts_of_every_kind_are_taken_and_found_by_reference() {
    let demo = served(System::Cmms).await;
    let cmms = DemoCmms::new(demo.transport.clone());
    let order = seal_job(&cmms).await;
    let step = order.tasks[0].steps[0].key.clone();
    let facts = [
        Fact::Step {
            step,
            is_done: true,
            value: Some("0.03".parse().unwrap()),
            unit: Some(Unit("MMT".to_owned())),
            text: None,
        },
        Fact::Note {
            text: "Faces worn".to_owned(),
        },
        Fact::Labour {
            kind: LabourKind::Regular,
            task: Some(order.tasks[0].key.clone()),
            minutes: 42,
        },
        Fact::Reading {
            meter: "running hours".to_owned(),
            value: Decimal::from(8211),
            unit: Unit("HUR".to_owned()),
        },
        Fact::Failure {
            mode: "ELU".to_owned(),
            mechanism: Some("2.4".to_owned()),
            cause: None,
            remedy: Some("seal replaced".to_owned()),
        },
    ];
    for (name, fact) in ["step", "note", "labour", "reading", "failure"]
        .into_iter()
        .zip(facts)
    {
        let report = report(SEAL_JOB, name, fact);
        assert_eq!(cmms.find_fact(&report.reference).await, Ok(None));
        let number = number_of(cmms.report_fact(&report).await);
        assert_eq!(
            cmms.find_fact(&report.reference).await,
            Ok(Some(number)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_status_change_is_found_by_reference() {
    let (cmms, _) = inline_cmms();
    let start = change(SEAL_JOB, Status::Inprg);
    assert_eq!(cmms.find_status_change(&start.reference).await, Ok(None));
    let number = number_of(cmms.set_status(&start).await);
    assert_eq!(
        cmms.find_status_change(&start.reference).await,
        Ok(Some(number))
    );
    assert_eq!(seal_job(&cmms).await.status, Status::Inprg);
}

#[tokio::test]
async fn a_refusal_carries_its_class_and_the_code_of_the_cmms() {
    use RejectionClass::{MasterData, ProcessState};
    let (cmms, admin) = inline_cmms();
    let complete = change(SEAL_JOB, Status::Comp);
    check_refused(
        cmms.set_status(&complete).await,
        ProcessState,
        "ILLEGAL_STATUS",
    );
    let stale = StatusChange {
        row_stamp: Some("1".to_owned()),
        ..change(SEAL_JOB, Status::Inprg)
    };
    check_refused(
        cmms.set_status(&stale).await,
        ProcessState,
        "STALE_ROWSTAMP",
    );
    check_refused(
        cmms.set_status(&change("1", Status::Inprg)).await,
        MasterData,
        "UNKNOWN_ORDER",
    );
    let mut nowhere = new_order(reference("nowhere"));
    nowhere.asset = Some("none".to_owned());
    check_refused(
        cmms.create_order(&nowhere).await,
        MasterData,
        "UNKNOWN_ASSET",
    );
    admin(&format!("/admin/close/{SEAL_JOB}"), "{}");
    check_refused(
        cmms.report_fact(&note(SEAL_JOB)).await,
        ProcessState,
        "CLOSED_ORDER",
    );
    let start = change(SEAL_JOB, Status::Inprg);
    check_refused(cmms.set_status(&start).await, ProcessState, "CLOSED_ORDER");
}

#[tokio::test]
async fn an_unknown_order_is_none() {
    let (cmms, _) = inline_cmms();
    assert_eq!(cmms.read_order("no such/order?").await, Ok(None));
}
