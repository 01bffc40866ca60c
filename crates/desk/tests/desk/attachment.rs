//! Photos on the desk: the place goes, the turn stays, and nothing is shown to nobody.

use std::io::Cursor;

use fettle_desk::view::{AddPhotoInput, ChangeState, PhotoFile, PhotoInput, UnsentKind};
use fettle_domain::attachment::{MediaType, without_position};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::build::{Bench, PIN, order_id};
use crate::picture::{PLACE, drawn, jpeg, png, webp};

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn read(kind: MediaType, bytes: &[u8]) -> (Orientation, DynamicImage) {
    let format = match kind {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Pdf => panic!("no picture"),
    };
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().unwrap();
    let orientation = decoder.orientation().unwrap();
    (orientation, DynamicImage::from_decoder(decoder).unwrap())
}

#[test]
fn where_a_photo_was_taken_goes_and_how_it_is_turned_stays() {
    let picture = drawn(40, 24);
    for (kind, photo) in [
        (MediaType::Jpeg, jpeg(&picture)),
        (MediaType::Png, png(&picture)),
        (MediaType::Webp, webp(&picture)),
    ] {
        assert!(holds(&photo, PLACE));
        let kept = without_position(kind, &photo).unwrap();
        assert!(!holds(&kept, PLACE), "{kind:?}");
        assert!(
            !holds(&kept, &[0x25, 0x88]),
            "{kind:?}: a pointer to a place"
        );
        assert_eq!(MediaType::of_content(&kept), Some(kind));
        let (turned, pixels) = read(kind, &kept);
        assert_eq!(turned, Orientation::Rotate90, "{kind:?}");
        assert_eq!(
            pixels,
            read(kind, &photo).1,
            "{kind:?}: not one point changed"
        );
        // What is clean stays as it is.
        assert_eq!(without_position(kind, &kept).unwrap(), kept, "{kind:?}");
    }
    let kept = without_position(MediaType::Jpeg, &jpeg(&picture)).unwrap();
    assert!(holds(&kept, b"ICC_PROFILE"), "colours stay");
}

#[test]
fn a_picture_cut_anywhere_is_refused_and_never_a_panic() {
    let picture = drawn(16, 16);
    for (kind, photo) in [
        (MediaType::Jpeg, jpeg(&picture)),
        (MediaType::Png, png(&picture)),
        (MediaType::Webp, webp(&picture)),
    ] {
        let whole = photo.len() - PLACE.len();
        for end in 0..whole {
            if let Ok(kept) = without_position(kind, &photo[..end]) {
                // Only what lies behind the picture may be cut.
                assert!(!holds(&kept, PLACE), "{kind:?} cut at {end}");
                read(kind, &kept);
            }
        }
        for at in 0..whole {
            let mut changed = photo[..whole].to_vec();
            changed[at] ^= 0xff;
            let _ = without_position(kind, &changed);
        }
    }
}

async fn added(bench: &Bench, caption: &str) -> String {
    let photo = jpeg(&drawn(800, 600));
    let draft = bench.desk.draft_photo(photo).await.unwrap();
    let input = AddPhotoInput {
        order_id: order_id(),
        content: draft.content.clone(),
        caption: caption.to_owned(),
    };
    bench.desk.add_photo(input).await.unwrap();
    draft.content
}

#[tokio::test]
async fn a_photo_is_saved_with_a_thumbnail_and_counted_with_its_size() {
    let bench = Bench::at_work().await;
    bench.start_order().await;
    let before = bench.desk.shell().await.unwrap();
    assert!(before.photos_unsent.is_none());
    let content = added(&bench, " Seal face ").await;
    let order = bench.order().await;
    let [photo] = order.photos.as_slice() else {
        panic!("one photo");
    };
    assert_eq!(photo.caption, "Seal face");
    assert_eq!(photo.content, content);
    assert_eq!((photo.file, photo.is_picture), (PhotoFile::Here, true));
    assert_eq!(photo.change.state, ChangeState::Saved);
    assert!(photo.can_take_back);
    let row = order.unsent.last().unwrap();
    assert_eq!(
        (row.kind, row.text.as_str()),
        (UnsentKind::Photo, "Seal face")
    );
    let file = bench.desk.attachment(content).await.unwrap();
    assert_eq!(file.media_type, "image/jpeg");
    assert!(!holds(&file.bytes, PLACE));
    let shell = bench.desk.shell().await.unwrap();
    assert_eq!(shell.unsent, before.unsent + 1);
    let waiting = shell.photos_unsent.unwrap();
    assert_eq!(
        (waiting.count, waiting.size_bytes),
        (1, file.bytes.len() as f64)
    );
    // The thumbnail stands upright: the picture is wider than high and turned by a quarter.
    let thumbnail = photo.thumbnail.clone().unwrap();
    let small = bench.desk.attachment(thumbnail).await.unwrap();
    let (turned, small) = read(MediaType::Jpeg, &small.bytes);
    assert_eq!(turned, Orientation::NoTransforms);
    assert_eq!((small.width(), small.height()), (240, 320));
}

