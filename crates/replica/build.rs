//! Rebuilds the crate when a migration is added: the macro that embeds them does not notice.

fn main() {
    for folder in ["replica", "replica-catalogue", "replica-restricted"] {
        println!("cargo:rerun-if-changed=../../migrations/{folder}");
    }
}
