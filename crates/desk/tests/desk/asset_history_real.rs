//! The page of excavator D over its real history: what it says, and that it crosses to the screen
//! at once. The file is not ours to keep; `FETTLE_REAL_DATA` names the folder it lies in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fettle_desk::view::{
    AssetHistoryInput, AssetHistoryView, CostState, HistoryPageInput, SelectionInput,
};
use fettle_domain::feed::Feed;
use fettle_domain::money::{Currency, Money};
use fettle_domain::person::Role;
use fettle_domain::price::{CostElement, ElementCost, OrderCost};
use fettle_domain::row::Row;
use fettle_domain::work_order::{Recorded, SealedOrder, Status, WorkOrderContent, WorkOrderType};
use fettle_domain::{Decimal, WorkOrderId};
use fettle_replica::ReplicaKey;
use fettle_sync::exchange::{Cursor, FeedItem, Slice};
use uuid::Uuid;

use crate::asset_history::{COSTS, digger};
use crate::build::{Bench, PIN, WORK, admission, ana, now, plant, row};

/// Most bytes of one answer to a screen.
const ANSWER_MAX: usize = 65_536;

/// What an import makes of one line.
struct Imported {
    rows: [Row; 2],
    cost: Row,
}

/// Rows of the file; a line whose columns are shifted is left out.
fn imported() -> Option<Vec<Imported>> {
    let Some(folder) = std::env::var_os("FETTLE_REAL_DATA").map(PathBuf::from) else {
        println!("not checked: FETTLE_REAL_DATA names no folder with the records of excavators");
        return None;
    };
    let mut file = csv::Reader::from_path(folder.join("excavators-cleaned.csv")).unwrap();
    let lines = file.records().enumerate().filter_map(|(place, line)| {
        let line = line.unwrap();
        let field = |place: usize| line.get(place).filter(|text| *text != "NA");
        let cost: Decimal = field(4)?.parse().ok()?;
        let id = WorkOrderId(Uuid::from_u128(0x10_000 + u128::try_from(place).unwrap()));
        let mut official = row(Status::Close, 1);
        official.id = id;
        official.title = field(2)?.to_owned();
        official.kind = match field(3)? {
            "PM01" => WorkOrderType::Corrective,
            _ => WorkOrderType::Preventive,
        };
        official.asset = Some(digger(field(1)?.chars().next()?).id);
        official.assignees = vec![];
        let text = |place: usize| field(place).map(str::to_owned);
        let sealed = SealedOrder {
            order: id,
            content: WorkOrderContent::default(),
            recorded: Some(Recorded {
                on: Some(field(0)?.parse().unwrap()),
                kind: text(3),
                system: text(6),
                part: text(7),
                action: text(8),
                mode: text(10),
                ..Recorded::default()
            }),
            heads: vec![],
        };
        let actual = Money::from_decimal(cost, Currency::new("AUD").unwrap())?;
        let cost = OrderCost {
            order: id,
            plant: plant(),
            elements: vec![ElementCost {
                element: CostElement::Service,
                planned: None,
                actual,
            }],
            as_of: now(),
        };
        Some(Imported {
            rows: [Row::WorkOrder(official), Row::Sealed(Box::new(sealed))],
            cost: Row::Cost(cost),
        })
    });
    Some(lines.collect())
}

fn slice(feed: u32, rows: impl Iterator<Item = Row>) -> Slice {
    Slice {
        feed,
        items: rows.map(|row| FeedItem::Row(7, Box::new(row))).collect(),
        cursor: Cursor::At(7),
        proof: None,
    }
}

/// Ana plans, and the five machines are on her laptop.
async fn at_the_mine() -> Option<Bench> {
    let lines = imported()?;
    let bench = Bench::empty().await;
    let mut admission = admission();
    admission.session.person.roles = vec![Role::Planner];
    let key = ReplicaKey::new(*admission.key.restricted_key());
    bench.desk.admit(admission).await.unwrap();
    bench.desk.set_pin(PIN.to_owned()).await.unwrap();
    bench.fill().await;
    for letter in ['A', 'B', 'C', 'D', 'E'] {
        bench.hear(1, Row::Asset(digger(letter))).await;
    }
    let replica = bench.replica().await;
    let restricted = replica.open_restricted(ana(), &key).unwrap();
    let costs = BTreeMap::from([(COSTS, Feed::Costs(plant()))]);
    restricted.follow(&costs).unwrap();
    let rows = lines.iter().flat_map(|line| line.rows.clone());
    replica.apply_slice(&slice(WORK, rows)).unwrap();
    let costs = lines.into_iter().map(|line| line.cost);
    restricted.apply_slice(&slice(COSTS, costs)).unwrap();
    Some(bench)
}

async fn page(bench: &Bench, is_once: bool) -> AssetHistoryView {
    let input = AssetHistoryInput {
        asset_id: digger('D').id.to_string(),
        is_once,
        system: None,
    };
    bench.desk.asset_history(input).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_page_of_excavator_d_says_what_its_file_holds() {
    let Some(bench) = at_the_mine().await else {
        return;
    };
    let view = page(&bench, false).await;
    assert!(serde_json::to_vec(&view).unwrap().len() < ANSWER_MAX);
    assert_eq!(
        (view.costs, view.currency.as_deref()),
        (CostState::Shown, Some("AUD"))
    );
    assert_eq!(
        (view.all.lines, view.all.cost.as_deref()),
        (2374, Some("5128534.49"))
    );
    let repeated = view.repeated.unwrap();
    assert_eq!(
        (repeated.lines, repeated.cost.as_deref()),
        (144, Some("352210.40"))
    );
    let gaps = view.gaps.unwrap();
    assert_eq!(
        (&*gaps.system, gaps.lines, gaps.days),
        ("Hydraulic System", 312, 233)
    );
    assert_eq!((view.actors.others, view.actors.rest.lines), (36, 794));
    assert!(view.last_rows[0].is_repeated && view.last_rows[1].is_repeated);
    assert_eq!((view.recent, view.recent_without_cost), (34, Some(16)));
    let fleet: Vec<_> = view
        .fleet
        .iter()
        .map(|of| (&*of.tag, of.all.lines))
        .collect();
    assert_eq!(
        fleet,
        [("A", 151), ("B", 1016), ("C", 992), ("D", 2374), ("E", 951)]
    );
    assert_eq!(view.fleet_all.cost.as_deref(), Some("17506068.13"));
    assert_eq!(page(&bench, true).await.all.lines, 2230);
}

#[tokio::test]
async fn the_lines_of_excavator_d_come_page_by_page_and_none_twice() {
    let Some(bench) = at_the_mine().await else {
        return;
    };
    let mut seen = Vec::new();
    loop {
        let input = HistoryPageInput {
            asset_id: digger('D').id.to_string(),
            is_once: false,
            selection: SelectionInput::WithoutCost,
            after: seen.last().cloned(),
        };
        let page = bench.desk.history_page(input).await.unwrap();
        assert_eq!(page.all.lines, 668);
        assert!(serde_json::to_vec(&page).unwrap().len() < ANSWER_MAX);
        seen.extend(page.rows.into_iter().map(|row| row.id));
        if !page.has_more {
            break;
        }
    }
    let read = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((read, seen.len()), (668, 668));
}
