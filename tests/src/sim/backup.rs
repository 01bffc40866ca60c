//! Machines set back to an older state: backups of laptops and of the hub, and copies of disks.

use std::collections::BTreeSet;
use std::path::PathBuf;

use fettle_domain::work_order::posting::{labour_reference, part_used_reference};
use fettle_domain::{ChangeHash, DocumentId, EntryId, IntentId};
use rand::RngExt;
use rusqlite::{Connection, OptionalExtension};

use super::laptop::Laptop;
use super::person::Done;
use super::run::Play;
use super::template::Enrolled;

/// Copies of laptops in one story.
const COPIES_MAX: u8 = 1;

/// A laptop's disk as it was.
pub(super) struct Backup {
    folder: PathBuf,
    who: Enrolled,
    done: Done,
}

impl Play {
    /// Somebody copies a laptop's disk and puts the copy away.
    pub(super) fn back_up_laptop(&mut self, index: usize) {
        let laptop = &mut self.laptops[index];
        if laptop.is_shut_out {
            return;
        }
        let backup = Backup {
            folder: laptop.aside(|file| std::fs::read(file).ok()),
            who: laptop.who.clone(),
            done: self.done[index].clone(),
        };
        if let Some(older) = laptop.backup.replace(backup) {
            std::fs::remove_dir_all(older.folder).unwrap();
        }
    }

    /// A laptop is set back to what was put away. What was saved since and has reached nobody is
    /// gone with the disk; what has reached the hub must not be.
    pub(super) fn restore_laptop(&mut self, index: usize) {
        let hub = self.hub.look();
        let laptop = &mut self.laptops[index];
        let Some(backup) = laptop.backup.take() else {
            return;
        };
        laptop.replace_files(backup.folder);
        laptop.reboot(self.now);
        laptop.who = backup.who;
        laptop.verdicts.clear();
        self.gone
            .extend(self.done[index].set_back(&backup.done, &hub));
        self.tally.restores += 1;
    }

    /// A second laptop goes to work with a copy of another's disk.
    pub(super) fn copy_laptop(&mut self, index: usize) {
        let copies = self.laptops.iter().filter(|laptop| laptop.copy > 0).count();
        let laptop = &self.laptops[index];
        if copies >= usize::from(COPIES_MAX) || laptop.is_shut_out {
            return;
        }
        let copy = u8::try_from(copies + 1).unwrap();
        let folder = laptop.folder.with_file_name(format!("copy-{copy}"));
        std::fs::rename(laptop.aside(|file| std::fs::read(file).ok()), &folder).unwrap();
        let mut second = Laptop::open(&folder, laptop.who.clone(), self.now, self.bug);
        second.copy = copy;
        second.needs_sign_in = laptop.needs_sign_in;
        self.laptops.push(second);
        self.done.push(self.done[index].clone());
        self.tally.copies += 1;
    }

    /// The hub is set back to its last backup. What reached it since comes back from the laptops,
    /// as far as any of them still has it.
    pub(super) fn restore_hub(&mut self) {
        if !self.hub.restore(self.now) {
            return;
        }
        let hub = self.hub.look();
        for done in &mut self.done {
            self.gone.extend(done.forget_what_only_the_hub_had(&hub));
        }
        self.tally.restores += 1;
    }

    /// True when a document of the ERP is of an entry that nobody has any more.
    pub(super) fn is_gone(&self, reference: &str) -> bool {
        let of = |entry: &EntryId| [labour_reference(*entry), part_used_reference(*entry)];
        let mut gone = self.gone.iter().flat_map(of);
        gone.any(|own| own.0 == reference)
    }

    /// Machines are set back, or one is there twice.
    pub(super) fn set_back(&mut self, index: usize) {
        match self.dice.random_range(0..10) {
            0..2 => self.back_up_laptop(index),
            2..4 => self.restore_laptop(index),
            4..6 => self.copy_laptop(index),
            6 => self.hub.back_up(self.now),
            _ => self.restore_hub(),
        }
    }
}

impl Done {
    /// Back to what an older disk holds, and what the hub has besides; the entries that are lost.
    fn set_back(&mut self, older: &Self, hub: &Connection) -> Vec<EntryId> {
        let held: BTreeSet<ChangeHash> = older.changes.iter().map(|made| made.hash).collect();
        for made in &mut self.changes {
            made.only_at_hub |= !held.contains(&made.hash);
        }
        let gone = self.forget_what_only_the_hub_had(hub);
        let held: BTreeSet<IntentId> = older.intents.iter().map(|made| made.id).collect();
        self.intents.retain_mut(|made| {
            made.only_at_hub |= !held.contains(&made.id);
            !made.only_at_hub || has_intent(hub, made.id)
        });
        // A remade change stands under another hash there than here.
        let known: BTreeSet<ChangeHash> = self.changes.iter().map(|made| made.hash).collect();
        let more = older
            .changes
            .iter()
            .filter(|made| !known.contains(&made.hash));
        self.changes.extend(more.cloned());
        gone
    }

    /// Forgets what only the hub had and a restored one has not; the references of the entries.
    fn forget_what_only_the_hub_had(&mut self, hub: &Connection) -> Vec<EntryId> {
        let mut gone = Vec::new();
        self.changes.retain(|made| {
            let stays = !made.only_at_hub || has_change(hub, made.document, made.hash);
            if !stays {
                gone.extend(made.entry);
            }
            stays
        });
        self.intents
            .retain(|made| !made.only_at_hub || has_intent(hub, made.id));
        gone
    }
}

fn has_change(hub: &Connection, document: DocumentId, hash: ChangeHash) -> bool {
    hub.prepare_cached("SELECT 1 FROM accept WHERE document = ?1 AND hash = ?2")
        .unwrap()
        .query_row((document.0.as_bytes(), hash.0), |_| Ok(()))
        .optional()
        .unwrap()
        .is_some()
}

fn has_intent(hub: &Connection, id: IntentId) -> bool {
    hub.prepare_cached("SELECT 1 FROM intent WHERE id = ?1")
        .unwrap()
        .query_row([id.0.as_bytes()], |_| Ok(()))
        .optional()
        .unwrap()
        .is_some()
}
