//! Frames: whole, cut, hostile.

use fettle_sync::frame::{BadFrame, Decoder, HEADER_BYTES, encode};
use fettle_sync::limits::FRAME_RAW_MAX_BYTES;
use proptest::prelude::*;

#[test]
fn frames_come_out_as_they_went_in_however_they_are_cut() {
    let texts = ["one", "two", "three"];
    let stream: Vec<u8> = texts
        .iter()
        .flat_map(|text| encode(text).unwrap())
        .collect();
    for size in 1..stream.len() {
        let mut decoder = Decoder::default();
        let mut read = Vec::new();
        for piece in stream.chunks(size) {
            decoder.push(piece);
            while let Some(text) = decoder.next_frame::<String>().unwrap() {
                read.push(text);
            }
        }
        assert_eq!(read, texts);
        assert!(decoder.is_empty());
    }
}

#[test]
fn a_header_that_promises_a_giant_is_refused_before_anything_is_allocated() {
    let mut frame = encode(&"small").unwrap();
    frame[7..HEADER_BYTES].copy_from_slice(&u32::MAX.to_be_bytes());
    let mut decoder = Decoder::default();
    decoder.push(&frame);
    assert_eq!(
        decoder.next_frame::<String>(),
        Err(BadFrame::TooLarge(u32::MAX as usize))
    );
}

#[test]
fn a_frame_that_decompresses_to_more_than_it_says_is_refused() {
    let mut frame = encode(&"x".repeat(100_000)).unwrap();
    frame[7..HEADER_BYTES].copy_from_slice(&10_u32.to_be_bytes());
    let mut decoder = Decoder::default();
    decoder.push(&frame);
    assert_eq!(decoder.next_frame::<String>(), Err(BadFrame::Packed));
}

#[test]
fn too_large_a_value_is_not_encoded() {
    let error = encode(&"x".repeat(FRAME_RAW_MAX_BYTES)).unwrap_err();
    assert!(matches!(error, BadFrame::TooLarge(_)));
}

#[test]
fn another_version_is_named() {
    let mut frame = encode(&"small").unwrap();
    frame[2] = 9;
    let mut decoder = Decoder::default();
    decoder.push(&frame);
    assert_eq!(decoder.next_frame::<String>(), Err(BadFrame::Version(9)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let mut decoder = Decoder::default();
        decoder.push(&bytes);
        let _ = decoder.next_frame::<String>();
    }

    #[test]
    fn a_flipped_bit_is_noticed_or_harmless(at in 0_usize..4000, bit in 0_u8..8) {
        let mut frame = encode(&"a step, a note, a reading".repeat(20)).unwrap();
        let at = at % frame.len();
        frame[at] ^= 1 << bit;
        let mut decoder = Decoder::default();
        decoder.push(&frame);
        let _ = decoder.next_frame::<String>();
    }
}
