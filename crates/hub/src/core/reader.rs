//! Who reads: what a person alone may see is served to an exchange that proves it is that person's.

use std::collections::BTreeMap;

use fettle_domain::feed::Feed;
use fettle_domain::person::Person;
use fettle_domain::restricted::feeds_of;
use fettle_domain::{Refusal, Timestamp};
use fettle_sync::exchange::{FeedNumber, UpHead};
use fettle_sync::reader::{Reader, ReaderAnswer};

use super::account::SessionInfo;
use super::{Core, StoreFault};
use crate::table;
use crate::table::actor::Stored as Actor;

/// What an exchange's reader is told, and the restricted feeds it is served.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) answer: Option<ReaderAnswer>,
    pub(crate) feeds: BTreeMap<FeedNumber, Feed>,
}

impl Reading {
    fn told(answer: ReaderAnswer) -> Self {
        Self {
            answer: Some(answer),
            feeds: BTreeMap::new(),
        }
    }
}

impl Core<'_> {
    /// Remembers for the session that its reader has proven to be one.
    pub(crate) fn remember_reader(
        &self,
        session: &SessionInfo,
        head: &UpHead,
        now: Timestamp,
    ) -> Result<(), StoreFault> {
        let Some(reader) = head.reader.as_ref().filter(|reader| reader.proof.is_some()) else {
            return Ok(());
        };
        let Some((actor, person)) = self.reading_person(session, reader)? else {
            return Ok(());
        };
        if !self.is_proven(session, reader, &actor)? {
            return Ok(());
        }
        let read_by = (&session.challenge, actor.actor);
        if table::session_reader::put(self.connection, read_by, session.expires, now)? {
            let (who, device) = (person.id.to_string(), session.device.id.to_string());
            table::audit::put(self.connection, "reader proven", &who, &device, now)?;
        }
        Ok(())
    }

    /// Decides what the reader of an exchange is served, by the roles held at this moment.
    pub(crate) fn reading(
        &self,
        session: &SessionInfo,
        head: &UpHead,
    ) -> Result<Reading, StoreFault> {
        let Some(reader) = &head.reader else {
            return Ok(Reading::default());
        };
        let Some((actor, person)) = self.reading_person(session, reader)? else {
            let refusal = Refusal::new("reader.unknown");
            return Ok(Reading::told(ReaderAnswer::Refused(refusal)));
        };
        let mut feeds = BTreeMap::new();
        for feed in feeds_of(&person, &session.device.plant) {
            // A feed nothing was written to yet is named once there is something to read.
            if let Some((number, 1..)) = table::feed::find(self.connection, &feed)? {
                feeds.insert(number, feed);
            }
        }
        // Whoever may read nothing is told so without a proof: there is nothing to protect.
        if !feeds.is_empty() && !self.is_proven(session, reader, &actor)? {
            return Ok(Reading::told(match reader.proof {
                None => ReaderAnswer::ProofWanted,
                Some(_) => ReaderAnswer::Refused(Refusal::new("reader.signature")),
            }));
        }
        let is_known = feeds.keys().eq(reader.cursors.keys());
        Ok(Reading {
            answer: (!is_known).then(|| ReaderAnswer::Feeds(feeds.clone())),
            feeds,
        })
    }

    /// The key behind the reader and its person. A key counts on the device it was made on alone.
    fn reading_person(
        &self,
        session: &SessionInfo,
        reader: &Reader,
    ) -> Result<Option<(Actor, Person)>, StoreFault> {
        let found = table::actor::get(self.connection, reader.actor)?;
        let Some(actor) = found.filter(|actor| actor.device == Some(session.device.id)) else {
            return Ok(None);
        };
        let Some(id) = actor.person else {
            return Ok(None);
        };
        let person = table::person::get(self.connection, id)?;
        Ok(person.map(|person| (actor, person)))
    }

    fn is_proven(
        &self,
        session: &SessionInfo,
        reader: &Reader,
        actor: &Actor,
    ) -> Result<bool, StoreFault> {
        let challenge = &session.challenge;
        Ok(match &reader.proof {
            Some(proof) => challenge.is_signed_by(session.device.id, actor.actor, actor.key, proof),
            None => table::session_reader::is_here(self.connection, challenge, actor.actor)?,
        })
    }
}
