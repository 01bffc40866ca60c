//! The hub's configuration: one commented TOML file, read once at start; unknown keys are refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use fettle_domain::charter::{BadCharter, Charter};
use serde::Deserialize;

use crate::tls::TlsFiles;

/// The commented example `fettle-hub config` prints; every value in it is the default.
pub const EXAMPLE: &str = include_str!("../config.example.toml");

/// What an operator may decide. Everything has a default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the hub listens.
    pub listen: SocketAddr,
    /// Certificate and key; made in the data folder when left out.
    pub tls: Option<TlsConfig>,
    /// The outside systems; the built-in demo systems when left out.
    pub outside: Option<OutsideConfig>,
    /// Seconds between two reads of masters and orders.
    pub poll_seconds: u64,
    /// Hours a session lasts.
    pub session_hours: u32,
    /// Days a PIN opens a person's work without a connection.
    pub offline_days: u32,
    /// True when photos keep where they were taken.
    pub keep_photo_position: bool,
    /// Years for which laptops keep orders that are over; left out, all of them.
    pub closed_years: Option<u16>,
    /// File of the company's own charter, an overlay over the default one.
    pub charter: Option<PathBuf>,
}

/// Certificate and key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificate chain in PEM.
    pub certificate: PathBuf,
    /// Private key in PEM.
    pub key: PathBuf,
}

/// Addresses of the outside systems.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideConfig {
    /// Address of the CMMS.
    pub cmms: String,
    /// Address of the ERP.
    pub erp: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            tls: None,
            outside: None,
            poll_seconds: 10,
            session_hours: 12,
            offline_days: 14,
            keep_photo_position: false,
            closed_years: None,
            charter: None,
        }
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file could not be read.
    #[error("failed to read {0}")]
    File(PathBuf, #[source] std::io::Error),
    /// Not TOML, an unknown key or a wrong value; the cause names line and key.
    #[error("configuration {0} is wrong")]
    Content(PathBuf, #[source] toml::de::Error),
    /// The charter is wrong.
    #[error(transparent)]
    Charter(#[from] BadCharter),
    /// A value is out of range.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
}

impl Config {
    /// Reads a file; the defaults where there is none.
    ///
    /// # Errors
    /// [`BadConfig`] that names the file, line and key.
    pub fn read(file: Option<&Path>) -> Result<Self, BadConfig> {
        let Some(path) = file else {
            return Ok(Self::default());
        };
        let text =
            std::fs::read_to_string(path).map_err(|e| BadConfig::File(path.to_owned(), e))?;
        let config: Self =
            toml::from_str(&text).map_err(|e| BadConfig::Content(path.to_owned(), e))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), BadConfig> {
        let least = [
            ("poll_seconds", self.poll_seconds),
            ("session_hours", u64::from(self.session_hours)),
            ("offline_days", u64::from(self.offline_days)),
        ];
        match least.into_iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(BadConfig::Zero(name)),
            None => Ok(()),
        }
    }

    /// The charter in force.
    ///
    /// # Errors
    /// [`BadConfig`] when the overlay cannot be read or is refused.
    pub fn charter(&self) -> Result<Charter, BadConfig> {
        match &self.charter {
            None => Ok(Charter::embedded()?),
            Some(path) => {
                let overlay =
                    std::fs::read_to_string(path).map_err(|e| BadConfig::File(path.clone(), e))?;
                Ok(Charter::with_overlay(&overlay)?)
            }
        }
    }

    /// The certificate's files: the configured ones, or those of the data folder.
    #[must_use]
    pub fn tls_files(&self, data: &Path) -> TlsFiles {
        match &self.tls {
            Some(tls) => TlsFiles {
                certificate: tls.certificate.clone(),
                key: tls.key.clone(),
            },
            None => TlsFiles::in_folder(data),
        }
    }
}
