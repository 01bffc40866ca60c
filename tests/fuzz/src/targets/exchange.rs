//! Requests of a desk and answers of a hub.

use std::collections::BTreeMap;

use fettle_domain::Timestamp;
use fettle_domain::row::Row;
use fettle_sync::exchange::{Cursor, Down, Push, Up, UpExchange, UpHead};
use fettle_sync::frame::{Decoder, encode, from_cbor};

use super::wrap::{again, frame};

/// A request: what is read of it is written and read the same again.
pub(super) fn up(bytes: &[u8]) {
    let _ = UpExchange::decode(bytes);
    let _ = from_cbor::<UpHead>(bytes);
    if let Ok(up) = from_cbor::<Up>(bytes) {
        again(&up);
    }
    let mut request = head();
    request.extend(frame(bytes));
    let Ok(exchange) = UpExchange::decode(&request) else {
        return;
    };
    assert!(exchange.pushes.len() + exchange.offers.len() == 1);
    exchange.pushes.iter().for_each(take_push);
    request.pop();
    let cut = UpExchange::decode(&request).expect("a cut loses the cut frame alone");
    assert!(cut.is_cut && cut.pushes.is_empty() && cut.offers.is_empty());
}

fn take_push(push: &Push) {
    for item in &push.items {
        let _ = item.linked(|_| [0; 32]);
    }
}

/// An answer, and a row as files keep it.
pub(super) fn down(bytes: &[u8]) {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    while let Ok(Some(_)) = decoder.next_with(Down::read) {}
    if let Ok(row) = from_cbor::<Row>(bytes) {
        let _ = (row.key(), row.noun(), row.order(), row.is_restricted());
        again(&row);
    }
    let Ok(down) = Down::read(bytes) else {
        return;
    };
    // A row of a later program is kept as it came and never written.
    if from_cbor::<Down>(bytes).is_ok() {
        again(&down);
    }
    let mut decoder = Decoder::default();
    decoder.push(&frame(bytes));
    let read = decoder.next_with(Down::read);
    assert_eq!(read, Ok(Some(down)), "a frame holds what was packed");
}

/// The smallest head an exchange begins with.
fn head() -> Vec<u8> {
    encode(&Up::Head(UpHead {
        log_epoch: None,
        device_time: Timestamp::from_ms(0),
        cursors: BTreeMap::from([(1, Cursor::NOTHING)]),
        budget_bytes: 1,
        reader: None,
        asks_sums: false,
    }))
    .expect("a head is a frame")
}
