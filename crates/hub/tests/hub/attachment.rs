//! Photos through the server over TLS: taken only where named, whole only when right, served only
//! where followed.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use fettle_document::Edit;
use fettle_domain::row::Row;
use fettle_domain::work_order::Photo;
use fettle_domain::{AreaId, ContentHash, EntryId, WorkOrderId};
use fettle_hub::attachments::Attachments;
use fettle_hub::clock::now;
use fettle_hub::core::{Hub, copy_attachments, restore, verify_backup};
use fettle_sync::attachment::{
    ATTACHMENT_MEDIA_TYPE, ATTACHMENTS_PATH, CHUNK_MEDIA_TYPE, Chunk, ChunkTaken, Have, Held,
    Offer, Wanted, path_of,
};
use fettle_sync::exchange::PushItem;
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::CHUNK_MAX_BYTES;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use uuid::Uuid;

use crate::desk::{Desk, time};
use crate::served::{Served, Told};
use crate::world::policy;

/// Bytes that begin like a photo.
fn photo_bytes(size: usize, seed: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend((4..size).map(|i| (i % 251) as u8 ^ seed));
    bytes
}

fn named(desk: &mut Desk, order: WorkOrderId, number: u128, content: ContentHash) -> PushItem {
    let entry = Photo {
        content: content.to_string(),
        size_bytes: 1,
        caption: String::new(),
        at: time(1),
        thumbnail: None,
        media_type: Some("image/jpeg".to_owned()),
        reversal_of: None,
    };
    let id = EntryId(Uuid::from_u128(0x900 + number));
    desk.edit(order, &[Edit::PutPhoto { id, entry }])
}

/// A laptop that has sent the document that names a content.
async fn with_photo(served: &Served, account: &str, number: u8, content: ContentHash) -> Desk {
    let mut desk = served.world.desk(account, number).await;
    desk.sync(&served.world).await;
    let order = desk.mine_or_any();
    let item = named(&mut desk, order, u128::from(number), content);
    let acknowledged = desk.send(&served.world, vec![item]).await;
    assert_eq!(acknowledged.quarantined, []);
    desk
}

async fn offer(served: &Served, desk: &Desk, contents: &[ContentHash]) -> Have {
    let offer = Offer {
        contents: contents.to_vec(),
    };
    let request = served.client.post(served.url(ATTACHMENTS_PATH));
    let request = request
        .header(CONTENT_TYPE, ATTACHMENT_MEDIA_TYPE)
        .body(encode(&offer).unwrap());
    let told = Told::of(request.bearer_auth(String::from(desk.token.clone()))).await;
    frame(&told)
}

async fn put(
    served: &Served,
    desk: &Desk,
    content: ContentHash,
    chunk: Chunk,
    bytes: &[u8],
) -> Told {
    let request = served.client.put(served.url(&path_of(content)));
    let request = request
        .header(CONTENT_TYPE, CHUNK_MEDIA_TYPE)
        .header(CONTENT_RANGE, chunk.to_string())
        .body(bytes.to_vec());
    Told::of(request.bearer_auth(String::from(desk.token.clone()))).await
}

/// Sends a stretch of a content.
async fn send(
    served: &Served,
    desk: &Desk,
    content: ContentHash,
    bytes: &[u8],
    stretch: std::ops::Range<usize>,
) -> ChunkTaken {
    let (offset, length) = (stretch.start as u64, stretch.len() as u64);
    let chunk = Chunk::new(offset, length, bytes.len() as u64).unwrap();
    frame(&put(served, desk, content, chunk, &bytes[stretch]).await)
}

async fn get(served: &Served, desk: &Desk, content: ContentHash, wanted: Wanted) -> Told {
    let request = served.client.get(served.url(&path_of(content)));
    let request = request.header(RANGE, wanted.to_string());
    Told::of(request.bearer_auth(String::from(desk.token.clone()))).await
}

fn frame<T: serde::de::DeserializeOwned>(told: &Told) -> T {
    assert_eq!(told.status, 200, "{}", String::from_utf8_lossy(&told.body));
    let mut decoder = Decoder::default();
    decoder.push(&told.body);
    decoder.next_frame().unwrap().unwrap()
}

