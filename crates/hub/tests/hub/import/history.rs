//! Past orders: their rows, their places, their identity.

use fettle_domain::row::Row;
use fettle_domain::work_order::Status;
use fettle_hub::import::{Mapping, Standing};

use super::{Desk, HEADER, SHEET, mapping, news, nouns, refusals};

#[tokio::test]
async fn past_orders_come_to_a_desk_as_sealed_rows_with_what_the_file_says() {
    let desk = Desk::new().await;
    let mut laptop = desk.world.desk("kowalska", 1).await;
    laptop.sync(&desk.world).await;
    let (rows_before, before) = (laptop.rows.len(), desk.standing());
    let report = desk.import(SHEET, &mapping());
    assert_eq!((report.rows.len(), report.taken()), (4, 4), "{report}");
    assert_eq!((report.repeats, report.negative_costs), (1, 1));
    assert!(
        report.to_string().contains("total cost EUR 1,025.25"),
        "{report}"
    );

    let rows = news(&before, &desk.standing());
    let expected = [
        ("cost", 4),
        ("import", 1),
        ("location", 2),
        ("sealed", 4),
        ("work_order", 4),
    ];
    assert_eq!(nouns(&rows).into_iter().collect::<Vec<_>>(), expected);
    laptop.sync(&desk.world).await;
    // Costs are for readers alone; everything else comes down.
    assert_eq!(laptop.rows.len() - rows_before, 4 + 4 + 2 + 1);
    let imported = |row: &&fettle_domain::work_order::WorkOrderRow| {
        row.external_ids
            .iter()
            .any(|id| id.system == "import/sheet")
    };
    let orders: Vec<_> = laptop.orders().filter(imported).collect();
    assert!(
        orders
            .iter()
            .all(|row| row.status.status == Status::Close && row.number.is_none())
    );
    assert!(
        orders
            .iter()
            .all(|row| row.scheduled_start.is_none() && row.assignees.is_empty())
    );

    let order = orders.iter().find(|row| row.title == "Noise").unwrap();
    let (_, sealed) = &laptop.rows[&format!("sealed/{}", order.id)];
    let Row::Sealed(sealed) = sealed else {
        panic!("{sealed:?}");
    };
    let recorded = sealed.recorded.as_ref().unwrap();
    assert_eq!(recorded.on.unwrap().to_string(), "2010-02-03");
    assert_eq!(
        (recorded.line, recorded.kind.as_deref()),
        (Some(5), Some("R"))
    );
    assert_eq!(recorded.location.as_deref(), Some("Left seals"));
    assert_eq!(
        (&recorded.mode, &recorded.system, &recorded.status),
        (&None, &None, &None)
    );
    assert_eq!(
        sealed.content.required_start, None,
        "a day is no start of work"
    );
}

#[tokio::test]
async fn spellings_of_a_place_are_one_location_below_its_machine() {
    let desk = Desk::new().await;
    let before = desk.standing();
    let report = desk.import(SHEET, &mapping());
    assert_eq!(report.places, (2, 1), "two spellings are one place");
    let rows = news(&before, &desk.standing());
    let location = |code: &str| {
        let mut rows = rows.iter();
        rows.find_map(|row| match row {
            Row::Location(location) if location.code == code => Some(location.clone()),
            _ => None,
        })
        .unwrap()
    };
    let (machine, seal) = (location("P-204A"), location("P-204A/left-seal"));
    assert_eq!(
        (seal.parent, seal.name.as_str()),
        (Some(machine.id), "SEAL - LEFT")
    );
    let at_seal = |row: &&Row| matches!(row, Row::WorkOrder(row) if row.location == Some(seal.id));
    assert_eq!(rows.iter().filter(at_seal).count(), 3);
}

#[tokio::test]
async fn twice_is_the_same_as_once() {
    let desk = Desk::new().await;
    desk.import(SHEET, &mapping());
    let once = desk.standing();
    let again = desk.import(SHEET, &mapping());
    assert_eq!(
        (again.count(Standing::Taken), again.count(Standing::There)),
        (0, 4)
    );
    assert_eq!(desk.standing(), once);
    // Line ends and a byte order mark are no content; another file with the same rows has the same.
    let windows = format!("\u{FEFF}{}", SHEET.replace('\n', "\r\n"));
    let windows = desk.import(&windows, &mapping());
    assert_eq!(windows.count(Standing::There), 4);
    assert_eq!(
        nouns(&news(&once, &desk.standing()))
            .into_iter()
            .collect::<Vec<_>>(),
        [("import", 1)]
    );
    // Another name of the mapping makes other orders.
    let text = super::MAPPING.replace("\"sheet\"", "\"other\"");
    let other = desk.import(SHEET, &Mapping::read(&text).unwrap());
    assert_eq!(other.count(Standing::Taken), 4);
}

#[tokio::test]
async fn a_preview_judges_everything_and_changes_nothing() {
    let desk = Desk::new().await;
    let before = desk.standing();
    let seen = desk.preview(SHEET, &mapping());
    assert_eq!(
        (seen.count(Standing::Taken), desk.standing() == before),
        (4, true)
    );
    assert!(seen.to_string().contains("nothing was changed"), "{seen}");
    let done = desk.import(SHEET, &mapping());
    assert_eq!(
        done.rows, seen.rows,
        "what the preview says is what happens"
    );
    let after = desk.standing();
    let seen = desk.preview(SHEET, &mapping());
    assert_eq!(
        (seen.count(Standing::There), desk.standing() == after),
        (4, true)
    );
}

