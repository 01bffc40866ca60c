//! What is kept aside, and its release by an administrator: facts and records become what they
//! are, a claim never does.

use fettle_document::{VerifiedChange, hydrate};
use fettle_domain::case::{CaseSubject, Resolution, Settlement};
use fettle_domain::intent::Intent;
use fettle_domain::record::Record;
use fettle_domain::{ActorId, DocumentId, Refusal, Timestamp, WorkOrderId};
use fettle_sync::chain::ItemKind;

use super::change::Documents;
use super::{Answer, Core, StoreFault};
use crate::table;
use crate::table::actor::Stored as Author;
use crate::table::quarantine::Stored;

/// An item kept aside, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Author and place: what it is called by.
    pub name: String,
    /// Author.
    pub actor: ActorId,
    /// Place in the author's chain.
    pub position: u64,
    /// `change`, `intent` or `record`.
    pub kind: &'static str,
    /// Number of the order it is about; empty when it is about none.
    pub order: String,
    /// Who wrote it.
    pub person: String,
    /// Laptop it was written on.
    pub device: String,
    /// Why it is kept aside.
    pub refusal: Refusal,
    /// Since when.
    pub at: Timestamp,
}

/// An item with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptContent {
    /// The item.
    pub kept: Kept,
    /// What it says, one line each.
    pub text: String,
}

/// What a release did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Release {
    /// Items that are facts now.
    pub released: Vec<Kept>,
    /// Items that stay, with the reason.
    pub stays: Vec<(Kept, Refusal)>,
}

/// Reasons that say who wrote something or what it rests on, and nothing against what it says.
const RELEASABLE: &[&str] = &[
    "author.disabled",
    "device.revoked",
    "change.dependency_quarantined",
];

