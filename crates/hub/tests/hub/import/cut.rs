//! A run that is cut, and a file of which a byte was changed.

use std::process::{Command, Stdio};

use fettle_hub::import::{Mapping, Source, import, undo};

use super::{Desk, HEADER, SHEET, Standing, mapping, now, source};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fettle-hub");

/// Takes a file in on a connection of its own that is dropped before the step of this number, as a
/// kill drops it; how many steps there were.
fn cut(desk: &Desk, source: &Source, mapping: &Mapping, before: usize) -> usize {
    let mut steps = 0;
    let goes_on = |_| {
        steps += 1;
        steps <= before
    };
    import(&mut desk.hub(), source, mapping, now(), goes_on).unwrap();
    steps
}

/// Cuts an import before durable steps, every one or every so many: nothing is seen, or everything; and the next run ends
/// where one without a cut ends.
fn check_cuts(desk: &Desk, source: &Source, mapping: &Mapping, every: usize) {
    let before = desk.standing();
    let steps = cut(desk, source, mapping, usize::MAX);
    let whole = desk.standing();
    let id = source.import_id(mapping);
    undo(&mut desk.hub(), id, now(), || true).unwrap().unwrap();
    assert_eq!(desk.standing(), before);
    assert!(steps > 3, "{steps} steps");
    let mut seen = Vec::new();
    for step in (0..steps).step_by(every) {
        cut(desk, source, mapping, step);
        let standing = desk.standing();
        assert!(
            standing == before || standing == whole,
            "half of it is seen after step {step}"
        );
        seen.push(standing == whole);
        cut(desk, source, mapping, usize::MAX);
        assert_eq!(
            desk.standing(),
            whole,
            "completed after a cut before step {step}"
        );
        undo(&mut desk.hub(), id, now(), || true).unwrap().unwrap();
    }
    assert!(seen.contains(&false) && seen.contains(&true), "{seen:?}");
}

#[tokio::test]
async fn nobody_sees_half_of_a_file_wherever_its_import_is_cut() {
    let desk = Desk::new().await;
    let rows = (0..1_200).map(|row| format!("01.02.2010;pump;Job {row};R;{row};Place {row}\n"));
    let text = format!("{HEADER}\n{}", rows.collect::<String>());
    check_cuts(&desk, &source(text), &mapping(), 1);
}

#[tokio::test]
async fn the_real_history_is_cut_and_completed() {
    let Some(source) = super::real::source("the excavators, cut in the middle") else {
        return;
    };
    let desk = Desk::new().await;
    check_cuts(&desk, &source, &Mapping::load("excavators").unwrap(), 15);
}

#[tokio::test]
async fn nobody_sees_half_of_what_is_taken_back() {
    let desk = Desk::new().await;
    let rows = (0..700).map(|row| format!("01.02.2010;pump;Job {row};R;{row};-\n"));
    let text = format!("{HEADER}\n{}", rows.collect::<String>());
    let before = desk.standing();
    let report = desk.import(&text, &mapping());
    let whole = desk.standing();
    for limit in 0.. {
        let mut steps = 0;
        let goes_on = || {
            steps += 1;
            steps <= limit
        };
        undo(&mut desk.hub(), report.id, now(), goes_on)
            .unwrap()
            .unwrap();
        let standing = desk.standing();
        if standing == before {
            assert!(limit > 3, "it takes more than {limit} steps");
            return;
        }
        assert_eq!(standing, whole, "after {limit} steps");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_leaves_nothing_and_the_next_one_takes_everything() {
    let desk = Desk::new().await;
    let before = desk.standing();
    let folder = desk.world.folder.path();
    let rows = (0..4_000).map(|row| format!("01.02.2010;pump;Job {row};R;{row};-\n"));
    let file = folder.join("sheet.csv");
    std::fs::write(&file, format!("{HEADER}\n{}", rows.collect::<String>())).unwrap();
    let mapping = folder.join("mapping.toml");
    std::fs::write(&mapping, super::MAPPING).unwrap();
    let command = || {
        let mut command = Command::new(PROGRAM);
        command
            .arg("import")
            .arg(&file)
            .arg("--mapping")
            .arg(&mapping);
        command.arg("--data").arg(folder);
        command
    };
    let mut child = command().stdout(Stdio::null()).spawn().unwrap();
    let connection = rusqlite::Connection::open(&desk.world.file).unwrap();
    let waits = || -> u64 {
        let count = "SELECT count(*) FROM import_stage";
        connection.query_row(count, [], |row| row.get(0)).unwrap()
    };
    while waits() < 1_500 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it was killed"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(desk.standing() == before, "nothing of it is seen");

    let done = command().output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.contains("rows taken 4,000 (4,000 new"), "{said}");
    assert_eq!((desk.standing().len() - before.len(), waits()), (12_001, 0));
}

/// Changes every second byte of the last line of a file, one at a time: each changed file brings its
/// row once and whole, or refuses it with a reason, and is taken back without a trace.
fn check_changed_bytes(desk: &Desk, source: &Source, mapping: &Mapping) {
    let text = source.bytes.trim_ascii_end();
    let begins = text.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let first = import(&mut desk.hub(), source, mapping, now(), |_| true).unwrap();
    assert_eq!(
        first.count(fettle_hub::import::Standing::Refused),
        0,
        "{first}"
    );
    let held = desk.standing();
    let orders = |standing: &Standing| {
        let keys = standing.keys();
        keys.filter(|(_, key)| key.starts_with("work_order/"))
            .count()
    };
    let (mut taken, mut refused) = (0, 0);
    for place in (begins..text.len()).step_by(2) {
        let mut changed = text.to_vec();
        changed[place] ^= 1;
        let changed = Source {
            bytes: changed,
            ..source.clone()
        };
        let Ok(report) = desk.try_import(&changed, mapping) else {
            refused += 1;
            assert!(desk.standing() == held, "a refused file changes nothing");
            continue;
        };
        let last = report.rows.last().unwrap();
        let is_taken = last.standing == fettle_hub::import::Standing::Taken;
        assert!(is_taken || !last.why.is_empty(), "byte {place}: {last:?}");
        let standing = desk.standing();
        assert_eq!(
            orders(&standing),
            orders(&held) + usize::from(is_taken),
            "byte {place}"
        );
        taken += usize::from(is_taken);
        refused += usize::from(!is_taken);
        if report.taken() > 0 {
            desk.undo(&report);
        }
        assert!(desk.standing() == held, "byte {place} leaves no trace");
    }
    assert!(taken > 0 && refused > 0, "{taken} taken, {refused} refused");
}

#[tokio::test]
async fn a_row_with_a_changed_byte_is_another_row_or_none() {
    let desk = Desk::new().await;
    check_changed_bytes(&desk, &source(SHEET), &mapping());
}

#[tokio::test]
async fn a_real_row_with_a_changed_byte_is_another_row_or_none() {
    let Some(source) =
        super::real::source("a row of the excavators with every second byte changed")
    else {
        return;
    };
    let text = String::from_utf8(source.bytes).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let bytes = [lines[0], lines[9], lines[4_247]].join("\n").into_bytes();
    let source = Source { bytes, ..source };
    let desk = Desk::new().await;
    check_changed_bytes(&desk, &source, &Mapping::load("excavators").unwrap());
}
