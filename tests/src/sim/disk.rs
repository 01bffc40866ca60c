//! The disks of the simulated machines: what was written and not yet synced may be lost or torn.
//!
//! SQLite reaches files through a virtual file system. This one is the system's own with three
//! calls in between: a write, a cut and a sync of a watched folder's file are noted before they are
//! done. A folder is one machine. When its power fails, each write since the last sync of its file
//! stays, is lost or is torn between two sectors, as the dice say; when it is switched off in the
//! middle of a transaction, nothing more reaches the file; when it is full, no file grows.

#![expect(
    unsafe_code,
    reason = "SQLite's virtual file system is a C interface; this is the one place that speaks it"
)]

use std::collections::HashMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use rand::RngExt;
use rand::rngs::StdRng;
use rusqlite::ffi;

/// Smallest part of a write that a disk does as a whole.
const SECTOR_BYTES: usize = 512;
/// What a reserve gives back to a full disk before that is full again: a few commits.
const RESERVE_BYTES: u64 = 64 << 10;
const RESERVE_FILE: &str = "reserve";

/// One write that may still be lost.
enum Unsynced {
    Write {
        offset: usize,
        new: Vec<u8>,
        /// What stood there; shorter than `new` where the file ended.
        old: Vec<u8>,
        old_size: usize,
    },
    Cut {
        size: usize,
        /// What was cut off.
        tail: Vec<u8>,
    },
}

#[derive(Default)]
struct Machine {
    unsynced: HashMap<PathBuf, Vec<Unsynced>>,
    /// Steps of the disk until the power fails.
    fails_after: Option<u32>,
    is_off: bool,
    /// Bytes files have grown by since the disk was full, while it is.
    grown_while_full: Option<u64>,
    forgets_syncs: bool,
}

impl Machine {
    /// Takes one step of the disk; false when there is no power for it.
    fn steps(&mut self) -> bool {
        match &mut self.fails_after {
            Some(0) => self.is_off = true,
            Some(left) => *left -= 1,
            None => {}
        }
        !self.is_off
    }

    /// Takes note that a file grows; false when there is no room.
    fn grows(&mut self, file: &Path, bytes: u64) -> bool {
        let Some(grown) = self.grown_while_full else {
            return true;
        };
        let reserve = file.with_file_name(RESERVE_FILE);
        let room = if reserve.exists() { 0 } else { RESERVE_BYTES };
        let grown = grown + bytes;
        if bytes > 0 && grown > room {
            return false;
        }
        self.grown_while_full = Some(grown);
        true
    }
}

impl Machine {
    /// What the disk holds of a file whose content was this when the power failed.
    fn left_of(&self, file: &Path, mut content: Vec<u8>, dice: &mut StdRng) -> Vec<u8> {
        let unsynced = self.unsynced.get(file).map_or(&[][..], Vec::as_slice);
        for write in unsynced.iter().rev() {
            take_back(&mut content, write);
        }
        for write in unsynced {
            match dice.random_range(0..10) {
                0..4 => do_again(&mut content, write, usize::MAX),
                4..6 => {
                    let sectors = dice.random_range(0..8);
                    do_again(&mut content, write, sectors * SECTOR_BYTES);
                }
                _ => {}
            }
        }
        content
    }
}

type Shared = Arc<Mutex<Machine>>;

/// An open file of a watched folder.
#[derive(Clone)]
struct Open {
    machine: Shared,
    path: PathBuf,
    methods: &'static ffi::sqlite3_io_methods,
}

static MACHINES: LazyLock<Mutex<HashMap<PathBuf, Shared>>> = LazyLock::new(Mutex::default);
/// Open files by the address of SQLite's structure.
static OPEN: LazyLock<Mutex<HashMap<usize, Open>>> = LazyLock::new(Mutex::default);
/// The tables of calls handed to SQLite, by the address of the ones they stand before.
static METHODS: LazyLock<Mutex<HashMap<usize, &'static ffi::sqlite3_io_methods>>> =
    LazyLock::new(Mutex::default);
static BASE: OnceLock<Base> = OnceLock::new();

struct Base(*mut ffi::sqlite3_vfs);
// SAFETY: SQLite's registered systems live as long as the process and are never written to.
unsafe impl Send for Base {}
// SAFETY: as above.
unsafe impl Sync for Base {}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A machine's disk: the files right in one folder. Unwatched once it is dropped.
pub(super) struct Disk {
    folder: PathBuf,
    machine: Shared,
}

