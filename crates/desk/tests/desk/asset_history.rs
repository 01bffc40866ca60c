//! The page of a history: who sees costs, what is counted once, and the lines behind a figure.

use std::collections::BTreeMap;

use fettle_desk::identity::OpenKey;
use fettle_desk::view::{
    AssetHistoryInput, AssetHistoryView, CostState, HistoryPageInput, SelectionInput, TreeNodeKind,
    TreePlaceInput,
};
use fettle_domain::asset::Asset;
use fettle_domain::feed::Feed;
use fettle_domain::import::{Import, ImportNoun, ImportRemark};
use fettle_domain::location::Criticality;
use fettle_domain::money::{Currency, Money};
use fettle_domain::person::Role;
use fettle_domain::price::{CostElement, ElementCost, OrderCost};
use fettle_domain::row::Row;
use fettle_domain::work_order::{Recorded, SealedOrder, Status, WorkOrderContent};
use fettle_domain::{AssetId, ImportId, WorkOrderId};
use fettle_replica::ReplicaKey;
use fettle_sync::exchange::{Cursor, FeedItem, Slice};
use uuid::Uuid;

use crate::build::{Bench, PIN, admission, ana, area, now, plant, row};

pub(crate) const COSTS: u32 = 22;

/// A digger by its letter.
pub(crate) fn digger(letter: char) -> Asset {
    Asset {
        id: AssetId(Uuid::from_u128(0x800 + u128::from(u32::from(letter)))),
        external_ids: vec![],
        plant: plant(),
        area: area(),
        tag: letter.to_string(),
        name: format!("Digger {letter}"),
        class: "ME".to_owned(),
        location: None,
        parent: None,
        manufacturer: String::new(),
        model: String::new(),
        serial: String::new(),
        criticality: Criticality::B,
        status: None,
    }
}

fn import() -> ImportId {
    ImportId(Uuid::from_u128(0x900))
}

fn line_id(n: u128) -> WorkOrderId {
    WorkOrderId(Uuid::from_u128(0xA00 + n))
}

/// Machine, day, text, system, mode and cost in cents.
type Line = (
    char,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    i64,
);

/// Made-up history of two diggers.
const LINES: [Line; 6] = [
    (
        'K',
        "2021-03-01",
        "Hose leaks",
        Some("Hydraulics"),
        Some("Leak"),
        12_000,
    ),
    (
        'K',
        "2021-03-11",
        "Boom hose burst",
        Some("Hydraulics"),
        Some("Leak"),
        6_000_000,
    ),
    (
        'K',
        "2021-03-11",
        "Boom hose burst",
        Some("Hydraulics"),
        Some("Leak"),
        6_000_000,
    ),
    ('K', "2021-04-02", "Wash cab", None, None, 0),
    ('L', "2020-01-01", "New teeth", Some("Bucket"), None, 40_000),
    ('L', "2020-12-31", "New teeth", Some("Bucket"), None, 40_000),
];

async fn hear_history(bench: &Bench) {
    for machine in ['K', 'L'] {
        bench.hear(1, Row::Asset(digger(machine))).await;
    }
    let brought = Import {
        id: import(),
        plant: plant(),
        noun: ImportNoun::WorkOrders,
        file: "diggers.csv".to_owned(),
        mapping: "diggers".to_owned(),
        at: now(),
        read: 7,
        taken: 6,
        repaired: 0,
        refused: 1,
        first: None,
        last: Some("2021-04-02".parse().unwrap()),
        remarks: vec![ImportRemark {
            line: 5,
            is_repaired: false,
            why: "columns are shifted".to_owned(),
        }],
    };
    bench.hear(1, Row::Import(brought)).await;
    for (n, (machine, day, title, system, mode, _)) in (0..).zip(LINES) {
        let mut official = row(Status::Close, 1);
        official.id = line_id(n);
        official.title = title.to_owned();
        official.asset = Some(digger(machine).id);
        official.assignees = vec![];
        let sealed = SealedOrder {
            order: line_id(n),
            content: WorkOrderContent::default(),
            recorded: Some(Recorded {
                import: Some(import()),
                on: Some(day.parse().unwrap()),
                kind: Some("PM01".to_owned()),
                system: system.map(str::to_owned),
                mode: mode.map(str::to_owned),
                ..Recorded::default()
            }),
            heads: vec![],
        };
        bench.hear(5, Row::WorkOrder(official)).await;
        bench.hear(5, Row::Sealed(Box::new(sealed))).await;
    }
}

