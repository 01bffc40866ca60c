//! Sealed orders: of an order that is over when it is first read there is no document, only its
//! rows. Whoever still writes about it opens it again.

use fettle_connectors::OrderRecord;
use fettle_document::WorkOrderDocument;
use fettle_domain::feed::Feed;
use fettle_domain::row::{Removed, Row, sealed_key};
use fettle_domain::work_order::{SealedOrder, SharedPlan, WorkOrderContent, WorkOrderRow};
use fettle_domain::{DocumentId, Timestamp, WorkOrderId};

use super::master::Outside;
use super::plan_record::all_of;
use super::{Core, StoreFault};
use crate::table;

impl Core<'_> {
    /// Keeps the content of an order that is over as a plain row.
    pub(crate) fn seal(
        &self,
        outside: &Outside<'_>,
        row: &WorkOrderRow,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let plan = self.plan_of(outside, record, now)?;
        let sealed = SealedOrder {
            order: row.id,
            content: content_of(plan),
            recorded: record.recorded.clone(),
            heads: Vec::new(),
        };
        self.put_sealed(row, sealed)
    }

    /// Writes what stands of an order whose official row stands already.
    pub(crate) fn put_sealed(
        &self,
        row: &WorkOrderRow,
        sealed: SealedOrder,
    ) -> Result<(), StoreFault> {
        if let Some(day) = sealed.ended_on() {
            table::work_order::set_ended_on(self.connection, row.id, day)?;
        }
        self.put_row(&work_feed(row), &Row::Sealed(Box::new(sealed)))
    }

    /// What stands of an order that has no document.
    pub(crate) fn sealed(&self, row: &WorkOrderRow) -> Result<Option<SealedOrder>, StoreFault> {
        let feed = table::feed::number(self.connection, &work_feed(row))?;
        let held = table::official_row::get(self.connection, feed, &sealed_key(row.id))?;
        Ok(match held {
            Some((_, Row::Sealed(sealed))) => Some(*sealed),
            Some(_) | None => None,
        })
    }

    /// Makes the document of a sealed order, so that somebody can write about it; laptops get its
    /// changes like those of any order. False for history of a file, which nobody writes about,
    /// and for what is not sealed.
    pub(crate) fn unseal(&self, id: DocumentId, now: Timestamp) -> Result<bool, StoreFault> {
        let order = WorkOrderId::from(id);
        let Some(row) = self.order_row(order)? else {
            return Ok(false);
        };
        let Some(sealed) = self.sealed(&row)? else {
            return Ok(false);
        };
        if sealed
            .recorded
            .is_some_and(|recorded| recorded.import.is_some())
        {
            return Ok(false);
        }
        let feed = table::feed::number(self.connection, &work_feed(&row))?;
        let mut document = WorkOrderDocument::new();
        table::document::put(self.connection, id, feed, document.save())?;
        let plan = SharedPlan::of(&sealed.content);
        self.write_plan(order, (feed, &mut document), &all_of(&plan), now)?;
        table::order_shadow::put(self.connection, order, &plan)?;
        let removed = Removed {
            key: sealed_key(order),
            order: Some(order),
            at: now,
        };
        self.put_row(&work_feed(&row), &Row::Removed(removed))?;
        Ok(true)
    }
}

fn work_feed(row: &WorkOrderRow) -> Feed {
    Feed::Work(row.plant.clone(), row.area.clone())
}

fn content_of(plan: SharedPlan) -> WorkOrderContent {
    let SharedPlan {
        priority,
        required_start,
        required_finish,
        actual_start,
        actual_finish,
        description,
        instructions,
        tasks,
        part_lines,
    } = plan;
    WorkOrderContent {
        priority,
        required_start,
        required_finish,
        actual_start,
        actual_finish,
        description,
        instructions,
        tasks,
        part_lines,
        ..WorkOrderContent::default()
    }
}
