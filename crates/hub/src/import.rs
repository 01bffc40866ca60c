//! Import: history and masters of a file become rows of the hub's feeds, all of them at once.
//!
//! A row is known by the mapping's name, its content and its occurrence number in the file; that
//! makes our id of a past order. A master is known by its key. So twice is the same rows, and what
//! a system of record states already is referred to and left as it is.
//!
//! Rows wait unseen in chunks, so that the running hub is never held up for long; one transaction
//! shows them. A run that was killed left nothing to be seen, or everything; the next one starts
//! over. Only the one row that a mapping names as open is also created in the CMMS ([`create_open`]).

mod context;
mod fields;
mod intake;
mod mapping;
mod noun;
mod number;
mod open;
mod place;
mod report;
mod row;
mod shift;
mod text;

use std::path::Path;

use fettle_domain::{ImportId, Refusal, Timestamp};

pub use intake::{FileFault, RowFault};
pub use mapping::{Mapping, MappingFault};
pub use number::BadNumber;
pub use open::create_open;
pub use report::{Judged, OpenOrder, Report, Standing};

use context::Context;
use intake::{Header, Intake, Waiting};
use row::{Row, Rows};

use crate::core::{Core, Hub, IMPORT_CHUNK, StoreFault, UndoPlace, id_of_file};

/// Largest file, in bytes: a million rows.
pub const FILE_BYTES_MAX: u64 = 200_000_000;

/// Why an import changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The file cannot be opened or read.
    #[error("failed to read {file}; nothing was changed")]
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
    #[error("{file} does not fit the mapping; nothing was changed")]
    File {
        /// Which file.
        file: String,
        /// Cause.
        source: FileFault,
    },
    /// The store failed.
    #[error("nothing of the import is to be seen")]
    Store(#[from] StoreFault),
}

/// A file that was read whole.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, without its folder.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ImportFault`] when it cannot be read or is too large.
    pub fn read(file: &Path) -> Result<Self, ImportFault> {
        use std::io::Read as _;
        let shown = || file.display().to_string();
        let mut bytes = Vec::new();
        std::fs::File::open(file)
            .and_then(|open| open.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
            .map_err(|source| ImportFault::Unreadable {
                file: shown(),
                source,
            })?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(ImportFault::TooLarge { file: shown() });
        }
        let name = file.file_name().unwrap_or(file.as_os_str());
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            bytes,
        })
    }

    /// The import of this file by a mapping: the same file is the same import.
    #[must_use]
    pub fn import_id(&self, mapping: &Mapping) -> ImportId {
        let content = blake3::hash(&self.bytes).to_hex();
        ImportId(id_of_file(&mapping.name, "file", &content))
    }
}

/// Reads a file and judges every row against the store; changes nothing.
///
/// # Errors
/// [`ImportFault`].
pub fn preview(
    hub: &Hub,
    source: &Source,
    mapping: &Mapping,
    now: Timestamp,
) -> Result<Report, ImportFault> {
    with_rows(source, mapping, now, true, |intake, rows| {
        while let Some(chunk) = chunk_of(source, rows)? {
            hub.read(|core| judge(intake, core, chunk).map(drop))?;
        }
        Ok(())
    })
}

