//! The built-in ERP over its own HTTP interface.
//!
//! Its words end here: material, storage location, `EA`, hours. Documents are found by
//! `ReferenceDocument`; it does not refuse duplicates. What takes back an issue or a confirmation
//! is one with a negative figure that names it; it is taken back once.

mod code;
mod payload;

use std::sync::Arc;

use async_trait::async_trait;
use fettle_domain::effect::Reference;
use serde::de::DeserializeOwned;

use crate::capability::{Capabilities, Capability};
use crate::master::{
    CostRecord, ItemRecord, MaterialMasters, OrderCosts, PriceList, PriceRecord, StockRecord,
};
use crate::posting::{Cursor, Fault, Page, Posting};
use crate::stock::{ConfirmLabour, GoodsMovement, GoodsMovements, LabourConfirmation};
use crate::transport::Transport;
use crate::wire::{Caller, PAGE_ROWS_MAX, encode};

/// Name of the system in external ids.
pub const SYSTEM: &str = "demo-erp";

const BASE: &str = "/api";

/// Connector of the built-in ERP.
#[derive(Clone)]
pub struct DemoErp {
    caller: Caller,
}

impl DemoErp {
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
                Capability::MaterialMasters,
                Capability::PriceList,
                Capability::OrderCosts,
                Capability::GoodsMovements,
                Capability::ConfirmLabour,
            ],
            finds_by_reference: true,
            refuses_duplicates: false,
            has_row_stamps: false,
        }
    }

    async fn page<P, R>(&self, noun: &str, since: Option<&Cursor>) -> Result<Page<R>, Fault>
    where
        P: DeserializeOwned + TryInto<R, Error = String>,
    {
        let since = since.map_or_else(|| "0".to_owned(), |cursor| encode(&cursor.0));
        let path = format!("{BASE}/{noun}?$since={since}&$top={PAGE_ROWS_MAX}");
        let list: payload::List<P> = self.caller.list(path).await?;
        let rows = list
            .value
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_, String>>()
            .map_err(|seen| Fault::Payload {
                system: SYSTEM,
                seen,
            })?;
        Ok(Page {
            rows,
            next: Cursor(list.next_change.to_string()),
            has_more: list.has_more,
        })
    }

    async fn find(&self, noun: &str, reference: &Reference) -> Result<Option<String>, Fault> {
        let path = format!("{BASE}/{noun}?ReferenceDocument={}", encode(&reference.0));
        let found: payload::Found = self.caller.list(path).await?;
        Ok(found
            .value
            .into_iter()
            .next()
            .map(|document| document.number))
    }
}

#[async_trait]
impl MaterialMasters for DemoErp {
    async fn items(&self, since: Option<&Cursor>) -> Result<Page<ItemRecord>, Fault> {
        self.page::<payload::Material, _>("Material", since).await
    }

    async fn stock(&self, since: Option<&Cursor>) -> Result<Page<StockRecord>, Fault> {
        self.page::<payload::Stock, _>("MaterialStock", since).await
    }
}

#[async_trait]
impl PriceList for DemoErp {
    async fn prices(&self, since: Option<&Cursor>) -> Result<Page<PriceRecord>, Fault> {
        self.page::<payload::Price, _>("MaterialPrice", since).await
    }
}

#[async_trait]
impl OrderCosts for DemoErp {
    async fn costs(&self, since: Option<&Cursor>) -> Result<Page<CostRecord>, Fault> {
        self.page::<payload::Cost, _>("OrderCost", since).await
    }
}

#[async_trait]
impl GoodsMovements for DemoErp {
    async fn find_movement(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("GoodsIssue", reference).await
    }

    async fn post_movement(&self, movement: &GoodsMovement) -> Posting {
        let body = payload::NewIssue::from(movement);
        let path = format!("{BASE}/GoodsIssue");
        self.caller
            .post(path, Vec::new(), &body, payload::number_of)
            .await
    }
}

#[async_trait]
impl ConfirmLabour for DemoErp {
    async fn find_confirmation(&self, reference: &Reference) -> Result<Option<String>, Fault> {
        self.find("TimeConfirmation", reference).await
    }

    async fn confirm_labour(&self, confirmation: &LabourConfirmation) -> Posting {
        let body = payload::NewConfirmation::from(confirmation);
        let path = format!("{BASE}/TimeConfirmation");
        self.caller
            .post(path, Vec::new(), &body, payload::number_of)
            .await
    }
}
