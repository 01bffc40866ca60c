//! Identities: one type per noun, so that two of them can never be exchanged by mistake.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id as a key of a document map: 32 hexadecimal digits without hyphens.
            #[must_use]
            pub fn key(self) -> String {
                self.0.simple().to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "uuid" })
            }
        }
    )*};
}

uuid_id! {
    /// A functional location below an area.
    LocationId;
    /// An asset.
    AssetId;
    /// An item of the ERP.
    ItemId;
    /// A work order; also the id of its document.
    WorkOrderId;
    /// A task of a work order.
    TaskId;
    /// A checklist step of a task.
    StepId;
    /// A planned part line.
    PartLineId;
    /// An entry of a document (labour, part used, reading, note, photo, report, downtime).
    EntryId;
    /// A person.
    PersonId;
    /// A crew.
    CrewId;
    /// A laptop or workstation.
    DeviceId;
    /// A claim the hub decides.
    IntentId;
    /// A fact that belongs to no document.
    RecordId;
    /// A call to an outside system.
    EffectId;
    /// What failed and waits for a person.
    CaseId;
    /// What ties a click to the document in the ERP.
    CorrelationId;
    /// A vendor of the ERP.
    VendorId;
    /// A maintenance plan.
    PmPlanId;
    /// One import of a file: what it brought is seen and taken back as a whole.
    ImportId;
    /// A CRDT document: the id of the order, request or draft it holds.
    DocumentId;
}

impl From<WorkOrderId> for DocumentId {
    fn from(id: WorkOrderId) -> Self {
        Self(id.0)
    }
}

impl From<DocumentId> for WorkOrderId {
    fn from(id: DocumentId) -> Self {
        Self(id.0)
    }
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a code of 1 to 32 letters, digits, `-`, `_` or `.`.
            ///
            /// # Errors
            /// [`BadCode`] when it is empty, too long or holds another character.
            pub fn new(code: impl Into<String>) -> Result<Self, BadCode> {
                let code = code.into();
                if is_code(&code) { Ok(Self(code)) } else { Err(BadCode(code)) }
            }

            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadCode;

            fn try_from(code: String) -> Result<Self, BadCode> {
                Self::new(code)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_id! {
    /// Code of a plant, such as `1200`; names its feeds.
    PlantId;
    /// Code of an area of a plant, such as `HALL-3`; names its work feed.
    AreaId;
}

/// A code that cannot name a plant or area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("code {0:?} is not 1 to 32 letters, digits, '-', '_' or '.'")]
pub struct BadCode(pub String);

fn is_code(code: &str) -> bool {
    (1..=32).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The id under which an outside system knows a record.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct ExternalId {
    /// Which system, such as `demo-cmms`.
    pub system: String,
    /// Which kind of record there, such as `work_order`.
    pub kind: String,
    /// Number or key there: text of any length.
    pub value: String,
}

/// An author of changes: 16 bytes of BLAKE3(person key, device, epoch).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActorId(#[serde(with = "serde_bytes")] pub [u8; 16]);

impl ActorId {
    /// The actor of a person's key on a device in an epoch; stable within the epoch.
    #[must_use]
    pub fn derive(person_key: &[u8; 32], device: DeviceId, epoch: u32) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("fettle 2026 actor");
        hasher.update(person_key);
        hasher.update(device.0.as_bytes());
        hasher.update(&epoch.to_be_bytes());
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        Self(id)
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActorId({self})")
    }
}

impl JsonSchema for ActorId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ActorId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "array", "items": { "type": "integer" }, "minItems": 16, "maxItems": 16 })
    }
}

/// Hash of a change as Automerge computes it (SHA-256 of the chunk).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangeHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChangeHash({self})")
    }
}

impl JsonSchema for ChangeHash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ChangeHash".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "array", "items": { "type": "integer" }, "minItems": 32, "maxItems": 32 })
    }
}
