//! Plays seeds of the simulation and says what happened and how fast.
//!
//! The first seed that breaks a promise is printed with the promise; `--seeds 1 --first` and its
//! number play it again. With a planted bug the meaning turns: the bug must be caught.

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use fettle_tests::sim::{Bug, Template, play_all};

/// Plays desks, hub and demo systems in one process under a seeded scheduler.
#[derive(Parser)]
struct Asked {
    /// How many seeds.
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    /// The first of them; with `--seeds 1` one seed is played again.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// A planted bug by its name, or "all": each must be caught within the seeds.
    #[arg(long, value_parser = bugs)]
    bug: Option<Bugs>,
}

#[derive(Clone)]
struct Bugs(Vec<Bug>);

fn bugs(name: &str) -> Result<Bugs, String> {
    if name == "all" {
        return Ok(Bugs(Bug::ALL.to_vec()));
    }
    Bug::from_name(name)
        .map(|bug| Bugs(vec![bug]))
        .ok_or_else(|| {
            let names: Vec<_> = Bug::ALL.iter().map(|bug| bug.name()).collect();
            format!("name one of {}, or all", names.join(", "))
        })
}

fn main() -> ExitCode {
    let asked = Asked::parse();
    let template = Template::new();
    let is_kept = match &asked.bug {
        None => plays(&template, &asked),
        Some(Bugs(bugs)) => {
            let uncaught = bugs.iter().filter(|bug| !catches(&template, &asked, **bug));
            uncaught.count() == 0
        }
    };
    if is_kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Plays the seeds; false when one of them breaks a promise.
fn plays(template: &Template, asked: &Asked) -> bool {
    let began = Instant::now();
    match play_all(template, asked.first, asked.seeds, None) {
        Ok(tally) => {
            let seconds = began.elapsed().as_secs_f64();
            println!("{} seeds kept every promise: {tally}", asked.seeds);
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let a_minute = asked.seeds as f64 * 60.0 / seconds / cores as f64;
            println!("{a_minute:.0} seeds a minute and core, on {cores} cores");
            true
        }
        Err(broken) => {
            println!("{broken}");
            println!("play it again with --seeds 1 --first {}", broken.seed);
            false
        }
    }
}

/// Plays seeds with a planted bug until one breaks a promise; false when none does.
fn catches(template: &Template, asked: &Asked, bug: Bug) -> bool {
    match play_all(template, asked.first, asked.seeds, Some(bug)) {
        Ok(_) => {
            println!("{} was not caught in {} seeds", bug.name(), asked.seeds);
            false
        }
        Err(broken) => {
            println!("{} was caught: {broken}", bug.name());
            true
        }
    }
}
