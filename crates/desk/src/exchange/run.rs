//! The loop: waits until an exchange is due or somebody wakes it.

use std::sync::Arc;
use std::time::Duration;

use fettle_domain::Refusal;
use fettle_sync::link::{LinkEvent, LinkState};

use crate::bundle::deliver;
use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::exchange::attachments::Attachments;
use crate::exchange::epoch;
use crate::exchange::once::{Ended, Exchange};
use crate::laptop::{self, Laptop, StoredSession};
use crate::rescue::DAMAGED;
use crate::transport::{Transport, TransportError};
use crate::trouble::Answer;

/// Longest wait without looking again: a minute, so that a wall clock set back stops nothing.
const WAIT_LONGEST_MS: i64 = 60_000;

impl Desk {
    /// Exchanges with the hub for as long as the desk lives, from when its data is open.
    pub async fn run(&self) {
        // A damaged work file is given up and a fresh one opened in its place.
        while let Some(core) = self.when_open().await {
            tokio::select! {
                () = self.exchange_for(&core) => {}
                () = self.until_other(&core) => {}
            }
        }
    }

    async fn exchange_for(&self, core: &Arc<Core>) {
        let mut kept = Kept(None);
        let mut attachments = Attachments::default();
        loop {
            wait_until_due(core).await;
            match kept.ready(core) {
                Ok(Some((transport, session))) => {
                    if exchange(core, &transport, session.clone()).await == Rest::Nothing
                        && let Err(stopped) = attachments.round(core, &transport, &session).await
                    {
                        end(core, stopped.into());
                    }
                }
                // Nobody has signed in yet: signing in wakes the loop.
                Ok(None) => core.wake.notified().await,
                Err(trouble) => end(core, LinkEvent::Refused(trouble.0)),
            }
            if is_damaged(core) {
                self.found_damaged();
                return;
            }
        }
    }
}

/// True when the last exchange ended because the work file cannot be read.
fn is_damaged(core: &Core) -> bool {
    matches!(&locked(&core.link).state, LinkState::Refused(refusal) if refusal.code == DAMAGED)
}

async fn wait_until_due(core: &Core) {
    loop {
        let wait_ms = locked(&core.link).due.ms_since(core.wall_clock());
        let Ok(wait_ms @ 1..) = u64::try_from(wait_ms.min(WAIT_LONGEST_MS)) else {
            return;
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            () = core.wake.notified() => {}
        }
    }
}

/// The connection, kept between exchanges while the hub is the same.
struct Kept(Option<Transport>);

impl Kept {
    fn ready(&mut self, core: &Core) -> Answer<Option<(Transport, StoredSession)>> {
        let Some(laptop) = laptop::laptop(&core.replica)? else {
            return Ok(None);
        };
        let Some(session) = laptop::session(&core.replica)? else {
            return Ok(None);
        };
        Ok(Some((self.transport(&laptop)?, session)))
    }

    fn transport(&mut self, laptop: &Laptop) -> Answer<Transport> {
        if let Some(kept) = &self.0
            && kept.hub() == &laptop.hub
        {
            return Ok(kept.clone());
        }
        let transport = Transport::pinned(laptop.hub.clone(), laptop.certificate)
            .map_err(|error| error.refusal(&laptop.hub))?;
        Ok(self.0.insert(transport).clone())
    }
}

/// What an exchange left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Nothing: photos may follow.
    Nothing,
    /// Another exchange, now or later.
    Exchange,
}

async fn exchange(core: &Arc<Core>, transport: &Transport, session: StoredSession) -> Rest {
    locked(&core.link).on(LinkEvent::Began, core.wall_clock());
    let ended = Exchange::new(core, transport, session.clone()).run().await;
    let ended = match ended {
        Ok(ended) => after(core, transport, &session, ended).await,
        stopped => stopped,
    };
    let (event, rest) = match ended {
        Ok(Ended { has_more }) => {
            // People's own work first; then what this laptop carries for others.
            let has_more = has_more || deliver(core, transport, &session).await;
            let rest = if has_more {
                Rest::Exchange
            } else {
                Rest::Nothing
            };
            (LinkEvent::Exchanged { has_more }, rest)
        }
        Err(stopped) => {
            if let Stopped::Refused(refusal) = &stopped
                && refusal.code == "device.revoked"
            {
                give_up_readable(core).await;
            }
            (stopped.into(), Rest::Exchange)
        }
    };
    end(core, event);
    rest
}

/// What an exchange that ended well may ask for: a new epoch, whose work is sent at once.
async fn after(
    core: &Arc<Core>,
    transport: &Transport,
    session: &StoredSession,
    ended: Ended,
) -> Result<Ended, Stopped> {
    let has_renewed = epoch::renew(core, transport, session).await?;
    Ok(Ended {
        has_more: ended.has_more || has_renewed,
    })
}

/// The pinned hub says that this laptop is revoked: it gives up what can be read, once, and keeps
/// what is unsent.
async fn give_up_readable(core: &Arc<Core>) {
    let at_disk = Arc::clone(core);
    let wiped = tokio::task::spawn_blocking(move || -> Answer<()> {
        if laptop::is_wiped(&at_disk.replica)? {
            return Ok(());
        }
        at_disk.close_reading();
        at_disk.replica.wipe_readable()?;
        laptop::put_wiped(&at_disk.replica)
    });
    match wiped.await {
        Ok(Ok(())) => core.changed(&[]),
        // Tried again with the next exchange.
        Ok(Err(trouble)) => tracing::error!(code = trouble.0.code, "keeps what can be read"),
        Err(error) => tracing::error!(%error, "keeps what can be read"),
    }
}

fn end(core: &Core, event: LinkEvent) {
    let before = locked(&core.link).state.clone();
    locked(&core.link).on(event, core.wall_clock());
    if locked(&core.link).state != before {
        core.changed(&[]);
    }
}

/// Why an exchange ended early. Every frame applied before counts.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The hub was not reached or its answer was cut.
    Lost,
    /// The hub, or this laptop, says no.
    Refused(Refusal),
}

impl From<Stopped> for LinkEvent {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Lost => Self::Lost,
            Stopped::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

impl Stopped {
    pub(super) fn of(error: TransportError, transport: &Transport) -> Self {
        match error {
            TransportError::Lost(cause) => {
                tracing::info!(error = &cause as &dyn std::error::Error, "hub not reached");
                Self::Lost
            }
            TransportError::Refused(_) | TransportError::CertificateChanged => {
                Self::Refused(error.refusal(transport.hub()))
            }
        }
    }
}

impl From<crate::trouble::Trouble> for Stopped {
    fn from(trouble: crate::trouble::Trouble) -> Self {
        Self::Refused(trouble.0)
    }
}
