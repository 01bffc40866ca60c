//! The window, its start, and the events that reach it.

use std::time::Instant;

use anyhow::Context;
use fettle_desk::view::ChangedView;
use fettle_desk::{Desk, Settings};
use tauri::{App, AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder};
use tauri_specta::Event;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tracing_subscriber::EnvFilter;

use crate::attachment;
use crate::bindings::{Changed, builder};
use crate::commands::OpeningDesk;
use crate::settings::{AppSettings, refuse_automation};

/// Label of the only window; the capability names it.
const LABEL: &str = "main";
const TITLE: &str = "Fettle Desk";
/// Size at first start: the smallest screen of the rugged laptops in use.
const SIZE: (f64, f64) = (1366.0, 768.0);
/// Smallest size the screens are laid out for: that screen at 200 % zoom.
const SIZE_MIN: (f64, f64) = (683.0, 384.0);

/// Runs the desk until its window is closed.
///
/// # Errors
/// When the window or its data folder cannot be made.
pub fn run() -> anyhow::Result<()> {
    let started = Instant::now();
    refuse_automation()?;
    start_log();
    let border = builder();
    let commands = attachment::beside(border.invoke_handler());
    tauri::Builder::default()
        .invoke_handler(commands)
        .register_asynchronous_uri_scheme_protocol(attachment::SCHEME, attachment::serve)
        .setup(move |app| {
            border.mount_events(app);
            Ok(set_up(app, started)?)
        })
        .run(tauri::generate_context!())
        .context("failed to run the window")
}

/// Warnings unless `RUST_LOG` asks for more; to standard error, without colours.
fn start_log() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,fettle_desk=info,fettle_desk_app=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

fn set_up(app: &App, started: Instant) -> anyhow::Result<()> {
    let settings = AppSettings::read(app)?;
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("failed to make {}", settings.data_dir.display()))?;
    let opening = OpeningDesk::new(started);
    app.manage(opening.clone());
    open_window(app, &settings)?;
    tauri::async_runtime::spawn(open_desk(app.handle().clone(), settings, opening));
    Ok(())
}

/// Opens the desk beside the window, then exchanges with the hub for as long as the program runs.
async fn open_desk(app: AppHandle, settings: AppSettings, opening: OpeningDesk) {
    let desk = Desk::open(Settings {
        data_dir: settings.data_dir,
        key_file: settings.key_file,
    })
    .await;
    tauri::async_runtime::spawn(forward(app, desk.changes()));
    opening.opened(desk.clone());
    desk.run().await;
}

fn open_window(app: &App, settings: &AppSettings) -> anyhow::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(TITLE)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SIZE_MIN.0, SIZE_MIN.1)
        .data_directory(settings.webview_dir())
        // A photo is dropped on the order, which the window itself would keep from the screens.
        .disable_drag_drop_handler()
        .on_navigation(is_own)
        .build()
        .context("failed to open the window")?;
    Ok(())
}

/// The window shows the screens that came with it and nothing else.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows and Android serve the same screens under this name.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

async fn forward(app: AppHandle, mut changes: Receiver<ChangedView>) {
    loop {
        let changed = match changes.recv().await {
            Ok(changed) => changed,
            // Changes are coalesced, so this takes half a minute of silence; the frame is read
            // again, and every list when it is next shown.
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "the window missed changes");
                ChangedView {
                    shell: true,
                    orders: Vec::new(),
                }
            }
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = Changed(changed).emit(&app) {
            tracing::error!(%error, "failed to tell the window what changed");
        }
    }
}
