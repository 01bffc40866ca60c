//! Hub files of released versions: they open, what they hold is whole, and work goes on over them.
//!
//! A new version adds a folder; files of an older one are never written again. `FETTLE_GOLDEN=write`
//! writes the files of the present version where they are missing.

mod fixture;
mod masters;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fettle_domain::intent::Decision;
use fettle_domain::person::Role;
use fettle_domain::row::{Outcome, Row, Subject};
use fettle_domain::work_order::Status;
use fettle_hub::core::{Hub, SecretBytes, is_password, verify_backup};
use fettle_hub::effect::Call;
use fettle_sync::chain::Position;
use fettle_sync::exchange::{Down, DownHead};
use fettle_sync::frame::Decoder;
use fettle_sync::request::{HexKey, SignInRequest};

use crate::desk::Desk;
use crate::world::PASSWORD;
use fixture::{CLAIM, LABOUR, PART, exchange, key, noon, policy};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hub/golden/v1")
}

/// Writes the files where they are missing and it is asked for; never over old ones.
fn write_missing() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(write_where_asked);
}

fn write_where_asked() {
    let is_asked = std::env::var("FETTLE_GOLDEN").is_ok_and(|word| word == "write");
    if !is_asked || folder().exists() {
        return;
    }
    let made = tempfile::tempdir().unwrap();
    let file = made.path().join("hub.db");
    let written = fixture::write(&file);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::create_dir_all(folder()).unwrap();
    let packed = zstd::bulk::compress(&bytes, 19).unwrap();
    std::fs::write(folder().join("hub.db.zst"), packed).unwrap();
    std::fs::write(folder().join("push.frames"), written.request).unwrap();
    let position = serde_json::to_string(&written.position).unwrap();
    std::fs::write(folder().join("position.json"), position + "\n").unwrap();
}

/// The file of version 1 where it may be written to.
fn opened(folder_for_it: &Path) -> (Hub, PathBuf) {
    write_missing();
    let packed = std::fs::read(folder().join("hub.db.zst")).unwrap();
    let file = folder_for_it.join("hub.db");
    std::fs::write(&file, zstd::bulk::decompress(&packed, 16 << 20).unwrap()).unwrap();
    (Hub::open(Some(&file), policy()).unwrap(), file)
}

/// The desk that worked when the file was written, signed in again.
fn desk(hub: &mut Hub) -> Desk {
    let info = hub
        .read(|core| core.authenticate(&HexKey([12; 32]), noon()))
        .unwrap()
        .unwrap();
    let request = SignInRequest {
        device: info.device.id,
        device_secret: HexKey([11; 32]),
        credentials: fixture::credentials(),
        person_key: HexKey(key().verifying_key().to_bytes()),
    };
    let session = hub
        .write(|core| core.sign_in(&request, true, SecretBytes([13; 32]), noon()))
        .unwrap()
        .unwrap();
    let position = std::fs::read(folder().join("position.json")).unwrap();
    let mut desk = Desk::of(session, request.device_secret, info, key());
    desk.position = serde_json::from_slice::<Position>(&position).unwrap();
    desk
}

fn head_of(answer: &[u8]) -> DownHead {
    let mut decoder = Decoder::default();
    decoder.push(answer);
    match decoder.next_frame().unwrap() {
        Some(Down::Head(head)) => head,
        Some(Down::Slice(_) | Down::End { .. }) | None => panic!("no head"),
    }
}

#[test]
fn a_hub_of_version_1_opens_with_its_people_and_devices() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hub, file) = opened(folder.path());
    let people = hub.read(|core| core.people()).unwrap();
    let people: Vec<_> = people
        .iter()
        .map(|account| (account.account.as_str(), account.person.is_disabled))
        .collect();
    assert_eq!(people, [("kowalska", false), ("left", true)]);
    let hash = hub.read(|core| core.password_hash("kowalska")).unwrap();
    assert!(is_password(PASSWORD, hash.as_deref()));
    let mut devices = hub.read(|core| core.devices()).unwrap();
    devices.sort_by(|one, other| one.name.cmp(&other.name));
    let devices: Vec<_> = devices
        .iter()
        .map(|device| (device.name.as_str(), device.revoked_at.is_some()))
        .collect();
    assert_eq!(devices, [("HW-1", false), ("HW-2", true)]);
    let revoked = hub.read(|core| core.authenticate(&HexKey([22; 32]), noon()));
    assert_eq!(revoked.unwrap().unwrap_err().code, "device.revoked");
    let told = hub.read(|core| core.backed_up_through()).unwrap();
    assert!(told.is_some_and(|through| through < noon()));
    // A code that was printed and not used still enrols.
    let enrolled = fixture::enrol(&mut hub, 3, "kowalska");
    assert_eq!(
        (enrolled.device.name.as_str(), enrolled.device.code.as_str()),
        ("HW-3", "03")
    );
    drop(hub);
    let report = verify_backup(&file).unwrap();
    assert_eq!((report.log_epoch, report.faults), (1, Vec::new()));
}

