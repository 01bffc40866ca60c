//! Records: signed facts that belong to no document (a count, a round reading, a hand-over note).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ActorId, CorrelationId, DeviceTime, PlantId, RecordId};

/// A fact under its own id, append-only, never refused for content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Identity.
    pub id: RecordId,
    /// Plant it was observed at.
    pub plant: PlantId,
    /// What it is, such as `hand_over_note`.
    pub kind: String,
    /// Content as the kind defines it: JSON text, kept even where this version does not know the kind.
    pub content: String,
    /// Author.
    pub actor: ActorId,
    /// Device clock when it was written.
    pub written: DeviceTime,
    /// The click it came from.
    pub correlation_id: CorrelationId,
}
