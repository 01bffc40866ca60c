//! View models: what a screen shows, already decided and worded by code.
//!
//! Output types derive `Serialize` only, inputs `Deserialize` only, so that the generated
//! TypeScript has one type each. Times cross as UTC milliseconds in `f64` (exact to the year
//! 287396), quantities and readings as decimal text. No screen computes a state from parts.

pub use fettle_domain::case::REASON_MAX as CASE_REASON_MAX;
pub use fettle_domain::work_order::step::TEXT_MAX;

mod asset;
mod asset_history;
mod asset_tree;
mod bundle;
mod case;
mod change;
mod failure_report;
mod item;
mod my_work;
mod order;
mod part;
mod person;
mod photo;
mod problem;
mod search;
mod shell;
mod step;

pub use asset::AssetView;
pub use asset_history::{
    ActorKind, AssetHistoryInput, AssetHistoryView, BadActorView, BadActorsView, CostState,
    FailureGapsView, FailureYearView, GapBarView, HistoryPageInput, HistoryPageView,
    HistoryRowView, MachineView, ModeCountView, MonthCountView, RemarkView, ReplacedPartView,
    SelectionInput, SourceView, TallyView, TypeCountView, YearCountView,
};
pub use asset_tree::{TreeLevelView, TreeNodeKind, TreeNodeView, TreePlaceInput};
pub use bundle::{
    CarriedState, CarriedView, CarryInput, DiskView, LostView, RescuedView, SaveUnsentInput,
    SavedFileView,
};
pub use case::{
    BlockedView, CaseEventKind, CaseEventView, CaseGroupView, CaseKind, CaseRowView, CaseStage,
    CaseView, CasesView, DecideCaseInput,
};
pub use change::{ChangeState, ChangeView, UnsentKind, UnsentView};
pub use failure_report::{
    CodeView, FailureCodesView, FailureReportView, NameReportInput, ReportFailureInput,
};
pub use item::{
    Certainty, ItemOrderView, ItemRowView, ItemView, PriceView, StockBadge, StockBadgeView,
    StockRowView,
};
pub use my_work::{MyWorkView, OrderRowView, WorkGroup, WorkGroupView};
pub use order::{
    ChangePlanInput, FinishView, HoldInput, LabourView, NoteView, OrderView, PermitView,
    PlanAction, TakeBackInput, TakenBackView, WriteNoteInput,
};
pub use part::{BinView, PartUsedView, PartView, TakePartInput};
pub use person::{LookInput, SignInInput, UnlockInput};
pub use photo::{AddPhotoInput, DraftView, PhotoFile, PhotoInput, PhotoView, UnsentPhotosView};
pub use problem::{ArgumentView, ProblemView};
pub use search::{AssetRowView, ItemPageView, OrderPageView, PageInput, SearchView, TotalView};
pub use shell::{
    ChangedView, FillView, LinkState, LinkView, LockPersonView, PersonView, PlantView, Shell, Stage,
};
pub use step::{
    Beyond, ChoiceKind, ChoiceView, ClashState, ClashView, RecordStepInput, ResultView,
    SettleStepInput, StepKind, StepView, TaskView, TickStepInput,
};
