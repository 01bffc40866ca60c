//! Creating the orders: search before create, a few at once, nothing repeated blindly.

use std::sync::Arc;

use fettle_connectors::{NewOrder, Posting, WorkOrders};
use fettle_domain::effect::Rejection;
use tokio::task::JoinSet;

/// Most rows under way at once: more only queue up in front of the CMMS.
pub const AT_ONCE_MAX: usize = 8;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Created by this run under this number.
    Created(String),
    /// Was there already under this number.
    There(String),
    /// Refused by the CMMS.
    Rejected(Rejection),
    /// It cannot be said: the run stops, the next one searches first.
    Stopped(String),
}

/// What became of all rows: place in the list and standing, in no order.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) standings: Vec<(usize, Standing)>,
    /// Why the run stopped before the end.
    pub(super) stopped: Option<String>,
}

/// Sends the orders; after the first fault what is under way ends and nothing more begins.
pub(super) async fn send<C: WorkOrders + 'static>(
    orders: Vec<NewOrder>,
    cmms: &Arc<C>,
    progress: impl Fn(usize, usize),
) -> Sent {
    let count = orders.len();
    let mut waiting = orders.into_iter().enumerate();
    let mut under_way = JoinSet::new();
    let mut sent = Sent::default();
    loop {
        while sent.stopped.is_none() && under_way.len() < AT_ONCE_MAX {
            let Some((place, order)) = waiting.next() else {
                break;
            };
            let cmms = Arc::clone(cmms);
            under_way.spawn(async move { (place, create_once(cmms.as_ref(), &order).await) });
        }
        match under_way.join_next().await {
            None => return sent,
            Some(Ok((place, standing))) => sent.note(place, standing),
            // Nothing aborts these tasks: it panicked, and a bug stays one.
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        }
        progress(sent.standings.len(), count);
    }
}

impl Sent {
    fn note(&mut self, place: usize, standing: Standing) {
        match standing {
            Standing::Created(_) | Standing::There(_) | Standing::Rejected(_) => {
                self.standings.push((place, standing));
            }
            Standing::Stopped(seen) => {
                self.stopped.get_or_insert(seen);
            }
        }
    }
}

/// A call without an answer is looked up and never sent a second time by the same run: it may
/// still be on its way.
async fn create_once(cmms: &impl WorkOrders, order: &NewOrder) -> Standing {
    match cmms.find_order(&order.reference).await {
        Ok(Some(number)) => return Standing::There(number),
        Ok(None) => {}
        Err(fault) => return Standing::Stopped(fault.to_string()),
    }
    match cmms.create_order(order).await {
        Posting::Posted { number } => Standing::Created(number),
        Posting::Rejected(rejection) => Standing::Rejected(rejection),
        Posting::NotSent { seen } => Standing::Stopped(seen),
        Posting::Unknown { seen } => match cmms.find_order(&order.reference).await {
            Ok(Some(number)) => Standing::Created(number),
            Ok(None) | Err(_) => Standing::Stopped(seen),
        },
    }
}
