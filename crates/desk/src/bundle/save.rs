//! Saving everything unsent of this laptop as a file that only the hub can read.

use std::path::{Path, PathBuf};

use fettle_domain::Refusal;
use fettle_sync::bundle::{BUNDLE_ENDING, Bundle};

use super::{file_trouble, head, key, seal, write_durable};
use crate::core::Core;
use crate::desk::Desk;
use crate::laptop;
use crate::trouble::Answer;
use crate::view::{ProblemView, SaveUnsentInput, SavedFileView};

impl Desk {
    /// Saves the unsent work of everybody on this laptop as a file. It stays unsent here: the same
    /// work by two ways is taken once.
    ///
    /// # Errors
    /// A problem: nothing is unsent, no key yet, or a folder that cannot be written.
    pub async fn save_unsent(&self, input: SaveUnsentInput) -> Result<SavedFileView, ProblemView> {
        self.on_disk(move |core| core.save_unsent(input.folder.as_deref()))
            .await
    }
}

impl Core {
    fn save_unsent(&self, folder: Option<&str>) -> Answer<SavedFileView> {
        let folder = match folder.map(str::trim).filter(|folder| !folder.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => self.data_dir.join("to carry"),
        };
        if !folder.is_absolute() {
            let refusal = Refusal::new("bundle.folder_not_absolute");
            return Err(refusal.with("folder", folder.display()).into());
        }
        let pushes = self.replica.pushes(usize::MAX)?;
        let items = pushes.iter().map(|push| push.items.len()).sum::<usize>();
        if items == 0 {
            return Err(Refusal::new("bundle.nothing_unsent").into());
        }
        let laptop = laptop::laptop(&self.replica)?;
        let whole = Bundle {
            pushes,
            ..Bundle::new(head(laptop.as_ref(), self.wall_clock()))
        };
        let sealed = seal(whole, key(&self.replica)?)?;
        let name = laptop.map_or_else(|| "laptop".to_owned(), |laptop| laptop.device.name);
        let mut files = Vec::with_capacity(sealed.len());
        for bytes in sealed {
            let path = free_name(&folder, &name, &self.wall_clock().to_string());
            let file_name = path.file_name().and_then(|name| name.to_str());
            let written = write_durable(&folder, file_name.unwrap_or(&name), &bytes);
            files.push(written.map_err(|error| file_trouble(&error))?);
        }
        Ok(SavedFileView {
            files: files
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            changes: self.replica.unsent()?,
        })
    }
}

/// A name that is not taken, such as `HW-14 2026-11-25.fettle`.
fn free_name(folder: &Path, laptop: &str, moment: &str) -> PathBuf {
    let day = moment.get(..10).unwrap_or(moment);
    let is_plain = |c: &char| c.is_alphanumeric() || "-_ ".contains(*c);
    let laptop: String = laptop.chars().filter(is_plain).collect();
    let mut number = 1;
    loop {
        let nth = match number {
            1 => String::new(),
            number => format!(" ({number})"),
        };
        let path = folder.join(format!("{laptop} {day}{nth}.{BUNDLE_ENDING}"));
        if !path.exists() {
            return path;
        }
        number += 1;
    }
}
