//! Taking in a person the hub let in: a session, a new key, and a PIN still to be set.

use std::sync::Arc;

use fettle_domain::person::ActorRow;
use fettle_domain::row::Row;
use fettle_sync::bundle::BundleKey;
use fettle_sync::link::LinkEvent;
use fettle_sync::request::Session;

use crate::bundle;
use crate::core::{AtWork, Core, Member};
use crate::desk::Desk;
use crate::identity::{OfflineGrace, OpenKey};
use crate::laptop::{self, Laptop, StoredSession};
use crate::trouble::Answer;
use crate::view::{ProblemView, Shell};

/// What the hub answered to an enrolment or a sign-in.
#[derive(Debug)]
pub struct Admission {
    /// The laptop, when it was enrolled just now.
    pub laptop: Option<Laptop>,
    /// The session.
    pub session: Session,
    /// The key whose public half the hub certified.
    pub key: OpenKey,
}

impl Desk {
    /// Takes in a person the hub let in; next comes the PIN.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn admit(&self, admission: Admission) -> Result<Shell, ProblemView> {
        self.on_disk(move |core| {
            core.admit(admission)?;
            core.shell()
        })
        .await
    }
}

impl Core {
    fn admit(&self, admission: Admission) -> Answer<()> {
        let Admission {
            laptop,
            session,
            key,
        } = admission;
        let mut rows = vec![Row::Person(session.person.clone())];
        if let Some(laptop) = laptop {
            laptop::put_laptop(&self.replica, &laptop)?;
            rows.push(Row::Plant(laptop.plant));
        }
        let device = laptop::laptop(&self.replica)?.map(|laptop| laptop.device);
        // Known at once, so that the person's own entries carry the name before the feed comes.
        rows.push(Row::Actor(ActorRow {
            actor: session.actor,
            person: Some(session.person.id),
            device: device.as_ref().map(|device| device.id),
            roles: session.person.roles.clone(),
            valid_from: session.hub_time,
            earlier: Vec::new(),
            device_name: device.map(|device| device.name),
        }));
        self.replica.know(&rows)?;
        if let Some(laptop) = laptop::laptop(&self.replica)? {
            let public = key.public();
            laptop::know_key(&self.replica, &laptop.device, session.actor, public)?;
        }
        let stored = StoredSession {
            token: session.token,
            expires: session.expires,
        };
        laptop::put_session(&self.replica, &stored)?;
        if let Some(key) = session.bundle_key {
            let key = BundleKey(key.0);
            laptop::put_bundle_key(&self.replica, key)?;
            bundle::keep_key_beside(&self.data_dir, key)
                .map_err(|error| bundle::file_trouble(&error))?;
        }
        self.set_offset(session.hub_time.ms_since(self.wall_clock()))?;
        self.set_at_work(AtWork::NeedsPin(Arc::new(Member {
            person: session.person,
            actor: session.actor,
            key,
            grace: OfflineGrace {
                confirmed_at: session.hub_time,
                days: session.offline_days,
            },
        })));
        self.link_event(LinkEvent::Asked);
        self.changed(&[]);
        Ok(())
    }
}
