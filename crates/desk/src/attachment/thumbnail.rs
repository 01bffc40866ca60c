//! The thumbnail of a picture: drawn upright, small, and never from a picture of any size claimed.

use std::io::Cursor;

use fettle_domain::Refusal;
use fettle_domain::attachment::{
    MediaType, PICTURE_MAX_PIXELS, THUMBNAIL_EDGE_PX, THUMBNAIL_MAX_BYTES,
};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Longest edge a picture may have.
const EDGE_MAX_PX: u32 = 20_000;
/// Most memory a picture may take while it is read: 512 MiB.
const MEMORY_MAX_BYTES: u64 = 512 << 20;
/// Qualities tried until the thumbnail is small enough.
const QUALITIES: [u8; 3] = [72, 50, 25];

/// The thumbnail as JPEG; `None` for what is no picture.
///
/// # Errors
/// `attachment.too_many_pixels`, `attachment.damaged`.
pub(super) fn thumbnail(kind: MediaType, bytes: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(format) = format(kind) else {
        return Ok(None);
    };
    let damaged = |_| Refusal::new("attachment.damaged");
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(EDGE_MAX_PX);
    limits.max_image_height = Some(EDGE_MAX_PX);
    limits.max_alloc = Some(MEMORY_MAX_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(too_large_or_damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PICTURE_MAX_PIXELS {
        return Err(too_many_pixels());
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(too_large_or_damaged)?;
    let mut small = if width.max(height) > THUMBNAIL_EDGE_PX {
        picture.thumbnail(THUMBNAIL_EDGE_PX, THUMBNAIL_EDGE_PX)
    } else {
        picture
    };
    small.apply_orientation(orientation);
    let small = DynamicImage::ImageRgb8(small.into_rgb8());
    for quality in QUALITIES {
        let mut drawn = Vec::new();
        small
            .write_with_encoder(JpegEncoder::new_with_quality(&mut drawn, quality))
            .map_err(damaged)?;
        if drawn.len() as u64 <= THUMBNAIL_MAX_BYTES {
            return Ok(Some(drawn));
        }
    }
    // Cannot happen with 320 pixels; a picture without a thumbnail is still a picture.
    Ok(None)
}

fn format(kind: MediaType) -> Option<ImageFormat> {
    match kind {
        MediaType::Jpeg => Some(ImageFormat::Jpeg),
        MediaType::Png => Some(ImageFormat::Png),
        MediaType::Webp => Some(ImageFormat::WebP),
        MediaType::Pdf => None,
    }
}

fn too_large_or_damaged(error: image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => too_many_pixels(),
        _ => Refusal::new("attachment.damaged"),
    }
}

fn too_many_pixels() -> Refusal {
    Refusal::new("attachment.too_many_pixels").with("limit", PICTURE_MAX_PIXELS / 1_000_000)
}
