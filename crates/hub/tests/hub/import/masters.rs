//! Masters: each noun by its example mapping, and what a system of record states already.

use fettle_domain::item::AbcClass;
use fettle_domain::pm_plan::Trigger;
use fettle_domain::row::Row;
use fettle_hub::import::{Mapping, Report, Source, Standing};

use super::{Desk, news, refusals, source};

fn example(name: &str) -> Mapping {
    let file = format!(
        "{}/mappings/examples/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    Mapping::load(&file).unwrap()
}

fn counts(report: &Report) -> [usize; 4] {
    [
        Standing::Taken,
        Standing::There,
        Standing::Foreign,
        Standing::Refused,
    ]
    .map(|standing| report.count(standing))
}

/// Takes a file in and again; what is new of it, once.
fn take(desk: &Desk, source: &Source, mapping: &Mapping) -> (Report, Vec<Row>) {
    let before = desk.standing();
    let report = desk.try_import(source, mapping).unwrap();
    let after = desk.standing();
    let again = desk.try_import(source, mapping).unwrap();
    assert_eq!(again.count(Standing::Taken), 0, "twice is once\n{again}");
    assert!(desk.standing() == after);
    let rows = news(&before, &after);
    let rows = rows
        .into_iter()
        .filter(|row| !matches!(row, Row::Import(_)));
    (report, rows.collect())
}

#[tokio::test]
async fn assets_come_with_their_tree_and_never_beside_one_of_the_cmms() {
    let desk = Desk::new().await;
    let text = "Area;Tag;Name;Class;ABC;Location;Part of;Maker
HALL-3;KR-1;Kran f\u{FC}r Gl\u{FC}hofen;CR;B;nowhere;;Hebezeug
HALL-3;KR-1-M;Hubmotor;EM;C;;KR-1;
HALL-3;EXC-A;My excavator;ME;C;;;Other
HALL-3;KR-2;Kran;CR;X;;;
HALL-3;KR-1;Kran;CR;A;;;
";
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let before = desk.standing();
    let (report, rows) = take(&desk, &source(latin), &example("assets"));
    assert_eq!(counts(&report), [2, 0, 1, 2], "{report}");
    let [(5, bad), (6, twice)] = refusals(&report)[..] else {
        panic!("{report}");
    };
    assert!(
        bad.starts_with("the criticality \"X\" is none of our words"),
        "{bad}"
    );
    assert!(
        twice.starts_with("it says the same thing as line 2"),
        "{twice}"
    );
    assert!(
        report
            .to_string()
            .contains("there is no location \"nowhere\""),
        "{report}"
    );
    let assets: Vec<_> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Asset(asset) => Some(asset),
            _ => None,
        })
        .collect();
    let tagged = |tag: &str| assets.iter().find(|asset| asset.tag == tag).unwrap();
    assert_eq!(tagged("KR-1").name, "Kran f\u{FC}r Gl\u{FC}hofen");
    assert_eq!(tagged("KR-1-M").parent, Some(tagged("KR-1").id));
    assert_eq!(assets.len(), 2, "the excavator stays as the CMMS states it");

    // A later file of the mapping says more of the same crane.
    let later = "Area;Tag;Name;Class;ABC;Location;Part of;Maker\nHALL-3;KR-1;Kran 1;CR;A;;;\n";
    let (later, rows) = take(&desk, &source(later), &example("assets"));
    let [Row::Asset(crane)] = &rows[..] else {
        panic!("{rows:?}");
    };
    assert_eq!(
        (crane.id, crane.name.as_str()),
        (tagged("KR-1").id, "Kran 1")
    );
    desk.undo(&later);
    desk.undo(&report);
    assert!(
        desk.standing() == before,
        "nothing of the CMMS is taken back"
    );
}