#[tokio::test]
async fn a_photo_is_taken_back_by_its_author_and_stays_in_the_history() {
    let bench = Bench::at_work().await;
    bench.start_order().await;
    let content = added(&bench, "Wrong pump").await;
    let photo_id = bench.order().await.photos[0].id.clone();
    let input = PhotoInput {
        order_id: order_id(),
        photo_id,
    };
    bench.desk.take_back_photo(input.clone()).await.unwrap();
    assert!(bench.order().await.photos.is_empty());
    let refused = bench.desk.take_back_photo(input).await.unwrap_err();
    assert_eq!(refused.code, "attachment.unknown");
    // Hidden here as on every laptop.
    let refused = bench.desk.attachment(content).await.unwrap_err();
    assert_eq!(refused.code, "attachment.unknown");
}

#[tokio::test]
async fn nobody_sees_a_photo_on_a_locked_desk() {
    let bench = Bench::at_work().await;
    bench.start_order().await;
    let content = added(&bench, "").await;
    let chosen = bench.desk.draft_photo(png(&drawn(30, 30))).await.unwrap();
    bench.desk.attachment(chosen.content.clone()).await.unwrap();
    bench.desk.lock().await.unwrap();
    for content in [&content, &chosen.content] {
        let refused = bench.desk.attachment(content.clone()).await.unwrap_err();
        assert_eq!(refused.code, "desk.locked");
    }
    let refused = bench
        .desk
        .draft_photo(jpeg(&drawn(8, 8)))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "desk.locked");
    bench.unlock(PIN).await.unwrap();
    bench.desk.attachment(content).await.unwrap();
    // What was chosen and not saved is forgotten.
    let refused = bench.desk.attachment(chosen.content).await.unwrap_err();
    assert_eq!(refused.code, "attachment.unknown");
}

#[tokio::test]
async fn what_cannot_be_attached_is_said_in_words() {
    let bench = Bench::at_work().await;
    // A header that claims sixty thousand by sixty thousand points in a few bytes.
    let mut bomb = png(&drawn(8, 8));
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let cut = jpeg(&drawn(64, 64))[..300].to_vec();
    for (bytes, code) in [
        (Vec::new(), "attachment.empty"),
        (b"#!/bin/sh".to_vec(), "attachment.kind"),
        (cut, "attachment.damaged"),
        (vec![0xff; (25 << 20) + 1], "attachment.too_large"),
    ] {
        let refused = bench.desk.draft_photo(bytes).await.unwrap_err();
        assert_eq!(refused.code, code);
    }
    let refused = bench.desk.draft_photo(bomb).await.unwrap_err();
    assert!(
        ["attachment.too_many_pixels", "attachment.damaged"].contains(&refused.code.as_str()),
        "{}",
        refused.code
    );
    let unknown = AddPhotoInput {
        order_id: order_id(),
        content: "00".repeat(32),
        caption: String::new(),
    };
    let refused = bench.desk.add_photo(unknown).await.unwrap_err();
    assert_eq!(refused.code, "attachment.unknown");
}

#[tokio::test]
async fn a_pdf_is_attached_without_a_picture() {
    let bench = Bench::at_work().await;
    bench.start_order().await;
    let draft = bench
        .desk
        .draft_photo(b"%PDF-1.7 manual".to_vec())
        .await
        .unwrap();
    assert_eq!(
        (draft.kind.as_str(), draft.thumbnail),
        ("application/pdf", None)
    );
    let input = AddPhotoInput {
        order_id: order_id(),
        content: draft.content,
        caption: "x".repeat(201),
    };
    let refused = bench.desk.add_photo(input.clone()).await.unwrap_err();
    assert_eq!(refused.code, "attachment.caption_too_long");
    let caption = String::new();
    bench
        .desk
        .add_photo(AddPhotoInput { caption, ..input })
        .await
        .unwrap();
    let photo = &bench.order().await.photos[0];
    assert!(!photo.is_picture && photo.thumbnail.is_none());
}

#[tokio::test]
async fn a_company_that_wants_positions_keeps_the_photo_as_it_is() {
    let mut bench = Bench::at_work().await;
    bench.keep_positions().await;
    bench.reopen().await;
    bench.unlock(PIN).await.unwrap();
    let photo = jpeg(&drawn(64, 64));
    let draft = bench.desk.draft_photo(photo.clone()).await.unwrap();
    let file = bench.desk.attachment(draft.content).await.unwrap();
    assert_eq!(file.bytes, photo);
}
