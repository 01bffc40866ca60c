//! EXIF: reads how a picture is turned and writes that alone.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;
const ENTRY_BYTES: usize = 12;

/// How a picture is turned, 1 to 8; `None` when it is not said or cannot be read.
pub(super) fn orientation(tiff: &[u8]) -> Option<u16> {
    let is_big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let u32_at = |at: usize| {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if is_big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    };
    let directory = usize::try_from(u32_at(4)?).ok()?;
    let entries = usize::from(u16_at(directory)?);
    let first = directory.checked_add(2)?;
    (0..entries)
        .map_while(|entry| first.checked_add(entry.checked_mul(ENTRY_BYTES)?))
        .find(|at| u16_at(*at) == Some(ORIENTATION))
        .and_then(|at| u16_at(at.checked_add(8)?))
        .filter(|turned| (1..=8).contains(turned))
}

/// An EXIF block that says how a picture is turned and nothing else.
pub(super) fn turned(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    tiff.extend_from_slice(&ORIENTATION.to_be_bytes());
    // One value of 16 bits, left-aligned in the field of four bytes.
    tiff.extend_from_slice(&[0, 3, 0, 0, 0, 1]);
    tiff.extend_from_slice(&orientation.to_be_bytes());
    tiff.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
    tiff
}
