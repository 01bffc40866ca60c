//! Attachments: what is said about them, where their bytes go, and what is taken out of pictures.

use fettle_domain::attachment::{MediaType, without_position};
use fettle_sync::attachment::{
    Chunk, ChunkTaken, Have, Held, Intake, Offer, Pace, Progress, Transfer, Wanted,
};
use fettle_sync::frame::from_cbor;

use super::wrap::again;

/// Offers and answers, ranges as headers carry them, and pieces of a content as they arrive.
pub(super) fn attachment(bytes: &[u8]) {
    if let Ok(offer) = from_cbor::<Offer>(bytes) {
        let _ = offer.check();
        again(&offer);
    }
    if let Ok(taken) = from_cbor::<ChunkTaken>(bytes) {
        again(&taken);
    }
    if let Ok(have) = from_cbor::<Have>(bytes) {
        again(&have);
        for place in 0..=bytes.len() * 8 {
            send(1, have.at(place), bytes);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        take_range(text);
    }
    take_pieces(bytes);
    if let Some((size, answers)) = bytes.split_first_chunk() {
        let size = u64::from(u32::from_be_bytes(*size));
        send(size, Held::Part(0), answers);
    }
}

/// What is read as a range reads the same as written, and stays within the content.
fn take_range(text: &str) {
    if let Ok(chunk) = text.parse::<Chunk>() {
        assert!(chunk.length > 0 && chunk.length <= chunk.size - chunk.offset);
        assert_eq!(chunk.to_string().parse(), Ok(chunk));
    }
    if let Ok(wanted) = text.parse::<Wanted>() {
        assert_eq!(wanted.to_string().parse(), Ok(wanted));
    }
}

/// Pieces of a content in any order, twice or too long: what is held is its beginning.
fn take_pieces(content: &[u8]) {
    let Ok(mut intake) = Intake::new(content.len() as u64, 0) else {
        assert!(content.is_empty(), "an input is no large attachment");
        return;
    };
    let mut held = Vec::new();
    for piece in content.chunks_exact(2) {
        let (offset, length) = (usize::from(piece[0]), usize::from(piece[1]));
        match content.get(offset..offset + length) {
            Some(bytes) if offset <= held.len() => {
                let placed = intake.take(offset as u64, length).expect("it has a place");
                assert_eq!(placed.at, held.len() as u64);
                held.extend_from_slice(&bytes[placed.skip..]);
            }
            Some(_) | None => {
                let taken = intake.take(offset as u64, length);
                taken.expect_err("a gap, or beyond the end");
            }
        }
        assert_eq!(intake.received(), held.len() as u64);
        assert!(content.starts_with(&held));
        assert_eq!(intake.is_full(), held.len() == content.len());
    }
}

/// Whatever a hub answers, a desk sends what the content has.
fn send(size: u64, held: Held, answers: &[u8]) {
    let mut transfer = Transfer::new(size, held);
    for answer in answers.chunks_exact(9) {
        let pace = Pace::new();
        let Progress::Next(chunk) = transfer.progress(pace) else {
            return;
        };
        assert_eq!(chunk.size, size);
        assert!(chunk.length > 0 && chunk.length <= pace.chunk_bytes());
        assert!(chunk.length <= size - chunk.offset);
        let (received, is_whole) = answer.split_at(8);
        transfer.taken(ChunkTaken {
            received: u64::from_be_bytes(received.try_into().expect("eight bytes")),
            is_whole: is_whole[0] & 1 == 1,
        });
    }
}

/// A picture without its position is of the same kind, barely larger, and has no more to lose.
pub(super) fn picture(bytes: &[u8]) {
    let Some(kind) = MediaType::of_content(bytes) else {
        return;
    };
    let Ok(kept) = without_position(kind, bytes) else {
        return;
    };
    assert_eq!(MediaType::of_content(&kept), Some(kind));
    assert!(kept.len() <= bytes.len() + TURN_MAX_BYTES);
    let again = without_position(kind, &kept).expect("a clean picture is whole");
    assert!(again == kept, "a clean picture stays as it is");
}

/// What the turn of a picture takes, written anew.
const TURN_MAX_BYTES: usize = 64;
