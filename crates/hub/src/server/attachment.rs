//! Attachments: what is held of an offer, bytes in at an offset, bytes out of a range.
//!
//! What arrives is written as it arrives, so a request that is cut costs what had not come.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fettle_domain::{ContentHash, DeviceId, Refusal};
use fettle_sync::attachment::{
    ATTACHMENT_MEDIA_TYPE, BadChunk, CHUNK_MEDIA_TYPE, Chunk, ChunkTaken, Offer, Wanted,
};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::limits::CHUNK_MAX_BYTES;
use http_body_util::BodyExt;
use serde::Serialize;

use super::Shared;
use super::exchange::{refuse_other_type, token};
use super::problem::Refused;
use crate::attachments::{Arriving, Attachments, Finished};
use crate::clock::Clock;
use crate::core::SessionInfo;

/// Longest body of an offer that is read: the largest offer and room to spare.
const OFFER_MAX_BYTES: usize = 64 << 10;

pub(super) async fn offer(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    refuse_other_type(&headers, ATTACHMENT_MEDIA_TYPE)?;
    let body = body.map_err(Refused::body)?;
    let session = session(&shared, &clock, &headers).await?;
    let offer = read_offer(&body)?;
    let named = shared
        .store
        .attachments_taken(session.clone(), offer.contents.clone())
        .await?;
    let attachments = shared.attachments.clone();
    let device = session.device.id;
    let have = on_disk(move || attachments.have(device, &offer, &named)).await?;
    answer(&have)
}

fn read_offer(body: &[u8]) -> Result<Offer, Refused> {
    let bad = |what: &str| Refused::rule(Refusal::new("request.bad").with("what", what));
    if body.len() > OFFER_MAX_BYTES {
        return Err(bad("an offer is not that long"));
    }
    let mut decoder = Decoder::default();
    decoder.push(body);
    let offer: Offer = decoder
        .next_frame()
        .map_err(|error| bad(&error.to_string()))?
        .ok_or_else(|| bad("the offer is cut"))?;
    offer.check().map_err(|error| bad(&error.to_string()))?;
    Ok(offer)
}

pub(super) async fn put(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    Path(content): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    refuse_other_type(&headers, CHUNK_MEDIA_TYPE)?;
    let session = session(&shared, &clock, &headers).await?;
    let content = content_of(&content)?;
    let chunk: Chunk = range(&headers, &header::CONTENT_RANGE)?;
    if chunk.length > CHUNK_MAX_BYTES {
        return Err(too_large());
    }
    let named = shared
        .store
        .attachments_taken(session.clone(), vec![content])
        .await?;
    if named != [true] {
        return Err(Refused::rule(Refusal::new("attachment.not_named")));
    }
    let attachments = &shared.attachments;
    if attachments.has(content) {
        // Brought by another laptop, or by a request whose answer was lost.
        return answer(&ChunkTaken {
            received: chunk.size,
            is_whole: true,
        });
    }
    let device = session.device.id;
    let begin = {
        let attachments = attachments.clone();
        move || attachments.arrive(device, content, chunk)
    };
    let arriving = match on_disk(begin).await? {
        Ok(arriving) => arriving,
        // What is held is the answer: the desk goes on there.
        Err(BadChunk::Gap) => return held(attachments, device, content).await,
        Err(bad @ BadChunk::Beyond) => return Err(bad_chunk(bad)),
    };
    let arriving = take(arriving, body, chunk.length).await?;
    if !arriving.is_full() {
        return answer(&ChunkTaken {
            received: arriving.received(),
            is_whole: false,
        });
    }
    drop(arriving);
    let finish = {
        let attachments = attachments.clone();
        move || attachments.finish(device, content)
    };
    match on_disk(finish).await? {
        Finished::Whole => {
            let now = clock.now();
            shared
                .store
                .attachment_whole(content, chunk.size, now)
                .await?;
            answer(&ChunkTaken {
                received: chunk.size,
                is_whole: true,
            })
        }
        Finished::Wrong => answer(&ChunkTaken {
            received: 0,
            is_whole: false,
        }),
        Finished::Kind => Err(Refused::rule(Refusal::new("attachment.kind"))),
    }
}

/// Writes a body as it arrives. One that is cut leaves what came.
async fn take(mut arriving: Arriving, mut body: Body, length: u64) -> Result<Arriving, Refused> {
    let mut left = length;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Refused::rule(Refusal::new("request.bad").with("what", error.to_string()))
        })?;
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        left = left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        let (back, written) = on_disk(move || {
            let written = arriving.write(&bytes)?;
            Ok((arriving, written))
        })
        .await?;
        arriving = back;
        written.map_err(bad_chunk)?;
    }
    Ok(arriving)
}

async fn held(
    attachments: &Attachments,
    device: DeviceId,
    content: ContentHash,
) -> Result<Response, Refused> {
    let attachments = attachments.clone();
    let received = on_disk(move || attachments.received(device, content)).await?;
    answer(&ChunkTaken {
        received,
        is_whole: false,
    })
}

pub(super) async fn get(
    State(shared): State<Shared>,
    State(clock): State<Clock>,
    Path(content): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let session = session(&shared, &clock, &headers).await?;
    let content = content_of(&content)?;
    let wanted: Wanted = range(&headers, &header::RANGE)?;
    if !shared.store.is_attachment_served(session, content).await? {
        return Err(Refused::rule(Refusal::new("attachment.unknown")));
    }
    let attachments = shared.attachments.clone();
    let read = on_disk(move || attachments.read(content, wanted)).await?;
    let Some((chunk, bytes)) = read else {
        return Err(Refused::rule(Refusal::new("attachment.not_here")));
    };
    let headers = [
        (header::CONTENT_TYPE, CHUNK_MEDIA_TYPE.to_owned()),
        (header::CONTENT_RANGE, chunk.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::PARTIAL_CONTENT, headers, bytes).into_response())
}

async fn session(
    shared: &Shared,
    clock: &Clock,
    headers: &HeaderMap,
) -> Result<SessionInfo, Refused> {
    let session = shared.store.authenticate(token(headers)?, clock.now());
    session.await?.map_err(Refused::rule)
}

fn content_of(text: &str) -> Result<ContentHash, Refused> {
    text.parse().map_err(|error| {
        let what = format!("the path names no content: {error}");
        Refused::rule(Refusal::new("request.bad").with("what", what))
    })
}

fn range<R: std::str::FromStr<Err = fettle_sync::attachment::BadRange>>(
    headers: &HeaderMap,
    name: &HeaderName,
) -> Result<R, Refused> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().parse().map_err(|error| {
        let what = format!("{name}: {error}");
        Refused::rule(Refusal::new("request.bad").with("what", what))
    })
}

fn bad_chunk(bad: BadChunk) -> Refused {
    Refused::rule(Refusal::new("request.bad").with("what", bad))
}

fn too_large() -> Refused {
    Refused::rule(
        Refusal::new("request.too_large")
            .with("limit", "CHUNK_MAX_BYTES")
            .with("bytes", CHUNK_MAX_BYTES),
    )
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work)
        .await
        .map_err(Refused::fault)?;
    done.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => Refused::rule(Refusal::new("hub.disk_full")),
        _ => Refused::fault(error),
    })
}

fn answer<T: Serialize>(value: &T) -> Result<Response, Refused> {
    let frame = encode(value).map_err(Refused::fault)?;
    Ok(([(header::CONTENT_TYPE, ATTACHMENT_MEDIA_TYPE)], frame).into_response())
}
