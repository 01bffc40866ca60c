//! Attachments: wherever a transfer is cut, it ends with the right content or with none.

use fettle_domain::ContentHash;
use fettle_domain::attachment::ATTACHMENT_MAX_BYTES;
use fettle_sync::attachment::{
    BadChunk, Bitmap, Chunk, ChunkTaken, Have, Held, Intake, Offer, Pace, Placed, Progress,
    Transfer, Wanted,
};
use fettle_sync::frame::{from_cbor, to_cbor};
use fettle_sync::limits::{CHUNK_BAD_LINK_BYTES, CHUNK_GOOD_LINK_BYTES, OFFER_CONTENTS_MAX};
use proptest::collection::vec;
use proptest::prelude::*;

/// A hub that holds one content as its rule says: partial bytes, then a file or nothing.
#[derive(Default)]
struct Receiver {
    partial: Vec<u8>,
    whole: Option<Vec<u8>>,
}

impl Receiver {
    fn held(&self) -> Held {
        match &self.whole {
            Some(_) => Held::Whole,
            None => Held::Part(self.partial.len() as u64),
        }
    }

    /// Takes the part of a chunk that arrived.
    fn take(&mut self, content: ContentHash, chunk: Chunk, bytes: &[u8]) -> ChunkTaken {
        if self.whole.is_none()
            && let Ok(mut intake) = Intake::new(chunk.size, self.partial.len() as u64)
        {
            if let Ok(placed) = intake.take(chunk.offset, bytes.len()) {
                self.partial.extend_from_slice(&bytes[placed.skip..]);
            }
            if intake.is_full() {
                let partial = std::mem::take(&mut self.partial);
                self.whole = (ContentHash::of(&partial) == content).then_some(partial);
            }
        }
        ChunkTaken {
            received: self.partial.len() as u64,
            is_whole: self.whole.is_some(),
        }
    }
}

#[derive(Debug, Clone)]
enum Fate {
    Arrives,
    /// Cut after so many thousandths of the chunk.
    Cut(u16),
    AnswerLost,
    Twice,
    /// The hub lost power: the end of what it had is gone, or is nothing but zeros.
    PowerLost {
        keeps: u16,
        is_zeroed: bool,
    },
    /// One byte was changed on the way.
    Spoilt,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Arrives),
        2 => (0..1000_u16).prop_map(Fate::Cut),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::Twice),
        1 => (0..1000_u16, any::<bool>())
            .prop_map(|(keeps, is_zeroed)| Fate::PowerLost { keeps, is_zeroed }),
        1 => Just(Fate::Spoilt),
    ]
}

fn share(length: usize, thousandths: u16) -> usize {
    length * usize::from(thousandths) / 1000
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_pattern_of_cuts_ends_with_the_right_content(
        size in 1..400_000_usize,
        fates in vec(fate(), 0..40),
        is_good in any::<bool>(),
    ) {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 31 % 251) as u8).collect();
        let content = ContentHash::of(&bytes);
        let mut hub = Receiver::default();
        let mut pace = Pace::new();
        let mut fates = fates.into_iter();
        let mut transfer = Transfer::new(size as u64, hub.held());
        let mut sent = 0;
        loop {
            if is_good {
                pace.went(1_000_000, 1);
            }
            let chunk = match transfer.progress(pace) {
                Progress::Next(chunk) => chunk,
                Progress::Whole => break,
                Progress::Spoilt => {
                    // The next round asks again what is held.
                    transfer = Transfer::new(size as u64, hub.held());
                    continue;
                }
                Progress::NotNamed => unreachable!("it is named"),
            };
            sent += 1;
            prop_assert!(sent < 400, "it does not converge");
            let from = usize::try_from(chunk.offset).unwrap();
            let part = &bytes[from..from + usize::try_from(chunk.length).unwrap()];
            let asks_again = match fates.next() {
                None | Some(Fate::Arrives) => {
                    transfer.taken(hub.take(content, chunk, part));
                    false
                }
                Some(Fate::Cut(keeps)) => {
                    hub.take(content, chunk, &part[..share(part.len(), keeps)]);
                    true
                }
                Some(Fate::AnswerLost) => {
                    hub.take(content, chunk, part);
                    true
                }
                Some(Fate::Twice) => {
                    hub.take(content, chunk, part);
                    transfer.taken(hub.take(content, chunk, part));
                    false
                }
                Some(Fate::PowerLost { keeps, is_zeroed }) => {
                    let length = share(hub.partial.len(), keeps);
                    if is_zeroed {
                        hub.partial[length..].fill(0);
                    } else {
                        hub.partial.truncate(length);
                    }
                    true
                }
                Some(Fate::Spoilt) => {
                    let mut spoilt = part.to_vec();
                    spoilt[0] ^= 1;
                    transfer.taken(hub.take(content, chunk, &spoilt));
                    false
                }
            };
            if asks_again {
                pace.lost();
                transfer = Transfer::new(size as u64, hub.held());
            }
            // Never a file that is not what its name says.
            if let Some(whole) = &hub.whole {
                prop_assert_eq!(ContentHash::of(whole), content);
            }
        }
        prop_assert_eq!(hub.whole.as_deref(), Some(bytes.as_slice()));
    }

    #[test]
    fn whatever_a_stranger_sends_never_becomes_a_file_of_another_name(
        wrong in vec(any::<u8>(), 1..200),
        at in 0..4_u64,
    ) {
        let content = ContentHash::of(b"what was photographed");
        let mut hub = Receiver::default();
        if let Some(chunk) = Chunk::new(at, wrong.len() as u64, at + wrong.len() as u64) {
            let taken = hub.take(content, chunk, &wrong);
            prop_assert!(!taken.is_whole);
            prop_assert_eq!(taken.received, 0);
        }
    }

    #[test]
    fn ranges_are_read_as_they_are_written(offset in 0..1_u64 << 40, length in 1..1_u64 << 40) {
        let chunk = Chunk::new(offset, length, offset + length + 7).unwrap();
        prop_assert_eq!(chunk.to_string().parse(), Ok(chunk));
        let wanted = Wanted { offset, length };
        prop_assert_eq!(wanted.to_string().parse(), Ok(wanted));
    }

    #[test]
    fn no_text_makes_a_range_that_goes_beyond(text in "(bytes[ =])?[0-9]{0,22}-[0-9+]{0,22}(/[0-9]{0,22})?") {
        if let Ok(chunk) = text.parse::<Chunk>() {
            prop_assert!(chunk.length > 0 && chunk.offset + chunk.length <= chunk.size);
        }
        if let Ok(wanted) = text.parse::<Wanted>() {
            prop_assert!(wanted.length > 0);
        }
    }

    #[test]
    fn any_bytes_are_an_answer_or_none_and_never_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(have) = from_cbor::<Have>(&bytes) {
            // Beyond its end a bitmap says nothing, however long the offer was.
            prop_assert_eq!(have.at(8 * bytes.len() + 8), Held::NotNamed);
        }
        if let Ok(offer) = from_cbor::<Offer>(&bytes) {
            prop_assert!(offer.check().is_ok());
        }
    }
}