#[test]
fn a_hub_of_version_1_holds_every_change_claim_and_effect() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hub, _) = opened(folder.path());
    let totals = hub.read(|core| core.totals()).unwrap();
    assert_eq!((totals.orders, totals.held_changes), (1, 1));
    assert_eq!((totals.waiting_intents, totals.quarantined), (1, 1));
    let effects: Vec<_> = totals
        .effects
        .iter()
        .map(|(system, state, count)| (system.as_str(), state.as_str(), *count))
        .collect();
    assert_eq!(
        effects,
        [
            ("CMMS", "recorded", 1),
            ("ERP", "posted", 1),
            ("ERP", "rejected", 1)
        ]
    );

    let mut desk = desk(&mut hub);
    exchange(&mut hub, &mut desk, Vec::new());
    let row = desk.orders().next().unwrap().clone();
    assert_eq!(
        (row.title.as_str(), row.status.status, row.status.revision),
        ("Seal weeps", Status::Inprg, 2)
    );
    let order = hub.read(|core| core.work_order(row.id)).unwrap().unwrap();
    assert_eq!(order.content.notes[0].entry.text, "Seal face worn");
    assert_eq!(order.content.labour[0].id, LABOUR);
    assert_eq!(order.content.parts_used[0].id, PART);
    assert_eq!(order.content.tasks[0].steps.len(), 2);
    let verdict = desk.rows.values().find_map(|(_, row)| match row {
        Row::Verdict(verdict) if verdict.intent == CLAIM => Some(verdict.decision.clone()),
        _ => None,
    });
    assert_eq!(verdict, Some(Decision::Accepted));
    for outcome in desk.outcomes(row.id) {
        match (&outcome.outcome, outcome.subject) {
            (Outcome::Accepted { number }, Subject::Entry(LABOUR)) => {
                assert_eq!(number, "5000000401");
            }
            (Outcome::Refused { code, .. }, Subject::Entry(PART)) => {
                assert_eq!(code, "NOT_ENOUGH_STOCK");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(desk.outcomes(row.id).len(), 2);
    // What waited to be sent is sent: the claim's status, to the number the CMMS knows.
    let claimed = hub.due_effects(noon().plus_ms(60_000), 8).unwrap();
    let calls: Vec<_> = claimed.iter().map(|effect| &effect.call).collect();
    assert!(
        matches!(calls[..], [Call::SetStatus(change)] if change.order == "4182207"),
        "{calls:?}"
    );
}

/// Nobody reads amounts without a proof, so what is kept of them is looked up in the file.
#[test]
fn a_hub_of_version_1_keeps_prices_and_costs_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (_, file) = opened(folder.path());
    let rows = "SELECT feed.name, count(*) FROM official_row JOIN feed ON feed = feed.number
                WHERE feed.name IN ('plant/1200/prices', 'plant/1200/costs') GROUP BY 1 ORDER BY 1";
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection.prepare(rows).unwrap();
    let held: Vec<(String, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let expected = ["plant/1200/costs", "plant/1200/prices"].map(|name| (name.to_owned(), 1));
    assert_eq!(held, expected);
}

#[test]
fn work_goes_on_over_a_hub_of_version_1() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hub, _) = opened(folder.path());
    let mut desk = desk(&mut hub);
    let before = hub.read(|core| core.totals()).unwrap();
    // The same bytes again change nothing and are acknowledged as they were.
    let request = std::fs::read(self::folder().join("push.frames")).unwrap();
    let told = hub.exchange(&desk.info, &request, noon()).unwrap();
    let acknowledged = &head_of(&told).acknowledged[0];
    assert_eq!(
        (acknowledged.through, &acknowledged.stopped),
        (desk.position.count, &None)
    );
    assert_eq!(
        (acknowledged.quarantined.len(), acknowledged.waiting.len()),
        (1, 1)
    );
    assert_eq!(hub.read(|core| core.totals()).unwrap(), before);

    exchange(&mut hub, &mut desk, Vec::new());
    let order = desk.orders().next().unwrap().id;
    let note = fixture::note(&mut desk, order, 9, "Written over an old file");
    let push = desk.push(vec![note]);
    let head = exchange(&mut hub, &mut desk, vec![push]);
    assert_eq!(head.acknowledged[0].through, desk.position.count);
    assert_eq!(head.acknowledged[0].quarantined.len(), 0);
    let content = hub
        .read(|core| core.work_order(order))
        .unwrap()
        .unwrap()
        .content;
    assert_eq!(content.notes.len(), 2);
}

#[test]
fn a_new_file_has_the_tables_of_an_old_one_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let (_, old) = opened(folder.path());
    let new = folder.path().join("new.db");
    drop(Hub::open(Some(&new), Arc::clone(&policy())).unwrap());
    assert_eq!(fixture::tables(&old), fixture::tables(&new));
}

#[test]
fn what_version_1_left_refused_is_one_case_from_the_next_start_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hub, _) = opened(folder.path());
    for _ in 0..2 {
        hub.write(|core| core.recover_effects(noon())).unwrap();
        let cases = hub.read(|core| core.open_cases()).unwrap();
        let owners: Vec<Role> = cases.iter().map(|case| case.owner).collect();
        assert_eq!(owners, [Role::Storekeeper]);
    }
}