impl Core<'_> {
    /// Everything kept aside, per author in commit order.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn quarantined(&self) -> Result<Vec<Kept>, StoreFault> {
        let stored = table::quarantine::all(self.connection)?;
        stored.iter().map(|item| self.kept(item)).collect()
    }

    /// One item with what it says.
    ///
    /// # Errors
    /// [`StoreFault`]; an item that is not kept aside is a refusal.
    pub fn show_quarantined(&self, name: &str) -> Answer<KeptContent> {
        for item in table::quarantine::all(self.connection)? {
            let kept = self.kept(&item)?;
            if kept.name == name {
                let text = self.text(&item)?;
                return Ok(Ok(KeptContent { kept, text }));
            }
        }
        Ok(Err(Refusal::new("quarantine.unknown").with("item", name)))
    }

    /// Releases what a laptop, a person or one place holds. Facts and records are taken as if they
    /// had never been kept aside; claims stay with their reason.
    ///
    /// # Errors
    /// [`StoreFault`]; a name under which nothing is kept aside is a refusal.
    pub fn release(&self, whose: &str, reason: &str, now: Timestamp) -> Answer<Release> {
        if reason.trim().is_empty() {
            return Ok(Err(Refusal::new("quarantine.reason_missing")));
        }
        let account = table::account::get(self.connection, &whose.to_lowercase())?;
        let person = account.map(|account| account.person);
        let mut wanted = Vec::new();
        for item in table::quarantine::all(self.connection)? {
            let kept = self.kept(&item)?;
            let author = table::actor::get(self.connection, item.actor)?;
            let is_persons = person.is_some() && author.and_then(|author| author.person) == person;
            if is_persons || kept.device == whose || kept.name == whose {
                wanted.push((item, kept));
            }
        }
        if wanted.is_empty() {
            return Ok(Err(Refusal::new("quarantine.unknown").with("item", whose)));
        }
        let mut release = Release::default();
        // One may rest on another, also of another author: again until none moves.
        loop {
            let before = wanted.len();
            wanted = self.release_once(wanted, &mut release, reason, now)?;
            if wanted.is_empty() || wanted.len() == before {
                break;
            }
        }
        self.release_what_rests_on_it(&mut release, reason, now)?;
        for (item, kept) in wanted {
            let why = self.stays_because(&item)?;
            release.stays.push((kept, why));
        }
        self.settle_released(&release.released, reason, now)?;
        self.decide_waiting(now)?;
        Ok(Ok(release))
    }

    /// What others made on top of what is released goes with it: nobody decided about them.
    fn release_what_rests_on_it(
        &self,
        release: &mut Release,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        loop {
            let mut on_top = Vec::new();
            for item in table::quarantine::all(self.connection)? {
                if item.kind == ItemKind::Change && !self.rests_on_kept_aside(&item)? {
                    let kept = self.kept(&item)?;
                    on_top.push((item, kept));
                }
            }
            let count = release.released.len();
            self.release_once(on_top, release, reason, now)?;
            if release.released.len() == count {
                return Ok(());
            }
        }
    }

    /// False for a change that was kept aside only because of one that is not any more.
    fn rests_on_kept_aside(&self, item: &Stored) -> Result<bool, StoreFault> {
        let Ok(change) = VerifiedChange::check(&item.body) else {
            return Ok(true);
        };
        if item.refusal.code != "change.dependency_quarantined" {
            return Ok(true);
        }
        for hash in change.dependencies() {
            if table::quarantine::reason(self.connection, item.id, &hash.0)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn release_once(
        &self,
        wanted: Vec<(Stored, Kept)>,
        release: &mut Release,
        reason: &str,
        now: Timestamp,
    ) -> Result<Vec<(Stored, Kept)>, StoreFault> {
        let mut documents = Documents::new(self)?;
        let mut left = Vec::new();
        for (item, kept) in wanted {
            let is_released = RELEASABLE.contains(&item.refusal.code.as_str())
                && self.release_one(&mut documents, &item, now)?;
            if is_released {
                table::audit::put(self.connection, "released", &kept.name, reason, now)?;
                release.released.push(kept);
            } else {
                left.push((item, kept));
            }
        }
        documents.finish(self, now)?;
        Ok(left)
    }

    /// Settles the cases of what is kept aside no longer. A case that also stands for a claim stays
    /// open: its owner decides about that one.
    fn settle_released(
        &self,
        released: &[Kept],
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        if released.is_empty() {
            return Ok(());
        }
        let left = self.quarantined()?;
        for case in table::case::open(self.connection)? {
            let CaseSubject::Item { actor, .. } = &case.subject else {
                continue;
            };
            let order = case
                .order
                .map_or(Ok(String::new()), |id| self.number_of(id))?;
            let is_of = |kept: &Kept| {
                kept.actor == *actor && kept.refusal == case.cause && kept.order == order
            };
            if released.iter().any(is_of) && !left.iter().any(is_of) {
                let resolution = Resolution {
                    how: Settlement::Accepted,
                    by: None,
                    at: now,
                    reason: Some(reason.to_owned()),
                };
                self.resolve_case(case.id, resolution)?;
            }
        }
        Ok(())
    }

    /// Takes one item; false when it stays.
    fn release_one(
        &self,
        documents: &mut Documents,
        item: &Stored,
        now: Timestamp,
    ) -> Result<bool, StoreFault> {
        let Some(author) = table::actor::get(self.connection, item.actor)? else {
            return Ok(false);
        };
        let place = (item.actor, item.position);
        match item.kind {
            // Its moment has passed: somebody else may have decided meanwhile.
            ItemKind::Intent => return Ok(false),
            ItemKind::Record => {
                let record: Record = table::read_cbor(&item.body)?;
                if record.actor != author.actor {
                    return Ok(false);
                }
                table::record::put(self.connection, &record, now)?;
                table::quarantine::remove(self.connection, place)?;
            }
            ItemKind::Change => {
                let Ok(change) = VerifiedChange::check(&item.body) else {
                    return Ok(false);
                };
                // Gone before it is taken: what rests on it asks whether it is kept aside.
                table::quarantine::remove(self.connection, place)?;
                let document = DocumentId(item.id);
                if let Some(refusal) = documents.take(self, &author, document, &change, now)? {
                    table::quarantine::put_back(self.connection, item, &refusal)?;
                    self.open_kept_aside(place, Some(document.into()), &refusal, now)?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn stays_because(&self, item: &Stored) -> Result<Refusal, StoreFault> {
        if item.kind == ItemKind::Intent {
            return Ok(Refusal::new("quarantine.claim_stays"));
        }
        let now_kept = table::quarantine::reason(self.connection, item.id, &item.hash)?;
        Ok(now_kept.unwrap_or_else(|| item.refusal.clone()))
    }

    fn kept(&self, item: &Stored) -> Result<Kept, StoreFault> {
        let author = table::actor::get(self.connection, item.actor)?;
        Ok(Kept {
            name: format!("{}/{}", item.actor, item.position),
            actor: item.actor,
            position: item.position,
            kind: item.kind.word(),
            order: self.order_of_kept(item)?,
            person: self.person_of(author.as_ref())?,
            device: self.device_of(author.as_ref())?,
            refusal: item.refusal.clone(),
            at: item.at,
        })
    }

    fn person_of(&self, author: Option<&Author>) -> Result<String, StoreFault> {
        let Some(id) = author.and_then(|author| author.person) else {
            return Ok(String::new());
        };
        let person = table::person::get(self.connection, id)?;
        Ok(person.map_or_else(String::new, |person| person.name))
    }

    fn device_of(&self, author: Option<&Author>) -> Result<String, StoreFault> {
        let Some(id) = author.and_then(|author| author.device) else {
            return Ok(String::new());
        };
        let device = table::device::get(self.connection, id)?;
        Ok(device.map_or_else(String::new, |(device, _)| device.name))
    }

    fn order_of_kept(&self, item: &Stored) -> Result<String, StoreFault> {
        let order = match item.kind {
            ItemKind::Change => WorkOrderId(item.id),
            ItemKind::Intent => {
                let intent: Intent = table::read_cbor(&item.body)?;
                intent.claim.order()
            }
            ItemKind::Record => return Ok(String::new()),
        };
        self.number_of(order)
    }

    fn number_of(&self, order: WorkOrderId) -> Result<String, StoreFault> {
        let row = self.order_row(order)?;
        let number = row.and_then(|row| row.number.or(row.local_reference));
        Ok(number.unwrap_or_else(|| order.to_string()))
    }

    /// What an item says: a claim or record as it is, a change as what it would add to its order.
    fn text(&self, item: &Stored) -> Result<String, StoreFault> {
        let unreadable = |error: serde_json::Error| StoreFault::Content(error.to_string());
        match item.kind {
            ItemKind::Intent => {
                let intent: Intent = table::read_cbor(&item.body)?;
                serde_json::to_string_pretty(&intent).map_err(unreadable)
            }
            ItemKind::Record => {
                let record: Record = table::read_cbor(&item.body)?;
                serde_json::to_string_pretty(&record).map_err(unreadable)
            }
            ItemKind::Change => {
                let bytes = item.body.len();
                let Some((before, after)) = self.with_and_without(item)? else {
                    return Ok(format!("{bytes} bytes that rest on something kept aside"));
                };
                let before = serde_json::to_string_pretty(&before).map_err(unreadable)?;
                let after = serde_json::to_string_pretty(&after).map_err(unreadable)?;
                let added: Vec<&str> = after
                    .lines()
                    .filter(|line| !before.lines().any(|held| held == *line))
                    .collect();
                Ok(added.join("\n"))
            }
        }
    }

    fn with_and_without(
        &self,
        item: &Stored,
    ) -> Result<
        Option<(
            fettle_domain::work_order::WorkOrderContent,
            fettle_domain::work_order::WorkOrderContent,
        )>,
        StoreFault,
    > {
        let Ok(change) = VerifiedChange::check(&item.body) else {
            return Ok(None);
        };
        let Some((_, mut document)) = self.document(DocumentId(item.id))? else {
            return Ok(None);
        };
        let authors = self.authors()?;
        let before = hydrate(&document, &authors);
        if document.apply(std::slice::from_ref(&change)).is_err() || !document.has(change.hash()) {
            return Ok(None);
        }
        Ok(Some((before, hydrate(&document, &authors))))
    }
}
