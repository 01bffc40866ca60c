//! The loop: waits until an exchange is due or somebody wakes it.

use std::sync::Arc;
use std::time::Duration;

use fettle_domain::Refusal;
use fettle_sync::link::LinkEvent;

use crate::core::{Core, locked};
use crate::desk::Desk;
use crate::exchange::attachments::Attachments;
use crate::exchange::epoch;
use crate::exchange::once::{Ended, Exchange};
use crate::laptop::{self, Laptop, StoredSession};
use crate::transport::{Transport, TransportError};
use crate::trouble::Answer;

/// Longest wait without looking again: a minute, so that a wall clock set back stops nothing.
const WAIT_LONGEST_MS: i64 = 60_000;

impl Desk {
    /// Exchanges with the hub for as long as the desk lives, from when its data is open.
    pub async fn run(&self) {
        let Some(core) = self.when_open().await else {
            return;
        };
        let core = &core;
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
        }
    }
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
        Ok(Ended { has_more: false }) => (LinkEvent::Exchanged { has_more: false }, Rest::Nothing),
        Ok(Ended { has_more: true }) => (LinkEvent::Exchanged { has_more: true }, Rest::Exchange),
        Err(stopped) => (stopped.into(), Rest::Exchange),
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
