//! The commands of `fettle-hub`. Each works on the data folder, also beside a running hub.

mod backup;
mod bundle;
mod case;
mod demo;
mod device;
mod import;
mod person;
mod quarantine;
mod serve;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use fettle_domain::Refusal;

use crate::config::{Config, EXAMPLE};
use crate::core::{Answer, Core, Hub, Policy};

/// Carries what people do offline into CMMS and ERP, exactly once.
#[derive(Debug, Parser)]
#[command(
    name = "fettle-hub",
    version,
    after_help = "A thing takes a verb (`device list`); what is done with a file takes the file \
                  (`backup FILE`). --data and --config may stand anywhere."
)]
pub struct Cli {
    /// Folder of the hub's data.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file; `fettle-hub config print` shows a commented one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves desks until it is asked to end.
    Serve {
        /// Where to listen instead of the configured address.
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// Size of the demo systems' world, where they start for the first time.
        #[command(flatten)]
        size: demo::SizeArguments,
    },
    /// Runs one of the built-in demo systems.
    Demo(demo::Arguments),
    /// Enrols, lists and revokes laptops.
    #[command(subcommand)]
    Device(device::Command),
    /// Adds people and decides about them.
    #[command(subcommand)]
    Person(person::Command),
    /// Shows what waits for a person, sends it again or gives it up.
    #[command(subcommand)]
    Case(case::Command),
    /// Takes work that was brought as a file.
    #[command(subcommand)]
    Bundle(bundle::Command),
    /// Lists, shows and releases what arrived and was kept aside.
    #[command(subcommand)]
    Quarantine(quarantine::Command),
    /// Copies the store beside the running hub, checks the copy and tells desks that it is safe.
    Backup {
        /// Where to copy to; a file that is not there yet.
        file: PathBuf,
    },
    /// Checks a copy of the store as a whole.
    Verify {
        /// The copy.
        file: PathBuf,
    },
    /// Puts a copy in the place of the store; the hub is stopped and its old file moved away.
    Restore {
        /// The copy.
        file: PathBuf,
    },
    /// Takes history and masters of a file into the hub, each row once and all at once.
    Import(import::Arguments),
    /// Prints or checks a configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Prints a commented configuration with every default.
    Print,
    /// Checks a configuration, and the charter and certificate it names.
    Check,
}

/// What every command is given.
struct Place {
    data: Option<PathBuf>,
    config: Config,
}

impl Place {
    fn data(&self) -> anyhow::Result<&Path> {
        self.data
            .as_deref()
            .ok_or_else(|| anyhow!("say where the hub's data lies: --data DIR"))
    }

    fn store_file(&self) -> anyhow::Result<PathBuf> {
        Ok(self.data()?.join("hub.db"))
    }

    fn policy(&self) -> anyhow::Result<Policy> {
        Ok(Policy {
            session_ms: i64::from(self.config.session_hours) * 3_600_000,
            offline_days: self.config.offline_days,
            keeps_position: self.config.keep_photo_position,
            closed_years: self.config.closed_years,
            ..Policy::new(self.config.charter()?)
        })
    }

    /// Opens the store of a hub that has been started at least once.
    fn hub(&self) -> anyhow::Result<Hub> {
        Ok(Hub::open(
            Some(&self.existing_store()?),
            Arc::new(self.policy()?),
        )?)
    }

    fn existing_store(&self) -> anyhow::Result<PathBuf> {
        let file = self.store_file()?;
        if !file.exists() {
            return Err(anyhow!(
                "there is no hub in {}; start it once",
                self.data()?.display()
            ));
        }
        Ok(file)
    }

    /// Does one thing in one transaction and says a rule's no as an error.
    fn write<T>(&self, work: impl FnOnce(Core<'_>) -> Answer<T>) -> anyhow::Result<T> {
        self.hub()?.write(work)?.map_err(refused)
    }
}

fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow!("refused: {refusal}")
}

/// Runs a command to its end.
///
/// # Errors
/// A sentence that says what failed and why.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Command::Config(ConfigCommand::Print)) {
        print!("{EXAMPLE}");
        return Ok(());
    }
    let config = Config::read(cli.config.as_deref())?;
    let place = Place {
        data: cli.data,
        config,
    };
    match cli.command {
        Command::Serve { listen, size } => serve::run(place, listen, size.into()),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Device(command) => device::run(&place, command),
        Command::Person(command) => person::run(&place, command),
        Command::Case(command) => case::run(&place, command),
        Command::Bundle(command) => bundle::run(&place, command),
        Command::Quarantine(command) => quarantine::run(&place, command),
        Command::Backup { file } => backup::back_up(&place, &file),
        Command::Verify { file } => backup::verify(&file),
        Command::Restore { file } => backup::restore(&place, &file),
        Command::Import(arguments) => import::run(&place, &arguments),
        Command::Config(ConfigCommand::Print) => Ok(()),
        Command::Config(ConfigCommand::Check) => check(&place),
    }
}

fn check(place: &Place) -> anyhow::Result<()> {
    let charter = place.config.charter()?;
    if place.config.tls.is_some() {
        place.config.tls_files(Path::new("")).load()?;
    }
    println!(
        "configuration and charter version {} are right",
        charter.version
    );
    Ok(())
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("failed to start the asynchronous runtime")
}
