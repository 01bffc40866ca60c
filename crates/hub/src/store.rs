//! The store as the server and the workers use it: every call is one transaction.

mod sqlite;

use async_trait::async_trait;
use fettle_domain::{ContentHash, EffectId, Timestamp};
use fettle_sync::epoch::{EpochAnswer, EpochRequest};
use fettle_sync::exchange::UpExchange;
use fettle_sync::request::{EnrolAnswer, EnrolRequest, HexKey, Session, SignInRequest};

pub use sqlite::SqliteStore;

use crate::core::{Answer, BundleReport, Masters, SecretBytes, SessionInfo, StoreFault, Totals};
use crate::effect::{Claimed, Outcome};

/// Where to read on in a list of an outside system, once its page is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOn {
    /// Name of the list.
    pub list: String,
    /// Cursor after the page.
    pub cursor: String,
}

/// The hub's store. What an implementation answers is durable.
#[async_trait]
pub trait Store: Send + Sync {
    /// Hash of an account's password, `None` when there is no such account.
    async fn password_hash(&self, account: String) -> Result<Option<String>, StoreFault>;
    /// Enrols a device and signs its first person in.
    async fn enrol(
        &self,
        request: EnrolRequest,
        is_right: bool,
        secrets: [SecretBytes; 2],
        now: Timestamp,
    ) -> Answer<EnrolAnswer>;
    /// Signs a person in.
    async fn sign_in(
        &self,
        request: SignInRequest,
        is_right: bool,
        token: SecretBytes,
        now: Timestamp,
    ) -> Answer<Session>;
    /// What a session's token stands for.
    async fn authenticate(&self, token: HexKey, now: Timestamp) -> Answer<SessionInfo>;
    /// Begins a new epoch of the device of a session.
    async fn begin_epoch(
        &self,
        session: SessionInfo,
        request: EpochRequest,
        now: Timestamp,
    ) -> Answer<EpochAnswer>;
    /// One exchange: commits what arrived, then makes the answer.
    async fn exchange(
        &self,
        session: SessionInfo,
        exchange: UpExchange,
        now: Timestamp,
    ) -> Result<Vec<u8>, StoreFault>;
    /// Of each content whether a device may bring it.
    async fn attachments_taken(
        &self,
        session: SessionInfo,
        contents: Vec<ContentHash>,
    ) -> Result<Vec<bool>, StoreFault>;
    /// True when a device is served a content.
    async fn is_attachment_served(
        &self,
        session: SessionInfo,
        content: ContentHash,
    ) -> Result<bool, StoreFault>;
    /// Notes that a content of this size is whole.
    async fn attachment_whole(
        &self,
        content: ContentHash,
        size: u64,
        now: Timestamp,
    ) -> Result<(), StoreFault>;
    /// Takes a bundle that a session's laptop carried.
    async fn bundle(
        &self,
        session: SessionInfo,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Answer<BundleReport>;
    /// Takes one page of masters or orders and where to read on.
    async fn ingest(
        &self,
        masters: Masters,
        next: Option<ReadOn>,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault>;
    /// Where to read on in a list.
    async fn poll_cursor(&self, list: &'static str) -> Result<Option<String>, StoreFault>;
    /// Orders to be read again.
    async fn orders_to_reread(&self, limit: u32) -> Result<Vec<String>, StoreFault>;
    /// What was under way when the hub stopped counts as unknown.
    async fn recover_effects(&self, now: Timestamp) -> Result<(), StoreFault>;
    /// Claims effects that are due.
    async fn claim_effects(&self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreFault>;
    /// When the next effect is due.
    async fn next_effect_due(&self) -> Result<Option<Timestamp>, StoreFault>;
    /// Writes what came of an attempt.
    async fn effect_answered(
        &self,
        effect: EffectId,
        attempt: u32,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), StoreFault>;
    /// Lets old tombstones go; true when there are more.
    async fn compact(&self, now: Timestamp) -> Result<bool, StoreFault>;
    /// Counts of what the store holds.
    async fn totals(&self) -> Result<Totals, StoreFault>;
}
