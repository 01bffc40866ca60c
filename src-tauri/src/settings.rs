//! Settings of the program, read from the environment once at start and nowhere else.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::Context;
use tauri::Manager;

/// Folder of everything this desk keeps.
const DATA_DIR: &str = "FETTLE_DATA_DIR";
/// File with the root secret, in place of the operating system's keyring.
const KEY_FILE: &str = "FETTLE_KEY_FILE";
/// Lets another program drive the window; honoured by the window's library in every build.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Where the desk keeps its data and its secret.
#[derive(Debug, Clone)]
pub(crate) struct AppSettings {
    pub(crate) data_dir: PathBuf,
    pub(crate) key_file: Option<PathBuf>,
}

impl AppSettings {
    /// Reads the settings; without a folder the one of the operating system for this program.
    pub(crate) fn read(app: &impl Manager<tauri::Wry>) -> anyhow::Result<Self> {
        let data_dir = match path_of(DATA_DIR) {
            Some(path) => path,
            None => app
                .path()
                .app_data_dir()
                .context("failed to find a folder for data; name one in FETTLE_DATA_DIR")?,
        };
        Ok(Self {
            data_dir,
            key_file: path_of(KEY_FILE),
        })
    }

    /// The webview's own data, so that two desks on one machine share nothing.
    pub(crate) fn webview_dir(&self) -> PathBuf {
        self.data_dir.join("webview")
    }
}

/// A set variable names a path; an empty one counts as not set.
fn path_of(name: &str) -> Option<PathBuf> {
    env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// Refuses to start where another program could drive the window in the person's name.
///
/// The variable cannot be removed safely once threads may run, so the desk says no. Builds for
/// tests are driven by tests.
pub(crate) fn refuse_automation() -> anyhow::Result<()> {
    if cfg!(any(debug_assertions, feature = "faults")) {
        return Ok(());
    }
    check_automation(env::var_os(AUTOMATION).as_deref())
}

/// The rule of every build that people work with.
fn check_automation(asked_for: Option<&OsStr>) -> anyhow::Result<()> {
    anyhow::ensure!(
        asked_for.is_none(),
        "{AUTOMATION} is set, which would let other programs drive this window; unset it"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::check_automation;

    #[test]
    fn a_window_others_could_drive_is_not_opened_whatever_the_variable_says() {
        assert!(check_automation(None).is_ok());
        for value in ["true", "false", "0", ""] {
            assert!(
                check_automation(Some(OsStr::new(value))).is_err(),
                "{value}"
            );
        }
    }
}
