//! The built-in CMMS over its own HTTP interface.
//!
//! Its words end here: site, sector, `worktype`, `SCHD`. Lists are read by row stamp, orders are
//! found by `externalrefid`, a status is set with the row stamp it was decided on. It does not
//! refuse duplicates.

mod code;
mod payload;
mod plan;
mod request;

use std::sync::Arc;

use async_trait::async_trait;
use fettle_domain::effect::{Reference, Rejection, RejectionClass};
use fettle_domain::work_order::Status;
use serde::de::DeserializeOwned;

use crate::capability::{Capabilities, Capability};
use crate::master::{AssetRecord, LocationRecord, MaintenanceMasters, PersonRecord, PlantRecord};
use crate::order::{FactReport, NewOrder, OrderRecord, StatusChange, WorkOrders};
use crate::posting::{Cursor, Fault, Page, Posting};
use crate::transport::Transport;
use crate::wire::{Caller, PAGE_ROWS_MAX, encode, not_sent};

/// Name of the system in external ids.
pub const SYSTEM: &str = "demo-cmms";

const BASE: &str = "/os";

/// Most times a change is tried on an order that keeps changing: three in a row within a second is
/// another program at work, and waiting helps more than trying.
const TRIES_MAX: u32 = 3;

/// Connector of the built-in CMMS.
#[derive(Clone)]
pub struct DemoCmms {
    caller: Caller,
}

impl DemoCmms {
    /// A connector over a transport.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        let caller = Caller {
            transport,
            system: SYSTEM,
            read_error: payload::read_error,
            class_of: code::rejection_class,
        };
        Self { caller }
    }

    /// What it offers.
    #[must_use]
    pub fn capabilities() -> Capabilities {
        Capabilities {
            system: SYSTEM,
            offers: &[
                Capability::WorkOrders,
                Capability::OrderPlans,
                Capability::MaintenanceMasters,
            ],
            finds_by_reference: true,
            refuses_duplicates: false,
            has_row_stamps: true,
        }
    }

    async fn page<P, R>(&self, noun: &str, since: Option<&Cursor>) -> Result<Page<R>, Fault>
    where
        P: DeserializeOwned + TryInto<R, Error = String>,
    {
        let since = since.map_or_else(|| "0".to_owned(), |cursor| encode(&cursor.0));
        let path = format!("{BASE}/{noun}?changedsince={since}&pagesize={PAGE_ROWS_MAX}");
        let list: payload::List<P> = self.caller.list(path).await?;
        let rows = list
            .member
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, String>>()
            .map_err(|seen| Fault::Payload {
                system: SYSTEM,
                seen,
            })?;
        let next = Cursor(list.nextchange.to_string());
        Ok(Page {
            rows,
            next,
            has_more: list.more,
        })
    }

    async fn find(&self, noun: &str, reference: &Reference) -> Result<Option<String>, Fault> {
        let path = format!("{BASE}/{noun}?externalrefid={}", encode(&reference.0));
        let found: payload::Found = self.caller.list(path).await?;
        Ok(found.member.into_iter().find_map(payload::Key::number))
    }

    async fn read_order_of(&self, number: &str) -> Result<Option<OrderRecord>, Fault> {
        let path = format!("{BASE}/wo/{}", encode(number));
        let order: Option<payload::WorkOrder> = self.caller.get(path).await?;
        order
            .map(TryInto::try_into)
            .transpose()
            .map_err(|seen| Fault::Payload {
                system: SYSTEM,
                seen,
            })
    }

    async fn post_status(&self, change: &StatusChange, row_stamp: Option<&str>) -> Posting {
        let headers = row_stamp
            .map(|stamp| ("if-match".to_owned(), stamp.to_owned()))
            .into_iter()
            .collect();
        let path = format!("{BASE}/wo/{}/status", encode(&change.order));
        let body = request::NewStatus::from(change);
        self.caller
            .post(path, headers, &body, payload::number_of)
            .await
    }

    /// Sets the status over the row as it stands. Whoever changes another field between reading
    /// and writing only makes us read again; whoever changes the status has won.
    async fn set_present_status(&self, change: &StatusChange) -> Posting {
        let mut decided_on: Option<Status> = None;
        for _ in 0..TRIES_MAX {
            let order = match self.read_order_of(&change.order).await {
                Ok(Some(order)) => order,
                // The system itself says that it does not know the order.
                Ok(None) => return self.post_status(change, None).await,
                Err(fault) => return not_sent(fault),
            };
            let was = *decided_on.get_or_insert(order.status);
            if order.status != was && order.status != change.to {
                return Posting::Rejected(clash(was, order.status));
            }
            let posting = self.post_status(change, Some(&order.row_stamp)).await;
            match &posting {
                Posting::Rejected(rejection) if rejection.code == code::STALE_ROW => {}
                Posting::Rejected(_)
                | Posting::Posted { .. }
                | Posting::Unknown { .. }
                | Posting::NotSent { .. } => return posting,
            }
        }
        Posting::Rejected(busy(&change.order))
    }
}