impl Disk {
    /// Watches a folder; files opened from now on are on this disk.
    pub(super) fn watch(folder: &Path) -> Self {
        install();
        let machine = Shared::default();
        lock(&MACHINES).insert(folder.to_owned(), machine.clone());
        Self {
            folder: folder.to_owned(),
            machine,
        }
    }

    /// The power fails after so many more steps of the disk, in the middle of whatever it is.
    pub(super) fn fail_after(&self, steps: u32) {
        lock(&self.machine).fails_after = Some(steps);
    }

    /// The power failed while something was written.
    pub(super) fn is_off(&self) -> bool {
        lock(&self.machine).is_off
    }

    /// There is no room for more, or there is again.
    pub(super) fn set_full(&self, is_full: bool) {
        lock(&self.machine).grown_while_full = is_full.then_some(0);
    }

    /// Says that it has synced without doing so, for the bug that does not sync.
    pub(super) fn forget_syncs(&self) {
        lock(&self.machine).forgets_syncs = true;
    }

    /// What is on the disk of each file once the power has failed; `None` without such a file.
    pub(super) fn after_power_failed<'d>(
        &self,
        dice: &'d mut StdRng,
    ) -> impl FnMut(&Path) -> Option<Vec<u8>> + use<'d> {
        let machine = self.machine.clone();
        move |file| Some(lock(&machine).left_of(file, std::fs::read(file).ok()?, dice))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&MACHINES).remove(&self.folder);
    }
}

fn take_back(content: &mut Vec<u8>, write: &Unsynced) {
    match write {
        Unsynced::Write {
            offset,
            old,
            old_size,
            ..
        } => {
            content.truncate(*old_size);
            if let Some(place) = content.get_mut(*offset..*offset + old.len()) {
                place.copy_from_slice(old);
            }
        }
        Unsynced::Cut { size, tail } => {
            content.truncate(*size);
            content.extend_from_slice(tail);
        }
    }
}

/// Does a write up to so many bytes of it.
fn do_again(content: &mut Vec<u8>, write: &Unsynced, bytes: usize) {
    match write {
        Unsynced::Write { offset, new, .. } => {
            let new = &new[..bytes.min(new.len())];
            let end = *offset + new.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*offset..end].copy_from_slice(new);
        }
        Unsynced::Cut { size, .. } => content.truncate(*size),
    }
}

/// Makes SQLite open every file through here; once is enough for a process.
fn install() {
    BASE.get_or_init(|| {
        // SAFETY: asks for the default system, which lives as long as the process.
        let base = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
        assert!(!base.is_null(), "SQLite has a file system");
        // SAFETY: `base` is valid, and the copy differs by its name and two calls alone.
        let mut own = unsafe { std::ptr::read(base) };
        own.zName = c"simulated-disk".as_ptr();
        own.xOpen = Some(open);
        own.xDelete = Some(delete);
        let own = Box::leak(Box::new(own));
        // SAFETY: the structure is leaked, so it stays valid for as long as SQLite may use it.
        let registered = unsafe { ffi::sqlite3_vfs_register(own, 1) };
        assert_eq!(registered, ffi::SQLITE_OK);
        Base(base)
    });
}

fn base() -> *mut ffi::sqlite3_vfs {
    BASE.get().map_or(std::ptr::null_mut(), |base| base.0)
}

fn machine_of(path: &Path) -> Option<Shared> {
    lock(&MACHINES).get(path.parent()?).cloned()
}

