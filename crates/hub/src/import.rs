//! Import: past orders of a file are created in the CMMS through its connector, each once.
//!
//! The whole file is read and judged before the first call, so an unreadable file creates nothing.
//! A row is known by the mapping's name, its content and its occurrence number in the file: that
//! makes the reference under which it is searched before it is created, so a second run creates
//! nothing and a run that was cut goes on where it stopped. This room writes no file and no row of
//! the hub: the orders come down from the CMMS like any other.

mod amount;
mod intake;
mod mapping;
mod order;
mod report;
mod row;
mod send;
mod shift;

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use fettle_connectors::{Fault, MaintenanceMasters, WorkOrders};
use fettle_domain::{PlantId, Timestamp};

pub use amount::{Amount, BadAmount};
pub use intake::{FileFault, Intake, ReadRow, RowFault, read_rows};
pub use mapping::{Mapping, MappingFault};
pub use report::{OpenOrder, Remark, Report};
pub use send::AT_ONCE_MAX;

/// Largest file, in bytes: a million long rows.
pub const FILE_BYTES_MAX: u64 = 100_000_000;

/// Why an import did not begin; nothing was created.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The file cannot be opened or read.
    #[error("failed to read {file}; nothing was created")]
    Unreadable {
        /// Which file.
        file: String,
        /// Cause.
        source: std::io::Error,
    },
    /// The file is larger than an import takes.
    #[error(
        "{file} is larger than {} MB, the most one import takes; split it and import the parts",
        FILE_BYTES_MAX / 1_000_000
    )]
    TooLarge {
        /// Which file.
        file: String,
    },
    /// The file as a whole does not fit the mapping.
    #[error("{file} does not fit the mapping; nothing was created")]
    File {
        /// Which file.
        file: String,
        /// Cause.
        source: FileFault,
    },
    /// The machines of the plant could not be read.
    #[error("failed to read the machines of the CMMS; nothing was created")]
    Masters(#[source] Fault),
    /// A machine of the mapping is not known in the CMMS.
    #[error("the CMMS knows no machine {tag} in plant {plant}; nothing was created")]
    UnknownMachine {
        /// Tag stated by the mapping.
        tag: String,
        /// Plant stated by the mapping.
        plant: PlantId,
    },
}

/// Reads a file whole and judges its rows; calls nobody.
///
/// # Errors
/// [`ImportFault`] when the file cannot be used as a whole.
pub fn read_file(file: &Path, mapping: &Mapping) -> Result<Intake, ImportFault> {
    let name = file.display().to_string();
    let bytes = bytes_of(file, &name)?;
    read_rows(&bytes, mapping).map_err(|source| ImportFault::File { file: name, source })
}

/// Creates in the CMMS what is not there yet and reports; `progress` hears rows done and rows in all.
///
/// # Errors
/// [`ImportFault`] when the machines of the mapping are not in the CMMS. A fault on the way is no
/// error: the report says where it stopped.
pub async fn import<C>(
    intake: &Intake,
    mapping: &Mapping,
    cmms: &Arc<C>,
    now: Timestamp,
    progress: impl Fn(usize, usize),
) -> Result<Report, ImportFault>
where
    C: WorkOrders + MaintenanceMasters + 'static,
{
    let machines = order::machines(mapping, intake, cmms.as_ref()).await?;
    let orders = order::orders(intake, mapping, &machines, now);
    let sent = send::send(orders, cmms, progress).await;
    Ok(report::report(intake, mapping, sent))
}

fn bytes_of(file: &Path, name: &str) -> Result<Vec<u8>, ImportFault> {
    let unreadable = |source| ImportFault::Unreadable {
        file: name.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(ImportFault::TooLarge {
            file: name.to_owned(),
        });
    }
    Ok(bytes)
}
