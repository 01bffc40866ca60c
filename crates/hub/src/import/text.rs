//! From the bytes of a file to its text.

use std::borrow::Cow;

use super::intake::FileFault;
use super::mapping::Encoding;

/// What archives and workbooks begin with.
const ARCHIVES: [&[u8]; 3] = [b"PK\x03\x04", b"\x1F\x8B", b"\xD0\xCF\x11\xE0"];

/// The text of a file in the encoding of the mapping.
pub(super) fn text(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, FileFault> {
    if ARCHIVES.iter().any(|start| bytes.starts_with(start)) {
        return Err(FileFault::Archive);
    }
    let mark = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let is_utf16 = mark.is_some_and(|mark| mark != encoding_rs::UTF_8);
    if is_utf16 != (encoding == Encoding::Utf16) && !bytes.is_empty() {
        return Err(if is_utf16 {
            FileFault::IsUtf16
        } else {
            FileFault::NotUtf16
        });
    }
    let text = match encoding {
        Encoding::Utf8 => Cow::Borrowed(utf8(bytes)?),
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.decode(bytes).0,
        Encoding::Utf16 => {
            let (text, _, is_bad) = encoding_rs::UTF_16LE.decode(bytes);
            if is_bad {
                return Err(FileFault::NotUtf16);
            }
            text
        }
    };
    match text.find('\0') {
        Some(place) => Err(FileFault::NoText {
            line: line_of(text.as_bytes(), place),
        }),
        None => Ok(text),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, FileFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| FileFault::NotUtf8 {
        line: line_of(bytes, error.valid_up_to()),
    })
}

fn line_of(bytes: &[u8], place: usize) -> u64 {
    let before = bytes.get(..place).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}
