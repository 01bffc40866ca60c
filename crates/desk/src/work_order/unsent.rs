//! The list *Saved on this laptop, not sent yet*, and what needs attention, oldest first.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fettle_domain::WorkOrderId;
use fettle_domain::case::{CaseSubject, ExceptionCase};
use fettle_domain::charter::Charter;
use fettle_domain::row::Subject;
use fettle_replica::{ChangeRow, MadeSubject, StoredOrder};

use super::change;
use crate::case::about;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{BlockedView, ChangeState, ProblemView, UnsentKind, UnsentView};

/// Longest words shown of a change in lists, in characters.
const WORDS_MAX: usize = 120;

impl Desk {
    /// Changes of this laptop that are not sent or need attention, whoever made them, and cases of
    /// its orders that nothing made here stands for.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn unsent(&self) -> Result<Vec<UnsentView>, ProblemView> {
        self.on_disk(|core| core.unsent_list()).await
    }
}

/// Orders read once for the list.
type Orders = BTreeMap<WorkOrderId, Option<StoredOrder>>;

impl Core {
    fn unsent_list(&self) -> Answer<Vec<UnsentView>> {
        let charter = self.charter()?;
        let mut orders = Orders::new();
        let (mut rows, mut views) = (Vec::new(), Vec::new());
        for row in self.replica.open_changes()? {
            let order = self.read_once(&mut orders, row.order)?;
            let view = self.unsent_view(order, &charter, &row)?;
            if waits(view.change.state) {
                views.push(view);
                rows.push(row);
            }
        }
        for case in self.replica.attention_cases()? {
            let Some(order) = case.order else { continue };
            if rows.iter().any(|row| stands_for(row, &case)) {
                continue;
            }
            if let Some(order) = self.read_once(&mut orders, order)? {
                views.push(self.case_in_list(order, &case)?);
            }
        }
        Ok(views)
    }

    fn read_once<'o>(
        &self,
        orders: &'o mut Orders,
        id: WorkOrderId,
    ) -> Answer<Option<&'o StoredOrder>> {
        Ok(match orders.entry(id) {
            Entry::Occupied(entry) => entry.into_mut().as_ref(),
            Entry::Vacant(entry) => entry.insert(self.replica.order(id)?).as_ref(),
        })
    }

    /// The same list of one order, and what was set aside of it and is settled since.
    pub(super) fn unsent_of(&self, order: &StoredOrder) -> Answer<Vec<UnsentView>> {
        let charter = self.charter()?;
        let (mut rows, mut views) = (Vec::new(), Vec::new());
        for row in &order.changes {
            let view = self.unsent_view(Some(order), &charter, row)?;
            if waits(view.change.state) {
                rows.push(row);
                views.push(view);
            } else if row.set_aside().is_some() {
                views.push(view);
            }
        }
        let open = order.cases.iter().filter(|case| !case.is_settled());
        // What the hub keeps aside concerns the laptop it came from, a proposal who decides about it.
        let open = open.filter(|case| {
            !matches!(case.subject, CaseSubject::Item { .. }) && !case.is_proposal()
        });
        for case in open {
            if !rows.iter().any(|row| stands_for(row, case)) {
                views.push(self.case_in_list(order, case)?);
            }
        }
        Ok(views)
    }

    fn unsent_view(
        &self,
        order: Option<&StoredOrder>,
        charter: &Charter,
        row: &ChangeRow,
    ) -> Answer<UnsentView> {
        let text = beginning(&row.words);
        let is_cut = text != row.words && row.quarantined.is_some();
        Ok(UnsentView {
            order_id: row.order.to_string(),
            order_number: order.map_or_else(String::new, |order| order.line.number.clone()),
            kind: change::unsent_kind(row.kind),
            whole: is_cut.then(|| row.words.clone()),
            text,
            about: None,
            change: order.map_or_else(
                || change::saved(row.at),
                |order| change::of_row(order, charter, row),
            ),
            by: self.person_name(Some(row.person))?,
        })
    }

    fn case_in_list(&self, order: &StoredOrder, case: &ExceptionCase) -> Answer<UnsentView> {
        let about = about(self, Some(order), case)?;
        Ok(UnsentView {
            order_id: order.line.id.to_string(),
            order_number: order.line.number.clone(),
            kind: UnsentKind::Case,
            text: String::new(),
            whole: None,
            about: Some(BlockedView {
                kind: about.kind,
                text: about.text,
                minutes: about.minutes,
            }),
            change: change::of_case(order, case),
            by: self.person_name(case.author)?,
        })
    }
}

fn waits(state: ChangeState) -> bool {
    match state {
        ChangeState::Saved | ChangeState::Attention => true,
        ChangeState::Sent | ChangeState::Accepted => false,
    }
}

/// True when a case is about what was made here, which says itself who has it.
fn stands_for(row: &ChangeRow, case: &ExceptionCase) -> bool {
    let subject = match case.subject {
        CaseSubject::Effect { subject, .. } => subject,
        CaseSubject::Intent(id) => Subject::Intent(id),
        CaseSubject::Entry(id) => Subject::Entry(id),
        CaseSubject::Step(_) | CaseSubject::Field(_) | CaseSubject::Item { .. } => return false,
    };
    match row.subject {
        MadeSubject::Entry(id) => subject == Subject::Entry(id),
        MadeSubject::Intent(id) => subject == Subject::Intent(id),
        MadeSubject::Plan(id) => subject == Subject::Plan(id),
        MadeSubject::Step(_) => false,
    }
}

fn beginning(words: &str) -> String {
    let line = words.trim().replace('\n', " ");
    match line.char_indices().nth(WORDS_MAX) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
