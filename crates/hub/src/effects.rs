//! The worker that carries effects to the outside systems: claim, call, answer.
//!
//! The attempt is committed before the call. What was sent without an answer is searched by our
//! reference before anything is sent again.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use fettle_connectors::{Fault, Posting};
use fettle_domain::effect::{NextStep, Rejection, RejectionClass};
use fettle_domain::work_order::Status;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::clock::now;
use crate::core::StoreFault;
use crate::effect::{Call, Claimed, Outcome};
use crate::store::Store;
use crate::systems::Systems;

/// Calls under way at the same time: enough to keep an ERP busy, few enough not to flood it.
const PARALLEL_MAX: usize = 8;
/// Longest wait without looking whether something is due: a command beside the hub makes something
/// due without waking it.
const IDLE_MAX: Duration = Duration::from_secs(5);
/// Shortest wait: a due effect that cannot be claimed must not turn the worker in circles.
const IDLE_MIN: Duration = Duration::from_millis(20);
/// Wait after the store failed.
const STORE_RETRY: Duration = Duration::from_secs(1);
/// How often an answer is tried to be kept before it is left to the next start: half a minute.
const ANSWER_TRIES: u32 = 30;

/// Works until `ended`; then lets the calls under way finish.
pub async fn run(
    store: Arc<dyn Store>,
    systems: Systems,
    work: Arc<Notify>,
    ended: impl Future<Output = ()> + Send,
) {
    tokio::pin!(ended);
    while let Err(error) = store.recover_effects(now()).await {
        tracing::error!(error = &error as &dyn std::error::Error, "effects wait");
        tokio::select! {
            () = &mut ended => return,
            () = tokio::time::sleep(STORE_RETRY) => {}
        }
    }
    let mut running = JoinSet::new();
    loop {
        let wait = match start_due(&store, &systems, &mut running).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "effects wait");
                STORE_RETRY
            }
        };
        tokio::select! {
            () = &mut ended => break,
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = work.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Claims what is due, begins its calls and says how long to wait for the next.
async fn start_due(
    store: &Arc<dyn Store>,
    systems: &Systems,
    running: &mut JoinSet<()>,
) -> Result<Duration, StoreFault> {
    let free = PARALLEL_MAX.saturating_sub(running.len());
    if free == 0 {
        return Ok(IDLE_MAX);
    }
    let limit = u32::try_from(free).unwrap_or(u32::MAX);
    for claimed in store.claim_effects(now(), limit).await? {
        let (store, systems) = (store.clone(), systems.clone());
        running.spawn(async move { carry(&*store, &systems, claimed).await });
    }
    let Some(due) = store.next_effect_due().await? else {
        return Ok(IDLE_MAX);
    };
    let ms = u64::try_from(due.ms_since(now())).unwrap_or(0);
    Ok(Duration::from_millis(ms).clamp(IDLE_MIN, IDLE_MAX))
}

async fn carry(store: &dyn Store, systems: &Systems, claimed: Claimed) {
    let outcome = perform(systems, &claimed).await;
    for _ in 0..ANSWER_TRIES {
        let written = store
            .effect_answered(claimed.id, claimed.attempt, outcome.clone(), now())
            .await;
        let Err(error) = written else {
            return;
        };
        tracing::error!(
            effect = %claimed.id, error = &error as &dyn std::error::Error,
            "the answer of an outside system could not be kept"
        );
        tokio::time::sleep(STORE_RETRY).await;
    }
    // The effect stays under way and counts as unknown when the hub starts again.
}

/// Makes the call of a claimed effect: a search by reference, or the posting itself.
pub async fn perform(systems: &Systems, claimed: &Claimed) -> Outcome {
    match claimed.step {
        NextStep::Search => found(search(systems, claimed).await),
        NextStep::Send => send(systems, claimed).await,
        // Nothing settled is ever claimed.
        NextStep::Rest => Outcome::NotSent {
            seen: "nothing to do".to_owned(),
        },
    }
}

async fn search(systems: &Systems, claimed: &Claimed) -> Result<Option<String>, Fault> {
    let reference = &claimed.reference;
    match &claimed.call {
        Call::SetStatus(_) => systems.orders.find_status_change(reference).await,
        Call::ChangePlan(_) => match &systems.plans {
            Some(plans) => plans.find_plan_change(reference).await,
            None => Ok(None),
        },
        Call::ConfirmLabour(_) => systems.labour.find_confirmation(reference).await,
        Call::MoveGoods(_) => systems.goods.find_movement(reference).await,
    }
}

fn found(answer: Result<Option<String>, Fault>) -> Outcome {
    match answer {
        Ok(Some(number)) => Outcome::Posted { number },
        Ok(None) => Outcome::NotThere,
        Err(fault) => Outcome::NotSent {
            seen: fault.to_string(),
        },
    }
}

async fn send(systems: &Systems, claimed: &Claimed) -> Outcome {
    let posting = match &claimed.call {
        Call::SetStatus(change) => systems.orders.set_status(change).await,
        Call::ChangePlan(update) => match &systems.plans {
            Some(plans) => plans.change_plan(update).await,
            None => Posting::Rejected(not_offered()),
        },
        Call::ConfirmLabour(confirmation) => systems.labour.confirm_labour(confirmation).await,
        Call::MoveGoods(movement) => systems.goods.post_movement(movement).await,
    };
    match posting {
        Posting::Posted { number } => Outcome::Posted { number },
        Posting::Unknown { seen } => Outcome::Unknown { seen },
        Posting::NotSent { seen } => Outcome::NotSent { seen },
        Posting::Rejected(rejection) => Outcome::Rejected {
            rejection,
            official: official(systems, &claimed.call).await,
        },
    }
}

/// What the CMMS holds instead of the status it refused, where it can be read.
async fn official(systems: &Systems, call: &Call) -> Option<Status> {
    match call {
        Call::SetStatus(change) => {
            let order = systems.orders.read_order(&change.order).await;
            order.ok().flatten().map(|order| order.status)
        }
        Call::ChangePlan(_) | Call::ConfirmLabour(_) | Call::MoveGoods(_) => None,
    }
}

/// A CMMS that takes no changes of a plan: the planner enters them there, and knows which.
fn not_offered() -> Rejection {
    Rejection {
        class: RejectionClass::SchemaDrift,
        code: "FETTLE_NOT_OFFERED".to_owned(),
        message: "The CMMS takes no changes of a plan from here. Enter them there.".to_owned(),
    }
}
