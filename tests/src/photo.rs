//! Photos of a shift, as a camera writes them: with where they were taken beside the picture.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageResult, Rgb, RgbImage};

/// Photos a shift takes.
pub(crate) const PHOTOS: u32 = 3;
/// Size in pixels, and how well it is written: 300 kB, what a camera writes when it is set to small
/// photos.
const WIDTH: u32 = 1_280;
const HEIGHT: u32 = 960;
const QUALITY: u8 = 85;
/// Noise of the camera's sensor, in steps of brightness.
const NOISE: u32 = 28;
const PLACE: &[u8] = b"52.5200N 13.4050E";

/// The file of a photo; each number is another picture.
pub(crate) fn taken(number: u32) -> ImageResult<Vec<u8>> {
    let mut state = number | 1 << 16;
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let light = 60 + (x + y) / 24 + state % NOISE;
        let tint = |share: u32| u8::try_from(light * share / 8).unwrap_or(u8::MAX);
        Rgb([tint(8), tint(7), tint(6)])
    });
    let mut plain = Vec::new();
    DynamicImage::ImageRgb8(picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut plain, QUALITY))?;
    let exif = [b"Exif\0\0", exif().as_slice()].concat();
    // The length counts itself.
    let length = u16::try_from(exif.len() + 2).unwrap_or(u16::MAX);
    let (start, rest) = plain.split_at(2);
    Ok([start, &[0xff, 0xe1], &length.to_be_bytes(), &exif, rest].concat())
}

/// EXIF, little endian: turned by a quarter, and a directory of the place.
fn exif() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    tiff.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(PLACE);
    tiff
}
