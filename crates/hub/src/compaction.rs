//! The worker that lets go, once a day, what no laptop needs any more.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::now;
use crate::core::StoreFault;
use crate::store::Store;

const EVERY: Duration = Duration::from_secs(24 * 3_600);

/// Compacts at once and then once a day, until `ended`.
pub async fn run(store: Arc<dyn Store>, ended: impl Future<Output = ()> + Send) {
    tokio::pin!(ended);
    loop {
        if let Err(error) = compact(store.as_ref()).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old tombstones stay"
            );
        }
        tokio::select! {
            () = &mut ended => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// In transactions of a bounded size each: nobody waits for all of it.
async fn compact(store: &dyn Store) -> Result<(), StoreFault> {
    while store.compact(now()).await? {}
    Ok(())
}
