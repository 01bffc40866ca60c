//! Import of past orders: what is taken, repaired and refused, and that nothing comes twice.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use fettle_connectors::{Answer, Cut, DemoCmms, Inline, Method, Request, WorkOrders as _};
use fettle_demo::world::{DEMO_SEED, world};
use fettle_demo::{Call, Clock, Cmms};
use fettle_domain::Timestamp;
use fettle_domain::work_order::Status;
use fettle_hub::import::{
    FileFault, Intake, Mapping, OpenOrder, Report, import, read_file, read_rows,
};
use fettle_hub::lock::{Lock, Right};

const MAPPING: &str = r#"
name = "sheet"
checks = [{ column = "Type", words = ["R", "S"], cut = "Text", strip = "'" }]
details = [{ column = "Remark", label = "Remark" }]
[file]
encoding = "utf-8"
delimiter = ";"
decimal_sign = ","
date_format = "%d.%m.%Y"
blank = ["-"]
[columns]
date = "Day"
asset = "Machine"
text = "Text"
type = "Type"
cost = "Cost"
[history]
plant = "1200"
area = "HALL-3"
cost_centre = "1200300"
currency = "EUR"
minor_digits = 2
hour_utc = 5
status = "CLOSE"
[assets]
pump = "P-204A"
[types]
R = "corrective"
S = "preventive"
"#;

const HEADER: &str = "Day;Machine;Text;Type;Cost;Remark";

const SHEET: &str = "Day;Machine;Text;Type;Cost;Remark
01.02.2010;pump;Seal weeps;R;10,50;cold
01.02.2010;pump;Seal weeps;R;10,50;cold
02.02.2010;pump;Bearing, warm;S;-3;-
03.02.2010;pump;Noise;R;7,25;-
";

fn now() -> Timestamp {
    "2026-11-25T08:00:00Z".parse().unwrap()
}

fn mapping() -> Mapping {
    Mapping::read(MAPPING).unwrap()
}

fn sheet(text: &str) -> Intake {
    read_rows(text.as_bytes(), &mapping()).unwrap()
}

/// A demo CMMS in memory whose line is cut after a number of calls.
struct Peer {
    connector: Arc<DemoCmms>,
    calls_left: Arc<AtomicUsize>,
    created: Arc<AtomicUsize>,
}

impl Peer {
    fn new() -> Self {
        let cmms = Mutex::new(Cmms::open(None, DEMO_SEED, Clock::Fixed(now())).unwrap());
        let calls_left = Arc::new(AtomicUsize::new(usize::MAX));
        let created = Arc::new(AtomicUsize::new(0));
        let (left, count) = (Arc::clone(&calls_left), Arc::clone(&created));
        let transport = Inline::new(move |request: &Request| {
            let is_post = request.method == Method::Post;
            let is_up = left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                })
                .is_ok();
            if !is_up && !is_post {
                return Err(Cut::NotSent("the line is cut".to_owned()));
            }
            let answer = cmms.lock().unwrap().handle(&Call {
                method: request.method.word(),
                target: &request.path,
                if_match: None,
                body: &request.body,
            });
            count.fetch_add(usize::from(answer.has_effect), Ordering::SeqCst);
            if !is_up {
                // The call had its effect; only its answer is lost.
                return Err(Cut::NoAnswer("the line is cut".to_owned()));
            }
            let (status, body) = (answer.status, answer.body);
            Ok(Answer { status, body })
        });
        let connector = Arc::new(DemoCmms::new(Arc::new(transport)));
        Self {
            connector,
            calls_left,
            created,
        }
    }

    fn cut_after(&self, calls: usize) {
        self.calls_left.store(calls, Ordering::SeqCst);
    }

    fn created(&self) -> usize {
        self.created.load(Ordering::SeqCst)
    }

    async fn import(&self, intake: &Intake, mapping: &Mapping) -> Report {
        import(intake, mapping, &self.connector, now(), |_, _| {})
            .await
            .unwrap()
    }
}

fn check_mapping_refused(from: &str, to: &str, says: &str) {
    let text = MAPPING.replacen(from, to, 1);
    assert_ne!(text, MAPPING, "{from} is in the mapping");
    let said = Mapping::read(&text).unwrap_err().to_string();
    assert!(said.contains(says), "{said}");
}

