//! Photos: taken on a laptop as the desk takes them, brought to the hub as its server takes them.

use fettle_desk::prepare;
use fettle_document::Edit;
use fettle_domain::work_order::Photo;
use fettle_domain::{ContentHash, EntryId, Timestamp};
use fettle_hub::attachments::{Attachments, Finished};
use fettle_hub::core::SessionInfo;
use fettle_replica::{Commit, Made, MadeKind, MadeSubject};
use fettle_sync::attachment::{Chunk, ChunkTaken, Have, Offer};
use fettle_sync::request::HexKey;
use tempfile::TempDir;

use super::hub::HubProcess;
use super::person::id;
use super::run::Play;
use crate::arrival::PhotoNames;

impl Play {
    /// Somebody adds a photo to the first order that takes facts.
    pub(super) fn add_photo(&mut self, index: usize, file: Vec<u8>) -> PhotoNames {
        let laptop = &self.laptops[index];
        let prepared = prepare(file, laptop.replica.keeps_position().unwrap()).unwrap();
        let small = prepared.thumbnail.expect("a picture has a thumbnail");
        let names = PhotoNames {
            thumbnail: laptop.replica.keep_attachment(&small).unwrap(),
            photo: laptop.replica.keep_attachment(&prepared.bytes).unwrap(),
        };
        let lines = laptop.replica.all_orders().unwrap();
        let mut open = lines
            .iter()
            .filter(|line| line.official.takes_facts() && line.status.takes_facts());
        let order = open.next().expect("an order takes facts").id;
        let entry_id = EntryId(id(&mut self.dice));
        let entry = Photo {
            content: names.photo.to_string(),
            size_bytes: prepared.bytes.len() as u64,
            caption: "Seal face".to_owned(),
            at: laptop.device_time(self.now),
            thumbnail: Some(names.thumbnail.to_string()),
            media_type: Some(prepared.kind.name().to_owned()),
            reversal_of: None,
        };
        let committed = laptop
            .replica
            .commit(&Commit {
                actor: laptop.who.actor,
                person: laptop.who.person.id,
                sign: &|position| position.sign(&laptop.who.key),
                now: laptop.wall(self.now),
                order: Some(order),
                edits: vec![Edit::PutPhoto {
                    id: entry_id,
                    entry,
                }],
                intent: None,
                records: Vec::new(),
                made: vec![Made {
                    kind: MadeKind::Photo,
                    subject: MadeSubject::Entry(entry_id),
                    words: "Seal face".to_owned(),
                }],
            })
            .unwrap();
        let change = committed.change.expect("a photo is a change");
        self.done[index].writes(order, change, None);
        names
    }
}

/// The hub's files of photos.
pub(super) struct HubPhotos {
    files: Attachments,
    _folder: TempDir,
}

impl HubPhotos {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            files: Attachments::in_folder(folder.path()),
            _folder: folder,
        }
    }

    /// What the hub says of an offer.
    pub(super) fn offered(
        &self,
        hub: &mut HubProcess,
        token: &HexKey,
        offer: &Offer,
        now: Timestamp,
    ) -> Have {
        let session = session(hub, token, now);
        let named = hub.administer(|core| core.attachments_taken(&session, &offer.contents));
        self.files.have(session.device.id, offer, &named).unwrap()
    }

    /// Takes what came of a chunk; `None` when it was cut, so that nobody hears an answer.
    pub(super) fn take(
        &self,
        hub: &mut HubProcess,
        token: &HexKey,
        (content, chunk): (ContentHash, Chunk),
        bytes: &[u8],
        now: Timestamp,
    ) -> Option<ChunkTaken> {
        let session = session(hub, token, now);
        let named = hub.administer(|core| core.attachments_taken(&session, &[content]));
        assert_eq!(named, [true], "a content is taken once it is named");
        let device = session.device.id;
        let arriving = self.files.arrive(device, content, chunk).unwrap();
        let mut arriving = arriving.expect("what is sent follows what is held");
        arriving.write(bytes).unwrap().unwrap();
        if (bytes.len() as u64) < chunk.length {
            return None;
        }
        let is_whole = arriving.is_full();
        if is_whole {
            let finished = self.files.finish(device, content).unwrap();
            assert_eq!(finished, Finished::Whole);
            hub.administer(|core| core.attachment_whole(content, chunk.size, now));
        }
        Some(ChunkTaken {
            received: arriving.received(),
            is_whole,
        })
    }
}

fn session(hub: &mut HubProcess, token: &HexKey, now: Timestamp) -> SessionInfo {
    let session = hub.administer(|core| core.authenticate(token, now));
    session.expect("a shift is shorter than a session")
}
