//! What a later program wrote: the hub refuses it and harms nothing.

use std::path::Path;

use fettle_domain::Timestamp;
use fettle_hub::core::{Hub, StoreFault};
use fettle_sync::exchange::{BadExchange, Up, UpExchange, UpHead};
use fettle_sync::frame::{BadFrame, encode};
use rusqlite::Connection;

use crate::world::policy;

/// Notes a migration that this program does not have, as a later one would.
fn write_later_migration(file: &Path) {
    let connection = Connection::open(file).unwrap();
    connection
        .execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (99991231000000, 'split_the_log', '2099-12-31T00:00:00Z', '7')",
            [],
        )
        .unwrap();
}

#[test]
fn a_file_of_a_later_hub_is_refused_unharmed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.db");
    drop(Hub::open(Some(&file), policy()).unwrap());
    write_later_migration(&file);
    let before = std::fs::read(&file).unwrap();
    let refused = Hub::open(Some(&file), policy());
    assert!(matches!(refused.err(), Some(StoreFault::Migrate(_))));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn frames_of_a_later_protocol_are_refused_as_such() {
    let head = Up::Head(UpHead {
        log_epoch: None,
        device_time: Timestamp::from_ms(0),
        cursors: std::collections::BTreeMap::new(),
        budget_bytes: 1,
        reader: None,
        asks_sums: false,
    });
    let mut request = encode(&head).unwrap();
    request[1..3].copy_from_slice(&2_u16.to_be_bytes());
    let refused = UpExchange::decode(&request);
    assert_eq!(refused, Err(BadExchange::Frame(BadFrame::Version(2))));
}
