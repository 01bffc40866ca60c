//! Attachments: what may be attached, which photos stand, and who takes one back.

use fettle_domain::attachment::{
    ATTACHMENT_MAX_BYTES, BadPicture, MediaType, check_content, check_size, without_position,
};
use fettle_domain::person::Role;
use fettle_domain::work_order::photo::check_photo_taken_back;
use fettle_domain::work_order::{Authored, Photo, WorkOrderContent};
use fettle_domain::{ActorId, ContentHash, EntryId, PersonId};

use crate::{at, id};

fn photo(number: u128, reversal_of: Option<u128>) -> Authored<Photo> {
    Authored {
        id: EntryId(id(number)),
        is_closed: true,
        actor: ActorId([1; 16]),
        person: None,
        entry: Photo {
            content: ContentHash::of(b"full").to_string(),
            size_bytes: 4,
            caption: String::new(),
            at: at(0),
            thumbnail: Some(ContentHash::of(b"small").to_string()),
            media_type: Some("image/png".to_owned()),
            reversal_of: reversal_of.map(|number| EntryId(id(number))),
        },
    }
}

#[test]
fn a_file_is_what_its_content_says() {
    let cases: [(&[u8], Option<MediaType>); 6] = [
        (b"\xff\xd8\xff\xe0....", Some(MediaType::Jpeg)),
        (b"\x89PNG\r\n\x1a\n....", Some(MediaType::Png)),
        (b"RIFF\x04\0\0\0WEBPVP8 ", Some(MediaType::Webp)),
        (b"%PDF-1.7", Some(MediaType::Pdf)),
        (b"MZ\x90\0 photo.jpg", None),
        (b"<svg onload='x'>", None),
    ];
    for (bytes, kind) in cases {
        assert_eq!(MediaType::of_content(bytes), kind);
        assert_eq!(check_content(bytes).ok(), kind);
    }
    assert_eq!(check_content(b"").unwrap_err().code, "attachment.empty");
    assert!(check_size(ATTACHMENT_MAX_BYTES).is_ok());
    let refusal = check_size(ATTACHMENT_MAX_BYTES + 1).unwrap_err();
    assert_eq!(refusal.to_string(), "attachment.too_large limit=25");
}

#[test]
fn a_content_is_named_by_its_hash_alone() {
    let content = ContentHash::of(b"full");
    assert_eq!(content.to_string().parse(), Ok(content));
    for wrong in [
        "",
        "00",
        "../../../../etc/passwd",
        &"g".repeat(64),
        &"A".repeat(64),
    ] {
        assert!(wrong.parse::<ContentHash>().is_err(), "{wrong}");
    }
}

#[test]
fn a_segment_of_a_jpeg_that_draws_nothing_goes() {
    let place = b"\xff\xf0\0\x1352.5200N 13.4050E";
    let (before, after) = (b"\xff\xd8\xff\xdb\0\x03q", b"\xff\xd9");
    let photo = [before.as_slice(), place, after].concat();
    let kept = without_position(MediaType::Jpeg, &photo);
    assert_eq!(kept, Ok([before.as_slice(), after].concat()));
}

#[test]
fn a_png_that_does_not_begin_with_its_header_is_refused() {
    let turned =
        b"\0\0\0\x1aeXIfMM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0crc.";
    let photo = [b"\x89PNG\r\n\x1a\n", turned.as_slice(), b"\0\0\0\0IENDcrc."].concat();
    assert_eq!(without_position(MediaType::Png, &photo), Err(BadPicture));
}

#[test]
fn a_webp_whose_extended_header_is_empty_is_refused() {
    let photo = b"RIFF\x14\0\0\0WEBPVP8X\0\0\0\0VP8L\0\0\0\0";
    assert_eq!(without_position(MediaType::Webp, photo), Err(BadPicture));
}

#[test]
fn a_photo_taken_back_stands_no_more() {
    let content = WorkOrderContent {
        photos: vec![photo(1, None), photo(2, None), photo(3, Some(1))],
        ..WorkOrderContent::default()
    };
    let standing: Vec<EntryId> = content.standing_photos().map(|photo| photo.id).collect();
    assert_eq!(standing, [EntryId(id(2))]);
    let named: Vec<ContentHash> = photo(1, None).entry.contents().collect();
    assert_eq!(named, [ContentHash::of(b"small"), ContentHash::of(b"full")]);
    assert_eq!(photo(3, Some(1)).entry.contents().count(), 0);
}

#[test]
fn only_its_author_or_who_plans_takes_a_photo_back() {
    let (ana, ben) = (PersonId(id(1)), PersonId(id(2)));
    let technician = [Role::Technician];
    assert!(check_photo_taken_back(Some(ana), ana, &technician).is_ok());
    for author in [Some(ana), None] {
        let refusal = check_photo_taken_back(author, ben, &technician).unwrap_err();
        assert_eq!(refusal.code, "attachment.not_yours");
        assert!(check_photo_taken_back(author, ben, &[Role::Planner]).is_ok());
        assert!(check_photo_taken_back(author, ben, &[Role::Supervisor]).is_ok());
    }
}

#[test]
fn an_old_photo_is_read_and_written_as_it_was() {
    let old = serde_json::json!({
        "content": "00", "size_bytes": 1, "caption": "",
        "at": serde_json::to_value(at(0)).unwrap(),
    });
    let photo: Photo = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(serde_json::to_value(photo).unwrap(), old);
}
