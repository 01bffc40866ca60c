//! What arrives: each push is checked against its author's chain, then its items one by one.

use fettle_document::VerifiedChange;
use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::charter::Domain;
use fettle_domain::refusal_answer::{RefusalAnswer, refusal_answer};
use fettle_domain::{ActorId, Refusal, Timestamp, WorkOrderId};
use fettle_sync::chain::{Link, Position};
use fettle_sync::exchange::{Linked, Push, PushItem};

use super::case::Opening;
use super::change::Documents;
use super::{Core, StoreFault};
use crate::table;
use crate::table::actor::Stored as Author;

/// An item with its place in the chain.
pub(crate) struct Placed<'a> {
    item: &'a PushItem,
    pub(crate) linked: Linked,
    pub(crate) position: Position,
    change: Option<VerifiedChange>,
    /// True when it is here already.
    is_held: bool,
}

impl Core<'_> {
    /// Takes one push; a refusal says why it went no further than what is held already. `torn` is
    /// the link before its first item where what came before it was lost.
    pub(crate) fn accept_push(
        &self,
        documents: &mut Documents,
        push: &Push,
        torn: Option<Link>,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        let author = table::actor::get(self.connection, push.actor)?;
        // The hub's own actor has no key that could sign, so nobody can push in its name; nor in
        // that of somebody of whom only the id came back after a restore.
        let can_sign =
            |author: &Author| author.person.is_some() && author.key != table::actor::NO_KEY;
        let Some(author) = author.filter(can_sign) else {
            return Ok(Some(Refusal::new("actor.unknown")));
        };
        let end = table::chain_item::end(self.connection, push.actor)?;
        let placed = match self.place(&author, push, end, torn)? {
            Ok(placed) => placed,
            Err(refusal) => return Ok(Some(refusal)),
        };
        let barred = self.barred(&author)?;
        let last = placed.len();
        for (index, item) in placed.into_iter().enumerate() {
            if item.is_held {
                continue;
            }
            let signature = (index + 1 == last).then_some(&push.signature);
            table::chain_item::put(
                self.connection,
                push.actor,
                item.position,
                &item.linked,
                signature,
            )?;
            let refused = match &barred {
                Some(refusal) => Some(refusal.clone()),
                None => self.take(documents, &author, &item, now)?,
            };
            if let Some(refusal) = refused {
                self.quarantine(push, &item, &refusal, now)?;
            }
        }
        if push.first > end.count + 1 {
            table::chain_item::tear(self.connection, push.actor, end.count + 1)?;
        }
        table::chain_item::mend(self.connection, push.actor)?;
        Ok(None)
    }

    /// Links the items to what is held of the chain and verifies the signature over the last one.
    fn place<'p>(
        &self,
        author: &Author,
        push: &'p Push,
        end: Position,
        torn: Option<Link>,
    ) -> Result<Result<Vec<Placed<'p>>, Refusal>, StoreFault> {
        let gap = || Refusal::new("chain.gap").with("expected", end.count + 1);
        let Some(before) = push.first.checked_sub(1) else {
            return Ok(Err(gap()));
        };
        let held = table::chain_item::at(self.connection, push.actor, before)?;
        let torn = torn.map(|link| Position {
            count: before,
            link,
        });
        let Some(mut position) = held.or(torn) else {
            return Ok(Err(gap()));
        };
        let mut placed = Vec::with_capacity(push.items.len());
        for item in &push.items {
            let change = match item {
                PushItem::Change(_, bytes) => VerifiedChange::check(bytes).ok(),
                PushItem::Intent(_) | PushItem::Record(_) => None,
            };
            // Bytes that are no change have no hash of Automerge's; only their author could have
            // signed them under this one, and then they are kept in quarantine.
            let hash = |bytes: &[u8]| match &change {
                Some(change) => change.hash().0,
                None => *blake3::hash(bytes).as_bytes(),
            };
            let Ok(linked) = item.linked(hash) else {
                return Ok(Err(Refusal::new("push.unreadable")));
            };
            position = position.extend(linked.kind, linked.id, &linked.hash);
            placed.push(Placed {
                item,
                linked,
                position,
                change,
                is_held: false,
            });
        }
        if !position.is_signed_by(author.key, &push.signature) {
            return Ok(Err(Refusal::new("chain.signature")));
        }
        let last = table::chain_item::last(self.connection, push.actor)?;
        // In the order of the chain: what differs first is where two copies part.
        for item in &mut placed {
            let count = item.position.count;
            if count > last {
                break;
            }
            let held = table::chain_item::at(self.connection, push.actor, count)?;
            if held.is_some_and(|held| held.link != item.position.link) {
                return Ok(Err(Refusal::new("chain.fork").with("position", count)));
            }
            item.is_held = held.is_some();
        }
        Ok(Ok(placed))
    }

    /// Why nothing of this author goes further than quarantine.
    pub(crate) fn barred(&self, author: &Author) -> Result<Option<Refusal>, StoreFault> {
        let person = match author.person {
            Some(id) => table::person::get(self.connection, id)?,
            None => None,
        };
        if person.is_none_or(|person| person.is_disabled) {
            return Ok(Some(Refusal::new("author.disabled")));
        }
        let device = match author.device {
            Some(id) => table::device::get(self.connection, id)?,
            None => None,
        };
        let is_revoked = device.is_none_or(|(device, _)| device.revoked_at.is_some());
        Ok(is_revoked.then(|| Refusal::new("device.revoked")))
    }

    fn take(
        &self,
        documents: &mut Documents,
        author: &Author,
        placed: &Placed<'_>,
        now: Timestamp,
    ) -> Result<Option<Refusal>, StoreFault> {
        match placed.item {
            PushItem::Change(document, _) => match &placed.change {
                Some(change) => documents.take(self, author, *document, change, now),
                None => Ok(Some(Refusal::new("change.malformed"))),
            },
            PushItem::Intent(intent) => {
                self.take_intent(author, intent, placed.position.count, now)
            }
            PushItem::Record(record) => {
                if record.actor != author.actor {
                    return Ok(Some(Refusal::new("record.other_author")));
                }
                table::record::put(self.connection, record, now)?;
                Ok(None)
            }
        }
    }

    fn quarantine(
        &self,
        push: &Push,
        placed: &Placed<'_>,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let body = match placed.item {
            PushItem::Change(_, bytes) => bytes.to_vec(),
            PushItem::Intent(intent) => table::cbor(intent)?,
            PushItem::Record(record) => table::cbor(record)?,
        };
        tracing::warn!(actor = %push.actor, position = placed.position.count, %refusal, "quarantined");
        table::quarantine::put(
            self.connection,
            (push.actor, placed.position.count),
            &placed.linked,
            &body,
            refusal,
            now,
        )?;
        let order = match placed.item {
            PushItem::Change(document, _) => Some((*document).into()),
            PushItem::Intent(intent) => Some(intent.claim.order()),
            PushItem::Record(_) => None,
        };
        self.open_kept_aside((push.actor, placed.position.count), order, refusal, now)
    }

    /// Opens the case of what is kept aside or was put back: one per author, order and reason,
    /// however much it is. What its device makes again needs nobody.
    pub(crate) fn open_kept_aside(
        &self,
        (actor, position): (ActorId, u64),
        order: Option<WorkOrderId>,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let domain = match refusal_answer(refusal) {
            RefusalAnswer::MakeAgain => return Ok(()),
            // Whoever plans decides whether it is to be as this person wrote it.
            RefusalAnswer::Compensate => Domain::WorkOrderPlan,
            RefusalAnswer::KeepWords | RefusalAnswer::AwaitRelease => Domain::Person,
        };
        let Some(author) = table::actor::get(self.connection, actor)? else {
            return Ok(());
        };
        let row = match order {
            Some(order) => self.order_row(order)?,
            None => None,
        };
        let device = match author.device {
            Some(device) => table::device::get(self.connection, device)?,
            None => None,
        };
        let plant = row.as_ref().map(|row| row.plant.clone());
        let Some(plant) = plant.or_else(|| device.map(|(device, _)| device.plant)) else {
            return Ok(());
        };
        let order = row.map(|row| row.id);
        let held = match order {
            Some(order) => table::case::of_order(self.connection, order)?,
            None => table::case::open(self.connection)?,
        };
        let is_same = |case: &ExceptionCase| {
            let is_of =
                matches!(&case.subject, CaseSubject::Item { actor: of, .. } if *of == actor);
            is_of && case.order == order && case.cause == *refusal && !case.is_settled()
        };
        if held.iter().any(is_same) {
            return Ok(());
        }
        let subject = CaseSubject::Item { actor, position };
        let opening = Opening {
            order,
            author: author.person,
            ..Opening::new(plant, subject, refusal.clone(), domain)
        };
        self.open_case(opening, now)?;
        Ok(())
    }
}
