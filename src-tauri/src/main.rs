//! Starts Fettle Desk.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    fettle_desk_app::run()
}
