//! `fettle-hub`: the commands and the server.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match fettle_hub::cli::run(fettle_hub::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