#[test]
fn a_mapping_that_cannot_hold_is_refused_with_the_place() {
    check_mapping_refused(
        "hour_utc = 5",
        "hour_utc = 24",
        "history.hour_utc must be 0 to 23",
    );
    check_mapping_refused(
        "\"CLOSE\"",
        "\"APPR\"",
        "history.status must be CLOSE or CAN",
    );
    check_mapping_refused("\"utf-8\"", "\"latin-1\"", "encoding");
    check_mapping_refused("%d.%m.%Y", "%d.%m", "file.date_format must");
    check_mapping_refused(
        "decimal_sign = \",\"",
        "decimal_sign = \"x\"",
        "must be . or ,",
    );
    check_mapping_refused("hour_utc", "hour", "unknown field `hour`");
    check_mapping_refused("plant = \"1200\"", "plant = \"12 00\"", "12 00");
    let unknown = Mapping::load("no-such").unwrap_err().to_string();
    assert!(unknown.contains("one of: excavators"), "{unknown}");
}

fn check_file_refused(bytes: &[u8], fault: &FileFault) {
    assert_eq!(read_rows(bytes, &mapping()).unwrap_err(), *fault);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_whole() {
    check_file_refused(b"", &FileFault::Empty);
    check_file_refused(b"Day;Machine\n", &FileFault::NoColumn("Text".to_owned()));
    let twice = format!("{HEADER};Cost\n");
    check_file_refused(twice.as_bytes(), &FileFault::TwoColumns("Cost".to_owned()));
    let mut latin = format!("{HEADER}\n01.02.2010;pump;").into_bytes();
    latin.push(0xE4);
    check_file_refused(&latin, &FileFault::NotUtf8 { line: 2 });
    let open_quote = format!("{HEADER}\n01.02.2010;pump;\"{}", "x;1\n".repeat(5_000));
    check_file_refused(open_quote.as_bytes(), &FileFault::FieldTooLong { line: 2 });
    let swapped = "Day;Machine;Type;Text;Cost;Remark\n";
    let fault = FileFault::CutBehind {
        cut: "Text".to_owned(),
        column: "Type".to_owned(),
    };
    check_file_refused(swapped.as_bytes(), &fault);
}

fn check_row_refused(row: &str, says: &str) {
    let intake = sheet(&format!("{HEADER}\n{row}\n"));
    assert!(intake.rows.is_empty(), "{row} is taken");
    let (line, fault) = &intake.refused[0];
    assert_eq!((*line, fault.to_string().as_str()), (2, says));
}

#[test]
fn a_row_is_refused_with_its_line_and_reason() {
    check_row_refused(
        "x",
        "it has another number of fields than the header: 1, not 6",
    );
    check_row_refused(
        "2010-02-01;pump;Noise;R;1;-",
        "\"2010-02-01\" is not a date in the format of the mapping",
    );
    check_row_refused(
        "01.02.2010;fan;Noise;R;1;-",
        "the mapping names no machine \"fan\"",
    );
    check_row_refused("01.02.2010;pump;-;R;1;-", "it has no text");
    check_row_refused(
        "01.02.2010;pump;Noise;R;1,005;-",
        "the cost \"1,005\" is more decimals than the currency has",
    );
    check_row_refused(
        "01.02.2010;pump;Noise;R;;-",
        "the cost \"\" is not a number",
    );
    check_row_refused(
        "01.02.2010;pump;Noise;R;1.0;-",
        "the cost \"1.0\" is not a number",
    );
    check_row_refused(
        "01.02.2010;pump;Noise;X;1;-",
        "the columns are shifted: Type holds \"X\"",
    );
    check_row_refused(
        "01.02.2010;pump;Noise;R;1;-;-",
        "it has another number of fields than the header: 7, not 6",
    );
}

fn check_repaired(row: &str, title: &str, minor: i64) {
    let intake = sheet(&format!("{HEADER}\n{row}\n"));
    let row = &intake.rows[0];
    assert_eq!((row.title.as_str(), row.cost.minor()), (title, minor));
    assert_eq!(row.joined, ["Text"]);
}

#[test]
fn shifted_columns_are_put_into_place() {
    check_repaired(
        "01.02.2010;pump;won;t start;R;9,46;cold",
        "won;t start",
        946,
    );
    check_repaired("01.02.2010;pump;won;t start;R;9,46", "won;t start", 946);
    check_repaired("01.02.2010;pump;'won;t start';S;9;x", "won;t start", 900);
}

#[test]
fn rows_know_their_line_and_their_occurrence() {
    let lines = |intake: &Intake| {
        let rows = intake.rows.iter();
        rows.map(|row| (row.line, row.occurrence))
            .collect::<Vec<_>>()
    };
    let expected = vec![(2, 1), (3, 2), (4, 1), (5, 1)];
    let plain = sheet(SHEET);
    assert_eq!(lines(&plain), expected);
    let windows = sheet(&format!("\u{FEFF}{}", SHEET.replace('\n', "\r\n")));
    assert_eq!(lines(&windows), expected);
    assert_eq!(
        windows.rows, plain.rows,
        "line ends and a byte order mark are no content"
    );
    let spaced = sheet(&SHEET.replacen("\n", "\n\n", 1));
    assert_eq!(lines(&spaced)[0], (3, 1));
    assert_ne!(plain.rows[0].reference, plain.rows[1].reference);
    let other = Mapping::read(&MAPPING.replace("\"sheet\"", "\"other\"")).unwrap();
    let other = read_rows(SHEET.as_bytes(), &other).unwrap();
    assert_ne!(plain.rows[0].reference, other.rows[0].reference);
}

#[tokio::test]
async fn an_import_twice_creates_nothing_new() {
    let (peer, intake, mapping) = (Peer::new(), sheet(SHEET), mapping());
    let first = peer.import(&intake, &mapping).await;
    assert_eq!((first.created, first.there, peer.created()), (4, 0, 4));
    assert_eq!(
        (first.repeats, first.negative_costs, first.total.minor()),
        (1, 1, 2_525)
    );
    let second = peer.import(&intake, &mapping).await;
    assert_eq!((second.created, second.there, peer.created()), (0, 4, 4));
    assert_eq!(second.total, first.total);
    let number = peer
        .connector
        .find_order(&intake.rows[0].reference)
        .await
        .unwrap();
    let order = peer
        .connector
        .read_order(&number.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (order.status, order.asset.as_deref()),
        (Status::Close, Some("1200-P-204A"))
    );
    assert!(
        order.description.contains("cost EUR 10.50"),
        "{}",
        order.description
    );
    assert!(
        order.description.ends_with("Remark: cold"),
        "{}",
        order.description
    );
    assert!(order.assignees.is_empty());
}

#[tokio::test]
async fn an_import_cut_anywhere_is_completed_by_the_next() {
    let (intake, mapping) = (sheet(SHEET), mapping());
    // The first call reads the machines; searching and creating four rows takes eight more.
    for calls in 1..9 {
        let peer = Peer::new();
        peer.cut_after(calls);
        let cut = peer.import(&intake, &mapping).await;
        assert!(cut.stopped.is_some(), "cut after {calls} calls");
        assert!(cut.to_string().contains("run the import again"), "{cut}");
        assert_eq!(cut.taken() + cut.left, 4);
        peer.cut_after(usize::MAX);
        let whole = peer.import(&intake, &mapping).await;
        assert_eq!(
            (whole.taken(), peer.created()),
            (4, 4),
            "cut after {calls} calls"
        );
    }
}

#[tokio::test]
async fn an_unknown_machine_is_told_before_anything_is_created() {
    let mapping = Mapping::read(&MAPPING.replace("P-204A", "P-999")).unwrap();
    let intake = read_rows(SHEET.as_bytes(), &mapping).unwrap();
    let peer = Peer::new();
    let fault = import(&intake, &mapping, &peer.connector, now(), |_, _| {})
        .await
        .unwrap_err();
    let said = "the CMMS knows no machine P-999 in plant 1200; nothing was created";
    assert_eq!((fault.to_string().as_str(), peer.created()), (said, 0));
}

#[tokio::test]
async fn the_open_row_comes_with_person_steps_and_parts() {
    let reference = sheet(SHEET).rows[1].reference.0.clone();
    let open = |reference: &str| {
        let text = format!(
            "{MAPPING}
[open]
line = 3
reference = \"{reference}\"
status = \"APPR\"
assignee = \"104417\"
priority = 2
due_days = 1
tasks = [{{ number = 10, text = \"Renew\", craft = \"Mechanical\", planned_minutes = 60,
  headcount = 1, steps = [{{ text = \"Runout\", asks = {{ value = {{ unit = \"MMT\", upper = \"0.05\" }} }} }}] }}]
part_lines = [{{ item = \"1004-2217\", quantity = \"1\", unit = \"C62\", is_critical = true }}]
"
        );
        Mapping::read(&text).unwrap()
    };
    let peer = Peer::new();
    let mapping = open("NOBODY");
    let intake = read_rows(SHEET.as_bytes(), &mapping).unwrap();
    let report = peer.import(&intake, &mapping).await.to_string();
    assert!(
        report.contains(&format!("line 3 has {reference}")),
        "{report}"
    );

    let peer = Peer::new();
    let mapping = open(&reference);
    let intake = read_rows(SHEET.as_bytes(), &mapping).unwrap();
    let report = peer.import(&intake, &mapping).await;
    let OpenOrder::Stands { number, line: 3 } = &report.open else {
        panic!("{report}");
    };
    assert!(
        report
            .to_string()
            .contains(&format!("\nopen order {number}\n")),
        "{report}"
    );
    let order = peer.connector.read_order(number).await.unwrap().unwrap();
    assert_eq!(
        (order.status, order.assignees),
        (Status::Appr, vec!["104417".to_owned()])
    );
    assert_eq!((order.tasks[0].steps.len(), order.part_lines.len()), (1, 1));
    assert_eq!(order.required_finish, Some(now().plus_ms(86_400_000)));
}

#[test]
fn one_import_runs_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::take(folder.path(), Right::Import).unwrap();
    let said = Lock::take(folder.path(), Right::Import)
        .unwrap_err()
        .to_string();
    assert!(said.starts_with("another import is running"), "{said}");
    drop(lock);
    Lock::take(folder.path(), Right::Import).unwrap();
}

#[test]
fn the_part_of_the_shipped_mapping_is_in_stock() {
    let text = include_str!("../mappings/excavators.toml");
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

/// The real records, or `None` with a word on what is not looked at.
fn real_file(would_check: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("FETTLE_REAL_DATA").map(PathBuf::from);
    let file = folder.map(|folder| folder.join("excavators-cleaned.csv"));
    let file = file.filter(|file| file.exists());
    if file.is_none() {
        println!("not checked, FETTLE_REAL_DATA names no folder with the records: {would_check}");
    }
    file
}

#[tokio::test]
async fn the_real_records_are_taken_whole_and_once() {
    let Some(file) = real_file("counts, repairs and total cost of the excavators") else {
        return;
    };
    let mapping = Mapping::load("excavators").unwrap();
    let intake = read_file(&file, &mapping).unwrap();
    let peer = Peer::new();
    let report = peer.import(&intake, &mapping).await;
    assert_eq!(
        (report.rows_read, report.taken(), report.refused.len()),
        (5_485, 5_485, 0)
    );
    let repaired: Vec<_> = report.repaired.iter().map(|remark| remark.line).collect();
    assert_eq!(repaired, [1_812, 3_454]);
    assert_eq!((report.repeats, report.negative_costs), (37, 6));
    assert_eq!(report.total.to_string(), "17,506,162.76");
    let OpenOrder::Stands { number, .. } = &report.open else {
        panic!("{report}");
    };
    let order = peer.connector.read_order(number).await.unwrap().unwrap();
    assert_eq!(order.asset.as_deref(), Some("1200-EXC-D"));
    assert_eq!(
        (order.status, order.assignees),
        (Status::Appr, vec!["104417".to_owned()])
    );
    assert_eq!((order.tasks[0].steps.len(), order.part_lines.len()), (8, 1));
    println!("{report}");

    let again = peer.import(&intake, &mapping).await;
    assert_eq!(
        (again.created, again.there, peer.created()),
        (0, 5_485, 5_485)
    );
}

#[test]
fn the_real_records_without_repair_lose_one_row_by_name() {
    let Some(file) = real_file("the total cost with the shifted row refused") else {
        return;
    };
    let text = include_str!("../mappings/excavators.toml");
    let mapping = Mapping::read(&text.replace("cut = \"OriginalShorttext\"\n", "")).unwrap();
    let intake = read_file(&file, &mapping).unwrap();
    let refused: Vec<_> = intake.refused.iter().map(|(line, _)| *line).collect();
    assert_eq!(refused, [3_454]);
    let total: i64 = intake.rows.iter().map(|row| row.cost.minor()).sum();
    assert_eq!(total, 1_750_606_813);
}
