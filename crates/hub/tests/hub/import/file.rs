//! Mappings and files that cannot be used: each says why, and nothing changes.

use fettle_demo::world::{DEMO_SEED, world};
use fettle_hub::import::{FILE_BYTES_MAX, FileFault, ImportFault, Mapping, Source};
use fettle_hub::lock::{Lock, Right};

use super::{Desk, HEADER, MAPPING, mapping, now, source};

fn check_mapping_refused(from: &str, to: &str, says: &str) {
    let text = MAPPING.replacen(from, to, 1);
    assert_ne!(text, MAPPING, "{from} is in the mapping");
    let said = Mapping::read(&text).unwrap_err().to_string();
    assert!(said.contains(says), "{said}");
}

#[test]
fn a_mapping_that_cannot_hold_is_refused_with_the_place() {
    check_mapping_refused(
        "\"CLOSE\"",
        "\"APPR\"",
        "status says \"APPR\", which is none of our words",
    );
    check_mapping_refused("\"preventive\"", "\"later\"", "type says \"later\"");
    check_mapping_refused("\"utf-8\"", "\"ebcdic\"", "encoding");
    check_mapping_refused("%d.%m.%Y", "%d.%m", "file.date_formats must");
    check_mapping_refused(
        "decimal_sign = \",\"",
        "decimal_sign = \"x\"",
        "must be . or ,",
    );
    check_mapping_refused(
        "thousands_sign = \".\"",
        "thousands_sign = \",\"",
        "must not be the decimal sign",
    );
    check_mapping_refused(
        "title = \"Text\"",
        "",
        "title must stand in columns or in fixed",
    );
    check_mapping_refused(
        "cost = \"Cost\"",
        "price = \"Cost\"",
        "columns.price is no field of the noun; there are: plant,",
    );
    check_mapping_refused("plant = \"1200\"", "plant = \"12 00\"", "12 00");
    let unknown = Mapping::load("no-such").unwrap_err().to_string();
    assert!(unknown.contains("one of: excavators"), "{unknown}");
}

fn check_file_refused(desk: &Desk, bytes: &[u8], fault: &FileFault) {
    let before = desk.standing();
    match desk.try_import(&source(bytes), &mapping()).unwrap_err() {
        ImportFault::File { source, .. } => assert_eq!(source, *fault),
        other => panic!("{other}"),
    }
    assert!(desk.standing() == before, "{fault} changes nothing");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_whole() {
    let desk = Desk::new().await;
    let row = "01.02.2010;pump;Noise;R;1;-";
    let check = |bytes: &[u8], fault: FileFault| check_file_refused(&desk, bytes, &fault);
    check(b"", FileFault::Empty);
    check(b"PK\x03\x04\x14\x00", FileFault::Archive);
    check(b"\xFF\xFED\x00a\x00", FileFault::IsUtf16);
    check(
        format!("{HEADER}\n{row}\n\0\0").as_bytes(),
        FileFault::NoText { line: 3 },
    );
    check(
        b"Day;Machine;Text;Type\n",
        FileFault::NoColumn("Cost".to_owned()),
    );
    let twice = format!("{HEADER};Cost\n");
    check(twice.as_bytes(), FileFault::TwoColumns("Cost".to_owned()));
    let mut latin = format!("{HEADER}\n01.02.2010;pump;").into_bytes();
    latin.push(0xE4);
    check(&latin, FileFault::NotUtf8 { line: 2 });
    // A thousand good rows do not come before the one that cannot be read.
    let rows = format!("{row}\n").repeat(1_000);
    let bomb = format!("{HEADER}\n{rows}01.02.2010;pump;{}", "x".repeat(1_000_000));
    check(bomb.as_bytes(), FileFault::FieldTooLong { line: 1_002 });
    let open = format!("{HEADER}\n{rows}01.02.2010;pump;\"Noise;R;1;-\n{row}\n");
    check(open.as_bytes(), FileFault::OpenQuote { line: 1_002 });
    let wide = format!("{HEADER}\n{}\n", ";".repeat(2_000));
    check(wide.as_bytes(), FileFault::TooManyColumns { line: 2 });
    let swapped = "Day;Machine;Type;Text;Cost;Place\n";
    let fault = FileFault::CutBehind {
        cut: "Text".to_owned(),
        column: "Type".to_owned(),
    };
    check(swapped.as_bytes(), fault);
}

#[tokio::test]
async fn a_hundred_megabytes_of_another_file_are_read_and_refused_row_by_row_or_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.csv");
    std::fs::File::create(&file)
        .unwrap()
        .set_len(FILE_BYTES_MAX + 1)
        .unwrap();
    let said = Source::read(&file).unwrap_err().to_string();
    assert!(said.contains("larger than 200 MB"), "{said}");

    let desk = Desk::new().await;
    let before = desk.standing();
    let row = format!("x;{}\n", "y".repeat(10_000));
    let text = format!("{HEADER}\n{}", row.repeat(10_000));
    let report = desk.import(&text, &mapping());
    assert_eq!((report.rows.len(), report.taken()), (10_000, 0));
    assert!(
        report.to_string().contains("and 9,000 more"),
        "the list of refused rows ends"
    );
    assert!(desk.standing() == before);
}

#[test]
fn one_import_runs_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::take(folder.path(), Right::Import).unwrap();
    let said = Lock::take(folder.path(), Right::Import).unwrap_err();
    assert!(
        said.to_string().starts_with("another import is running"),
        "{said}"
    );
    drop(lock);
    Lock::take(folder.path(), Right::Import).unwrap();
}

#[test]
fn the_part_of_the_shipped_mapping_is_in_stock() {
    let text = include_str!("../../../mappings/excavators.toml");
    let world = world(DEMO_SEED, now());
    let bin = world
        .bins
        .iter()
        .find(|bin| bin.plant == "1200" && text.contains(&format!("item = \"{}\"", bin.material)));
    assert!(
        bin.is_some_and(|bin| bin.quantity > bin.reserved),
        "{bin:?}"
    );
}
