//! Attachments on the wire: one offer, chunks up, chunks down.

use std::time::Duration;

use fettle_domain::ContentHash;
use fettle_domain::attachment::ATTACHMENT_MAX_BYTES;
use fettle_sync::attachment::{
    ATTACHMENT_MEDIA_TYPE, ATTACHMENTS_PATH, CHUNK_MEDIA_TYPE, Chunk, ChunkTaken, Have, Offer,
    Wanted, path_of,
};
use fettle_sync::frame::{Decoder, encode};
use fettle_sync::request::HexKey;
use reqwest::header::{ACCEPT, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;

use super::{Cause, JSON_MAX_BYTES, Transport, TransportError, read_bounded, send, within};

/// Longest wait for the hub's word on an offer or a chunk: ten minutes, which a large chunk needs
/// at 4 kbit/s. A link that died meanwhile is noticed by the pings.
const WORD_TIMEOUT: Duration = Duration::from_secs(600);
/// Longest silence within bytes that come down: 30 s. What came before it is kept.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);

impl Transport {
    /// Asks what the hub holds of an offer.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn offer(&self, token: &HexKey, offer: &Offer) -> Result<Have, TransportError> {
        let request = self
            .client
            .post(self.hub.url(ATTACHMENTS_PATH))
            .header(CONTENT_TYPE, ATTACHMENT_MEDIA_TYPE)
            .body(encode(offer)?);
        word(request, token).await
    }

    /// Sends bytes of a content. One that is given up before its answer has sent what it has sent.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn put_chunk(
        &self,
        token: &HexKey,
        content: ContentHash,
        chunk: Chunk,
        bytes: Vec<u8>,
    ) -> Result<ChunkTaken, TransportError> {
        let request = self
            .client
            .put(self.hub.url(&path_of(content)))
            .header(CONTENT_TYPE, CHUNK_MEDIA_TYPE)
            .header(CONTENT_RANGE, chunk.to_string())
            .body(bytes);
        word(request, token).await
    }

    /// Asks for bytes of a content.
    ///
    /// # Errors
    /// [`TransportError`], also when other bytes come than were asked for.
    pub async fn get_chunk(
        &self,
        token: &HexKey,
        content: ContentHash,
        wanted: Wanted,
    ) -> Result<ChunkAnswer, TransportError> {
        let request = self
            .client
            .get(self.hub.url(&path_of(content)))
            .bearer_auth(String::from(token.clone()))
            .header(RANGE, wanted.to_string());
        let response = within(WORD_TIMEOUT, send(request)).await?;
        let chunk: Option<Chunk> = response
            .headers()
            .get(CONTENT_RANGE)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse().ok());
        match chunk {
            Some(chunk) if is_answer(chunk, wanted) => Ok(ChunkAnswer {
                response,
                size: chunk.size,
                left: chunk.length,
            }),
            Some(_) | None => Err(Cause::OutOfOrder.into()),
        }
    }
}

/// True when the bytes are those asked for, of something that may be an attachment.
fn is_answer(chunk: Chunk, wanted: Wanted) -> bool {
    chunk.offset == wanted.offset
        && chunk.length <= wanted.length
        && chunk.size <= ATTACHMENT_MAX_BYTES
}

/// Bytes of a content that are still arriving.
#[derive(Debug)]
pub struct ChunkAnswer {
    response: Response,
    /// Size of the whole content.
    pub size: u64,
    left: u64,
}

impl ChunkAnswer {
    /// The next bytes as they arrive; `None` after the last.
    ///
    /// # Errors
    /// [`TransportError`]; all bytes taken before count.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let bytes = tokio::time::timeout(SILENCE_TIMEOUT, self.response.chunk())
            .await
            .map_err(|_| Cause::TimedOut(SILENCE_TIMEOUT))??;
        match bytes {
            Some(bytes) => {
                self.left = self
                    .left
                    .checked_sub(bytes.len() as u64)
                    .ok_or(Cause::OutOfOrder)?;
                Ok(Some(bytes.to_vec()))
            }
            None if self.left > 0 => Err(Cause::Cut.into()),
            None => Ok(None),
        }
    }
}

async fn word<T: DeserializeOwned>(
    request: RequestBuilder,
    token: &HexKey,
) -> Result<T, TransportError> {
    let request = request
        .bearer_auth(String::from(token.clone()))
        .header(ACCEPT, ATTACHMENT_MEDIA_TYPE);
    within(WORD_TIMEOUT, async {
        let bytes = read_bounded(send(request).await?, JSON_MAX_BYTES).await?;
        let mut decoder = Decoder::default();
        decoder.push(&bytes);
        decoder.next_frame()?.ok_or_else(|| Cause::Cut.into())
    })
    .await
}
