//! Compensation: an honest change that lost its right meanwhile is taken, and the hub puts what it
//! may not write back as it was. Nobody's words are lost: both stand in the history.
//!
//! Facts are never put back. An entry keeps what its author wrote while it was open, whatever is
//! written later, and what somebody observed stays observed.

use std::collections::BTreeSet;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ObjId, ReadDoc, ScalarValue};
use fettle_domain::person::ActorRow;
use fettle_domain::{ActorId, Timestamp};

use crate::change::{NewChange, VerifiedChange};
use crate::document::{DocumentFault, WorkOrderDocument, new_change};
use crate::history::{Content, History, Object, OpId, Placed, standing};
use crate::hydrate::Authors;
use crate::kind::DocumentKind;
use crate::rights::breaches;
use crate::rights::table::{Rule, row};
use crate::write::Writer;

/// Puts back, as `hub`, what a change wrote without the right to: `before` is the document the
/// change was made on top of, as the hub had it; `after` holds the change and takes the answer.
/// `None` when nothing is to be put back.
///
/// # Errors
/// [`DocumentFault`] when the document does not take it; `after` is then as it was.
pub fn compensate(
    before: &WorkOrderDocument,
    after: &mut WorkOrderDocument,
    change: &VerifiedChange,
    (author, authors): (&ActorRow, &Authors),
    (hub, at): (ActorId, Timestamp),
) -> Result<Option<NewChange>, DocumentFault> {
    let breaches = breaches(before, change, author, authors);
    let mut copy = after.automerge().clone();
    copy.set_actor(automerge::ActorId::from(&hub.0[..]));
    let mut transaction = copy.transaction();
    let (mut texts, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (placed, _) in &breaches {
        let Some((container, rule)) = container(after.history(), placed) else {
            continue;
        };
        match (rule, &placed.key, placed.object) {
            (Rule::Text, _, _) => {
                if texts.insert(container.to_owned()) {
                    let text = before.text(container);
                    Writer::new(&mut transaction).write_text(container, &text)?;
                }
            }
            (Rule::Field | Rule::Planned, Some(key), Object::Made(object)) => {
                if !keys.insert((object, key.clone())) {
                    continue;
                }
                let at = object_id(object);
                match stood_before(before.history(), authors, (object, key), container) {
                    Stood::Value(value) => transaction.put(&at, key.as_str(), value)?,
                    Stood::Nothing => transaction.delete(&at, key.as_str())?,
                    // A member stands as long as nobody of its owner's weight takes it away.
                    Stood::Member => {}
                }
            }
            (Rule::Field | Rule::Planned | Rule::Result | Rule::Entry, _, _) => {}
        }
    }
    let options = CommitOptions::default().with_time(at.as_ms().div_euclid(1000));
    let (Some(hash), _) = transaction.commit_with(options) else {
        return Ok(None);
    };
    let change = copy.get_change_by_hash(&hash);
    let new = change
        .as_ref()
        .and_then(new_change)
        .ok_or(DocumentFault::NotTaken)?;
    let verified = VerifiedChange::check(&new.bytes).map_err(|_| DocumentFault::NotTaken)?;
    after.apply(std::slice::from_ref(&verified))?;
    Ok(Some(new))
}

fn container<'h>(history: &'h History, placed: &Placed) -> Option<(&'h str, Rule)> {
    let Object::Made(object) = placed.object else {
        return None;
    };
    let (path, _) = history.path(object)?;
    let container = path.first().copied()?;
    Some((container, row(DocumentKind::WorkOrder, container)?.rule))
}

enum Stood {
    Value(ScalarValue),
    Member,
    Nothing,
}

/// What stood of a key, by who wrote it.
fn stood_before(
    held: &History,
    authors: &Authors,
    (object, key): (OpId, &str),
    container: &str,
) -> Stood {
    let Some(writes) = held.keys(object).and_then(|keys| keys.get(key)) else {
        return Stood::Nothing;
    };
    // As hydration weighs them: the last word of anybody in what everybody observes.
    let weight = |author| (container != "times").then(|| authors.rank(author));
    let stand = standing(writes, |written| Some(weight(written.author)));
    let found = stand
        .iter()
        .rev()
        .find_map(|(_, written)| match &written.content {
            Content::Scalar(value) => Some(Stood::Value(value.clone())),
            Content::Map => Some(Stood::Member),
            Content::Removed | Content::Other => None,
        });
    found.unwrap_or(Stood::Nothing)
}

fn object_id(object: OpId) -> ObjId {
    let (counter, actor) = object.parts();
    // The index is a hint that is looked up when it does not fit.
    ObjId::Id(counter, automerge::ActorId::from(&actor.0[..]), 0)
}
