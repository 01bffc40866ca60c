//! Bad actors: what costs most, by the first system a line names, else by its part.

use std::collections::BTreeMap;

use super::history::{History, HistoryLine, Tally, count};

/// What a line counts under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The first system it names.
    System(String),
    /// It names no system; the part it counts under.
    Part(String),
    /// It names neither.
    Unnamed,
}

/// An actor with its lines and costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadActor {
    /// What it is.
    pub actor: Actor,
    /// Lines and costs.
    pub all: Tally,
    /// Its costs and those of every dearer actor, in minor units.
    pub running_minor: i64,
}

impl History {
    /// What a line counts under.
    #[must_use]
    pub fn actor_of(&self, line: &HistoryLine) -> Actor {
        match (line.systems.first(), self.part_of(line)) {
            (Some(system), _) => Actor::System(system.clone()),
            (None, Some(part)) => Actor::Part(part.to_owned()),
            (None, None) => Actor::Unnamed,
        }
    }

    /// Every actor: the dearest first, the one with most lines first where no costs are known.
    #[must_use]
    pub fn bad_actors(&self) -> Vec<BadActor> {
        let mut tallies: BTreeMap<Actor, Tally> = BTreeMap::new();
        for line in self.lines() {
            let tally = tallies.entry(self.actor_of(line)).or_default();
            tally.add(self.minor(line));
        }
        let mut sorted: Vec<(Actor, Tally)> = tallies.into_iter().collect();
        sorted.sort_by_key(|(_, all)| std::cmp::Reverse((all.minor, all.lines)));
        let mut running_minor = 0_i64;
        let ranked = sorted.into_iter().map(|(actor, all)| {
            running_minor = running_minor.saturating_add(all.minor.unwrap_or(0));
            BadActor {
                actor,
                all,
                running_minor,
            }
        });
        ranked.collect()
    }

    /// Lines that name no system and count by part.
    #[must_use]
    pub fn without_system(&self) -> u32 {
        count(self.lines().iter().filter(|line| line.systems.is_empty()))
    }
}
