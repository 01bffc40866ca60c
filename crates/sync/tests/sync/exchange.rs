//! An exchange as the hub reads it.

use std::collections::BTreeMap;

use fettle_domain::row::Row;
use fettle_domain::{ActorId, DocumentId, Timestamp};
use fettle_sync::chain::LinkSignature;
use fettle_sync::exchange::{
    BadExchange, Cursor, Down, FeedItem, Push, PushItem, Slice, Up, UpExchange, UpHead,
};
use fettle_sync::frame::{BadFrame, encode, to_cbor};
use fettle_sync::limits::{CHANGE_MAX_BYTES, FEEDS_MAX};
use fettle_sync::reader::{Reader, ReaderProof};
use proptest::prelude::*;
use serde_bytes::ByteBuf;
use uuid::Uuid;

fn head(feeds: u32) -> Up {
    Up::Head(UpHead {
        log_epoch: Some(1),
        device_time: Timestamp::from_ms(0),
        cursors: (0..feeds)
            .map(|n| (n, Cursor::At(u64::from(n))))
            .collect::<BTreeMap<_, _>>(),
        budget_bytes: 4_000_000,
        reader: None,
        asks_sums: false,
    })
}

fn push(change: Vec<u8>) -> Up {
    Up::Push(Push {
        actor: ActorId([1; 16]),
        first: 1,
        items: vec![PushItem::Change(
            DocumentId(Uuid::from_u128(1)),
            ByteBuf::from(change),
        )],
        signature: LinkSignature([0; 64]),
    })
}

fn stream(frames: &[Up]) -> Vec<u8> {
    frames
        .iter()
        .flat_map(|frame| encode(frame).unwrap())
        .collect()
}

#[test]
fn a_cut_loses_the_cut_frame_alone() {
    let bytes = stream(&[head(3), push(vec![1; 100]), push(vec![2; 100])]);
    let whole = UpExchange::decode(&bytes).unwrap();
    assert_eq!((whole.pushes.len(), whole.is_cut), (2, false));
    let cut = UpExchange::decode(&bytes[..bytes.len() - 1]).unwrap();
    assert_eq!((cut.pushes.len(), cut.is_cut), (1, true));
}

#[test]
fn an_exchange_begins_with_one_head() {
    assert_eq!(UpExchange::decode(&[]), Err(BadExchange::Head));
    assert_eq!(
        UpExchange::decode(&stream(&[push(vec![1])])),
        Err(BadExchange::Head)
    );
    assert_eq!(
        UpExchange::decode(&stream(&[head(1), head(1)])),
        Err(BadExchange::Head)
    );
}

#[test]
fn limits_are_named_when_they_are_exceeded() {
    let feeds = u32::try_from(FEEDS_MAX).unwrap() + 1;
    assert_eq!(
        UpExchange::decode(&stream(&[head(feeds)])),
        Err(BadExchange::Limit("FEEDS_MAX"))
    );
    let large = stream(&[head(1), push(vec![0; CHANGE_MAX_BYTES + 1])]);
    assert_eq!(
        UpExchange::decode(&large),
        Err(BadExchange::Limit("CHANGE_MAX_BYTES"))
    );
}

#[test]
fn a_desk_with_nothing_to_say_needs_few_bytes() {
    let bytes = stream(&[head(10)]);
    assert!(bytes.len() < 125, "{} bytes", bytes.len());
}

#[test]
fn naming_a_reader_costs_a_few_bytes_and_proving_one_is_rare() {
    let size = |proof| stream(&[read_by(head(10), proof)]).len();
    let (none, named) = (stream(&[head(10)]).len(), size(None));
    assert!(named - none < 60, "{} bytes", named - none);
    let proven = size(Some(ReaderProof([9; 64])));
    assert!(proven - named < 80, "{} bytes", proven - named);
}

#[test]
fn restricted_feeds_count_towards_the_limit() {
    let most = u32::try_from(FEEDS_MAX).unwrap();
    let full = stream(&[read_by(head(most - 1), None)]);
    assert_eq!(
        UpExchange::decode(&full),
        Err(BadExchange::Limit("FEEDS_MAX"))
    );
}

/// A head that names a reader of two restricted feeds.
fn read_by(up: Up, proof: Option<ReaderProof>) -> Up {
    let Up::Head(head) = up else {
        panic!("a head");
    };
    Up::Head(UpHead {
        reader: Some(Reader {
            actor: ActorId([
                0x5b, 0x11, 0xe9, 0x42, 0x07, 0xc3, 0x9a, 0x6d, 0x33, 0xf0, 0x81, 0x2c, 0xd5, 0x74,
                0xbe, 0x18,
            ]),
            proof,
            cursors: BTreeMap::from([(700, Cursor::At(1)), (701, Cursor::At(912))]),
        }),
        ..head
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let _ = UpExchange::decode(&bytes);
    }

    #[test]
    fn a_damaged_exchange_is_refused_or_read_without_a_panic(at in 0_usize..10_000, value: u8) {
        let head = read_by(head(3), Some(ReaderProof([5; 64])));
        let mut bytes = stream(&[head, push(vec![7; 300])]);
        let at = at % bytes.len();
        bytes[at] = value;
        let _ = UpExchange::decode(&bytes);
    }
}

#[test]
fn a_row_of_a_later_program_stops_no_slice() {
    let charter = || FeedItem::Row(7, Box::new(Row::Charter("a = 1".to_owned())));
    let slice = Down::Slice(Slice {
        feed: 3,
        items: vec![
            charter(),
            FeedItem::Leave(DocumentId(Uuid::nil())),
            charter(),
        ],
        cursor: Cursor::At(9),
        proof: None,
    });
    let mut raw = to_cbor(&slice).unwrap();
    assert_eq!(Down::read(&raw).unwrap(), slice);
    let known = raw.windows(7).position(|word| word == b"charter").unwrap();
    raw[known..known + 7].copy_from_slice(b"climate");
    let Down::Slice(read) = Down::read(&raw).unwrap() else {
        panic!("a slice is a slice");
    };
    let FeedItem::Unread(7, kept) = &read.items[0] else {
        panic!("the row is kept: {:?}", read.items[0]);
    };
    assert!(kept.windows(7).any(|word| word == b"climate"));
    assert_eq!(
        read.items[1..],
        [FeedItem::Leave(DocumentId(Uuid::nil())), charter()]
    );
    assert_eq!(read.cursor, Cursor::At(9));
}

#[test]
fn anything_else_that_is_unknown_is_no_frame() {
    let slice = Down::Slice(Slice {
        feed: 3,
        items: vec![FeedItem::Leave(DocumentId(Uuid::nil()))],
        cursor: Cursor::At(9),
        proof: None,
    });
    let mut raw = to_cbor(&slice).unwrap();
    let known = raw.windows(5).position(|word| word == b"leave").unwrap();
    raw[known..known + 5].copy_from_slice(b"climb");
    assert!(matches!(Down::read(&raw), Err(BadFrame::Content(_))));
}
