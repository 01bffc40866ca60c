//! Who may write what: one table, used by the desk before a commit and by the hub on changes.

use fettle_domain::person::{ActorRow, Role};
use fettle_domain::{ActorId, ChangeHash, Refusal};

use crate::change::VerifiedChange;
use crate::document::WorkOrderDocument;
use crate::edit::Edit;
use crate::genesis::genesis_hash;
use crate::history::{Content, History, Object, Placed, placed};
use crate::hydrate::{Authors, closing};
use crate::kind::DocumentKind;

pub mod table;

pub use table::{Row, Rule, TABLE, row};

/// Whether roles may write an edit at all; what is already in the document may still forbid it.
///
/// # Errors
/// A [`Refusal`] that names the container.
pub fn may_write(edit: &Edit, roles: &[Role]) -> Result<(), Refusal> {
    match container_of(edit) {
        None => allow("order", roles, table::AUTHORS_OF_ORDERS),
        Some(container) => match row(DocumentKind::WorkOrder, container) {
            None => Err(protected(container)),
            Some(row) => allow(container, roles, row.roles)
                .or_else(|refusal| allow(container, roles, row.own_roles).map_err(|_| refusal)),
        },
    }
}

/// Whether an author may make a change on top of a document that holds its dependencies.
///
/// # Errors
/// A [`Refusal`] for the first operation against the table.
pub fn check_rights(
    before: &WorkOrderDocument,
    change: &VerifiedChange,
    author: &ActorRow,
    authors: &Authors,
) -> Result<(), Refusal> {
    if author.actor != change.actor() {
        return Err(Refusal::new("change.other_author"));
    }
    let first = breaches(before, change, author, authors).into_iter().next();
    first.map_or(Ok(()), |(_, refusal)| Err(refusal))
}

/// Every operation against the table, with the reason.
pub(crate) fn breaches(
    before: &WorkOrderDocument,
    change: &VerifiedChange,
    author: &ActorRow,
    authors: &Authors,
) -> Vec<(Placed, Refusal)> {
    let mut history = before.history().clone();
    let is_new = before.heads() == [genesis_hash(DocumentKind::WorkOrder)];
    let touches = placed(change.inner(), change.operations());
    history.add(change.inner(), change.operations());
    let check = Check {
        history: &history,
        change,
        author,
        authors,
        is_new,
    };
    let refused = |touch: Placed| check.touch(&touch).err().map(|refusal| (touch, refusal));
    touches.into_iter().filter_map(refused).collect()
}

struct Check<'a> {
    history: &'a History,
    change: &'a VerifiedChange,
    author: &'a ActorRow,
    authors: &'a Authors,
    is_new: bool,
}

impl Check<'_> {
    fn touch(&self, touch: &Placed) -> Result<(), Refusal> {
        let Object::Made(object) = touch.object else {
            return Err(protected("root"));
        };
        let Some((path, maker)) = self.history.path(object) else {
            return Err(protected("unknown"));
        };
        let container = path.first().copied().unwrap_or_default();
        let Some(row) = row(DocumentKind::WorkOrder, container) else {
            return Err(protected(container));
        };
        let is_free = self.is_new
            && row.rule.is_plan()
            && allow(container, &self.author.roles, table::AUTHORS_OF_ORDERS).is_ok();
        match row.rule {
            _ if is_free => Ok(()),
            Rule::Field | Rule::Text => allow(container, &self.author.roles, row.roles),
            Rule::Planned => self.planned(row, &path, maker, touch),
            Rule::Result => {
                allow(container, &self.author.roles, row.roles)?;
                let is_fresh = path.len() == 1 && touch.written.content == Content::Map;
                if is_fresh || (path.len() == 2 && self.is_made_here(object)) {
                    Ok(())
                } else {
                    Err(protected(container))
                }
            }
            Rule::Entry => {
                allow(container, &self.author.roles, row.roles)?;
                self.entry(object, &path, maker, touch)
            }
        }
    }

    /// The owner of the plan writes any member; others add their own members and write to these.
    fn planned(
        &self,
        row: &Row,
        path: &[&str],
        maker: ActorId,
        touch: &Placed,
    ) -> Result<(), Refusal> {
        let refusal = match allow(row.container, &self.author.roles, row.roles) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        allow(row.container, &self.author.roles, row.own_roles).map_err(|_| refusal)?;
        let is_own = if path.len() == 1 {
            self.is_first_map(touch)
        } else {
            self.authors.is_same_person(maker, self.author.actor)
        };
        if is_own {
            Ok(())
        } else {
            Err(protected(row.container))
        }
    }

    /// An entry is written by its author's person alone, and never once they have seen it closed.
    fn entry(
        &self,
        object: crate::history::OpId,
        path: &[&str],
        maker: ActorId,
        touch: &Placed,
    ) -> Result<(), Refusal> {
        if path.len() == 1 {
            return if self.is_first_map(touch) {
                Ok(())
            } else {
                Err(protected(path[0]))
            };
        }
        if !self.authors.is_same_person(maker, self.author.actor) {
            return Err(Refusal::new("entry.not_yours").with("entry", path[1]));
        }
        let closed = closing(self.history, self.authors, object, maker);
        if closed.is_some_and(|closing| self.has_seen(closing)) {
            return Err(Refusal::new("entry.closed").with("entry", path[1]));
        }
        Ok(())
    }

    fn has_seen(&self, closing: ChangeHash) -> bool {
        closing != self.change.hash() && self.history.is_before(closing, self.change.hash())
    }

    fn is_made_here(&self, object: crate::history::OpId) -> bool {
        self.history.maker(object) == Some(self.change.hash())
    }

    /// True when the operation makes a map where nothing was written before.
    fn is_first_map(&self, touch: &Placed) -> bool {
        let Object::Made(container) = touch.object else {
            return false;
        };
        let writes = touch.key.as_ref().and_then(|key| {
            let keys = self.history.keys(container)?;
            keys.get(key)
        });
        touch.written.content == Content::Map && writes.is_some_and(|writes| writes.len() == 1)
    }
}

/// The container an edit writes to; `None` for the creation of an order.
fn container_of(edit: &Edit) -> Option<&'static str> {
    Some(match edit {
        Edit::CreateWorkOrder(_) => return None,
        Edit::SetPriority(_) | Edit::SetRequired { .. } => "order",
        Edit::SetTimes { .. } => "times",
        Edit::SpliceDescription { .. } | Edit::SetDescription(_) => "description",
        Edit::SetInstructions(_) => "instructions",
        Edit::PutTask(_) | Edit::RemoveTask(_) | Edit::RemoveStep { .. } => "tasks",
        Edit::PutPartLine(_) | Edit::RemovePartLine(_) => "part_lines",
        Edit::RecordStep { .. } => "results",
        Edit::PutLabour { .. } | Edit::CloseLabour { .. } => "labour",
        Edit::PutPartUsed { .. } => "parts_used",
        Edit::PutReading { .. } => "readings",
        Edit::PutNote { .. } => "notes",
        Edit::PutPhoto { .. } => "photos",
        Edit::PutFailureReport { .. } => "failure_reports",
        Edit::PutDowntime { .. } => "downtime",
        Edit::PutLink(_) => "links",
    })
}

fn allow(container: &str, held: &[Role], allowed: &[Role]) -> Result<(), Refusal> {
    if held.iter().any(|role| allowed.contains(role)) {
        Ok(())
    } else {
        Err(protected(container))
    }
}

fn protected(container: &str) -> Refusal {
    Refusal::new("document.field_protected").with("field", container)
}
