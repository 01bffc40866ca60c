//! Orders of the CMMS: their official rows, and the feed their area has.

use fettle_connectors::OrderRecord;
use fettle_document::{WorkOrderDocument, hydrate};
use fettle_domain::feed::Feed;
use fettle_domain::work_order::official::{CmmsAnswer, OfficialStatus};
use fettle_domain::work_order::{WorkOrderContent, WorkOrderRow};
use fettle_domain::{
    AssetId, CrewId, DocumentId, LocationId, PersonId, PlantId, Timestamp, WorkOrderId,
};
use fettle_sync::exchange::FeedNumber;

use super::master::Outside;
use super::{Core, StoreFault};
use crate::table;
use crate::table::log::{Entry, append};

impl Core<'_> {
    /// Orders whose status could not be believed when they were read, to be read again.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn orders_to_reread(&self, limit: u32) -> Result<Vec<String>, StoreFault> {
        Ok(table::order_reread::all(self.connection, limit)?)
    }

    pub(crate) fn take_order(
        &self,
        outside: &Outside<'_>,
        record: &OrderRecord,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let id = WorkOrderId(outside.id("work_order", &record.number)?);
        table::order_reread::remove(self.connection, &record.number)?;
        let held = self.order_row(id)?;
        let mut row = self.row_of(outside, id, record, now)?;
        match &held {
            None if row.status.status.is_ended() => {
                self.put_revision(&row, None, now)?;
                return self.seal(outside, &row, record, now);
            }
            None => {
                let number = self.work_feed(&row)?;
                self.put_revision(&row, None, now)?;
                let document = WorkOrderDocument::new();
                table::document::put(self.connection, id.into(), number, document.save())?;
            }
            Some(held) => {
                row.local_reference.clone_from(&held.local_reference);
                self.move_order(held, &row)?;
                self.update_status(held, row.clone(), record, read_at, now)?;
                if self.sealed(&row)?.is_some() {
                    if row.status.status.is_ended() {
                        return self.seal(outside, &row, record, now);
                    }
                    self.unseal(id.into(), now)?;
                }
            }
        }
        if held.is_none() {
            self.first_plan(outside, id, record, now)
        } else {
            self.take_plan(outside, id, record, read_at, now)
        }
    }

    fn work_feed(&self, row: &WorkOrderRow) -> Result<FeedNumber, StoreFault> {
        let feed = Feed::Work(row.plant.clone(), row.area.clone());
        Ok(table::feed::number(self.connection, &feed)?)
    }

    fn row_of(
        &self,
        outside: &Outside<'_>,
        id: WorkOrderId,
        record: &OrderRecord,
        now: Timestamp,
    ) -> Result<WorkOrderRow, StoreFault> {
        let person = |number: &String| outside.id("person", number).map(PersonId);
        Ok(WorkOrderRow {
            id,
            external_ids: outside.external("work_order", &record.number),
            number: Some(record.number.clone()),
            local_reference: None,
            plant: record.plant.clone(),
            area: record.area.clone(),
            title: record.title.clone(),
            kind: record.kind,
            status: OfficialStatus {
                status: record.status,
                revision: 1,
                cmms: CmmsAnswer::Accepted,
            },
            asset: outside.maybe("asset", record.asset.as_ref(), AssetId)?,
            location: outside.maybe("location", record.location.as_ref(), LocationId)?,
            cost_centre: record.cost_centre.clone(),
            job_plan: record.job_plan.clone(),
            crew: outside.maybe("crew", record.crew.as_ref(), CrewId)?,
            assignees: record
                .assignees
                .iter()
                .map(person)
                .collect::<Result<_, _>>()?,
            planner: record.planner.as_ref().map(person).transpose()?,
            scheduled_start: record.scheduled_start,
            scheduled_finish: record.scheduled_finish,
            permits: record.permits.clone(),
            down_since: record.down_since,
            changed: now,
        })
    }

    /// Tells both feeds when an order changed its area.
    fn move_order(&self, held: &WorkOrderRow, row: &WorkOrderRow) -> Result<(), StoreFault> {
        let (from, to) = (self.work_feed(held)?, self.work_feed(row)?);
        if from == to {
            return Ok(());
        }
        let document: DocumentId = row.id.into();
        append(self.connection, from, &Entry::Leave(document))?;
        table::document::set_feed(self.connection, document, to)?;
        append(self.connection, to, &Entry::Enter(document))?;
        for (_, other) in table::official_row::of_order(self.connection, from, row.id)? {
            table::official_row::put(self.connection, to, &other)?;
        }
        table::official_row::remove_order(self.connection, from, row.id)?;
        Ok(())
    }

    /// Whether a laptop of a plant may have an order: it is there, or has been before it moved.
    /// Work done on it meanwhile is honest; nobody could know.
    pub(crate) fn has_held(
        &self,
        document: DocumentId,
        is_at: Option<&PlantId>,
        laptop: Option<&PlantId>,
    ) -> Result<bool, StoreFault> {
        let Some(laptop) = laptop else {
            return Ok(false);
        };
        Ok(is_at == Some(laptop) || table::log::has_left(self.connection, document, laptop)?)
    }

    fn update_status(
        &self,
        held: &WorkOrderRow,
        mut row: WorkOrderRow,
        record: &OrderRecord,
        read_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        row.status = held.status.clone();
        row.changed = held.changed;
        let is_same = record.status == held.status.status;
        // While our own change of status is on its way, what was read may be older than it.
        if !is_same && table::effect::is_status_in_flight(self.connection, row.id, read_at)? {
            table::order_reread::put(self.connection, &record.number)?;
        } else if !is_same {
            row.status = OfficialStatus {
                status: record.status,
                revision: held.status.revision + 1,
                cmms: CmmsAnswer::Accepted,
            };
            row.changed = now;
            return self.put_revision(&row, None, now);
        }
        if row != *held {
            row.changed = now;
        }
        self.put_order_row(&row)
    }

    /// A document with the feed it belongs to.
    pub(crate) fn document(
        &self,
        id: DocumentId,
    ) -> Result<Option<(FeedNumber, WorkOrderDocument)>, StoreFault> {
        let Some((feed, body)) = table::document::get(self.connection, id)? else {
            return Ok(None);
        };
        let document = self.recent.load(&body);
        let document =
            document.map_err(|error| StoreFault::Content(format!("document {id}: {error}")))?;
        Ok(Some((feed, document)))
    }

    /// A document as the rules see it.
    pub(crate) fn content(&self, id: DocumentId) -> Result<Option<WorkOrderContent>, StoreFault> {
        let Some((_, document)) = self.document(id)? else {
            return Ok(None);
        };
        let content = hydrate(&document, &self.authors()?);
        self.recent.keep(document);
        Ok(Some(content))
    }

    /// An order as the rules see it.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub fn work_order(
        &self,
        id: WorkOrderId,
    ) -> Result<Option<fettle_domain::work_order::WorkOrder>, StoreFault> {
        let (Some(row), Some(content)) = (self.order_row(id)?, self.content(id.into())?) else {
            return Ok(None);
        };
        Ok(Some(fettle_domain::work_order::WorkOrder {
            id,
            row,
            content,
        }))
    }
}