async fn hear_costs(bench: &Bench, key: &OpenKey) {
    let key = ReplicaKey::new(*key.restricted_key());
    let restricted = bench.replica().await.open_restricted(ana(), &key).unwrap();
    restricted
        .follow(&BTreeMap::from([(COSTS, Feed::Costs(plant()))]))
        .unwrap();
    let cost = |n: u128, minor: i64| OrderCost {
        order: line_id(n),
        plant: plant(),
        elements: vec![ElementCost {
            element: CostElement::Service,
            planned: None,
            actual: Money {
                minor,
                currency: Currency::new("AUD").unwrap(),
            },
        }],
        as_of: now(),
    };
    let rows = (0..)
        .zip(LINES)
        .map(|(n, line)| FeedItem::Row(1, Box::new(Row::Cost(cost(n, line.5)))));
    let slice = Slice {
        feed: COSTS,
        items: rows.collect(),
        cursor: Cursor::At(1),
        proof: None,
    };
    restricted.apply_slice(&slice).unwrap();
}

/// Ana with a role, and the history of both diggers.
async fn at_history(role: Role) -> Bench {
    let bench = Bench::empty().await;
    let mut admission = admission();
    admission.session.person.roles = vec![role];
    let key = admission.key.clone();
    bench.desk.admit(admission).await.unwrap();
    bench.desk.set_pin(PIN.to_owned()).await.unwrap();
    bench.fill().await;
    hear_history(&bench).await;
    if role == Role::Planner {
        hear_costs(&bench, &key).await;
    }
    bench
}

