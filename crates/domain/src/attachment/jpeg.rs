//! JPEG: a row of segments, then the picture between more segments, then its end.

use super::exif;

const START: [u8; 2] = [0xff, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP_FIRST: u8 = 0xe0;
const APP_LAST: u8 = 0xef;
const EXIF: u8 = 0xe1;
const EXIF_NAME: &[u8] = b"Exif\0\0";

/// Segments of programs that draw the picture: JFIF, the colour profile, Adobe's colour transform.
const KEPT: [(u8, &[u8]); 3] = [
    (0xe0, b"JFIF\0"),
    (0xe2, b"ICC_PROFILE\0"),
    (0xee, b"Adobe"),
];

/// The picture without what programs wrote beside it; `None` when it is cut or damaged.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&START)?;
    let mut kept: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut turned = None;
    loop {
        // Any number of 0xff may stand before a marker.
        let marked = rest.strip_prefix(&[0xff])?;
        let at = marked.iter().position(|byte| *byte != 0xff)?;
        let (&marker, after) = marked.get(at..)?.split_first()?;
        if marker == END {
            kept.extend_from_slice(&[0xff, END]);
            break;
        }
        if marker == 0x01 || (0xd0..=0xd7).contains(&marker) {
            kept.extend_from_slice(&[0xff, marker]);
            rest = after;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
        let segment = after.get(2..length)?;
        if marker == EXIF
            && let Some(tiff) = segment.strip_prefix(EXIF_NAME)
        {
            turned = turned.or_else(|| exif::orientation(tiff));
        }
        if is_kept(marker, segment) {
            kept.extend_from_slice(&[0xff, marker]);
            kept.extend_from_slice(after.get(..length)?);
        }
        rest = after.get(length..)?;
        if marker == SCAN {
            let end = scan_end(rest)?;
            kept.extend_from_slice(rest.get(..end)?);
            rest = rest.get(end..)?;
        }
    }
    Some(assemble(&kept, turned))
}

fn is_kept(marker: u8, segment: &[u8]) -> bool {
    match marker {
        APP_FIRST..=APP_LAST => KEPT
            .iter()
            .any(|(kept, name)| *kept == marker && segment.starts_with(name)),
        // Frames, tables and scans; comments and whatever has no meaning yet go.
        0xc0..=0xcf | 0xda..=0xdf => true,
        _ => false,
    }
}

/// Where the coded picture ends: at the next marker that is neither a stuffed byte nor a restart.
fn scan_end(coded: &[u8]) -> Option<usize> {
    coded.windows(2).position(|pair| {
        pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff) && !(0xd0..=0xd7).contains(&pair[1])
    })
}

fn assemble(kept: &[u8], turned: Option<u16>) -> Vec<u8> {
    let mut picture = START.to_vec();
    if let Some(turned) = turned.filter(|turned| *turned != 1) {
        let tiff = exif::turned(turned);
        // The length counts itself.
        let length = 2 + EXIF_NAME.len() + tiff.len();
        picture.extend_from_slice(&[0xff, EXIF, 0, u8::try_from(length).unwrap_or(u8::MAX)]);
        picture.extend_from_slice(EXIF_NAME);
        picture.extend_from_slice(&tiff);
    }
    picture.extend_from_slice(kept);
    picture
}
