//! The real records, where `FETTLE_REAL_DATA` names their folder. None of their text stands here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fettle_domain::AssetId;
use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_hub::import::{Mapping, OpenOrder, Source, Standing, create_open};

use super::{Desk, news, now, refusals};

/// The real records, or `None` with a word on what is not looked at.
pub(super) fn source(would_check: &str) -> Option<Source> {
    let folder = std::env::var_os("FETTLE_REAL_DATA").map(PathBuf::from);
    let file = folder.map(|folder| folder.join("excavators-cleaned.csv"));
    let source = file.and_then(|file| Source::read(&file).ok());
    if source.is_none() {
        println!("not checked, FETTLE_REAL_DATA names no folder with the records: {would_check}");
    }
    source
}

#[tokio::test]
async fn the_real_records_are_taken_whole_and_once() {
    let Some(source) = source("counts, repairs and total cost of the excavators") else {
        return;
    };
    let desk = Desk::new().await;
    let mapping = Mapping::load("excavators").unwrap();
    let before = desk.standing();
    let mut report = desk.try_import(&source, &mapping).unwrap();
    create_open(&mut report, &mapping, &desk.world.systems, now()).await;
    println!("{report}");
    let counts = (report.rows.len(), report.taken(), report.refused().count());
    assert_eq!(counts, (5_485, 5_485, 0));
    let repaired: Vec<_> = report.repaired().map(|row| row.line).collect();
    assert_eq!(repaired, [1_812, 3_454]);
    assert_eq!((report.repeats, report.negative_costs), (37, 6));
    let said = report.to_string();
    assert!(
        said.contains("total cost AUD 17,506,162.76, with lines 1812, 3454 as repaired"),
        "{said}"
    );

    let rows = news(&before, &desk.standing());
    let orders: BTreeMap<_, _> = rows
        .iter()
        .filter_map(|row| match row {
            Row::WorkOrder(order) => Some((order.id, order.asset)),
            _ => None,
        })
        .collect();
    assert_eq!(orders.len(), 5_485, "every row is an order of its own");
    let d = machine(&desk, "EXC-D");
    let of_d = orders.values().filter(|asset| **asset == Some(d)).count();
    assert_eq!(of_d, 2_374);
    let mut systems: BTreeMap<&str, usize> = BTreeMap::new();
    let mut cost = 0;
    for row in &rows {
        match row {
            Row::Sealed(sealed) if orders[&sealed.order] == Some(d) => {
                let recorded = sealed.recorded.as_ref().unwrap();
                *systems
                    .entry(recorded.system.as_deref().map_or("none", first))
                    .or_default() += 1;
            }
            Row::Cost(of) if orders[&of.order] == Some(d) => {
                cost += of
                    .elements
                    .iter()
                    .map(|element| element.actual.minor)
                    .sum::<i64>();
            }
            _ => {}
        }
    }
    let drawn = [
        ("Hydraulic Cylinders", 79),
        ("Hydraulic System", 459),
        ("Engine", 369),
        ("Bucket", 308),
        ("Final Drive", 45),
        ("none", 1_003),
    ];
    for (system, count) in drawn {
        assert_eq!(systems[system], count, "{system} as on the drawing");
    }
    assert_eq!(cost / 100, 5_128_534, "as on the drawing");

    let OpenOrder::Stands { number, .. } = &report.open else {
        panic!("{report}");
    };
    assert!(said.contains(&format!("\nopen order {number}\n")), "{said}");
    let orders = &desk.world.systems.orders;
    let order = orders.read_order(number).await.unwrap().unwrap();
    assert_eq!(order.asset.as_deref(), Some("1200-EXC-D"));
    assert_eq!(
        (order.status, order.assignees),
        (Status::Appr, vec!["104417".to_owned()])
    );
    assert_eq!((order.tasks[0].steps.len(), order.part_lines.len()), (8, 1));

    let posts = desk.world.cmms.posts();
    let whole = desk.standing();
    let mut again = desk.try_import(&source, &mapping).unwrap();
    create_open(&mut again, &mapping, &desk.world.systems, now()).await;
    assert_eq!(
        (again.count(Standing::Taken), again.count(Standing::There)),
        (0, 5_485)
    );
    assert_eq!(again.open, report.open);
    assert_eq!(
        (desk.world.cmms.posts(), desk.standing() == whole),
        (posts, true)
    );
}

fn machine(desk: &Desk, tag: &str) -> AssetId {
    let standing = desk.standing();
    let mut rows = standing.values();
    rows.find_map(|row| match row {
        Row::Asset(asset) if asset.tag == tag => Some(asset.id),
        _ => None,
    })
    .unwrap()
}

#[tokio::test]
async fn the_real_records_without_repair_lose_one_row_by_name() {
    let Some(source) = source("the total cost with the shifted row refused") else {
        return;
    };
    let text = include_str!("../../../mappings/excavators.toml");
    let mapping = Mapping::read(&text.replace("cut = \"OriginalShorttext\"\n", "")).unwrap();
    let desk = Desk::new().await;
    let report = desk.try_import(&source, &mapping).unwrap();
    assert_eq!(
        refusals(&report)
            .iter()
            .map(|(line, _)| *line)
            .collect::<Vec<_>>(),
        [3_454]
    );
    let said = report.to_string();
    assert!(said.contains("total cost AUD 17,506,068.13"), "{said}");
    assert!(said.contains("without line 3454"), "{said}");
}

/// The system named first.
fn first(system: &str) -> &str {
    system.split('_').next().unwrap_or(system)
}
