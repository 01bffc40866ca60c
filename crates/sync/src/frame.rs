//! Frames: independent zstd frames of CBOR, each with a header of fixed length.
//!
//! Layout: `b"F"`, protocol version (u16), packed length (u32), raw length (u32), all big endian,
//! then the zstd frame. Each frame is decoded alone, so a cut loses at most one.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::PROTOCOL_VERSION;
use crate::limits::{DEPTH_MAX, FRAME_PACKED_MAX_BYTES, FRAME_RAW_MAX_BYTES};

const MAGIC: u8 = b'F';
/// Length of a frame's header in bytes.
pub const HEADER_BYTES: usize = 11;
/// Level 3 is zstd's default; higher levels cost the laptop more time than they save on the wire.
const ZSTD_LEVEL: i32 = 3;

/// Why bytes are no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// The first byte is not a frame's.
    #[error("not a frame")]
    NotAFrame,
    /// Another protocol version.
    #[error("protocol version {0} is not spoken here")]
    Version(u16),
    /// Larger than the limits allow.
    #[error("frame of {0} bytes is too large")]
    TooLarge(usize),
    /// Does not decompress to what its header says.
    #[error("frame does not decompress")]
    Packed,
    /// Is not the CBOR expected.
    #[error("frame holds something else: {0}")]
    Content(String),
}

/// Encodes one value as one frame.
///
/// # Errors
/// [`BadFrame::TooLarge`] when it is larger than a frame may be, [`BadFrame::Content`] when it
/// cannot be written as CBOR.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, BadFrame> {
    let raw = to_cbor(value)?;
    if raw.len() > FRAME_RAW_MAX_BYTES {
        return Err(BadFrame::TooLarge(raw.len()));
    }
    let packed = zstd::bulk::compress(&raw, ZSTD_LEVEL).map_err(|_| BadFrame::Packed)?;
    let mut frame = Vec::with_capacity(HEADER_BYTES + packed.len());
    frame.push(MAGIC);
    frame.extend_from_slice(&PROTOCOL_VERSION.to_be_bytes());
    frame.extend_from_slice(&length(packed.len()).to_be_bytes());
    frame.extend_from_slice(&length(raw.len()).to_be_bytes());
    frame.extend_from_slice(&packed);
    Ok(frame)
}

fn length(bytes: usize) -> u32 {
    // Invariant: both lengths are bounded by the limits, far below 4 GiB.
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Encodes a value as CBOR alone.
///
/// # Errors
/// [`BadFrame::Content`] when it cannot be written.
pub fn to_cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, BadFrame> {
    let mut raw = Vec::new();
    ciborium::into_writer(value, &mut raw).map_err(|error| BadFrame::Content(error.to_string()))?;
    Ok(raw)
}

/// Decodes CBOR alone, all of it.
///
/// # Errors
/// [`BadFrame::Content`] when it is something else or bytes are left over.
pub fn from_cbor<T: DeserializeOwned>(mut raw: &[u8]) -> Result<T, BadFrame> {
    let value = ciborium::de::from_reader_with_recursion_limit(&mut raw, DEPTH_MAX)
        .map_err(|error| BadFrame::Content(error.to_string()))?;
    if raw.is_empty() {
        Ok(value)
    } else {
        Err(BadFrame::Content("bytes left over".to_owned()))
    }
}

/// Raw bytes a whole frame says it holds; a frame that holds another length is refused when it is
/// decoded.
///
/// # Errors
/// [`BadFrame`] when it does not begin like a frame.
pub fn raw_length(frame: &[u8]) -> Result<usize, BadFrame> {
    let header = frame
        .first_chunk::<HEADER_BYTES>()
        .ok_or(BadFrame::NotAFrame)?;
    Ok(read_header(header)?.1)
}

/// Decodes exactly one frame.
///
/// # Errors
/// [`BadFrame`] when it is none, or when something follows it.
pub fn decode_one<T: DeserializeOwned>(frame: &[u8]) -> Result<T, BadFrame> {
    let mut decoder = Decoder::default();
    decoder.push(frame);
    match decoder.next_frame()? {
        Some(value) if decoder.is_empty() => Ok(value),
        Some(_) => Err(BadFrame::Content("bytes left over".to_owned())),
        None => Err(BadFrame::NotAFrame),
    }
}

/// Takes frames out of a stream of bytes as they arrive.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    read: usize,
}

impl Decoder {
    /// Adds bytes as they arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// True when nothing is left over: a stream that ends otherwise was cut.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read == self.buffer.len()
    }

    /// Takes the next whole frame; `None` when more bytes are needed.
    ///
    /// # Errors
    /// [`BadFrame`]; the stream is of no more use then.
    pub fn next_frame<T: DeserializeOwned>(&mut self) -> Result<Option<T>, BadFrame> {
        self.next_with(from_cbor)
    }

    /// Takes the next whole frame and reads what it holds; `None` when more bytes are needed.
    ///
    /// # Errors
    /// [`BadFrame`]; the stream is of no more use then.
    pub fn next_with<T>(
        &mut self,
        read: impl FnOnce(&[u8]) -> Result<T, BadFrame>,
    ) -> Result<Option<T>, BadFrame> {
        let rest = &self.buffer[self.read..];
        let Some((header, rest)) = rest.split_first_chunk::<HEADER_BYTES>() else {
            return match rest.first() {
                Some(&first) if first != MAGIC => Err(BadFrame::NotAFrame),
                _ => Ok(None),
            };
        };
        let (packed_len, raw_len) = read_header(header)?;
        let Some(packed) = rest.get(..packed_len) else {
            return Ok(None);
        };
        let raw = zstd::bulk::decompress(packed, raw_len).map_err(|_| BadFrame::Packed)?;
        if raw.len() != raw_len {
            return Err(BadFrame::Packed);
        }
        let value = read(&raw)?;
        self.read += HEADER_BYTES + packed_len;
        Ok(Some(value))
    }
}

fn read_header(header: &[u8; HEADER_BYTES]) -> Result<(usize, usize), BadFrame> {
    let [magic, v0, v1, p0, p1, p2, p3, r0, r1, r2, r3] = *header;
    if magic != MAGIC {
        return Err(BadFrame::NotAFrame);
    }
    let version = u16::from_be_bytes([v0, v1]);
    if version != PROTOCOL_VERSION {
        return Err(BadFrame::Version(version));
    }
    let packed_len = u32::from_be_bytes([p0, p1, p2, p3]) as usize;
    let raw_len = u32::from_be_bytes([r0, r1, r2, r3]) as usize;
    // Checked before anything is allocated: a header may claim any length.
    if packed_len > FRAME_PACKED_MAX_BYTES {
        return Err(BadFrame::TooLarge(packed_len));
    }
    if raw_len > FRAME_RAW_MAX_BYTES {
        return Err(BadFrame::TooLarge(raw_len));
    }
    Ok((packed_len, raw_len))
}
