//! WebP: a RIFF file of chunks, each with a name and a length, padded to even.

use super::exif;

/// Chunks that draw the picture.
const KEPT: [&[u8; 4]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];
/// Length of the extended header.
const EXTENDED_BYTES: usize = 10;
/// Flags of the extended header that say what else is in the file.
const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;

/// The picture without what programs wrote beside it; `None` when it is cut or damaged.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let after = bytes.strip_prefix(b"RIFF")?;
    let (size, after) = after.split_first_chunk::<4>()?;
    let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
    let mut rest = after.get(..size)?.strip_prefix(b"WEBP")?;
    let mut chunks: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut extended = None;
    let mut turned = None;
    while !rest.is_empty() {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (length, _) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let body = rest.get(8..length.checked_add(8)?)?;
        // The last chunk of some files lacks its padding.
        let whole = (8 + length + length % 2).min(rest.len());
        if name == b"EXIF" {
            turned = exif::orientation(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
        }
        if KEPT.contains(&name) {
            if name == b"VP8X" {
                if length != EXTENDED_BYTES || extended.is_some() {
                    return None;
                }
                extended = Some(chunks.len() + 8);
            }
            chunks.extend_from_slice(rest.get(..whole)?);
            if whole % 2 == 1 {
                chunks.push(0);
            }
        }
        rest = rest.get(whole..)?;
    }
    if let Some(flags) = extended.and_then(|at| chunks.get_mut(at)) {
        *flags &= !(HAS_XMP | HAS_EXIF);
        if let Some(turned) = turned.filter(|turned| *turned != 1) {
            *flags |= HAS_EXIF;
            let tiff = exif::turned(turned);
            chunks.extend_from_slice(b"EXIF");
            chunks.extend_from_slice(&u32::try_from(tiff.len()).ok()?.to_le_bytes());
            chunks.extend_from_slice(&tiff);
        }
    }
    let mut picture = b"RIFF".to_vec();
    picture.extend_from_slice(&u32::try_from(chunks.len() + 4).ok()?.to_le_bytes());
    picture.extend_from_slice(b"WEBP");
    picture.extend_from_slice(&chunks);
    Some(picture)
}