/// The areas of the plant in which the order with the photo is not.
fn other_areas(desk: &Desk) -> Vec<AreaId> {
    let area = &desk.order(desk.mine_or_any()).area;
    let plants = desk.rows.values().filter_map(|(_, row)| match row {
        Row::Plant(plant) => Some(plant),
        _ => None,
    });
    let areas = plants.flat_map(|plant| &plant.areas);
    let others: Vec<AreaId> = areas
        .map(|known| known.id.clone())
        .filter(|id| id != area)
        .collect();
    assert!(!others.is_empty());
    others
}

const ALL: Wanted = Wanted {
    offset: 0,
    length: 1 << 20,
};

#[tokio::test]
async fn a_photo_goes_on_where_it_was_cut_and_is_whole_once_it_is_right() {
    let served = Served::new().await;
    let bytes = photo_bytes(200_000, 0);
    let content = ContentHash::of(&bytes);
    let mut desk = served.world.desk("kowalska", 1).await;
    desk.sync(&served.world).await;
    // The text comes first: before it nothing is taken.
    let chunk = Chunk::new(0, 10, bytes.len() as u64).unwrap();
    assert_eq!(
        offer(&served, &desk, &[content]).await.at(0),
        Held::NotNamed
    );
    let refused = put(&served, &desk, content, chunk, &bytes[..10]).await;
    assert_eq!(refused.refused(), (409, "attachment.not_named".to_owned()));
    let order = desk.mine_or_any();
    let item = named(&mut desk, order, 1, content);
    desk.send(&served.world, vec![item]).await;
    assert_eq!(offer(&served, &desk, &[content]).await.at(0), Held::Part(0));
    // A chunk of 64,000 of which 40,001 arrive.
    let chunk = Chunk::new(0, 64_000, bytes.len() as u64).unwrap();
    let told = put(&served, &desk, content, chunk, &bytes[..40_001]).await;
    let taken: ChunkTaken = frame(&told);
    assert_eq!((taken.received, taken.is_whole), (40_001, false));
    assert_eq!(
        offer(&served, &desk, &[content]).await.at(0),
        Held::Part(40_001)
    );
    // Sent twice, and beyond a hole: what is held is the answer.
    for stretch in [0..40_001, 90_000..100_000] {
        let taken = send(&served, &desk, content, &bytes, stretch).await;
        assert_eq!((taken.received, taken.is_whole), (40_001, false));
    }
    let refused = get(&served, &desk, content, ALL).await;
    assert_eq!(refused.refused(), (404, "attachment.not_here".to_owned()));
    let taken = send(&served, &desk, content, &bytes, 30_000..bytes.len()).await;
    assert!(taken.is_whole);
    assert_eq!(offer(&served, &desk, &[content]).await.at(0), Held::Whole);
    let taken = send(&served, &desk, content, &bytes, 0..10).await;
    assert!(taken.is_whole, "the answer was lost and it is sent again");
    let told = get(&served, &desk, content, ALL).await;
    assert_eq!((told.status, &told.body), (206, &bytes));
    let wanted = Wanted {
        offset: 199_990,
        length: 64_000,
    };
    let told = get(&served, &desk, content, wanted).await;
    assert_eq!(told.body, bytes[199_990..]);
    served.stop().await;
}

#[tokio::test]
async fn wrong_bytes_cost_only_the_laptop_that_sent_them() {
    let served = Served::new().await;
    let bytes = photo_bytes(100_000, 0);
    let content = ContentHash::of(&bytes);
    let ana = with_photo(&served, "kowalska", 1, content).await;
    let other = with_photo(&served, "kowalska", 2, content).await;
    let wrong = photo_bytes(100_000, 1);
    let taken = send(&served, &ana, content, &bytes, 0..60_000).await;
    assert_eq!(taken.received, 60_000);
    let taken = send(&served, &other, content, &wrong, 0..100_000).await;
    assert_eq!((taken.received, taken.is_whole), (0, false), "thrown away");
    assert_eq!(
        offer(&served, &ana, &[content]).await.at(0),
        Held::Part(60_000)
    );
    let taken = send(&served, &ana, content, &bytes, 60_000..100_000).await;
    assert!(taken.is_whole);
    // The other has it, too, without sending a byte of it.
    assert_eq!(offer(&served, &other, &[content]).await.at(0), Held::Whole);
    assert_eq!(get(&served, &other, content, ALL).await.body, bytes);
    served.stop().await;
}

