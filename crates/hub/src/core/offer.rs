//! What desks give back after a restore: recognised by the hub's own proof, taken as it was.

use std::collections::BTreeSet;

use fettle_document::VerifiedChange;
use fettle_domain::{ActorId, ChangeHash, DocumentId, PersonId, Timestamp};
use fettle_sync::exchange::ActorKey;
use fettle_sync::proof::{Accepted, Offer};

use super::change::Documents;
use super::{Core, StoreFault};
use crate::table;

impl Core<'_> {
    /// Takes an offer; answers with the changes it names. What this hub never sent is left alone:
    /// its author still has it.
    pub(crate) fn take_offer(
        &self,
        documents: &mut Documents,
        offer: &Offer,
        now: Timestamp,
    ) -> Result<Vec<(DocumentId, ChangeHash)>, StoreFault> {
        let key = table::secret::proof_key(self.connection)?;
        if !key.is_proven(&offer.accepted, &offer.proof) {
            tracing::warn!(things = offer.accepted.len(), "an offer without proof");
            return Ok(Vec::new());
        }
        for one in &offer.accepted {
            if let Accepted::Actor(actor, person, device) = one {
                self.know_actor(*actor, (*person, *device), &offer.keys, now)?;
            }
        }
        documents.know_authors(self)?;
        for verdict in &offer.verdicts {
            let known = Accepted::verdict(verdict)
                .map_err(|error| StoreFault::Content(error.to_string()))?;
            if offer.accepted.contains(&known) {
                table::restored_verdict::put(self.connection, verdict)?;
            }
        }
        let proven = proven_changes(offer);
        let mut named = Vec::with_capacity(proven.len());
        for (document, change) in proven {
            named.push((document, change.hash()));
            if let Some(refusal) = documents.take_proven(self, document, &change, now)? {
                tracing::warn!(%document, %refusal, "an offered change stays with its desk");
            }
        }
        Ok(named)
    }

    /// Makes an actor known again that the backup did not have.
    fn know_actor(
        &self,
        actor: ActorId,
        (person, device): (Option<PersonId>, Option<fettle_domain::DeviceId>),
        keys: &[(ActorId, ActorKey)],
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        // A laptop that enrolled after the backup enrols anew and makes its work again; until then
        // nothing of it could be told from that of a revoked one.
        let is_enrolled = match device {
            Some(device) => table::device::get(self.connection, device)?.is_some(),
            None => false,
        };
        let keys = if is_enrolled { keys } else { &[] };
        let key = keys.iter().find_map(|(of, key)| {
            let is_its = device.is_some_and(|device| {
                *of == actor && ActorId::derive(&key.key.0, device, key.epoch) == actor
            });
            is_its.then_some(*key)
        });
        let held = table::actor::get(self.connection, actor)?;
        if let Some(held) = held {
            if held.key == table::actor::NO_KEY
                && held.person.is_some()
                && let Some(key) = key
            {
                table::actor::set_key(self.connection, actor, key)?;
            }
            return Ok(());
        }
        let roles = match person {
            None => vec![fettle_domain::person::Role::Cmms],
            Some(person) => match table::person::get(self.connection, person)? {
                Some(person) => person.roles,
                // Not read from the system of record yet: the row comes with the person's.
                None => Vec::new(),
            },
        };
        let stored = table::actor::Stored {
            actor,
            person,
            device,
            key: key.map_or(table::actor::NO_KEY, |key| key.key),
            epoch: key.map_or(0, |key| key.epoch),
            valid_from: now,
        };
        table::actor::put(self.connection, &stored)?;
        self.tell_actor(&stored, roles)
    }
}

/// The changes of an offer that the list proves: those named and whatever lies in their past.
fn proven_changes(offer: &Offer) -> Vec<(DocumentId, VerifiedChange)> {
    let mut known: BTreeSet<(DocumentId, ChangeHash)> = offer
        .accepted
        .iter()
        .filter_map(|one| match one {
            Accepted::Change(document, hash) => Some((*document, *hash)),
            Accepted::Actor(..) | Accepted::Verdict(..) => None,
        })
        .collect();
    let mut proven = Vec::new();
    // Dependencies come first, so going backwards meets every descendant before its past.
    for (document, bytes) in offer.changes.iter().rev() {
        let Ok(change) = VerifiedChange::check(bytes) else {
            continue;
        };
        if known.contains(&(*document, change.hash())) {
            known.extend(
                change
                    .dependencies()
                    .into_iter()
                    .map(|hash| (*document, hash)),
            );
            proven.push((*document, change));
        }
    }
    proven.reverse();
    proven
}
