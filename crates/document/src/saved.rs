//! What a saved document says of itself without being loaded.

use fettle_domain::ChangeHash;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Magic and checksum.
const PREFIX_BYTES: usize = 8;
/// Chunk type of a whole document.
const DOCUMENT_CHUNK: u8 = 0;

/// The heads of a document as [`crate::WorkOrderDocument::save`] wrote it, sorted; `None` when the
/// bytes are something else. Loading would cost a hundred times as much.
#[must_use]
pub fn saved_heads(bytes: &[u8]) -> Option<Vec<ChangeHash>> {
    if bytes.get(..4)? != MAGIC {
        return None;
    }
    let mut rest = bytes.get(PREFIX_BYTES..)?;
    let (kind, after) = rest.split_first()?;
    if *kind != DOCUMENT_CHUNK {
        return None;
    }
    rest = after;
    number(&mut rest)?;
    for _ in 0..number(&mut rest)? {
        let length = usize::try_from(number(&mut rest)?).ok()?;
        rest = rest.get(length..)?;
    }
    let mut heads = Vec::new();
    for _ in 0..number(&mut rest)? {
        let (head, after) = rest.split_first_chunk::<32>()?;
        heads.push(ChangeHash(*head));
        rest = after;
    }
    heads.sort_unstable();
    Some(heads)
}

/// A number of seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