#[tokio::test]
async fn an_import_is_taken_back_as_a_whole_and_can_come_again() {
    let desk = Desk::new().await;
    let mut laptop = desk.world.desk("kowalska", 1).await;
    let before = desk.standing();
    let first = desk.import(SHEET, &mapping());
    let whole = desk.standing();
    laptop.sync(&desk.world).await;
    // Two rows stand in another file as well, which brought them, too.
    let shared: Vec<_> = SHEET.lines().take(3).collect();
    let second = desk.import(&shared.join("\n"), &mapping());
    assert_eq!(second.count(Standing::There), 2);

    assert_eq!(
        desk.undo(&first),
        2 * 3 + 1,
        "two orders of three rows, and the import itself"
    );
    laptop.sync(&desk.world).await;
    let removed = |row: &&(u64, Row)| matches!(row.1, Row::Removed(_));
    assert_eq!(laptop.rows.values().filter(removed).count(), 2 * 2 + 1);
    assert_eq!(
        laptop
            .orders()
            .filter(|row| row.title == "Seal weeps")
            .count(),
        2
    );
    desk.undo(&second);
    assert_eq!(desk.standing(), before);

    let again = desk.import(SHEET, &mapping());
    assert_eq!(again.count(Standing::Taken), 4);
    assert_eq!(desk.standing(), whole, "everything is back");
    let known = desk.hub().read(|core| core.imports()).unwrap();
    let undone: Vec<_> = known
        .iter()
        .map(|known| known.undone_at.is_some())
        .collect();
    assert_eq!(
        (known.len(), undone.iter().filter(|undone| **undone).count()),
        (2, 1)
    );
    let twice = fettle_hub::import::undo(&mut desk.hub(), second.id, super::now(), || true);
    assert_eq!(twice.unwrap().unwrap_err().code, "import.undone");
}

#[tokio::test]
async fn a_row_is_refused_with_its_line_and_reason_and_the_others_are_taken() {
    let desk = Desk::new().await;
    let rows = [
        (
            "x",
            "it has another number of fields than the header: 1, not 6",
        ),
        (
            "02/01/2010;pump;N;R;1;-",
            "\"02/01/2010\" is not a date in a format of the mapping",
        ),
        (
            "01.02.2010;fan;N;R;1;-",
            "the mapping names no asset \"fan\"",
        ),
        ("01.02.2010;pump;-;R;1;-", "it has no title"),
        (
            "01.02.2010;pump;N;R;1,005;-",
            "the cost \"1.005\" is finer than the currency's smallest coin",
        ),
        (
            "01.02.2010;pump;N;R;1.0;-",
            "the cost \"1.0\" is not a number: its thousands are not in threes",
        ),
        (
            "01.02.2010;pump;N;R;1e3;-",
            "the cost \"1e3\" is not a number",
        ),
        (
            "01.02.2010;pump;N;X;1;-",
            "the columns are shifted: Type holds \"X\"",
        ),
        (
            "01.02.2010;pump;N;R;1;-;-",
            "it has another number of fields than the header: 7, not 6",
        ),
    ];
    let lines: Vec<_> = rows.iter().map(|(row, _)| *row).collect();
    let text = format!(
        "{HEADER}\n{}\n01.02.2010;pump;Good;R;1;-\n",
        lines.join("\n")
    );
    let report = desk.import(&text, &mapping());
    let expected: Vec<_> = (2..).zip(rows.iter().map(|(_, says)| *says)).collect();
    assert_eq!(refusals(&report), expected);
    assert_eq!((report.rows.len(), report.taken()), (10, 1));
    let mut csv = Vec::new();
    report.write_rows(&mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(
        csv.lines().count(),
        11,
        "every row is accounted for:\n{csv}"
    );
    assert!(csv.contains("\n5,refused,it has no title,\n"), "{csv}");
}

#[tokio::test]
async fn shifted_columns_are_put_into_place() {
    let desk = Desk::new().await;
    for (row, title) in [
        ("01.02.2010;pump;won;t start;R;9,46;x", "won;t start"),
        ("01.02.2010;pump;won;t begin;R;9,46", "won;t begin"),
        ("01.02.2010;pump;'won;t stop';R;9,46;x", "won;t stop"),
    ] {
        let before = desk.standing();
        let report = desk.import(&format!("{HEADER}\n{row}\n"), &mapping());
        let why = &report.repaired().next().unwrap().why;
        assert!(
            why.ends_with("cut at the delimiter; its halves are joined, cost EUR 9.46"),
            "{why}"
        );
        let rows = news(&before, &desk.standing());
        assert!(
            rows.iter()
                .any(|new| matches!(new, Row::WorkOrder(new) if new.title == title))
        );
    }
}

#[tokio::test]
async fn history_of_a_machine_nobody_knows_is_refused() {
    let desk = Desk::new().await;
    let text = super::MAPPING.replace("P-204A", "P-999");
    let report = desk.import(SHEET, &Mapping::read(&text).unwrap());
    let says = "plant 1200 knows no asset \"P-999\": import assets first";
    assert_eq!((report.taken(), refusals(&report)[0]), (0, (2, says)));
    assert!(desk.hub().read(|core| core.imports()).unwrap().is_empty());
}
