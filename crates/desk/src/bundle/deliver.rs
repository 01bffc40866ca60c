//! Handing carried files in at the hub. A file leaves its folder only after the hub answered, and
//! is kept even then: a hub may be restored from an earlier copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fettle_domain::Refusal;
use fettle_sync::bundle::{BUNDLE_ENDING, BundleAnswer};

use super::{Carried, file_name, file_trouble, folder};
use crate::core::Core;
use crate::laptop::{self, StoredSession};
use crate::transport::{Transport, TransportError};
use crate::trouble::{Answer, Trouble};

/// Most files handed in after one exchange, so that people's own work never waits long for others'.
const AT_ONCE_MAX: usize = 8;

/// Hands in what waits; true when the hub has taken something. A failure is one of the link's, and
/// the next exchange tries again.
pub(crate) async fn deliver(
    core: &Arc<Core>,
    transport: &Transport,
    session: &StoredSession,
) -> bool {
    match try_deliver(core, transport, session).await {
        Ok(has_delivered) => has_delivered,
        Err(trouble) => {
            tracing::warn!(code = trouble.0.code, "carried files wait");
            false
        }
    }
}

async fn try_deliver(
    core: &Arc<Core>,
    transport: &Transport,
    session: &StoredSession,
) -> Answer<bool> {
    let waiting = on_disk(core, |core| Ok(waiting(&core.data_dir))).await?;
    let mut has_delivered = false;
    for id in waiting.into_iter().take(AT_ONCE_MAX) {
        let name = id.clone();
        let bytes = on_disk(core, move |core| {
            fs::read(path(&core.data_dir, &name)).map_err(|error| file_trouble(&error))
        })
        .await?;
        match transport.bundle(&session.token, bytes).await {
            Ok(answer) => {
                has_delivered |= answer.taken > 0;
                on_disk(core, move |core| core.note_delivered(&id, answer)).await?;
            }
            Err(TransportError::Refused(refusal)) if is_about_the_file(&refusal) => {
                on_disk(core, move |core| core.note_refused(&id, refusal)).await?;
            }
            Err(error) => return Err(Trouble(error.refusal(transport.hub()))),
        }
    }
    Ok(has_delivered)
}

/// Anything else is about the session or the hub, and the file is as good as before.
fn is_about_the_file(refusal: &Refusal) -> bool {
    refusal.code.starts_with("bundle.") && refusal.code != "bundle.no_key"
}

fn waiting(data_dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder(data_dir)) else {
        return Vec::new();
    };
    let mut ids: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(&format!(".{BUNDLE_ENDING}"))?.to_owned()))
        .collect();
    ids.sort();
    ids
}

fn path(data_dir: &Path, id: &str) -> PathBuf {
    folder(data_dir).join(file_name(id))
}

impl Core {
    fn note_delivered(&self, id: &str, answer: BundleAnswer) -> Answer<()> {
        let is_needed = answer.stopped.is_some();
        self.note(id, |carried| carried.answer = Some(answer))?;
        if is_needed {
            // Something else must come first; it is handed in again.
            return Ok(());
        }
        self.move_to("delivered", id)
    }

    fn note_refused(&self, id: &str, refusal: Refusal) -> Answer<()> {
        self.note(id, |carried| carried.refusal = Some(refusal))?;
        self.move_to("refused", id)
    }

    fn note(&self, id: &str, change: impl FnOnce(&mut Carried)) -> Answer<()> {
        let mut list = laptop::carried(&self.replica)?;
        match list.iter_mut().find(|carried| carried.id == id) {
            Some(carried) => change(carried),
            None => {
                let mut carried = Carried {
                    id: id.to_owned(),
                    name: file_name(id),
                    at: self.wall_clock(),
                    answer: None,
                    refusal: None,
                };
                change(&mut carried);
                list.insert(0, carried);
            }
        }
        laptop::put_carried(&self.replica, &list)?;
        self.changed(&[]);
        Ok(())
    }

    fn move_to(&self, place: &str, id: &str) -> Answer<()> {
        let to = folder(&self.data_dir).join(place);
        fs::create_dir_all(&to)
            .and_then(|()| fs::rename(path(&self.data_dir, id), to.join(file_name(id))))
            .map_err(|error| file_trouble(&error))
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
            tracing::error!(%error, "handing in ended early");
            Trouble::new("desk.unexpected")
        })?
}
