//! The frame around every screen: stage, people, sync pill, first copy.

use serde::Serialize;
use specta::Type;

use super::bundle::{DiskView, RescuedView};
use super::photo::UnsentPhotosView;
use super::problem::ProblemView;

/// Where the desk is in its life on this laptop; decides the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// No hub yet: sign in with an enrolment code.
    Enrol,
    /// Somebody signed in who has no PIN on this laptop yet.
    SetPin,
    /// Nobody is unlocked: choose a person, enter the PIN.
    Locked,
    /// A person is working.
    Open,
    /// The replica cannot be opened or a fault stops everything; `Shell::trouble` says what to do.
    Trouble,
}

/// The frame around every screen.
#[derive(Debug, Clone, Serialize, Type)]
pub struct Shell {
    /// Which screen family to show.
    pub stage: Stage,
    /// Laptop name given at enrolment, such as `HW-14`.
    pub laptop: Option<String>,
    /// Plant of this laptop.
    pub plant: Option<PlantView>,
    /// Who is unlocked.
    pub person: Option<PersonView>,
    /// Who can unlock here, with unsent counts; shown on the lock screen.
    pub people: Vec<LockPersonView>,
    /// The sync pill.
    pub link: LinkView,
    /// First copy, while it runs.
    pub fill: Option<FillView>,
    /// `day`, `night` or `sun`.
    pub theme: String,
    /// `desk`, `touch` or `glove`.
    pub density: String,
    /// Number of changes not yet sent by this laptop.
    pub unsent: u32,
    /// Exceptions that wait for the person; `None` for a person whose roles never have any.
    pub cases: Option<u32>,
    /// Photos and files among them, which go after everything else.
    pub photos_unsent: Option<UnsentPhotosView>,
    /// Why the desk cannot work at all.
    pub trouble: Option<ProblemView>,
    /// What became of a damaged work file, until somebody has read it.
    pub rescued: Option<RescuedView>,
}

/// Plant code and name.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PlantView {
    /// Code such as `1200`.
    pub code: String,
    /// Name such as `Havel Works`.
    pub name: String,
    /// IANA time zone all times of this plant are shown in.
    pub time_zone: String,
}

/// The person at work.
#[derive(Debug, Clone, Serialize, Type)]
pub struct PersonView {
    /// Person id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Two letters for the avatar.
    pub initials: String,
    /// Craft or role line, such as `Mechanical 2`.
    pub craft: String,
}

/// One tile of the lock screen.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LockPersonView {
    /// Person id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Two letters for the avatar.
    pub initials: String,
    /// Changes of this person not yet sent.
    pub unsent: u32,
    /// Start of this person's running labour, UTC ms.
    pub labour_since: Option<f64>,
    /// Earliest time another PIN may be tried, UTC ms.
    pub wait_until: Option<f64>,
    /// Until when the PIN opens this person's work without a connection, UTC ms.
    pub offline_until: Option<f64>,
}

/// State of the link, re-evaluated by use, never latched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// The last exchange ended well and nothing is unsent.
    UpToDate,
    /// An exchange works at this moment or will at once.
    Exchanging,
    /// The hub could not be reached.
    NoConnection,
    /// The hub refuses this laptop or its people; `LinkView::reason` says why.
    Refused,
}

/// The sync pill: state, since when, how many changes wait.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LinkView {
    /// What the pill shows.
    pub state: LinkState,
    /// Start of this state, UTC ms.
    pub since: f64,
    /// Last exchange that ended well, UTC ms.
    pub last_exchange: Option<f64>,
    /// Why the hub refuses, for `Refused`.
    pub reason: Option<ProblemView>,
    /// Changes saved on this laptop and not sent.
    pub unsent: u32,
    /// True after five minutes with unsent changes and no connection.
    pub is_raised: bool,
    /// Number of changes that need attention.
    pub attention: u32,
    /// What people should know of and stops nobody, such as a hub that was restored.
    pub notice: Option<ProblemView>,
    /// Trouble of the disk.
    pub disk: Option<DiskView>,
}

/// Progress of the first copy.
#[derive(Debug, Clone, Serialize, Type)]
pub struct FillView {
    /// Rows applied so far.
    pub done: u32,
    /// Rows in the base the hub announced.
    pub total: u32,
    /// True when the person's own orders are here and work can start.
    pub is_usable: bool,
    /// True when everything is here.
    pub is_complete: bool,
}

/// What changed: the UI re-reads just these. Emitted as the event `changed`.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ChangedView {
    /// True when the frame (link, people, fill, look) changed.
    pub shell: bool,
    /// Ids of work orders that changed; lists re-read when not empty.
    pub orders: Vec<String>,
}
