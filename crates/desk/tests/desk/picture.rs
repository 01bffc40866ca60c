//! Words for cases: small pictures with everything phones write into them.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};

/// What may be in no picture that leaves: a place, as text and as film beside it.
pub(crate) const PLACE: &[u8] = b"52.5200N 13.4050E";

/// A picture wider than high, its left half dark.
pub(crate) fn drawn(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([20, 30, 40])
        } else {
            Rgb([220, 210, 200])
        }
    }))
}

/// EXIF as a phone writes it, little endian: turned by a quarter, with a place.
pub(crate) fn exif() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    // The pointer to the directory of the place.
    tiff.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(PLACE);
    tiff
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap();
    let mut segment = vec![0xff, marker];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(body);
    segment
}

/// A JPEG as a phone takes it.
pub(crate) fn jpeg(picture: &DynamicImage) -> Vec<u8> {
    let mut plain = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut plain, 85))
        .unwrap();
    let mut photo = plain[..2].to_vec();
    photo.extend(segment(0xe1, &[b"Exif\0\0", exif().as_slice()].concat()));
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta ", PLACE, b"/>"].concat();
    photo.extend(segment(0xe1, &xmp));
    photo.extend(segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"));
    photo.extend(segment(0xe2, &[b"MPF\0", PLACE].concat()));
    photo.extend(segment(0xed, &[b"Photoshop 3.0\0", PLACE].concat()));
    photo.extend(segment(0xfe, PLACE));
    photo.extend_from_slice(&plain[2..]);
    // A film behind the picture.
    photo.extend_from_slice(b"....ftypmp42");
    photo.extend_from_slice(PLACE);
    photo
}

/// A PNG with a place in each kind of text.
pub(crate) fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut plain, image::ImageFormat::Png)
        .unwrap();
    let plain = plain.into_inner();
    // Behind the signature and the header.
    let (before, after) = plain.split_at(8 + 25);
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let mut chunk = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
        chunk.extend_from_slice(name);
        chunk.extend_from_slice(body);
        // Nobody checks the checksum of what is taken out.
        chunk.extend_from_slice(&[0; 4]);
        chunk
    };
    let mut photo = before.to_vec();
    photo.extend(chunk(b"eXIf", &exif()));
    photo.extend(chunk(b"tEXt", &[b"Comment\0", PLACE].concat()));
    photo.extend(chunk(
        b"iTXt",
        &[b"XML:com.adobe.xmp\0\0\0\0\0", PLACE].concat(),
    ));
    photo.extend(chunk(b"prVt", PLACE));
    photo.extend_from_slice(after);
    photo.extend_from_slice(PLACE);
    photo
}

/// A WebP of the extended form, with a place twice.
pub(crate) fn webp(picture: &DynamicImage) -> Vec<u8> {
    let mut plain = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut plain, image::ImageFormat::WebP)
        .unwrap();
    let plain = plain.into_inner();
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let mut chunk = name.to_vec();
        chunk.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
        chunk.extend_from_slice(body);
        if body.len() % 2 == 1 {
            chunk.push(0);
        }
        chunk
    };
    let [w0, w1, w2, _] = (picture.width() - 1).to_le_bytes();
    let [h0, h1, h2, _] = (picture.height() - 1).to_le_bytes();
    let mut body = b"WEBP".to_vec();
    body.extend(chunk(b"VP8X", &[0x0c, 0, 0, 0, w0, w1, w2, h0, h1, h2]));
    body.extend_from_slice(&plain[12..]);
    body.extend(chunk(b"EXIF", &exif()));
    body.extend(chunk(b"XMP ", PLACE));
    let mut photo = b"RIFF".to_vec();
    photo.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
    photo.extend_from_slice(&body);
    photo.extend_from_slice(PLACE);
    photo
}
