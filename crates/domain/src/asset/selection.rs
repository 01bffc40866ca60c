//! The lines behind a figure: every figure opens the list it was counted from.

use super::bad_actor::Actor;
use super::history::{History, HistoryLine};

/// Which lines of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// Of one month.
    Month(i16, i8),
    /// Of a type.
    Type(String),
    /// Big jobs.
    Big,
    /// Without any cost.
    WithoutCost,
    /// Those that repeat another.
    Repeats,
    /// Of an actor.
    Actor(Actor),
    /// With a mode named first, or with none.
    Mode(Option<String>),
    /// Failures of a system.
    Failures(String),
    /// Replacements of a part.
    Replaced(String),
    /// Near the end, without status and cost.
    MayBeOpen,
}

impl History {
    /// The lines of a selection, newest first.
    pub fn select<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> impl Iterator<Item = &'a HistoryLine> + 'a {
        let lines = self.lines().iter().rev();
        lines.filter(move |line| self.is_in(line, selection))
    }

    fn is_in(&self, line: &HistoryLine, selection: &Selection) -> bool {
        match selection {
            Selection::All => true,
            Selection::Month(year, month) => {
                let (of_year, of_month, _) = line.day.parts();
                (of_year, of_month) == (*year, *month)
            }
            Selection::Type(kind) => line.kind == *kind,
            Selection::Big => self.is_big(line),
            Selection::WithoutCost => line.has_no_cost(),
            Selection::Repeats => self.is_repeat(line),
            Selection::Actor(actor) => self.actor_of(line) == *actor,
            Selection::Mode(mode) => line.modes.first() == mode.as_ref(),
            Selection::Failures(system) => self.is_failure(line, system),
            Selection::Replaced(part) => self.replaced_by(line) == Some(part),
            Selection::MayBeOpen => self.may_be_open(line),
        }
    }
}
