//! The list *Saved on this laptop, not sent yet*, and what needs attention, oldest first.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fettle_domain::WorkOrderId;
use fettle_domain::charter::Charter;
use fettle_replica::{ChangeRow, StoredOrder};

use super::change;
use crate::core::Core;
use crate::desk::Desk;
use crate::trouble::Answer;
use crate::view::{ChangeState, ProblemView, UnsentView};

impl Desk {
    /// Changes of this laptop that are not sent or need attention, whoever made them.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn unsent(&self) -> Result<Vec<UnsentView>, ProblemView> {
        self.on_disk(|core| core.unsent_list()).await
    }
}

impl Core {
    fn unsent_list(&self) -> Answer<Vec<UnsentView>> {
        let charter = self.charter()?;
        let mut orders: BTreeMap<WorkOrderId, Option<StoredOrder>> = BTreeMap::new();
        let mut views = Vec::new();
        for row in self.replica.open_changes()? {
            let order = match orders.entry(row.order) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(self.replica.order(row.order)?),
            };
            views.push(self.unsent_view(order.as_ref(), &charter, &row)?);
        }
        Ok(views)
    }

    /// The same list of one order.
    pub(super) fn unsent_of(&self, order: &StoredOrder) -> Answer<Vec<UnsentView>> {
        let charter = self.charter()?;
        let mut views = Vec::new();
        for row in &order.changes {
            let view = self.unsent_view(Some(order), &charter, row)?;
            match view.change.state {
                ChangeState::Saved | ChangeState::Attention => views.push(view),
                ChangeState::Sent | ChangeState::Accepted => {}
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
        Ok(UnsentView {
            order_id: row.order.to_string(),
            order_number: order.map_or_else(String::new, |order| order.line.number.clone()),
            kind: change::unsent_kind(row.kind),
            text: row.words.clone(),
            change: order.map_or_else(
                || change::saved(row.at),
                |order| change::of_row(order, charter, row),
            ),
            by: self.person_name(Some(row.person))?,
        })
    }
}
