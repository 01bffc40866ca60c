//! Writes the screens' typed calls: `cargo run -p fettle-desk-app --bin export-bindings`.

use std::path::Path;

fn main() -> anyhow::Result<()> {
    fettle_desk_app::export_bindings(Path::new(fettle_desk_app::BINDINGS_PATH))
}
