//! The typed border to the screens: which commands and events there are.

use std::path::Path;

use anyhow::Context;
use fettle_desk::view::{CASE_REASON_MAX, ChangedView, DraftView, TEXT_MAX};
use serde::Serialize;
use specta::Type;
use specta_typescript::Typescript;
use specta_typescript::semantic::Configuration;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

use crate::commands;

/// The file the screens import.
pub const BINDINGS_PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/src/generated/bindings.ts"
);

/// What changed; the screens re-read just these.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[tauri_specta(event_name = "changed")]
pub(crate) struct Changed(pub(crate) ChangedView);

/// Every command and event of the border.
pub(crate) fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .commands(collect_commands![
            commands::shell,
            commands::try_again,
            commands::sign_in,
            commands::set_pin,
            commands::unlock,
            commands::lock,
            commands::my_work,
            commands::order,
            commands::tick_step,
            commands::record_step,
            commands::settle_step,
            commands::take_back,
            commands::failure_codes,
            commands::report_failure,
            commands::name_report,
            commands::write_note,
            commands::add_photo,
            commands::take_back_photo,
            commands::fetch_photo,
            commands::change_plan,
            commands::propose_plan,
            commands::take_part,
            commands::start_order,
            commands::start_labour,
            commands::stop_labour,
            commands::hold_order,
            commands::resume_order,
            commands::finish_check,
            commands::finish_order,
            commands::unsent,
            commands::cases,
            commands::case,
            commands::decide_case,
            commands::search,
            commands::orders,
            commands::items,
            commands::item,
            commands::asset,
            commands::asset_history,
            commands::history_page,
            commands::asset_tree,
            commands::set_look,
            commands::sync_now,
            commands::rescue,
            commands::rescue_read,
            commands::save_unsent,
            commands::carry_file,
            commands::carried,
            commands::app_ready,
        ])
        .events(collect_events![Changed])
        // What the one command answers that takes bytes instead of JSON.
        .typ::<DraftView>()
        // What a field need not even try to hold.
        .constant("TEXT_MAX", TEXT_MAX)
        .constant("CASE_REASON_MAX", CASE_REASON_MAX)
        // One type per view: outputs are only written and inputs only read.
        .disable_serde_phases()
        // Every `f64` of a view is a time or a count, never NaN, so never `null` in JSON.
        .semantic_types(Configuration::empty().enable_lossless_floats())
}

/// Writes the typed calls of the screens to `path`.
///
/// # Errors
/// When a type has no TypeScript or the file cannot be written.
pub fn export_bindings(path: &Path) -> anyhow::Result<()> {
    builder()
        .export(Typescript::default(), path)
        .with_context(|| format!("failed to write {}", path.display()))
}