async fn page(bench: &Bench, is_once: bool) -> AssetHistoryView {
    let input = AssetHistoryInput {
        asset_id: digger('K').id.to_string(),
        is_once,
        system: None,
    };
    bench.desk.asset_history(input).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_planner_sees_what_a_machine_cost() {
    let bench = at_history(Role::Planner).await;
    let view = page(&bench, false).await;
    assert_eq!(
        (view.costs, view.currency.as_deref()),
        (CostState::Shown, Some("AUD"))
    );
    assert_eq!(
        (view.all.lines, view.all.cost.as_deref()),
        (4, Some("120120.00"))
    );
    assert_eq!(view.big.unwrap().lines, 2);
    assert_eq!(view.without_cost, Some(1));
    let repeated = view.repeated.unwrap();
    assert_eq!(
        (repeated.lines, repeated.cost.as_deref()),
        (1, Some("60000.00"))
    );
    assert_eq!(view.actors.rows[0].name, "Hydraulics");
    assert_eq!(view.actors.rows[0].running, Some(1.0));
    let gaps = view.gaps.unwrap();
    assert_eq!((gaps.lines, gaps.days, gaps.longest), (3, 2, Some(10)));
}

#[tokio::test]
async fn repeated_lines_count_once_where_somebody_asks_for_it() {
    let bench = at_history(Role::Planner).await;
    let view = page(&bench, true).await;
    assert!(view.is_once);
    assert_eq!(
        (view.all.lines, view.all.cost.as_deref()),
        (3, Some("60120.00"))
    );
    assert_eq!(view.repeated.unwrap().lines, 1);
}

#[tokio::test]
async fn a_technician_sees_the_work_and_no_costs() {
    let bench = at_history(Role::Technician).await;
    let view = page(&bench, true).await;
    assert_eq!((view.costs, view.currency), (CostState::NotYours, None));
    assert_eq!((view.all.lines, view.all.cost), (4, None));
    assert_eq!(
        (view.big, view.without_cost, view.repeated),
        (None, None, None)
    );
    assert!(
        view.last_rows
            .iter()
            .all(|row| row.cost.is_none() && !row.is_repeated)
    );
    assert!(
        view.fleet
            .iter()
            .all(|machine| machine.cost_a_year.is_none())
    );
}

#[tokio::test]
async fn machines_of_a_kind_stand_beside_each_other() {
    let bench = at_history(Role::Planner).await;
    let view = page(&bench, false).await;
    let fleet: Vec<_> = view
        .fleet
        .iter()
        .map(|of| {
            (
                &*of.tag,
                of.is_this,
                of.all.lines,
                of.cost_a_year.as_deref(),
            )
        })
        .collect();
    assert_eq!(fleet[1], ("L", false, 2, Some("798.36")));
    assert_eq!((fleet[0].0, fleet[0].1, fleet[0].2), ("K", true, 4));
    assert_eq!(view.fleet_all.cost.as_deref(), Some("120920.00"));
}

#[tokio::test]
async fn a_page_says_which_file_its_lines_come_from() {
    let bench = at_history(Role::Technician).await;
    let view = page(&bench, false).await;
    let source = &view.sources[0];
    assert_eq!(
        (source.file.as_deref(), source.lines),
        (Some("diggers.csv"), 4)
    );
    assert_eq!(
        (source.read, source.refused, source.remarks[0].line),
        (7, 1, 5)
    );
    assert_eq!(view.from_cmms, 0);
    assert_eq!(view.recent, 4);
}

#[tokio::test]
async fn a_figure_opens_the_lines_it_was_counted_from() {
    let bench = at_history(Role::Planner).await;
    let ask = |selection: SelectionInput, after: Option<String>| HistoryPageInput {
        asset_id: digger('K').id.to_string(),
        is_once: false,
        selection,
        after,
    };
    let leaks = SelectionInput::Mode {
        mode: Some("Leak".to_owned()),
    };
    let page = bench
        .desk
        .history_page(ask(leaks.clone(), None))
        .await
        .unwrap();
    assert_eq!((page.all.lines, page.has_more), (3, false));
    assert!(page.rows[0].is_repeated && page.rows[1].is_repeated && !page.rows[2].is_repeated);
    let after = Some(page.rows[1].id.clone());
    let older = bench.desk.history_page(ask(leaks, after)).await.unwrap();
    assert_eq!(older.rows, page.rows[2..]);
    let march = SelectionInput::Month {
        year: 2021,
        month: 4,
    };
    let page = bench.desk.history_page(ask(march, None)).await.unwrap();
    assert_eq!(page.rows[0].title, "Wash cab");
}

#[tokio::test]
async fn an_asset_without_orders_that_are_over_has_no_history() {
    let bench = Bench::at_work().await;
    bench.hear(1, Row::Asset(digger('M'))).await;
    let input = AssetHistoryInput {
        asset_id: digger('M').id.to_string(),
        is_once: false,
        system: None,
    };
    assert!(bench.desk.asset_history(input).await.unwrap().is_none());
}

#[tokio::test]
async fn the_tree_opens_level_by_level() {
    let bench = Bench::at_work().await;
    bench.hear(1, Row::Asset(digger('K'))).await;
    let mut part = digger('M');
    part.parent = Some(digger('K').id);
    bench.hear(1, Row::Asset(part)).await;
    let top = bench.desk.asset_tree(TreePlaceInput::Top).await.unwrap();
    let node = &top.nodes[0];
    assert_eq!(
        (node.kind, &*node.code, node.has_below),
        (TreeNodeKind::Asset, "K", true)
    );
    let below = TreePlaceInput::Asset {
        id: node.id.clone(),
    };
    let level = bench.desk.asset_tree(below).await.unwrap();
    assert_eq!(
        (&*level.nodes[0].code, level.nodes[0].has_below),
        ("M", false)
    );
    let unknown = TreePlaceInput::Location { id: "x".to_owned() };
    assert_eq!(
        bench.desk.asset_tree(unknown).await.unwrap_err().code,
        "location.unknown"
    );
}