#[tokio::test]
async fn items_and_their_stock_come_in_utf16_as_well() {
    let desk = Desk::new().await;
    let before = desk.standing();
    let text = "Number,Text,Unit,Maker,Part number,ABC,Lead time,Instead
9001-1,Grease cartridge,Stk,Fett,FG 2,A,14,9001-2|1004-2217
9001-2,Grease,kg,Fett,FG 25,,,
1004-2217,My bearing,Stk,,,,,
9001-3,Oil,Fass,,,,,
";
    let (items, rows) = take(&desk, &source(text), &example("items"));
    assert_eq!(
        refusals(&items),
        [(5, "the mapping names no unit \"Fass\"")]
    );
    assert_eq!(items.count(Standing::Taken), 2, "{items}");
    assert_eq!(
        items.count(Standing::Foreign),
        1,
        "the ERP's bearing stays its own\n{items}"
    );
    let item = |number: &str| {
        let mut rows = rows.iter();
        rows.find_map(|row| match row {
            Row::Item(item) if item.number == number => Some(item.clone()),
            _ => None,
        })
    };
    let cartridge = item("9001-1").unwrap();
    assert_eq!(
        (cartridge.abc, cartridge.lead_time_days),
        (Some(AbcClass::A), Some(14))
    );
    assert_eq!(cartridge.substitutes.len(), 2);
    assert_eq!(cartridge.substitutes[0], item("9001-2").unwrap().id);
    assert_eq!(
        item("9001-2").unwrap().abc,
        None,
        "what is not rated is not rated"
    );

    let text = "Number\tStore\tBin\tOn hand\tOrder at\tCounted
9001-1\tMAIN\tZ-99\t1.204,5\t10\t01.11.2026
9001-9\tMAIN\tZ-98\t1\t\t01.11.2026
";
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    let utf16: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let (stock, rows) = take(&desk, &source(utf16), &example("stock"));
    assert_eq!(
        refusals(&stock),
        [(3, "plant 1200 knows no item \"9001-9\": import items first")]
    );
    let [Row::Stock(balance)] = &rows[..] else {
        panic!("{rows:?}");
    };
    assert_eq!(
        (balance.item, balance.on_hand.to_string().as_str()),
        (cartridge.id, "1204.5")
    );
    assert_eq!(balance.as_of.to_string(), "2026-11-01T00:00:00Z");
    desk.undo(&stock);
    desk.undo(&items);
    assert!(desk.standing() == before);
}

#[tokio::test]
async fn vendors_and_plans_come_with_what_they_are_for() {
    let desk = Desk::new().await;
    let before = desk.standing();
    let text = "Vendor,Name,Classes,Blocked,Night\nV1,Nord,bearing;seal,,+49 1\nV2,S\u{FC}d,,X,\n";
    let (vendors, rows) = take(&desk, &source(text), &example("vendors"));
    assert_eq!(counts(&vendors), [2, 0, 0, 0], "{vendors}");
    let blocked = |row: &&Row| matches!(row, Row::Vendor(vendor) if vendor.is_blocked);
    assert_eq!(rows.iter().filter(blocked).count(), 1);

    let text = "Plan,Name,Assets,Days,Hours,Early or late,Next
PM-1,Grease,EXC-A;EXC-B,7,,1,2026-12-01
PM-2,Oil,EXC-C,365,500,,
PM-3,Look,EXC-D,,,,
PM-4,Look,NOBODY,7,,,
";
    let (plans, rows) = take(&desk, &source(text), &example("pm_plans"));
    let missing = "plant 1200 knows no asset \"NOBODY\": import assets first";
    assert_eq!(
        refusals(&plans),
        [(4, "it has no every_days"), (5, missing)]
    );
    let oil = rows.iter().find_map(|row| match row {
        Row::PmPlan(plan) if plan.code == "PM-2" => Some(plan),
        _ => None,
    });
    assert!(matches!(
        oil.unwrap().triggers[..],
        [
            Trigger::Time {
                every_days: 365,
                is_floating: false
            },
            Trigger::Meter { .. }
        ]
    ));
    desk.undo(&plans);
    desk.undo(&vendors);
    assert!(desk.standing() == before);
}
