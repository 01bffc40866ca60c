//! The answer to an exchange, frame by frame as it arrives.

use std::time::Duration;

use fettle_sync::exchange::{Down, DownHead, Slice};
use fettle_sync::frame::Decoder;
use fettle_sync::limits::{EXCHANGE_BUDGET_BYTES, FRAME_PACKED_MAX_BYTES};
use reqwest::Response;

use super::{Cause, TransportError};

/// Longest silence within an answer: 30 s. What came before it is applied and counts.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer: the largest budget a desk asks for and the frame that crosses it, twice, since
/// acknowledgements come on top.
const ANSWER_MAX_BYTES: usize = 2 * (EXCHANGE_BUDGET_BYTES + FRAME_PACKED_MAX_BYTES);

/// What the next frame must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Slices,
    Ended,
}

/// An answer that is still arriving.
#[derive(Debug)]
pub struct ExchangeAnswer {
    response: Response,
    decoder: Decoder,
    place: Place,
    bytes: usize,
}

impl ExchangeAnswer {
    pub(super) fn new(response: Response) -> Self {
        Self {
            response,
            decoder: Decoder::default(),
            place: Place::Head,
            bytes: 0,
        }
    }

    /// Takes the head, which comes first and once.
    ///
    /// # Errors
    /// [`TransportError`]; nothing was acknowledged then as far as the desk knows.
    pub async fn head(&mut self) -> Result<DownHead, TransportError> {
        match self.next().await? {
            Some(Down::Head(head)) => Ok(head),
            Some(Down::Slice(_) | Down::End { .. }) | None => Err(Cause::OutOfOrder.into()),
        }
    }

    /// Takes the next stretch of a feed, or learns how the answer ended.
    ///
    /// # Errors
    /// [`TransportError`]; every slice taken before counts.
    pub async fn slice(&mut self) -> Result<Step, TransportError> {
        match self.next().await? {
            Some(Down::Slice(slice)) => Ok(Step::Slice(slice)),
            Some(Down::End { has_more }) => Ok(Step::Ended { has_more }),
            Some(Down::Head(_)) | None => Err(Cause::OutOfOrder.into()),
        }
    }

    /// Takes the next frame as it arrives; `None` after the last one.
    ///
    /// # Errors
    /// [`TransportError`]; every frame taken before counts.
    pub async fn next(&mut self) -> Result<Option<Down>, TransportError> {
        if self.place == Place::Ended {
            return Ok(None);
        }
        loop {
            if let Some(frame) = self.decoder.next_with(Down::read)? {
                self.place = follow(self.place, &frame)?;
                return Ok(Some(frame));
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<(), TransportError> {
        let chunk = tokio::time::timeout(SILENCE_TIMEOUT, self.response.chunk())
            .await
            .map_err(|_| Cause::TimedOut(SILENCE_TIMEOUT))??
            .ok_or(Cause::Cut)?;
        self.bytes += chunk.len();
        if self.bytes > ANSWER_MAX_BYTES {
            return Err(Cause::TooLarge(ANSWER_MAX_BYTES).into());
        }
        self.decoder.push(&chunk);
        Ok(())
    }
}

/// What follows the head.
#[derive(Debug)]
pub enum Step {
    /// A stretch of a feed, to apply with its cursor.
    Slice(Slice),
    /// The answer ended whole.
    Ended {
        /// True when another exchange should follow at once.
        has_more: bool,
    },
}

fn follow(place: Place, frame: &Down) -> Result<Place, TransportError> {
    match (place, frame) {
        (Place::Head, Down::Head(_)) | (Place::Slices, Down::Slice(_)) => Ok(Place::Slices),
        (Place::Slices, Down::End { .. }) => Ok(Place::Ended),
        (Place::Head, Down::Slice(_) | Down::End { .. })
        | (Place::Slices, Down::Head(_))
        | (Place::Ended, Down::Head(_) | Down::Slice(_) | Down::End { .. }) => {
            Err(Cause::OutOfOrder.into())
        }
    }
}