/// # Safety
/// `name` is null or a C string that outlives the call.
unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes();
    Some(PathBuf::from(OsStr::from_bytes(bytes)))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: every argument is SQLite's and goes on as it came, to the system it was made for.
    let opened = unsafe {
        match (*base()).xOpen {
            Some(open) => open(base(), name, file, flags, out),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    // SAFETY: SQLite's name of a file is a C string.
    let path = unsafe { path_of(name) };
    let watched = path.and_then(|path| Some((machine_of(&path)?, path)));
    let (ffi::SQLITE_OK, Some((machine, path))) = (opened, watched) else {
        return opened;
    };
    // SAFETY: the file was opened just now, so it points to its system's table of calls.
    unsafe {
        let methods = &*(*file).pMethods;
        lock(&OPEN).insert(
            file as usize,
            Open {
                machine,
                path,
                methods,
            },
        );
        (*file).pMethods = in_front_of(methods);
    }
    opened
}

/// The same calls with ours in front of those that write.
fn in_front_of(methods: &'static ffi::sqlite3_io_methods) -> &'static ffi::sqlite3_io_methods {
    let address = std::ptr::from_ref(methods) as usize;
    lock(&METHODS).entry(address).or_insert_with(|| {
        let mut own = *methods;
        own.xClose = Some(close);
        own.xWrite = Some(write);
        own.xTruncate = Some(cut);
        own.xSync = Some(sync);
        Box::leak(Box::new(own))
    })
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite's name of a file is a C string.
    let path = unsafe { path_of(name) };
    if let Some((path, machine)) = path.and_then(|path| Some((path.clone(), machine_of(&path)?))) {
        let mut machine = lock(&machine);
        if !machine.steps() {
            return ffi::SQLITE_IOERR_DELETE;
        }
        machine.unsynced.remove(&path);
    }
    // SAFETY: the arguments go on as they came.
    unsafe {
        match (*base()).xDelete {
            Some(delete) => delete(base(), name, sync_folder),
            None => ffi::SQLITE_IOERR_DELETE,
        }
    }
}

fn of(file: *mut ffi::sqlite3_file) -> Option<Open> {
    lock(&OPEN).get(&(file as usize)).cloned()
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let open = lock(&OPEN).remove(&(file as usize));
    let close = open.and_then(|open| open.methods.xClose);
    // SAFETY: the file was opened by the system whose call this is.
    close.map_or(ffi::SQLITE_IOERR, |close| unsafe { close(file) })
}

/// # Safety
/// `file` is open and was opened by the system of `methods`.
unsafe fn size_of(methods: &ffi::sqlite3_io_methods, file: *mut ffi::sqlite3_file) -> usize {
    let mut size = 0;
    if let Some(file_size) = methods.xFileSize {
        // SAFETY: as the caller promises; `size` outlives the call.
        unsafe { file_size(file, &raw mut size) };
    }
    usize::try_from(size).unwrap_or(0)
}

/// Reads what stands in a file from an offset, up to its end.
///
/// # Safety
/// `file` is open and was opened by the system of `methods`.
unsafe fn read(
    methods: &ffi::sqlite3_io_methods,
    file: *mut ffi::sqlite3_file,
    (offset, length): (usize, usize),
) -> Vec<u8> {
    // SAFETY: as the caller promises.
    let size = unsafe { size_of(methods, file) };
    let mut held = vec![0_u8; length.min(size.saturating_sub(offset))];
    if let (Some(read), false) = (methods.xRead, held.is_empty()) {
        let length = c_int::try_from(held.len()).unwrap_or(0);
        let offset = i64::try_from(offset).unwrap_or(0);
        // SAFETY: as the caller promises; `held` is `length` bytes long.
        unsafe { read(file, held.as_mut_ptr().cast::<c_void>(), length, offset) };
    }
    held
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (Some(open), Ok(length), Ok(at)) =
        (of(file), usize::try_from(amount), usize::try_from(offset))
    else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: the file is open, and SQLite hands over `amount` bytes of data.
    unsafe {
        let old_size = size_of(open.methods, file);
        let mut machine = lock(&open.machine);
        let growth = (at + length).saturating_sub(old_size);
        if !machine.steps() {
            return ffi::SQLITE_IOERR_WRITE;
        }
        if !machine.grows(&open.path, growth as u64) {
            return ffi::SQLITE_FULL;
        }
        let written = Unsynced::Write {
            offset: at,
            new: std::slice::from_raw_parts(data.cast::<u8>(), length).to_vec(),
            old: read(open.methods, file, (at, length)),
            old_size,
        };
        let unsynced = machine.unsynced.entry(open.path.clone()).or_default();
        unsynced.push(written);
        match open.methods.xWrite {
            Some(write) => write(file, data, amount, offset),
            None => ffi::SQLITE_IOERR_WRITE,
        }
    }
}

unsafe extern "C" fn cut(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let (Some(open), Ok(to)) = (of(file), usize::try_from(size)) else {
        return ffi::SQLITE_IOERR_TRUNCATE;
    };
    let mut machine = lock(&open.machine);
    if !machine.steps() {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    // SAFETY: the file is open.
    unsafe {
        let tail = read(open.methods, file, (to, usize::MAX - to));
        let unsynced = machine.unsynced.entry(open.path.clone()).or_default();
        unsynced.push(Unsynced::Cut { size: to, tail });
        match open.methods.xTruncate {
            Some(cut) => cut(file, size),
            None => ffi::SQLITE_IOERR_TRUNCATE,
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let Some(open) = of(file) else {
        return ffi::SQLITE_IOERR_FSYNC;
    };
    let mut machine = lock(&open.machine);
    if !machine.steps() {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    // Durable is what this disk says: the real one beneath need not be asked.
    if !machine.forgets_syncs {
        machine.unsynced.remove(&open.path);
    }
    ffi::SQLITE_OK
}
