//! PNG: a signature and a row of chunks, each with a length, a name and a checksum.

use super::exif;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that draw the picture; texts, times and everything private is none of them.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"bKGD", b"hIST", b"pHYs", b"sPLT", b"cICP", b"acTL", b"fcTL", b"fdAT",
];

/// The picture without what programs wrote beside it; `None` when it is cut or damaged.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut turned = None;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let name: &[u8; 4] = after.first_chunk()?;
        let whole = length.checked_add(12)?;
        let chunk = rest.get(..whole)?;
        if name == b"eXIf" {
            turned = exif::orientation(chunk.get(8..8 + length)?);
        }
        if KEPT.contains(&name) {
            kept.push(chunk);
        }
        if name == b"IEND" {
            break;
        }
        rest = rest.get(whole..)?;
    }
    let turned = turned.filter(|turned| *turned != 1).map(turned_chunk);
    let mut picture = SIGNATURE.to_vec();
    let (header, others) = kept.split_first()?;
    // The turn goes behind the header, so it has to be one.
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    picture.extend_from_slice(header);
    picture.extend(turned.into_iter().flatten());
    others
        .iter()
        .for_each(|chunk| picture.extend_from_slice(chunk));
    Some(picture)
}

fn turned_chunk(orientation: u16) -> Vec<u8> {
    let tiff = exif::turned(orientation);
    let mut named = b"eXIf".to_vec();
    named.extend_from_slice(&tiff);
    let mut chunk = u32::try_from(tiff.len())
        .unwrap_or_default()
        .to_be_bytes()
        .to_vec();
    chunk.extend_from_slice(&named);
    chunk.extend_from_slice(&checksum(&named).to_be_bytes());
    chunk
}

/// CRC-32 as PNG has it; of a few bytes, so bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}
