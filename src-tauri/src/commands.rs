//! One line per use case: from the screens to the desk and back.

use std::sync::Arc;
use std::time::Instant;

use fettle_desk::Desk;
use fettle_desk::view::{
    AddPhotoInput, AssetHistoryInput, AssetHistoryView, AssetView, CarriedView, CarryInput,
    CaseView, CasesView, ChangePlanInput, ChangeView, DecideCaseInput, FailureCodesView,
    FinishView, HistoryPageInput, HistoryPageView, HoldInput, ItemPageView, ItemView, LookInput,
    MyWorkView, NameReportInput, OrderPageView, OrderView, PageInput, PhotoInput, ProblemView,
    RecordStepInput, ReportFailureInput, SaveUnsentInput, SavedFileView, SearchView,
    SettleStepInput, Shell, SignInInput, TakeBackInput, TakePartInput, TickStepInput,
    TreeLevelView, TreePlaceInput, UnlockInput, UnsentView, WriteNoteInput,
};
use tauri::State;
use tokio::sync::SetOnce;

/// What every command answers.
type Answer<T> = Result<T, ProblemView>;

/// The desk, open or about to be: a window need not wait for a keyring.
#[derive(Debug, Clone)]
pub(crate) struct OpeningDesk {
    desk: Arc<SetOnce<Desk>>,
    started: Instant,
}

impl OpeningDesk {
    pub(crate) fn new(started: Instant) -> Self {
        Self {
            desk: Arc::new(SetOnce::new()),
            started,
        }
    }

    /// Hands the open desk to the commands that wait for it.
    pub(crate) fn opened(&self, desk: Desk) {
        if self.desk.set(desk).is_err() {
            tracing::error!("the desk was opened twice");
        }
    }

    pub(crate) async fn desk(&self) -> &Desk {
        self.desk.wait().await
    }
}

type Opening<'a> = State<'a, OpeningDesk>;

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($($input:ident: $type:ty)?) -> $answer:ty;)*) => {$(
        $(#[$doc])*
        #[tauri::command]
        #[specta::specta]
        pub(crate) async fn $name(opening: Opening<'_>, $($input: $type)?) -> Answer<$answer> {
            opening.desk().await.$name($($input)?).await
        }
    )*};
}

commands! {
    /// The frame around every screen.
    shell() -> Shell;
    /// Opens the data again after trouble.
    try_again() -> Shell;
    /// Signs a person in; enrols the laptop when it is not yet.
    sign_in(input: SignInInput) -> Shell;
    /// Sets the PIN of the person who signed in.
    set_pin(pin: String) -> Shell;
    /// Opens a person's work with the PIN.
    unlock(input: UnlockInput) -> Shell;
    /// Locks the desk; labour runs on.
    lock() -> Shell;
    /// My work, in its groups.
    my_work() -> MyWorkView;
    /// One order.
    order(id: String) -> OrderView;
    /// Ticks or unticks a step.
    tick_step(input: TickStepInput) -> ChangeView;
    /// Records the value or text of a step.
    record_step(input: RecordStepInput) -> ChangeView;
    /// Chooses about two versions of a step.
    settle_step(input: SettleStepInput) -> ChangeView;
    /// Takes back labour or a part.
    take_back(input: TakeBackInput) -> ChangeView;
    /// The codes a failure report of the order is made of.
    failure_codes(order_id: String) -> FailureCodesView;
    /// Reports a failure.
    report_failure(input: ReportFailureInput) -> ChangeView;
    /// Names the official failure report.
    name_report(input: NameReportInput) -> ChangeView;
    /// Writes a note.
    write_note(input: WriteNoteInput) -> ChangeView;
    /// Attaches a file that was chosen.
    add_photo(input: AddPhotoInput) -> ChangeView;
    /// Takes a photo back.
    take_back_photo(input: PhotoInput) -> ChangeView;
    /// Asks for a photo that is not on this laptop.
    fetch_photo(input: PhotoInput) -> Shell;
    /// Changes priority and required finish.
    change_plan(input: ChangePlanInput) -> ChangeView;
    /// Proposes priority and required finish as a note.
    propose_plan(input: ChangePlanInput) -> ChangeView;
    /// Takes a part.
    take_part(input: TakePartInput) -> ChangeView;
    /// Starts an order.
    start_order(order_id: String) -> ChangeView;
    /// Starts the person's labour.
    start_labour(order_id: String) -> ChangeView;
    /// Stops the person's labour.
    stop_labour(order_id: String) -> ChangeView;
    /// Holds an order with a reason.
    hold_order(input: HoldInput) -> ChangeView;
    /// Resumes an order on hold.
    resume_order(order_id: String) -> ChangeView;
    /// What finishing would leave open.
    finish_check(order_id: String) -> FinishView;
    /// Finishes an order.
    finish_order(order_id: String) -> ChangeView;
    /// What is saved on this laptop and not sent.
    unsent() -> Vec<UnsentView>;
    /// The exceptions of the person at work.
    cases() -> CasesView;
    /// One exception.
    case(id: String) -> CaseView;
    /// Decides about an exception.
    decide_case(input: DecideCaseInput) -> ChangeView;
    /// Searches orders, assets and items.
    search(query: String) -> SearchView;
    /// A page of the orders on this laptop.
    orders(input: PageInput) -> OrderPageView;
    /// A page of the items on this laptop.
    items(input: PageInput) -> ItemPageView;
    /// One item.
    item(id: String) -> ItemView;
    /// One asset.
    asset(id: String) -> AssetView;
    /// What the history of an asset comes to.
    asset_history(input: AssetHistoryInput) -> Option<AssetHistoryView>;
    /// A page of the lines a figure was counted from.
    history_page(input: HistoryPageInput) -> HistoryPageView;
    /// One level of the tree of locations and assets.
    asset_tree(place: TreePlaceInput) -> TreeLevelView;
    /// Sets theme and density.
    set_look(input: LookInput) -> Shell;
    /// Exchanges with the hub now.
    sync_now() -> Shell;
    /// Saves what can be read of damaged data and goes on with fresh data.
    rescue() -> Shell;
    /// Somebody has read what was lost.
    rescue_read() -> Shell;
    /// Saves the unsent work of this laptop as a file.
    save_unsent(input: SaveUnsentInput) -> SavedFileView;
    /// Takes a file from another laptop to carry it to the hub.
    carry_file(input: CarryInput) -> Vec<CarriedView>;
    /// Files this laptop carries or has carried.
    carried() -> Vec<CarriedView>;
}

/// The first screen is drawn: a mark in the log for the start's time budget.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_ready(opening: Opening<'_>) -> Answer<()> {
    let ready_ms = opening.started.elapsed().as_millis();
    tracing::info!(ready_ms, "the screens are ready");
    Ok(())
}