#[test]
fn one_answer_says_of_every_content_how_it_stands() {
    let mut have = Have::nothing(10);
    have.whole.set(3);
    have.named.set(3);
    have.named.set(9);
    have.received.insert(9, 70_000);
    let read: Have = from_cbor(&to_cbor(&have).unwrap()).unwrap();
    assert_eq!(read.at(3), Held::Whole);
    assert_eq!(read.at(9), Held::Part(70_000));
    assert_eq!(read.at(0), Held::NotNamed);
    assert_eq!(read.at(10_000), Held::NotNamed);
    let mut bits = Bitmap::new(1);
    bits.set(100);
    assert_eq!(bits, Bitmap::new(1));
}

#[test]
fn an_offer_has_an_end() {
    let offer = |contents| Offer {
        contents: vec![ContentHash([1; 32]); contents],
    };
    assert!(offer(OFFER_CONTENTS_MAX).check().is_ok());
    assert!(offer(OFFER_CONTENTS_MAX + 1).check().is_err());
}

#[test]
fn bytes_go_on_where_they_stopped_and_leave_no_hole() {
    let mut intake = Intake::new(100, 40).unwrap();
    assert_eq!(intake.take(41, 10), Err(BadChunk::Gap));
    assert_eq!(intake.take(30, 20), Ok(Placed { skip: 10, at: 40 }));
    assert_eq!(intake.take(0, 20), Ok(Placed { skip: 20, at: 50 }));
    assert_eq!(intake.take(50, 51), Err(BadChunk::Beyond));
    assert_eq!(intake.take(u64::MAX, 1), Err(BadChunk::Gap));
    assert_eq!(intake.received(), 50);
    intake.take(50, 50).unwrap();
    assert!(intake.is_full());
    for (size, received) in [(0, 0), (ATTACHMENT_MAX_BYTES + 1, 0), (10, 11)] {
        assert_eq!(Intake::new(size, received), Err(BadChunk::Beyond));
    }
}

#[test]
fn chunks_are_small_until_the_link_is_known_to_be_good() {
    let mut pace = Pace::new();
    assert_eq!(pace.chunk_bytes(), CHUNK_BAD_LINK_BYTES);
    pace.went(64_000, 500);
    assert_eq!(pace.chunk_bytes(), CHUNK_GOOD_LINK_BYTES);
    pace.went(256_000, 12_000);
    assert_eq!(pace.chunk_bytes(), CHUNK_BAD_LINK_BYTES);
    pace.went(64_000, 0);
    pace.lost();
    assert_eq!(pace.chunk_bytes(), CHUNK_BAD_LINK_BYTES);
}

#[test]
fn a_content_that_is_never_right_is_given_up() {
    let mut transfer = Transfer::new(10, Held::Part(0));
    let refused = ChunkTaken {
        received: 0,
        is_whole: false,
    };
    for _ in 0..4 {
        assert!(matches!(transfer.progress(Pace::new()), Progress::Next(_)));
        transfer.taken(refused);
    }
    assert_eq!(transfer.progress(Pace::new()), Progress::Spoilt);
}
