//! What a seed says: the promise that was broken, or what happened while all were kept.

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("seed {seed}: {what}")]
pub struct Broken {
    /// The seed that shows it.
    pub seed: u64,
    /// What was promised and is not so.
    pub what: String,
}

/// What happened while a seed was played: a simulation in which nothing happens proves nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Commits of people.
    pub commits: u32,
    /// Claims of people.
    pub claims: u32,
    /// Exchanges that reached the hub.
    pub exchanges: u32,
    /// Messages lost, cut, doubled or overtaken.
    pub mishaps: u32,
    /// Processes killed.
    pub kills: u32,
    /// Machines that lost their power, with what was not yet synced.
    pub power_cuts: u32,
    /// Saves that a full disk did not take.
    pub full_disks: u32,
    /// Documents of the ERP under our references.
    pub documents: u32,
    /// Postings the outside refused.
    pub refusals: u32,
    /// What owners of cases did.
    pub settled: u32,
    /// Machines set back to a backup.
    pub restores: u32,
    /// Laptops that went to work with a copy of another's disk.
    pub copies: u32,
    /// Bundles saved to be carried by hand.
    pub bundles: u32,
    /// Devices revoked and people disabled.
    pub shut_out: u32,
    /// Orders given to another area or plant.
    pub moves: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.commits += other.commits;
        self.claims += other.claims;
        self.exchanges += other.exchanges;
        self.mishaps += other.mishaps;
        self.kills += other.kills;
        self.power_cuts += other.power_cuts;
        self.full_disks += other.full_disks;
        self.documents += other.documents;
        self.refusals += other.refusals;
        self.settled += other.settled;
        self.restores += other.restores;
        self.copies += other.copies;
        self.bundles += other.bundles;
        self.shut_out += other.shut_out;
        self.moves += other.moves;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} commits, {} claims, {} exchanges, {} mishaps on the wire, {} deaths, {} power cuts, \
             {} saves refused by a full disk, {} documents in the ERP, {} refusals, \
             {} decisions about cases, {} machines set back, {} copied disks, {} bundles, \
             {} shut out, {} orders moved",
            self.commits,
            self.claims,
            self.exchanges,
            self.mishaps,
            self.kills,
            self.power_cuts,
            self.full_disks,
            self.documents,
            self.refusals,
            self.settled,
            self.restores,
            self.copies,
            self.bundles,
            self.shut_out,
            self.moves
        )
    }
}
