//! Mistakes planted on purpose: what a simulation is worth is what it catches.

/// A mistake in how the parts are put together, chosen when a seed is played.
///
/// Each is one that is easily made; every one must break a promise within 200 seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The hub answers before its transaction is durable, and the transaction is lost.
    AnswersBeforeCommit,
    /// The hub reads a cursor as one further than the laptop stands.
    CursorOffByOne,
    /// The hub takes the time from the laptop instead of its own clock.
    TrustsDeviceClock,
    /// The hub answers one laptop within the scope of another plant.
    MixesUpScope,
    /// What was under way when the hub died is not taken up again.
    ForgetsUnderWay,
    /// What is unknown is sent again without a search.
    ResendsWithoutSearch,
    /// A search that finds nothing is believed while the request may still be on its way.
    BelievesTooEarly,
    /// A call that timed out counts as done.
    TimeoutCountsAsDone,
    /// A refusal of the outside system is sent again for ever.
    RetriesRefusals,
    /// The laptop takes a slice's cursor without its last item.
    CursorPassesItem,
    /// The laptop takes the cursor of a slice that was cut off.
    CutCountsAsWhole,
    /// The laptop takes the place of its newest item for what the hub acknowledged.
    AcknowledgesUnread,
    /// The laptop orders official rows by their arrival instead of their version.
    RowsByArrival,
    /// A commit is told to the person before it is durable, and the laptop dies.
    SavesLater,
    /// The laptop never syncs its disk, and its power fails.
    LaptopNeverSyncs,
    /// The hub never syncs its disk, and its power fails.
    HubNeverSyncs,
    /// A case is opened again for what already has one.
    OpensCaseTwice,
    /// Whatever has an open case holds up everything behind it.
    BlocksEverything,
    /// The laptop keeps the cursors of the catalogue in a file that survives what the catalogue loses.
    CursorInOtherFile,
    /// The laptop sends what was made under its newest key alone.
    SendsOwnKeyOnly,
    /// A restored hub goes on under the epoch of its log.
    KeepsEpoch,
    /// Two copies of a disk go on under one actor.
    CopiesShareEpoch,
    /// The laptop sends no more once something was saved to be carried by hand.
    CarriedCountsAsSent,
    /// The laptop says *Saved on this laptop* although the disk was full.
    SaysSavedOnFullDisk,
}

impl Bug {
    /// Every planted bug; each must be caught.
    pub const ALL: [Self; 24] = [
        Self::AnswersBeforeCommit,
        Self::CursorOffByOne,
        Self::TrustsDeviceClock,
        Self::MixesUpScope,
        Self::ForgetsUnderWay,
        Self::ResendsWithoutSearch,
        Self::BelievesTooEarly,
        Self::TimeoutCountsAsDone,
        Self::RetriesRefusals,
        Self::CursorPassesItem,
        Self::CutCountsAsWhole,
        Self::AcknowledgesUnread,
        Self::RowsByArrival,
        Self::SavesLater,
        Self::LaptopNeverSyncs,
        Self::HubNeverSyncs,
        Self::OpensCaseTwice,
        Self::BlocksEverything,
        Self::CursorInOtherFile,
        Self::SendsOwnKeyOnly,
        Self::KeepsEpoch,
        Self::CopiesShareEpoch,
        Self::CarriedCountsAsSent,
        Self::SaysSavedOnFullDisk,
    ];

    /// The name by which a command chooses it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AnswersBeforeCommit => "answers-before-commit",
            Self::CursorOffByOne => "cursor-off-by-one",
            Self::TrustsDeviceClock => "trusts-device-clock",
            Self::MixesUpScope => "mixes-up-scope",
            Self::ForgetsUnderWay => "forgets-under-way",
            Self::ResendsWithoutSearch => "resends-without-search",
            Self::BelievesTooEarly => "believes-too-early",
            Self::TimeoutCountsAsDone => "timeout-counts-as-done",
            Self::RetriesRefusals => "retries-refusals",
            Self::CursorPassesItem => "cursor-passes-item",
            Self::CutCountsAsWhole => "cut-counts-as-whole",
            Self::AcknowledgesUnread => "acknowledges-unread",
            Self::RowsByArrival => "rows-by-arrival",
            Self::SavesLater => "saves-later",
            Self::LaptopNeverSyncs => "laptop-never-syncs",
            Self::HubNeverSyncs => "hub-never-syncs",
            Self::CursorInOtherFile => "cursor-in-other-file",
            Self::OpensCaseTwice => "opens-case-twice",
            Self::BlocksEverything => "blocks-everything",
            Self::SendsOwnKeyOnly => "sends-own-key-only",
            Self::KeepsEpoch => "keeps-epoch",
            Self::CopiesShareEpoch => "copies-share-epoch",
            Self::CarriedCountsAsSent => "carried-counts-as-sent",
            Self::SaysSavedOnFullDisk => "says-saved-on-full-disk",
        }
    }

    /// The bug of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bug| bug.name() == name)
    }
}