#[tokio::test]
async fn two_laptops_bring_the_same_content_at_the_same_time() {
    let served = Served::new().await;
    let bytes = photo_bytes(150_000, 0);
    let content = ContentHash::of(&bytes);
    let ana = with_photo(&served, "kowalska", 1, content).await;
    let other = with_photo(&served, "kowalska", 2, content).await;
    send(&served, &ana, content, &bytes, 0..75_000).await;
    send(&served, &other, content, &bytes, 0..75_000).await;
    // Each twice: the first answer of each was taken for lost.
    let rest = || 75_000..150_000;
    let (a, b, c, d) = tokio::join!(
        send(&served, &ana, content, &bytes, rest()),
        send(&served, &other, content, &bytes, rest()),
        send(&served, &ana, content, &bytes, rest()),
        send(&served, &other, content, &bytes, rest()),
    );
    assert!([a, b, c, d].iter().any(|taken| taken.is_whole));
    for desk in [&ana, &other] {
        assert_eq!(offer(&served, desk, &[content]).await.at(0), Held::Whole);
        assert_eq!(get(&served, desk, content, ALL).await.body, bytes);
    }
    served.stop().await;
}

#[tokio::test]
async fn a_photo_is_served_only_where_a_document_that_names_it_is_followed() {
    let served = Served::new().await;
    let bytes = photo_bytes(10_000, 0);
    let content = ContentHash::of(&bytes);
    let ana = with_photo(&served, "kowalska", 1, content).await;
    send(&served, &ana, content, &bytes, 0..10_000).await;
    // A laptop of the same plant that follows other areas, and a session nobody opened.
    let same_plant = served.world.desk_in("kowalska", 3, other_areas(&ana)).await;
    let told = get(&served, &same_plant, content, ALL).await;
    assert_eq!(told.refused(), (404, "attachment.unknown".to_owned()));
    let mut stranger = served.world.desk("kowalska", 4).await;
    stranger.token = fettle_sync::request::HexKey([9; 32]);
    let told = get(&served, &stranger, content, ALL).await;
    assert_eq!(told.refused(), (401, "sign_in.expired".to_owned()));
    served.stop().await;
}

