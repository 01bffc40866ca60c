//! A new epoch of this laptop: asked for when some of a person's work cannot be sent as it is, and
//! then that work is made again under it, all at once.

use std::sync::Arc;

use fettle_domain::person::ActorRow;
use fettle_domain::row::Row;
use fettle_replica::NewActor;
use fettle_sync::epoch::{EpochAnswer, EpochRequest};
use fettle_sync::exchange::ActorKey;
use fettle_sync::reader::Challenge;
use fettle_sync::request::HexKey;

use super::run::Stopped;
use crate::core::{AtWork, Core, Member, locked};
use crate::laptop::{self, StoredSession};
use crate::transport::Transport;
use crate::trouble::{Answer, Trouble};

/// Begins a new epoch for the person at work, when that person's work needs one; true when it did.
/// Nobody else's can be signed: theirs waits until they are here.
pub(super) async fn renew(
    core: &Arc<Core>,
    transport: &Transport,
    session: &StoredSession,
) -> Result<bool, Stopped> {
    let token = session.token.clone();
    let wish = on_disk(core, move |core| core.epoch_wish(&token)).await?;
    let Some((member, request)) = wish else {
        return Ok(false);
    };
    let answer = transport
        .begin_epoch(&session.token, &request)
        .await
        .map_err(|error| Stopped::of(error, transport))?;
    on_disk(core, move |core| core.begin_epoch(&member, answer)).await?;
    Ok(true)
}

impl Core {
    fn epoch_wish(&self, token: &HexKey) -> Answer<Option<(Arc<Member>, EpochRequest)>> {
        let AtWork::Person(member) = self.at_work() else {
            return Ok(None);
        };
        if !self.replica.needs_new_epoch(member.id())? {
            return Ok(None);
        }
        let Some(laptop) = laptop::laptop(&self.replica)? else {
            return Ok(None);
        };
        let request = EpochRequest::signed(
            &Challenge::of_session(token),
            laptop.device.id,
            member.actor,
            laptop.device.epoch,
            member.key.signing(),
        );
        Ok(Some((member, request)))
    }

    fn begin_epoch(&self, member: &Arc<Member>, answer: EpochAnswer) -> Answer<()> {
        // Nothing is committed under the old actor from here on.
        let _deciding = locked(&self.deciding);
        let Some(mut laptop) = laptop::laptop(&self.replica)? else {
            return Ok(());
        };
        let key = ActorKey {
            key: member.key.public(),
            epoch: answer.device.epoch,
        };
        self.replica.know(&[Row::Actor(ActorRow {
            actor: answer.actor,
            person: Some(member.id()),
            device: Some(answer.device.id),
            roles: member.person.roles.clone(),
            valid_from: answer.hub_time,
            earlier: Vec::new(),
            device_name: Some(answer.device.name.clone()),
        })])?;
        self.replica.know_key(answer.actor, key)?;
        laptop.device = answer.device;
        laptop::put_laptop(&self.replica, &laptop)?;
        let signing = member.key.signing();
        let remade = self.replica.remake(&NewActor {
            person: member.id(),
            actor: answer.actor,
            sign: &|position| position.sign(signing),
        })?;
        tracing::info!(
            items = remade.items,
            kept = remade.kept,
            epoch = laptop.device.epoch,
            "began a new epoch"
        );
        if let Some(mut known) = laptop::person(&self.replica, member.id())?
            && known.key.public == member.key.public()
        {
            known.actor = answer.actor;
            laptop::put_person(&self.replica, &known)?;
        }
        self.write_under(member, answer.actor);
        self.changed(&remade.orders);
        Ok(())
    }
}

async fn on_disk<T: Send + 'static>(
    core: &Arc<Core>,
    work: impl FnOnce(&Core) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let core = Arc::clone(core);
    tokio::task::spawn_blocking(move || work(&core))
        .await
        .map_err(|error| {
            tracing::error!(%error, "a new epoch ended early");
            Trouble::new("desk.unexpected")
        })?
}
