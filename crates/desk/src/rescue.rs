//! A damaged work file: what can be read is sealed for the hub and safe on the disk before a fresh
//! file takes its place; the damaged one is kept as it is.

use std::path::Path;

use fettle_domain::{Refusal, Timestamp};
use fettle_replica::{Fault, OpenFault, Replica, ReplicaKey, Salvage};
use fettle_sync::bundle::{Bundle, BundleKey, Lost};
use serde::{Deserialize, Serialize};

use crate::bundle::{self, Carried};
use crate::core::Core;
use crate::desk::Desk;
use crate::keyring::{KeyPlace, ReplicaFiles, open_root};
use crate::laptop::{self, Laptop};
use crate::person::shell::ms;
use crate::trouble::{Answer, Trouble};
use crate::view::{LostView, ProblemView, RescuedView, Shell};

/// What became of a damaged work file, until somebody has read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rescued {
    at: Timestamp,
    /// Items that go on to the hub.
    kept: u64,
    /// Items that could not be read.
    lost: u64,
    /// What was lost, in its authors' words.
    words: Vec<LostLine>,
    /// Where the damaged file lies.
    folder: String,
    /// True when nothing at all could be read.
    is_unreadable: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct LostLine {
    order: String,
    words: String,
}

/// The refusal that says that the work file cannot be read.
pub(crate) const DAMAGED: &str = "replica.damaged";

/// Settings that go on in the fresh file. The people do not: their chains end with the damaged
/// file, so everybody signs in once more and begins a new one.
const KEPT: &[&str] = &[
    "laptop",
    "session",
    "look",
    "clock_offset",
    "bundle_key",
    "carried",
];

impl Desk {
    /// Saves what can be read of a damaged work file and goes on with a fresh one.
    ///
    /// # Errors
    /// A problem; the damaged file is then where it was.
    pub async fn rescue(&self) -> Result<Shell, ProblemView> {
        {
            let _one_try = self.opening().await;
            if self.core().is_err_and(|refusal| refusal.code == DAMAGED) {
                // Whoever still works on the old file ends first: nothing is saved into it any more.
                self.until_closed().await;
                self.rescue_closed().await?;
                self.open_again().await;
            }
        }
        self.shell().await
    }

    /// Takes note that somebody has read what was lost.
    ///
    /// # Errors
    /// A problem of the replica.
    pub async fn rescue_read(&self) -> Result<Shell, ProblemView> {
        self.on_disk(|core| {
            laptop::remove_rescued(&core.replica)?;
            core.shell()
        })
        .await
    }

    async fn rescue_closed(&self) -> Answer<()> {
        let data_dir = self.settings().data_dir.clone();
        let place = KeyPlace::of(&data_dir, self.settings().key_file.as_deref());
        let root = open_root(place, ReplicaFiles::Present)
            .await
            .map_err(|fault| Trouble(fault.refusal()))?;
        let now = self.wall_clock();
        let rescue = move || rescue(&data_dir, &ReplicaKey::new(*root.replica_key()), now);
        tokio::task::spawn_blocking(rescue).await.map_err(|error| {
            tracing::error!(%error, "a rescue ended early");
            Trouble::new("desk.unexpected")
        })?
    }
}

