//! Wrappings an attacker can make: whoever sends bytes can also compute what guards them.

use fettle_sync::PROTOCOL_VERSION;
use fettle_sync::frame::{Decoder, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// What a chunk of Automerge's holds.
#[derive(Clone, Copy)]
pub(crate) enum Chunk {
    Document = 0,
    Change = 1,
}

/// A chunk of Automerge's with the checksum its content has.
pub(crate) fn chunk(kind: Chunk, content: &[u8]) -> Vec<u8> {
    let mut inner = vec![kind as u8];
    let mut length = content.len();
    while length >= 0x80 {
        inner.push(length as u8 | 0x80);
        length >>= 7;
    }
    inner.push(length as u8);
    inner.extend_from_slice(content);
    let mut chunk = MAGIC.to_vec();
    chunk.extend_from_slice(&Sha256::digest(&inner)[..4]);
    chunk.extend(inner);
    chunk
}

/// A frame that holds these bytes.
pub(crate) fn frame(raw: &[u8]) -> Vec<u8> {
    let packed = zstd::bulk::compress(raw, 1).expect("anything is compressed");
    let mut frame = vec![b'F'];
    frame.extend(PROTOCOL_VERSION.to_be_bytes());
    frame.extend((packed.len() as u32).to_be_bytes());
    frame.extend((raw.len() as u32).to_be_bytes());
    frame.extend(packed);
    frame
}

/// What was read is written, and read the same again.
pub(crate) fn again<T>(value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let frame = match encode(value) {
        Ok(frame) => frame,
        // What was read from fewer bytes than a frame may have, may still not fit into one.
        Err(_) => return,
    };
    let mut decoder = Decoder::default();
    decoder.push(&frame);
    let read = decoder.next_frame::<T>().expect("what is written is read");
    assert_eq!(read.as_ref(), Some(value));
    assert!(decoder.is_empty(), "a frame ends where it says");
}
