//! The worker that reads masters and orders of the outside systems, page by page.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use fettle_connectors::{Cursor, Fault, Page};

use crate::clock::now;
use crate::core::{Masters, Rows, StoreFault};
use crate::store::{ReadOn, Store};
use crate::systems::Systems;

/// Most pages of one list in one round: bounds a system whose list never ends.
const PAGES_MAX: u32 = 10_000;
/// Most orders read again in one round.
const REREAD_MAX: u32 = 200;

/// Why a round of reading ended early; what was taken until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum PollFault {
    /// An outside system did not answer.
    #[error(transparent)]
    Outside(#[from] Fault),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Reads masters and orders.
pub struct Poller {
    store: Arc<dyn Store>,
    systems: Systems,
}

/// Reads every page of one list and hands each to the store with where to read on.
macro_rules! read_list {
    ($poller:expr, $list:literal, $system:expr, $read:expr, $rows:path) => {{
        let mut cursor = $poller.store.poll_cursor($list).await?.map(Cursor);
        for _ in 0..PAGES_MAX {
            let read_at = now();
            let page: Page<_> = $read(cursor.clone()).await?;
            // A list that says there is more and does not move on is asked again in the next round.
            let is_done = !page.has_more || cursor.as_ref() == Some(&page.next);
            let next = ReadOn {
                list: $list.to_owned(),
                cursor: page.next.0.clone(),
            };
            if !page.rows.is_empty() || cursor.as_ref() != Some(&page.next) {
                let masters = Masters {
                    system: $system.to_owned(),
                    rows: $rows(page.rows),
                };
                $poller
                    .store
                    .ingest(masters, Some(next), read_at, now())
                    .await?;
            }
            cursor = Some(page.next);
            if is_done {
                break;
            }
        }
    }};
}

impl Poller {
    /// A poller of these systems.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, systems: Systems) -> Self {
        Self { store, systems }
    }

    /// Reads again and again until `ended`.
    pub async fn run(&self, every: Duration, ended: impl Future<Output = ()> + Send) {
        tokio::pin!(ended);
        loop {
            tokio::select! {
                () = &mut ended => return,
                polled = self.poll() => {
                    if let Err(error) = polled {
                        tracing::warn!(error = &error as &dyn std::error::Error, "masters wait");
                    }
                }
            }
            tokio::select! {
                () = &mut ended => return,
                () = tokio::time::sleep(every) => {}
            }
        }
    }

    /// Reads everything that changed, once.
    ///
    /// # Errors
    /// [`PollFault`]; the next round goes on where this one ended.
    pub async fn poll(&self) -> Result<(), PollFault> {
        let (maintenance, material) = (&self.systems.maintenance, &self.systems.material);
        let (prices, costs) = (&self.systems.prices, &self.systems.costs);
        let (cmms, erp) = (self.systems.cmms, self.systems.erp);
        let read = |since: Option<Cursor>| async move { maintenance.plants(since.as_ref()).await };
        read_list!(self, "cmms/plants", cmms, read, Rows::Plants);
        let read = |since: Option<Cursor>| async move { maintenance.people(since.as_ref()).await };
        read_list!(self, "cmms/people", cmms, read, Rows::People);
        let read =
            |since: Option<Cursor>| async move { maintenance.locations(since.as_ref()).await };
        read_list!(self, "cmms/locations", cmms, read, Rows::Locations);
        let read = |since: Option<Cursor>| async move { maintenance.assets(since.as_ref()).await };
        read_list!(self, "cmms/assets", cmms, read, Rows::Assets);
        let read = |since: Option<Cursor>| async move { material.items(since.as_ref()).await };
        read_list!(self, "erp/items", erp, read, Rows::Items);
        let read = |since: Option<Cursor>| async move { material.stock(since.as_ref()).await };
        read_list!(self, "erp/stock", erp, read, Rows::Stock);
        let read = |since: Option<Cursor>| async move { prices.prices(since.as_ref()).await };
        read_list!(self, "erp/prices", erp, read, Rows::Prices);
        self.poll_orders().await?;
        let read = |since: Option<Cursor>| async move { costs.costs(since.as_ref()).await };
        // The numbers of the orders are the CMMS's.
        read_list!(self, "erp/costs", cmms, read, Rows::Costs);
        Ok(())
    }

    /// Reads orders that changed, and those whose status could not be believed before.
    ///
    /// # Errors
    /// [`PollFault`].
    pub async fn poll_orders(&self) -> Result<(), PollFault> {
        let orders = &self.systems.orders;
        for number in self.store.orders_to_reread(REREAD_MAX).await? {
            let read_at = now();
            if let Some(order) = orders.read_order(&number).await? {
                let masters = Masters {
                    system: self.systems.cmms.to_owned(),
                    rows: Rows::Orders(vec![order]),
                };
                self.store.ingest(masters, None, read_at, now()).await?;
            }
        }
        let read =
            |since: Option<Cursor>| async move { orders.changed_since(since.as_ref()).await };
        read_list!(self, "cmms/orders", self.systems.cmms, read, Rows::Orders);
        Ok(())
    }
}