/// Takes a file in. `goes_on` is asked before every durable step with the rows judged so far; where
/// it answers no, the run ends there as if it had been killed.
///
/// # Errors
/// [`ImportFault`]; nothing of the file is to be seen then.
pub fn import(
    hub: &mut Hub,
    source: &Source,
    mapping: &Mapping,
    now: Timestamp,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Result<Report, ImportFault> {
    let mut position = 0;
    let id = source.import_id(mapping);
    with_rows(source, mapping, now, false, |intake, rows| {
        let mut is_cut = clear(hub, || goes_on(0))?;
        while !is_cut && let Some(chunk) = chunk_of(source, rows)? {
            is_cut = !goes_on(intake.report.rows.len());
            if !is_cut {
                position = hub.write(|core| {
                    let waiting = judge(intake, core, chunk)?;
                    stage(core, (id, now), position, waiting)
                })?;
            }
        }
        // A place keeps the name it got first, like the history it belongs to.
        let places = intake.context.places.rows(mapping);
        for chunk in places.chunks(IMPORT_CHUNK as usize) {
            is_cut = is_cut || !goes_on(intake.report.rows.len());
            if !is_cut {
                let waiting = chunk.iter().cloned();
                let waiting = waiting.map(|(feed, row)| (feed, row, true)).collect();
                position = hub.write(|core| stage(core, (id, now), position, waiting))?;
            }
        }
        let Some(import) = intake.report.import(now) else {
            return Ok(());
        };
        if !is_cut && goes_on(intake.report.rows.len()) {
            hub.write(|core| core.publish_import(&import, position))?;
            clear(hub, || goes_on(intake.report.rows.len()))?;
        }
        Ok(())
    })
}

/// Takes an import back: what only it brought is no more, all of it at once. `goes_on` as in
/// [`import`]. Answers how many rows it were.
///
/// # Errors
/// A refusal when there is no such import or it was taken back; [`StoreFault`].
pub fn undo(
    hub: &mut Hub,
    id: ImportId,
    now: Timestamp,
    mut goes_on: impl FnMut() -> bool,
) -> Result<Result<u64, Refusal>, StoreFault> {
    let mut is_cut = clear(hub, &mut goes_on)?;
    let mut place = UndoPlace::default();
    while !is_cut {
        is_cut = !goes_on();
        match hub.write(|core| core.stage_undo(id, &place, now))? {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(None) => break,
            Ok(Some(next)) => place = next,
        }
    }
    if !is_cut && goes_on() {
        hub.write(|core| core.publish_undo(id, now))?;
        clear(hub, goes_on)?;
    }
    Ok(Ok(place.count()))
}

/// Drops what a run left waiting; true when it was cut.
fn clear(hub: &mut Hub, mut goes_on: impl FnMut() -> bool) -> Result<bool, StoreFault> {
    loop {
        if !goes_on() {
            return Ok(true);
        }
        if !hub.write(|core| core.clear_import_stage())? {
            return Ok(false);
        }
    }
}

fn with_rows(
    source: &Source,
    mapping: &Mapping,
    now: Timestamp,
    is_preview: bool,
    work: impl FnOnce(&mut Intake<'_>, &mut Rows<'_>) -> Result<(), ImportFault>,
) -> Result<Report, ImportFault> {
    let in_file = |fault| in_file(source, fault);
    let text = text::text(&source.bytes, mapping.file.encoding).map_err(in_file)?;
    let mut rows = Rows::of(&text, mapping.file.delimiter);
    let header = rows.next().map_err(in_file)?;
    let header = header.ok_or_else(|| in_file(FileFault::Empty))?;
    let header = Header::read(&header, mapping).map_err(in_file)?;
    let id = source.import_id(mapping);
    let context = Context::new(mapping, id, now);
    let report = Report::new(id, &source.name, mapping, is_preview);
    let mut intake = Intake::new(context, header, report);
    work(&mut intake, &mut rows)?;
    intake.report.places = intake.context.places.counts();
    Ok(intake.report)
}

/// The next rows; `None` behind the last one.
fn chunk_of(source: &Source, rows: &mut Rows<'_>) -> Result<Option<Vec<Row>>, ImportFault> {
    let mut chunk = Vec::new();
    while chunk.len() < IMPORT_CHUNK as usize
        && let Some(row) = rows.next().map_err(|fault| in_file(source, fault))?
    {
        chunk.push(row);
    }
    Ok((!chunk.is_empty()).then_some(chunk))
}

fn judge(intake: &mut Intake<'_>, core: Core<'_>, chunk: Vec<Row>) -> Result<Waiting, StoreFault> {
    let mut waiting = Waiting::new();
    for row in chunk {
        waiting.extend(intake.judge(core, row)?);
    }
    Ok(waiting)
}

fn stage(
    core: Core<'_>,
    (id, now): (ImportId, Timestamp),
    mut position: u64,
    waiting: Waiting,
) -> Result<u64, StoreFault> {
    for (feed, row, is_fact) in waiting {
        core.stage_import(id, position, (&feed, &row), is_fact, now)?;
        position += 1;
    }
    Ok(position)
}

fn in_file(source: &Source, fault: FileFault) -> ImportFault {
    ImportFault::File {
        file: source.name.clone(),
        source: fault,
    }
}
