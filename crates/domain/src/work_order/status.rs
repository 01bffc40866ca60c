//! The life cycle of a work order: its states and the table of legal transitions (DOMAIN section 3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::person::Role;

/// Official status, in the words of the CMMS.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Being written.
    Draft,
    /// Waits for approval.
    Wappr,
    /// Approved.
    Appr,
    /// Waits for material.
    Wmatl,
    /// Waits for plant condition.
    Wpcond,
    /// Waits to be scheduled.
    Wsch,
    /// Scheduled.
    Sched,
    /// Dispatched.
    Disp,
    /// In progress.
    Inprg,
    /// Held by the people who work on it.
    Hold,
    /// Completed: late costs are still allowed.
    Comp,
    /// Closed: no postings.
    Close,
    /// Cancelled.
    Can,
}

/// One legal transition and who may claim it.
#[derive(Debug, Clone, Copy)]
pub struct Legal {
    /// From this status.
    pub from: Status,
    /// To this status.
    pub to: Status,
    /// Roles that may claim it.
    pub roles: &'static [Role],
    /// True when it needs a reason in words.
    pub needs_reason: bool,
}

use Role::{Cmms, Planner, Supervisor, Technician};
use Status::{Appr, Can, Close, Comp, Disp, Draft, Hold, Inprg, Sched, Wappr, Wmatl, Wpcond, Wsch};

const OFFICE: &[Role] = &[Planner, Supervisor, Cmms];
const ALL_WORK: &[Role] = &[Technician, Planner, Supervisor, Cmms];

const fn legal(from: Status, to: Status, roles: &'static [Role]) -> Legal {
    Legal {
        from,
        to,
        roles,
        needs_reason: false,
    }
}

const fn with_reason(from: Status, to: Status, roles: &'static [Role]) -> Legal {
    Legal {
        from,
        to,
        roles,
        needs_reason: true,
    }
}

/// The whole life cycle. What is not in this table is not legal; `HOLD → COMP` is not.
pub const LIFE_CYCLE: &[Legal] = &[
    legal(Draft, Wappr, ALL_WORK),
    legal(Wappr, Appr, OFFICE),
    legal(Appr, Wmatl, OFFICE),
    legal(Appr, Wpcond, OFFICE),
    legal(Appr, Wsch, OFFICE),
    legal(Wmatl, Wsch, OFFICE),
    legal(Wpcond, Wsch, OFFICE),
    legal(Wsch, Sched, OFFICE),
    legal(Sched, Disp, OFFICE),
    // Urgent work starts without a schedule; a planned order may start early when people are there.
    legal(Appr, Inprg, ALL_WORK),
    legal(Wsch, Inprg, ALL_WORK),
    legal(Sched, Inprg, ALL_WORK),
    legal(Disp, Inprg, ALL_WORK),
    with_reason(Inprg, Hold, ALL_WORK),
    legal(Hold, Inprg, ALL_WORK),
    with_reason(Inprg, Wmatl, ALL_WORK),
    legal(Wmatl, Inprg, ALL_WORK),
    legal(Inprg, Comp, ALL_WORK),
    with_reason(Comp, Inprg, &[Planner, Supervisor, Cmms]),
    legal(Comp, Close, OFFICE),
    with_reason(Draft, Can, OFFICE),
    with_reason(Wappr, Can, OFFICE),
    with_reason(Appr, Can, OFFICE),
    with_reason(Wmatl, Can, OFFICE),
    with_reason(Wpcond, Can, OFFICE),
    with_reason(Wsch, Can, OFFICE),
    with_reason(Sched, Can, OFFICE),
    with_reason(Disp, Can, OFFICE),
];

impl Status {
    /// Every status, in the order of the life cycle.
    pub const ALL: [Self; 13] = [
        Draft, Wappr, Appr, Wmatl, Wpcond, Wsch, Sched, Disp, Inprg, Hold, Comp, Close, Can,
    ];

    /// The word of the contract, such as `INPRG`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Draft => "DRAFT",
            Wappr => "WAPPR",
            Appr => "APPR",
            Wmatl => "WMATL",
            Wpcond => "WPCOND",
            Wsch => "WSCH",
            Sched => "SCHED",
            Disp => "DISP",
            Inprg => "INPRG",
            Hold => "HOLD",
            Comp => "COMP",
            Close => "CLOSE",
            Can => "CAN",
        }
    }

    /// The status of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// The row of the life cycle for a transition, if it is legal at all.
    #[must_use]
    pub fn transition_to(self, to: Self) -> Option<&'static Legal> {
        LIFE_CYCLE
            .iter()
            .find(|legal| legal.from == self && legal.to == to)
    }

    /// True while facts may be written into the order without a question.
    #[must_use]
    pub fn takes_facts(self) -> bool {
        match self {
            Draft | Wappr | Close | Can => false,
            Appr | Wmatl | Wpcond | Wsch | Sched | Disp | Inprg | Hold | Comp => true,
        }
    }

    /// True when the order is history.
    #[must_use]
    pub fn is_ended(self) -> bool {
        match self {
            Close | Can => true,
            Draft | Wappr | Appr | Wmatl | Wpcond | Wsch | Sched | Disp | Inprg | Hold | Comp => {
                false
            }
        }
    }
}