#[tokio::test]
async fn what_is_no_attachment_is_refused_and_leaves_nothing() {
    let served = Served::new().await;
    let script = b"#!/bin/sh\necho not a photo\n".to_vec();
    let content = ContentHash::of(&script);
    let desk = with_photo(&served, "kowalska", 1, content).await;
    let size = script.len() as u64;
    let chunk = Chunk::new(0, size, size).unwrap();
    let refused = put(&served, &desk, content, chunk, &script).await;
    assert_eq!(refused.refused(), (422, "attachment.kind".to_owned()));
    assert_eq!(offer(&served, &desk, &[content]).await.at(0), Held::Part(0));
    let huge = Chunk::new(0, 10, 1 << 40).unwrap();
    let refused = put(&served, &desk, content, huge, &script[..10]).await;
    assert_eq!(refused.refused().1, "request.bad");
    let long = Chunk::new(0, CHUNK_MAX_BYTES + 1, CHUNK_MAX_BYTES * 2).unwrap();
    let refused = put(&served, &desk, content, long, &script).await;
    assert_eq!(refused.refused().1, "request.too_large");
    // More bytes than the range says.
    let short = Chunk::new(0, 4, size).unwrap();
    let refused = put(&served, &desk, content, short, &script).await;
    assert_eq!(refused.refused().1, "request.too_large");
    for (path, range) in [
        (
            format!("{ATTACHMENTS_PATH}/%2e%2e%2fhub.db"),
            "bytes 0-9/10",
        ),
        (path_of(content), "bytes 9-0/10"),
        (path_of(content), "items 0-9/10"),
    ] {
        let request = served.client.put(served.url(&path));
        let request = request
            .header(CONTENT_TYPE, CHUNK_MEDIA_TYPE)
            .header(CONTENT_RANGE, range)
            .body(script.clone());
        let told = Told::of(request.bearer_auth(String::from(desk.token.clone()))).await;
        assert_eq!(told.refused().1, "request.bad", "{path} {range}");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_copy_names_its_photos_and_a_hub_restored_without_them_is_brought_them_again() {
    let served = Served::new().await;
    let bytes = photo_bytes(50_000, 0);
    let content = ContentHash::of(&bytes);
    let desk = with_photo(&served, "kowalska", 1, content).await;
    send(&served, &desk, content, &bytes, 0..50_000).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("monday.db");
    let hub = Hub::open(Some(&served.world.file), policy()).unwrap();
    hub.read(|core| core.back_up(&copy)).unwrap();
    let report = verify_backup(&copy).unwrap();
    assert_eq!(report.missing_attachments, [content]);
    let own = Attachments::in_folder(served.world.folder.path());
    copy_attachments(&copy, &own, &Attachments::beside(&copy)).unwrap();
    let report = verify_backup(&copy).unwrap();
    assert_eq!(
        (report.attachments, report.missing_attachments),
        (1, vec![])
    );
    // Restored with them.
    let with = tempfile::tempdir().unwrap();
    restore(&copy, &with.path().join("hub.db"), now()).unwrap();
    assert!(Attachments::in_folder(with.path()).has(content));
    // Restored without them: the bitmap says so, and the laptop brings them again.
    let file = elsewhere
        .path()
        .join("attachments")
        .join(&content.to_string()[..2]);
    std::fs::write(file.join(content.to_string()), b"rotten").unwrap();
    assert_eq!(verify_backup(&copy).unwrap().missing_attachments, [content]);
    let without = tempfile::tempdir().unwrap();
    restore(&copy, &without.path().join("hub.db"), now()).unwrap();
    assert!(!Attachments::in_folder(without.path()).has(content));
    served.stop().await;
}

#[tokio::test]
async fn only_what_is_old_and_unnamed_is_swept() {
    let served = Served::new().await;
    let (kept, lost) = (photo_bytes(9_000, 0), photo_bytes(9_000, 3));
    let (kept_name, lost_name) = (ContentHash::of(&kept), ContentHash::of(&lost));
    let desk = with_photo(&served, "kowalska", 1, kept_name).await;
    let other = with_photo(&served, "kowalska", 2, lost_name).await;
    send(&served, &desk, kept_name, &kept, 0..9_000).await;
    send(&served, &other, lost_name, &lost, 0..9_000).await;
    let half = photo_bytes(9_000, 5);
    let half_name = ContentHash::of(&half);
    let third = with_photo(&served, "kowalska", 3, half_name).await;
    send(&served, &third, half_name, &half, 0..4_000).await;
    let own = Attachments::in_folder(served.world.folder.path());
    let days = |days: u64| SystemTime::now() + Duration::from_secs(days * 24 * 3600);
    let state = || -> BTreeSet<&str> {
        let received = own.received(third.info.device.id, half_name).unwrap();
        [
            (own.has(kept_name), "kept"),
            (own.has(lost_name), "lost"),
            (received > 0, "half"),
        ]
        .into_iter()
        .filter_map(|(is_here, name)| is_here.then_some(name))
        .collect()
    };
    own.sweep(&[kept_name], days(1)).unwrap();
    assert_eq!(state(), BTreeSet::from(["half", "kept", "lost"]));
    own.sweep(&[kept_name], days(8)).unwrap();
    assert_eq!(state(), BTreeSet::from(["kept", "lost"]));
    own.sweep(&[kept_name], days(91)).unwrap();
    assert_eq!(state(), BTreeSet::from(["kept"]));
    let named = served.world.store.read(|core| core.attachments_named());
    assert_eq!(named.await.unwrap().len(), 3);
    served.stop().await;
}