fn rescue(data_dir: &Path, key: &ReplicaKey, now: Timestamp) -> Answer<()> {
    let folder = data_dir.join("replica");
    let salvage = match Replica::salvage(&folder, key) {
        Ok(salvage) => Some(salvage),
        Err(OpenFault::Damaged) => None,
        Err(fault) => return Err(Trouble(fault.refusal())),
    };
    let name = format!("damaged-{}", now.as_ms());
    let rescued = Rescued::of(salvage.as_ref(), &folder.join(&name), now);
    let salvage = salvage.unwrap_or_default();
    let mut settings: Vec<(String, Vec<u8>)> = salvage
        .settings
        .iter()
        .filter(|(name, _)| KEPT.contains(&name.as_str()) || name.starts_with("look/"))
        .cloned()
        .collect();
    let mut carried: Vec<Carried> = read(&settings, "carried")?.unwrap_or_default();
    // Safe on the disk first; only then does anything move.
    carried.splice(0..0, export(data_dir, &salvage, &rescued, &settings, now)?);
    settings.retain(|(name, _)| name != "carried");
    settings.push(("carried".to_owned(), serde_json::to_vec(&carried)?));
    settings.push(("rescued".to_owned(), serde_json::to_vec(&rescued)?));
    Replica::start_afresh(&folder, key, &settings, &name).map_err(|fault: Fault| {
        tracing::error!(error = &fault as &dyn std::error::Error, "no fresh start");
        Trouble(fault.refusal())
    })?;
    Ok(())
}

/// Seals what was read into files that this laptop carries to the hub itself, or any other one.
fn export(
    data_dir: &Path,
    salvage: &Salvage,
    rescued: &Rescued,
    settings: &[(String, Vec<u8>)],
    now: Timestamp,
) -> Answer<Vec<Carried>> {
    if salvage.items() == 0 && salvage.lost.is_empty() {
        return Ok(Vec::new());
    }
    let known: Option<BundleKey> = read(settings, "bundle_key")?;
    let Some(key) = known.or_else(|| bundle::key_beside(data_dir)) else {
        return Err(Refusal::new("bundle.no_key").into());
    };
    let laptop: Option<Laptop> = read(settings, "laptop")?;
    let whole = Bundle {
        pushes: salvage.pushes.clone(),
        torn: salvage.torn.clone(),
        lost: Lost {
            places: salvage.lost.clone(),
            words: rescued.lines(),
        },
        ..Bundle::new(bundle::head(laptop.as_ref(), now))
    };
    let mut carried = Vec::new();
    for bytes in bundle::seal(whole, key)? {
        let id = bundle::keep(data_dir, &bytes).map_err(|error| bundle::file_trouble(&error))?;
        carried.push(Carried {
            name: bundle::file_name(&id),
            id,
            at: now,
            answer: None,
            refusal: None,
        });
    }
    Ok(carried)
}

fn read<T: serde::de::DeserializeOwned>(
    settings: &[(String, Vec<u8>)],
    name: &str,
) -> Answer<Option<T>> {
    let found = settings.iter().find(|(known, _)| known == name);
    Ok(found
        .map(|(_, value)| serde_json::from_slice(value))
        .transpose()?)
}

impl Rescued {
    fn of(salvage: Option<&Salvage>, folder: &Path, at: Timestamp) -> Self {
        let words = salvage.map(|salvage| &salvage.words);
        Self {
            at,
            kept: salvage.map_or(0, |salvage| salvage.items() as u64),
            lost: salvage.map_or(0, Salvage::lost_items),
            words: words
                .into_iter()
                .flatten()
                .map(|lost| LostLine {
                    order: lost.order.clone(),
                    words: lost.words.clone(),
                })
                .collect(),
            folder: folder.display().to_string(),
            is_unreadable: salvage.is_none(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let line = |lost: &LostLine| format!("{}: {}", lost.order, lost.words);
        self.words.iter().map(line).collect()
    }

    fn view(&self) -> RescuedView {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        RescuedView {
            at: ms(self.at),
            kept: count(self.kept),
            lost: count(self.lost),
            lines: self
                .words
                .iter()
                .map(|lost| LostView {
                    order_number: lost.order.clone(),
                    text: lost.words.clone(),
                })
                .collect(),
            folder: self.folder.clone(),
            is_unreadable: self.is_unreadable,
        }
    }
}

impl Core {
    /// What was rescued and nobody has read yet.
    pub(crate) fn rescued_view(&self) -> Answer<Option<RescuedView>> {
        let rescued = laptop::rescued(&self.replica)?;
        Ok(rescued.as_ref().map(Rescued::view))
    }
}