/// The row kept changing under every try. Nothing was done; it is tried again by the hub's schedule
/// and comes to a person when that does not help.
fn busy(order: &str) -> Rejection {
    Rejection {
        class: RejectionClass::Software,
        code: "ROW_BUSY".to_owned(),
        message: format!("{order} was changed by others {TRIES_MAX} times while it was written"),
    }
}

/// Somebody else's change of the same status came first.
fn clash(was: Status, is: Status) -> Rejection {
    let (was, is) = (code::status_word(was), code::status_word(is));
    Rejection {
        class: RejectionClass::ProcessState,
        code: "STATUS_CHANGED".to_owned(),
        message: format!("the order was {was} when this was decided and became {is} meanwhile"),
    }
}

#[async_trait]
impl MaintenanceMasters for DemoCmms {
    async fn plants(&self, since: Option<&Cursor>) -> Result<Page<PlantRecord>, Fault> {
        self.page::<payload::Site, _>("site", since).await
    }

    async fn locations(&self, since: Option<&Cursor>) -> Result<Page<LocationRecord>, Fault> {
        self.page::<payload::Location, _>("location", since).await
    }

    async fn assets(&self, since: Option<&Cursor>) -> Result<Page<AssetRecord>, Fault> {
        self.page::<payload::Asset, _>("asset", since).await
    }

    async fn people(&self, since: Option<&Cursor>) -> Result<Page<PersonRecord>, Fault> {
        self.page::<payload::Labor, _>("labor", since).await
    }
}

#[async_trait]
impl WorkOrders for DemoCmms {
    async fn changed_since(&self, since: Option<&Cursor>) -> Result<Page<OrderRecord>, Fault> {
        self.page::<payload::WorkOrder, _>("wo", since).await
    }

    async fn read_order(&self, number: &str) -> Result<Option<OrderRecord>, Fault> {
        self.read_order_of(number).await
    }

    async fn find_order(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("wo", reference).await
    }

    async fn create_order(&self, order: &NewOrder) -> Posting {
        let body = request::NewOrderBody::from(order);
        self.caller
            .post(format!("{BASE}/wo"), Vec::new(), &body, payload::number_of)
            .await
    }

    async fn find_status_change(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("statuschange", reference).await
    }

    async fn set_status(&self, change: &StatusChange) -> Posting {
        match &change.row_stamp {
            // Decided on a version its caller names: never set over another one.
            Some(row_stamp) => self.post_status(change, Some(row_stamp)).await,
            None => self.set_present_status(change).await,
        }
    }

    async fn find_fact(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("worklog", reference).await
    }

    async fn report_fact(&self, report: &FactReport) -> Posting {
        let path = format!("{BASE}/wo/{}/worklog", encode(&report.order));
        let body = request::NewFact::from(report);
        self.caller
            .post(path, Vec::new(), &body, payload::number_of)
            .await
    }
}
